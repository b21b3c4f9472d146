# The commands of the project. `make help` lists them.

# For pipefail.
SHELL := /bin/bash

PORT ?= 23875

# The pinned CDK CLI and, where npm has one for this machine, the pinned Node.js.
# And the pinned uv, once tests have installed it.
export PATH := $(CURDIR)/node_modules/.bin:$(CURDIR)/bin/uv/bin:$(PATH)
# The CLI is pinned: it need not ask npm for a newer one.
export CDK_DISABLE_VERSION_CHECK := 1
TOOLS := node_modules/.package-lock.json

include tools/go.mk

GOARCH := $(shell go env GOARCH)
# What the local edge runs has to be for this machine.
HOST_CONTEXT = --context architecture=$(if $(filter arm64,$(GOARCH)),arm64,x86_64) --context cloudfurl:goos=$(shell go env GOOS) \
	$(addprefix --context cloudfurl:python=,$(shell python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null))

# Each example is a module, and so are the middleware for OAuth, the checks by cdk-nag and the apps of web frameworks.
MODULES := functions/oauth/ $(dir $(wildcard examples/*/go.mod)) test/frameworks/ test/nag/

.DEFAULT_GOAL := help
.PHONY: help build app command run watch synth diff deploy destroy test database test-go test-edge test-modules test-page adapter test-adapter frameworks test-frameworks lint systems cfnlint vulncheck newest release release-dry-run update-snapshots bench check

help: ## lists the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-17s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(TOOLS): package.json package-lock.json
	@echo "Installing the CDK CLI and Node.js from npm."
	@npm ci --no-fund --no-audit --no-update-notifier --loglevel=error >/dev/null
	@touch $@

UV := bin/uv/bin/uv

$(UV): tools/uv.txt
	@rm -rf bin/uv
	@python3 -m pip install --quiet --disable-pip-version-check --target bin/uv --requirement $< && touch $@ || \
		echo "uv: SKIPPED, python3 with pip couldn't install it; without a uv in PATH, so are tests of packages of Python"

# A compiler that seldom collects garbage saves a fifth of its time. The largest package
# of the CDK takes 1 GB anyway.
LESS_GC := GOGC=1000 GOMEMLIMIT=1GiB

# Everything that `make run` needs, side by side.
build: ## compiles the app and the command, and installs the CDK CLI
	@test -e bin/app || echo "The first build downloads and compiles the CDK, which takes a minute or two."
	@$(LESS_GC) $(MAKE) -s -j3 $(TOOLS) app command

# As in cdk.json, so that the CDK CLI finds it compiled.
app:
	@tools/compile.sh "CDK app" -buildvcs=false -ldflags=-s -o bin/app .

# With the tag of GoHandler and a package of its handlers, for the same reason.
command:
	@tools/compile.sh "cloudfurl" -buildvcs=false -tags lambda.norpc,nosdk -ldflags=-s -o bin/ ./cmd/cloudfurl ./functions/streamhttp

# The CDK CLI says "Supply a stack id" even with --quiet.
SYNTH := echo "Synthesizing the CDK app."; (while sleep 3; do echo "CDK app: still synthesizing"; done) & trap "kill $$!" EXIT; set -o pipefail; cdk synth --quiet 2>&1
QUIET := awk '!/^Supply a stack id/ { print; fflush() }'

run: build ## synthesizes the app for this machine and serves it on PORT (23875)
	@$(SYNTH) --no-validation $(HOST_CONTEXT) | $(QUIET)
	@exec bin/cloudfurl local --assembly cdk.out --listen 127.0.0.1:$(PORT)

watch: build ## serves the app on PORT (23875), and again whenever a source changes
	@exec bin/cloudfurl local --watch $(HOST_CONTEXT) --listen 127.0.0.1:$(PORT)

synth: build ## synthesizes the templates of the app into cdk.out
	@$(SYNTH) | $(QUIET)

diff: $(TOOLS) ## compares the app with what is deployed
	cdk diff

deploy: $(TOOLS) ## deploys all stacks of the demo, CloudfurlEdge first
	cdk deploy --all $(CDK_FLAGS)

destroy: $(TOOLS) ## removes them; docs/operate.md says what is left
	cdk destroy --all $(CDK_FLAGS)

test: test-go test-edge test-modules test-page ## runs all tests

DATABASE := examples/database/node_modules/.package-lock.json
AISDK := test/aisdk/node_modules/.package-lock.json
CLIENT := test/client/node_modules/.package-lock.json

$(DATABASE) $(AISDK) $(CLIENT): %/node_modules/.package-lock.json: %/package-lock.json
	@(cd $* && npm ci --ignore-scripts --no-fund --no-audit --no-update-notifier --loglevel=error >/dev/null && touch node_modules/.package-lock.json) || \
		echo "$*: SKIPPED what needs its packages, npm couldn't install them"

database: $(DATABASE)

test-go: $(TOOLS) $(UV) $(DATABASE) $(AISDK) $(CLIENT)
	@echo "Compiling the tests. The first time, this takes a minute or two."
	@TEST_INPUTS=$$(tools/inputs.sh) && export TEST_INPUTS && set -x && go test -timeout 8m ./...

test-edge: $(TOOLS)
	node --test test/edge/*.test.mjs client/*.test.mjs

# Two at a time: they wait for processes more than they compute.
test-modules: $(TOOLS) $(UV) $(DATABASE)
	@TEST_INPUTS=$$(tools/inputs.sh) && export TEST_INPUTS && $(MAKE) -s -j2 --output-sync $(addprefix test-module/,$(MODULES))

test-module/%:
	@if test -e $*Makefile; then $(MAKE) -s -C $* test; else cd $* && go test ./...; fi

adapter: ## builds AWS's Lambda Web Adapter and a layer of it, if there is Cargo
	@tools/adapter.sh

# test-go then takes the result from the cache.
test-adapter: adapter ## compares the local edge's stand-in with AWS's Lambda Web Adapter
	@test -x bin/adapter/bin/lambda-adapter || echo "adapter: SKIPPED the comparison; only the stand-in is tested"
	go test ./test/adapter

frameworks: $(TOOLS) ## builds the apps of Next.js and SvelteKit, which test-modules then tests too
	@$(MAKE) -s -C test/frameworks build

test-frameworks: frameworks $(UV) ## tests apps of eleven web frameworks
	@$(MAKE) -s -C test/frameworks test

test-page: $(TOOLS) ## tests the demo's page and the inspector in Chromium, if there is one
	@tools/page.sh

lint: $(TOOLS) $(UV) ## checks the form of the code, the workflows and the issue forms
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { echo "Run gofmt on:"; gofmt -l $$(git ls-files '*.go'); exit 1; }
	$(LESS_GC) go vet ./...
	go tool -modfile=tools/go.mod staticcheck ./...
	go tool -modfile=tools/go.mod actionlint
	@tools/forms.sh
	go mod tidy -diff
	@for module in $(MODULES); do (cd $$module && go vet ./... && go mod tidy -diff) || exit 1; done

cfnlint: $(TOOLS) $(UV) ## checks the templates of the app and the examples, if there is Python
	@tools/cfnlint.sh

# The CDK would be compiled again for each: two packages import it.
systems: ## compiles and vets the command and its tests for Windows and macOS
	@for system in windows/amd64 darwin/arm64; do \
		GOOS=$${system%/*} GOARCH=$${system#*/} go vet $$(go list ./cmd/... ./internal/... ./functions/... ./client/... | grep -vE '/(synthtest|jsiiruntime)$$') || exit 1; \
	done

vulncheck: ## checks for known vulnerabilities, if their database can be reached
	@tools/vulncheck.sh

newest: $(TOOLS) ## tries infra and the examples with the newest CDK; changes no go.mod
	@tools/newest.sh

release-dry-run: ## builds the command's archives for all systems into dist, and publishes nothing
	@tools/release.sh --snapshot

release: # what the workflow of a tag runs
	@tools/release.sh

update-snapshots: $(TOOLS) ## writes the snapshots of templates anew; read the diff
	UPDATE_SNAPS=true go test . ./infra ./internal/smoke

TWIN := test/bench/typescript-twin/dist/app.js

# npm may lag behind Go's module proxy, so the twin runs the aws-cdk-lib of the Go module.
$(TWIN): go.mod $(addprefix test/bench/typescript-twin/,package.json package-lock.json tsconfig.json) $(wildcard test/bench/typescript-twin/src/*.ts)
	cd test/bench/typescript-twin && npm ci --no-fund --no-audit
	tar -xzf "$$(go list -m -f '{{ .Dir }}' github.com/aws/aws-cdk-go/awscdk/v2)"/jsii/aws-cdk-lib-*.tgz --strip-components=1 -C test/bench/typescript-twin/node_modules/aws-cdk-lib
	cd test/bench/typescript-twin && npm run --silent build

bench: $(TOOLS) $(TWIN) $(CLIENT) ## runs the benchmarks of docs/benchmarks.md, in about 10 minutes
	@echo "Compiling the benchmarks. The first time, this takes a minute or two."
	go test -run '^$$' -bench . -benchmem -count 5 ./functions/...
	go test -run '^$$' -bench . -benchmem ./internal/local/...
	node test/edge/body_hasher.bench.mjs
	node test/client/events.bench.mjs
	go test -run '^$$' -bench FirstByte -benchtime 1000x -count 5 ./test/bench
	go test -run '^$$' -bench 'Stream|Throughput|Ready' -benchtime 10x -count 5 ./test/bench
	go test -run '^$$' -bench SilentPosts -benchtime 50x -count 5 ./test/bench
	go test -run '^$$' -bench Bodies -benchtime 1x ./test/bench
	go test -run '^$$' -bench 'Synth/(app|empty)' -benchtime 3x -count 5 ./test/bench
	go test -run '^$$' -bench Synth/endpoints -benchtime 3x ./test/bench
	go test -run '^$$' -bench WebApp -benchtime 10x ./test/bench
	go test -run '^$$' -bench InProcess -benchmem ./test/bench

# lint has vetted what the tests compile.
check: GOFLAGS += -vet=off
check: lint vulncheck cfnlint test-adapter frameworks test ## runs everything that CI runs

#!/usr/bin/env bash
# usage: tools/newest.sh
# Tries infra and the examples with the newest CDK, jsii and aws-lambda-go, in a copy
# of the tracked files, so that no go.mod changes. Snapshots may differ: it shows how.
set -euo pipefail
cd "$(dirname "$0")/.."

root=$PWD
copy=$root/bin/newest
newest=(github.com/aws/aws-cdk-go/awscdk/v2@latest github.com/aws/jsii-runtime-go@latest github.com/aws/aws-lambda-go@latest)
rm -rf "$copy"
mkdir -p "$copy"
git ls-files -z | tar --null --files-from=- -cf - | tar -xf - -C "$copy"
cd "$copy"

# step NAME COMMAND...: what is printed only matters if the command fails.
step() {
	local name=$1
	shift
	echo "newest: $name"
	"$@" >"$copy/log" 2>&1 || { cat "$copy/log" && echo "newest: FAILED to $name" >&2 && exit 1; }
}
upgrade() { go get "$@" && go mod tidy; }
# synthesize DIR: the app in a directory, without compiling or installing what it runs.
synthesize() { (cd "$1" && CDK_OUTDIR=cdk.out CDK_CONTEXT_JSON='{"aws:cdk:bundling-stacks": []}' go run .); }

step "upgrade the root" upgrade "${newest[@]}"
go list -m github.com/aws/aws-cdk-go/awscdk/v2 github.com/aws/jsii-runtime-go github.com/aws/constructs-go/constructs/v10 github.com/aws/aws-lambda-go
step "compile infra and its tests" go vet ./infra ./functions/... .
step "test infra" env UPDATE_SNAPS=true go test ./infra
for app in examples/*/; do
	name=$(basename "$app")
	cd "$copy/$app"
	# Only what an example uses already: not all have a handler in Go.
	mapfile -t used < <(printf '%s\n' "${newest[@]}" | grep -xF "$(go list -m -f '{{ if not .Indirect }}{{ .Path }}@latest{{ end }}' all)")
	step "upgrade $name" upgrade "${used[@]}"
	step "compile $name" go vet ./...
	step "synthesize $name" synthesize .
done

# As in the README, but without its -tool line: go mod tidy then picks the newest versions.
mkdir "$copy/consumer"
cd "$copy/consumer"
cp -R ../examples/chat/main.go ../examples/chat/handler .
step "start an app" go mod init chat
go mod edit -replace=github.com/cloudfurl/cloudfurl="$copy"
step "resolve the app's modules" go mod tidy
step "compile the app" go vet ./...
step "synthesize the app" synthesize .

cd "$root"
git --no-pager diff --no-index --stat infra/__snapshots__ bin/newest/infra/__snapshots__ || echo "newest: an upgrade changes these templates"
echo "newest: infra and the examples work with these versions"

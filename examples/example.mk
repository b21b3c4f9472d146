# Included by the Makefile of each example. Before, those in Python set NEEDS_PYTHON to
# yes, and one whose packages this machine needs sets LOCAL_PACKAGES to their
# requirements. Those that need a DynamoDB set NEEDS_DATABASE. LOCAL_FLAGS are more flags of cloudfurl, and LOCAL_WRAPPER is a command
# that runs it.

PORT ?= 23875
EXAMPLE := examples/$(notdir $(CURDIR))

include ../../tools/go.mk

MISSING :=
ifdef NEEDS_PYTHON
MISSING := $(shell python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || echo there is no Python 3.11 or later)
endif

.PHONY: run test

ifdef MISSING

run:
	@echo "$(EXAMPLE): $(MISSING). Install it, as python3 in PATH." >&2; exit 1

test:
	@echo "$(EXAMPLE): SKIPPED, $(MISSING)"

else

ifdef LOCAL_PACKAGES
export PATH := $(CURDIR)/.venv/bin:$(PATH)
PREPARED := .venv/installed

# A directory that is left of an earlier failure doesn't have the file.
$(PREPARED): $(LOCAL_PACKAGES)
	@echo "Installing $(LOCAL_PACKAGES) in $(EXAMPLE)/.venv."
	@python3 -m venv --clear .venv
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check --requirement $(LOCAL_PACKAGES)
	@touch $@
endif

ifdef NEEDS_DATABASE
PREPARED := ../database/node_modules/.package-lock.json

$(PREPARED): ../database/package-lock.json
	@$(MAKE) -s -C ../.. database
endif

run: $(PREPARED) # serves the app on PORT, and again whenever a source changes
	@echo "Compiling cloudfurl and the CDK app. The first time, this takes a minute or two." >&2
	@$(LOCAL_WRAPPER) go tool cloudfurl local --watch --listen 127.0.0.1:$(PORT) $(LOCAL_FLAGS)

test: $(PREPARED) # synthesizes the app, serves it and calls it
	TEST_INPUTS=$${TEST_INPUTS:-$$(../../tools/inputs.sh)} go test ./...

endif

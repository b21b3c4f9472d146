#!/usr/bin/env bash
# Prints a hash of what tests depend on that run programs, and the go command doesn't see:
# the sources, except for docs and tests in Go, and the programs of this machine. Tests
# read it from the variable TEST_INPUTS, so a cached result is one of the same inputs.
set -euo pipefail
cd "$(dirname "$0")/.."

sources() {
	git ls-files --cached --others --exclude-standard -- ':!docs' ':!*_test.go' ':!*.snap' ':!*README.md' ':!ARCHITECTURE.md' ':!CHANGELOG.md' ':!CONTRIBUTING.md' |
		while IFS= read -r file; do [[ -f $file ]] && printf '%s\n' "$file"; done || true
}
programs() {
	command -v node python3 uv curl certutil chromium chromium-browser google-chrome || true
	node --version
	python3 -VV || true
}

# Outside a clone, nothing is taken from the cache.
git rev-parse --git-dir >/dev/null 2>&1 || exec date +%s%N
{ sources && sources | git hash-object --stdin-paths && programs 2>&1; } | git hash-object --stdin

#!/usr/bin/env bash
# Tests the page of the demo and the inspector in Chromium. Says so and succeeds if there is none.
set -euo pipefail
cd "$(dirname "$0")/.."

chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
if [ -z "$chromium" ]; then
	echo "page: SKIPPED, there is no Chromium in PATH"
	exit
fi
command -v certutil >/dev/null || echo "page: SKIPPED the trust in the local authority, there is no certutil in PATH"
cd test/page
[ node_modules/.package-lock.json -nt package-lock.json ] || { npm ci --no-fund --no-audit --no-update-notifier --loglevel=error >/dev/null && touch node_modules/.package-lock.json; }
CHROMIUM=$chromium TEST_INPUTS=$(../../tools/inputs.sh) go test .

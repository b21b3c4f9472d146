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
(cd test/page && npm ci --no-fund --no-audit --no-update-notifier --loglevel=error >/dev/null)
CHROMIUM=$chromium go test -count=1 ./test/page

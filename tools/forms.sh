#!/usr/bin/env bash
# Checks GitHub's issue forms and Dependabot's settings against their schemas. Says so and
# succeeds if there is no uv.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v uv >/dev/null; then
	echo "forms: SKIPPED, there is no uv in PATH"
	exit
fi
# check SCHEMA FILES...: what is printed only matters if the check fails.
check() {
	local output
	output=$(uv tool run --quiet --from check-jsonschema==0.39.0 check-jsonschema --builtin-schema "vendor.$1" "${@:2}") || { echo "$output" >&2 && exit 1; }
}
check github-issue-forms .github/ISSUE_TEMPLATE/bug.yml .github/ISSUE_TEMPLATE/feature.yml
check github-issue-config .github/ISSUE_TEMPLATE/config.yml
check dependabot .github/dependabot.yml

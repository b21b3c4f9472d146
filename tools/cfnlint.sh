#!/usr/bin/env bash
# Checks the templates of the app and of the examples by cfn-lint, in a Python
# environment of its own. Says so and succeeds if there is no Python.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! python3 -c 'import venv, ensurepip, sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
	echo "cfn-lint: SKIPPED, there is no Python 3.10 or later with venv"
	exit
fi
if ! cmp -s tools/requirements.txt bin/cfnlint/requirements.txt; then
	rm -rf bin/cfnlint
	python3 -m venv bin/cfnlint
	bin/cfnlint/bin/pip install --quiet --disable-pip-version-check -r tools/requirements.txt
	cp tools/requirements.txt bin/cfnlint
fi

inputs=$(tools/inputs.sh)
if [ "$(cat bin/templates/inputs 2>/dev/null)" = "$inputs" ]; then
	echo "cfn-lint: nothing has changed since it found nothing"
	exit
fi
rm -rf bin/templates
# synthesize NAME DIR MORE: the app in a directory, with more context than cdk.json's.
synthesize() {
	set -e
	local out=$PWD/bin/templates/$1
	context=$(node -p 'JSON.stringify({...require("./cdk.json").context, "aws:cdk:bundling-stacks": [], ...JSON.parse(process.argv[1])})' "$3")
	(cd "$2" && CDK_OUTDIR=$out CDK_CONTEXT_JSON=$context go run . >/dev/null)
}
synthesize demo . '{}'
synthesize demo-with-everything . '{"stage": "prod", "domainName": "chat.example.com", "hostedZoneId": "Z0000000000000", "reservedConcurrency": 10,
	"staticDir": "examples/static/site", "webAcl": "managed", "alarmEmail": "ops@example.com", "accessLogs": true}'
# Two at a time: an app and its Node.js wait for each other.
export -f synthesize
printf '%s\n' examples/*/cdk.json | xargs -P 2 -n 1 bash -c 'dir=$(dirname "$1") && synthesize "$(basename "$dir")" "$dir" "{}"' bash
templates=$(find bin/templates -name '*.template.json')
# W3005 is about dependencies that the CDK writes though a reference implies them.
# shellcheck disable=SC2086
bin/cfnlint/bin/cfn-lint --ignore-checks W3005 -- $templates
echo "cfn-lint: $(wc -w <<<"$templates") templates, nothing found"
echo "$inputs" >bin/templates/inputs

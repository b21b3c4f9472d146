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

rm -rf bin/templates
context=$(node -p 'JSON.stringify({...require("./cdk.json").context, "aws:cdk:bundling-stacks": []})')
for app in . examples/*/; do
	if [ -e "$app/cdk.json" ]; then
		(cd "$app" && CDK_OUTDIR=$OLDPWD/bin/templates/$(basename "$PWD") CDK_CONTEXT_JSON=$context go run . >/dev/null)
	fi
done
# W3005 is about dependencies that the CDK writes though a reference implies them.
bin/cfnlint/bin/cfn-lint --ignore-checks W3005 -- bin/templates/*/*.template.json
echo "cfn-lint: $(ls bin/templates/*/*.template.json | wc -l) templates, nothing found"

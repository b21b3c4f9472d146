#!/usr/bin/env bash
# Builds AWS's Lambda Web Adapter into bin/adapter, so that test/adapter compares the
# local edge's stand-in with it. Says so and succeeds if there is no Cargo.
set -euo pipefail
cd "$(dirname "$0")/.."

version=1.0.0-rc1
if [[ "$(cat bin/adapter/version 2>/dev/null)" == "$version" && -x bin/adapter/bin/lambda-adapter ]]; then
	exit
fi
if ! command -v cargo >/dev/null; then
	echo "adapter: SKIPPED, there is no Cargo to build AWS's Lambda Web Adapter with"
	exit
fi
echo "Compiling AWS's Lambda Web Adapter $version, which takes about two minutes."
cargo install --quiet --locked --root bin/adapter --version "$version" lambda_web_adapter
echo "$version" >bin/adapter/version

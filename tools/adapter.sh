#!/usr/bin/env bash
# Builds AWS's Lambda Web Adapter into bin/adapter, so that test/adapter compares the
# local edge's stand-in with it, and into the layer bin/adapter/layer, so that apps run
# behind it with --layer. Says so and succeeds if there is no Cargo that runs.
set -euo pipefail
cd "$(dirname "$0")/.."

version=1.0.0-rc1
program=bin/adapter/bin/lambda-adapter
layer=bin/adapter/layer

# The layer has the adapter as an extension, and the wrapper that executes Handler.
# See: https://aws.github.io/aws-lambda-web-adapter/getting-started/zip-packages.html
make_layer() {
	mkdir -p "$layer/extensions"
	cmp --silent "$program" "$layer/extensions/lambda-adapter" || cp -f "$program" "$layer/extensions/"
	printf '#!/bin/bash\nexec "$LAMBDA_TASK_ROOT/$_HANDLER"\n' >"$layer/bootstrap"
	chmod +x "$layer/bootstrap"
}

if [[ "$(cat bin/adapter/version 2>/dev/null)" == "$version" && -x $program ]]; then
	make_layer
	exit
fi
if ! command -v cargo >/dev/null; then
	echo "adapter: SKIPPED, there is no Cargo to build AWS's Lambda Web Adapter with"
	exit
fi
# rustup's cargo needs a toolchain, which is per home directory.
if ! problem=$(cargo --version 2>&1); then
	echo "adapter: SKIPPED, Cargo doesn't run: $(head -1 <<<"$problem")"
	exit
fi
echo "Compiling AWS's Lambda Web Adapter $version, which takes about two minutes."
cargo install --quiet --locked --root bin/adapter --version "$version" lambda_web_adapter
make_layer
echo "$version" >bin/adapter/version

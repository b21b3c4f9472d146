#!/usr/bin/env bash
# The AWS CLI, in the process of serve.py.
exec 3<>"/dev/tcp/127.0.0.1/$AWS_CLI_PORT"
printf '%s\0' $# "$PWD" "$@" >&3
read -r code <&3
if test "$code" = 0; then cat <&3; else cat <&3 >&2; fi
exit "$code"

#!/usr/bin/env bash
# usage: tools/compile.sh NAME ARGS...
# Runs "go build ARGS" and says every 3 seconds how far it is.
set -o pipefail
name=$1
shift

# The bash of macOS can't tell the end of its input from a pause.
((BASH_VERSINFO[0] >= 4)) || exec go build "$@"

# One line of -v is one package. The compiler's own messages contain a space or a colon.
go build -v "$@" 2>&1 | {
	downloaded=0 compiled=0 latest='' said=$SECONDS
	while true; do
		IFS= read -r -t 2 line
		ended=$?
		if ((ended == 0)); then
			case $line in
			'go: downloading '*) downloaded=$((downloaded + 1)) latest=${line#go: downloading } ;;
			*' '* | *:*) printf '%s\n' "$line" >&2 ;;
			*) compiled=$((compiled + 1)) latest=$line ;;
			esac
		elif ((ended <= 128)); then
			break
		fi
		if ((SECONDS - said >= 3)); then
			said=$SECONDS
			if ((downloaded + compiled)); then
				printf '%s: %d modules downloaded, %d packages compiled, last %s\n' "$name" "$downloaded" "$compiled" "$latest"
			else
				printf '%s: linking\n' "$name" # or still reading what it is made of
			fi
		fi
	done
}

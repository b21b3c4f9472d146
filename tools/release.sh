#!/usr/bin/env bash
# usage: tools/release.sh [FLAGS OF GORELEASER]
# Builds the command from the tag that is checked out into a draft of a release, whose
# notes are the tag's section of CHANGELOG.md. With --snapshot, it publishes nothing, and
# without a tag it takes the section Unreleased.
set -euo pipefail
cd "$(dirname "$0")/.."

# The newest goreleaser for Go 1.26, and syft for SBOMs.
tools=(github.com/goreleaser/goreleaser/v2@v2.17.1 github.com/anchore/syft/cmd/syft@v1.57.2)

if ! section=$(git describe --tags --exact-match --match 'v*' 2>/dev/null); then
	case " $* " in
	*' --snapshot '*) section=Unreleased ;;
	*) echo "release: no tag such as v0.1.0 is checked out; --snapshot needs none" >&2 && exit 1 ;;
	esac
fi
mkdir -p bin
# GitHub would show each end of a line as one, so what continues a line joins it.
awk -v section="$section" '
	/^## / { found = $2 == section; next }
	!found { next }
	/^  / { sub(/^ */, " "); printf "%s", $0; next }
	{ printf "%s%s", end, $0; end = "\n" }
	END { print "" }
' CHANGELOG.md >bin/notes.md
if ! grep -q '^- ' bin/notes.md; then
	echo "release: CHANGELOG.md has no section $section with changes" >&2
	exit 1
fi
echo "Compiling goreleaser and syft, which takes several minutes the first time."
for tool in "${tools[@]}"; do
	GOBIN=$PWD/bin go install "$tool"
done
PATH=$PWD/bin:$PATH bin/goreleaser release --clean --release-notes bin/notes.md "$@"

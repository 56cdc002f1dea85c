#!/bin/bash
# install.sh: install the validators of package.json, with the versions of
# package-lock.json, and print the folder that has node_modules.
#
# They stay in $TARE_TESTBED_CACHE (default: ~/.cache/tare-testbed) and are installed again
# when one of the lists changes. Several callers may ask at the same time.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
cache=${TARE_TESTBED_CACHE:-${XDG_CACHE_HOME:-${HOME:?}/.cache}/tare-testbed}
lists=(package.json package-lock.json .npmrc)
folder=$cache/npm-$(cat "${lists[@]}" | sha256sum | cut -c 1-12)

mkdir -p "$cache"
exec 9> "$cache/npm.lock"
flock 9
if [ ! -e "$folder/ready" ]; then
	rm -rf "$cache"/npm-*.new
	mkdir "$folder.new"
	cp "${lists[@]}" "$folder.new"
	(cd "$folder.new" && npm ci --no-progress) > "$cache/npm.log" 2>&1 || {
		echo "install.sh: cannot install the validators:" >&2
		tail -n 20 "$cache/npm.log" >&2
		exit 1
	}
	touch "$folder.new/ready"
	mv "$folder.new" "$folder"
fi
echo "$folder"

#!/bin/bash
# the root after years of use: same size, other size, gone
set -eu
printf 'XXX/share/flags/changed\n' > "$1/usr/share/flags/changed"
echo longer >> "$1/usr/share/flags/resized"
rm "$1/usr/share/flags/gone" "$1/etc/flags/missing"

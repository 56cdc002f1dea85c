#!/bin/bash
# rpmbuild refuses control characters: a running system has them all the same
set -eu
mkdir -p "$1/srv/names"
cd "$1/srv/names"
for name in $'tab\there' $'new\nline' $'return\rhere' $'escape\e[31mred' $'bell\a' \
	$'title\e]0;owned\a' $'one\x01' $'delete\x7f' $'c1\xc2\x9b31m' $'\n' $'\t' ' '; do
	printf '%s' "$name" > "./$name"
done
printf long > "./$(printf 'n%.0s' $(seq 255))"
# a path longer than PATH_MAX, which only relative calls reach
for _ in $(seq 25); do
	mkdir "$(printf 'd%.0s' $(seq 200))"
	cd -P "$(printf 'd%.0s' $(seq 200))"
done
echo deep > deep

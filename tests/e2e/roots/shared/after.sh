#!/bin/bash
# rpm writes every byte: make the holes again; and a name outside of any package
set -eu
fallocate --dig-holes "$1/usr/share/holes/all-hole"
fallocate --dig-holes "$1/usr/share/holes/half-hole"
ln "$1/usr/share/links/a" "$1/usr/share/unowned-link"

#!/bin/bash
set -eu
mkdir -p "$1/usr/local/bin"
printf '#!/usr/bin/shell\n' > "$1/usr/local/bin/unowned"
chmod 755 "$1/usr/local/bin/unowned"

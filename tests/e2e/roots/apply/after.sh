#!/bin/bash
# what a root collects after its packages: attributes, names of one file, changed
# configuration, a linker's cache, odd entries
set -eu
cd "$1"
echo changed >> etc/goner.conf
ln usr/bin/goner usr/share/keeper/other-name-of-goner
cp --sparse=always usr/share/goner-data/sparse holes
mv holes usr/share/goner-data/sparse
mkdir -p etc/systemd/system/multi-user.target.wants var/odd srv
ln -s /usr/lib/systemd/system/keeper.service etc/systemd/system/multi-user.target.wants/
printf 'name\n' > "$(printf 'var/odd/a\nb\033[31m\xff')"
mkfifo var/odd/fifo
ln -s /nowhere var/odd/dangling
ln -s / srv/all
if [ "$(id -u)" = 0 ]; then
	mknod var/odd/null c 1 3
	chown 1234:4321 usr/share/goner/deep/file-3
	setcap cap_net_raw+p usr/share/goner/deep/file-4 2> /dev/null || true
	setfattr -n user.note -v text usr/share/goner/deep/file-5 2> /dev/null || true
	setfacl -m u:1000:r usr/share/goner/deep/file-6 usr/share/keeper/data 2> /dev/null || true
	setfacl -d -m u:1000:r usr/share/goner/deep 2> /dev/null || true
fi
: > etc/ld.so.conf
/sbin/ldconfig -X -r "$1" 2> /dev/null || true
find . -depth -exec touch -h -d '2024-01-02 03:04:05.678' {} +

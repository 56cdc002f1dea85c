#!/bin/bash
# Damage of every sort: truncated and lying ELF files, and files that became something else.
set -eu
python3 - "$1/usr/lib64" <<'PYTHON'
import struct
import sys

def patch(name, offset, data, size=None):
    with open('%s/lib%s.so.1' % (sys.argv[1], name), 'r+b') as f:
        f.seek(offset)
        f.write(data)
        if size is not None:
            f.truncate(size)

def dynamic(name):
    """-> file offset of the dynamic section, its size"""
    with open('%s/lib%s.so.1' % (sys.argv[1], name), 'rb') as f:
        image = f.read()
    offset, = struct.unpack_from('<Q', image, 0x20)
    count, = struct.unpack_from('<H', image, 0x38)
    for i in range(count):
        kind, _, start, _, _, size = struct.unpack_from('<IIQQQQ', image, offset + 56 * i)
        if kind == 2:
            return start, size
    raise SystemExit('no dynamic segment')

FAR = struct.pack('<Q', 0x7fffffffffffff00)
patch('headless', 0, b'', 4)            # the magic bytes alone
patch('short', 0, b'', 63)              # one byte less than a header
patch('tailless', 0, b'', 700)          # program headers, then nothing
patch('junk', 4, b'\xff' * 60)          # right magic, nonsense behind it
patch('sections', 0x28, FAR)            # section table far away
patch('segments', 0x20, FAR)            # program headers far away
patch('huge', 0x38, b'\xff\xff')        # 65535 program headers
patch('class', 4, b'\x07')              # neither 32 nor 64 bit
patch('machine', 0x12, b'\xfe\xca')     # a machine that nobody built
start, size = dynamic('strings')
for at in range(start, start + size, 16):       # all tags: string table, at the end of memory
    patch('strings', at, struct.pack('<Q', 5) + FAR)
start, size = dynamic('needed')
patch('needed', start, struct.pack('<Q', 1) + FAR)      # a name outside of the strings
start, size = dynamic('endless')
for at in range(start, start + size, 16):       # no end mark
    patch('endless', at, struct.pack('<QQ', 1, 1))
PYTHON
cd "$1"
rm etc/gone
rm etc/folder && mkdir etc/folder && echo inside > etc/folder/inside
rm etc/fifo && mkfifo etc/fifo
rm etc/link && ln -s /etc/escape etc/link
rm etc/loop-1 etc/loop-2 && ln -s loop-2 etc/loop-1 && ln -s loop-1 etc/loop-2
rm etc/escape && ln -s ../../../../../../../../etc/passwd etc/escape
ln -s . etc/dot
ln -s /proc/self/root etc/magic
mkdir -p usr/bin
mkfifo usr/bin/pipe
python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("usr/bin/socket")'
mknod -m 666 usr/bin/device c 1 5 2> /dev/null || true
mkdir -m 000 usr/bin/closed

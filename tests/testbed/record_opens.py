#!/usr/bin/python3
"""record_opens.py FOLDER OUTPUT -- every file of FOLDER's file system that somebody opens or
executes, one path below FOLDER a line, until SIGTERM. OUTPUT appears when recording has begun
and is complete when the program ends. Uses fanotify(7); needs CAP_SYS_ADMIN."""
import ctypes
import os
import signal
import struct
import sys

FAN_CLOEXEC, FAN_UNLIMITED_QUEUE, FAN_UNLIMITED_MARKS = 0x1, 0x10, 0x20
FAN_MARK_ADD, FAN_MARK_FILESYSTEM = 0x1, 0x100
FAN_OPEN, FAN_OPEN_EXEC, FAN_Q_OVERFLOW = 0x20, 0x1000, 0x4000
EVENT = struct.Struct('=IBBHQii')

libc = ctypes.CDLL(None, use_errno=True)
libc.fanotify_mark.argtypes = [ctypes.c_int, ctypes.c_uint, ctypes.c_uint64, ctypes.c_int,
                               ctypes.c_char_p]


def checked(result, what):
    if result < 0:
        sys.exit('record_opens.py: %s: %s' % (what, os.strerror(ctypes.get_errno())))
    return result


def path_of(fd, folder):
    """Below the folder; a process in another mount namespace shows the path from its own root."""
    path = os.readlink('/proc/self/fd/%d' % fd)
    for ending in ' (deleted)', :
        if path.endswith(ending):
            path = path[:-len(ending)]
    return path[len(folder):] if path.startswith(folder + '/') else path


def drain(queue, folder, seen):
    while True:
        try:
            data = os.read(queue, 65536)
        except BlockingIOError:
            return
        at = 0
        while at < len(data):
            length, _, _, _, mask, fd, _ = EVENT.unpack_from(data, at)
            at += length
            if mask & FAN_Q_OVERFLOW:
                sys.exit('record_opens.py: the queue ran over: the record has gaps')
            if fd >= 0:
                seen.add(path_of(fd, folder))
                os.close(fd)


def main():
    folder, output = os.path.realpath(sys.argv[1]), sys.argv[2]
    queue = checked(libc.fanotify_init(FAN_CLOEXEC | FAN_UNLIMITED_QUEUE | FAN_UNLIMITED_MARKS,
                                       os.O_RDONLY | os.O_LARGEFILE), 'fanotify_init')
    checked(libc.fanotify_mark(queue, FAN_MARK_ADD | FAN_MARK_FILESYSTEM,
                               FAN_OPEN | FAN_OPEN_EXEC, -1, folder.encode()), 'fanotify_mark')
    os.set_blocking(queue, False)
    stop, wake = [], os.pipe()
    signal.signal(signal.SIGTERM, lambda *_: (stop.append(1), os.write(wake[1], b'x')))
    seen = set()
    open(output, 'w').close()
    import select
    while not stop:
        select.select([queue, wake[0]], [], [])
        drain(queue, folder, seen)
    drain(queue, folder, seen)
    with open(output, 'w', errors='surrogateescape') as f:
        f.write(''.join(p + '\n' for p in sorted(seen)))


main()

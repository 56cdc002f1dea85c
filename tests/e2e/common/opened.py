#!/usr/bin/python3
"""opened.py TRACE ROOT -- the regular files below ROOT that a trace of strace shows opened or
executed, as paths below ROOT, one a line; and on standard error how many opens were left out
because they happened inside a container.

TRACE: strace -f -y --pidns-translation -e trace=open,openat,openat2,creat,execve,chroot,
       pivot_root,setns,unshare,clone,clone3,fork,vfork of a command that calls chroot(ROOT)

strace writes a path as the mount namespace of the tracee has it. Whoever called pivot_root()
in a chroot has its own root where ROOT is, so that the container's /etc/passwd looks like that
of ROOT: a mount namespace that did that, or that somebody entered, is a container, and only
what other namespaces opened is looked at. What has no longer the name that strace saw, folders
and opens with O_PATH (which open nothing) do not count."""
import os
import re
import sys

LINE = re.compile(r'^(\d+) +(.*)$')
CALL = re.compile(r'^(\w+)\((.*)\) += (-?\d+|\?)(.*)$')
TRANSLATED = re.compile(r"/\* (\d+) in strace's PID NS \*/")
RESULT = re.compile(r'^<(.*)>$')
OPENS = ('open', 'openat', 'openat2', 'creat', 'execve')
NEW_TASKS = ('clone', 'clone3', 'fork', 'vfork')


def whole_calls(lines):
    """(task, call), with what was unfinished put together."""
    begun = {}
    for line in lines:
        match = LINE.match(line.rstrip('\n'))
        if not match:
            continue
        task, text = match.groups()
        if text.endswith('<unfinished ...>'):
            begun[task] = text[:-len('<unfinished ...>')].rstrip()
            # the child may be seen before its parent's call ends
            yield task, None, begun[task]
            continue
        resumed = re.match(r'^<\.\.\. \w+ resumed>(.*)$', text)
        if resumed:
            text = begun.pop(task, '') + resumed.group(1)
        yield task, CALL.match(text), text


class Namespaces:
    """Which mount namespace each task is in, as far as the trace tells."""

    def __init__(self):
        self.of, self.containers, self.last, self.rooted = {}, set(), 0, set()

    def get(self, task):
        return self.of.setdefault(task, 0)

    def new(self, task):
        self.last += 1
        self.of[task] = self.last

    def call(self, task, name, args, result, rest):
        if name in NEW_TASKS and int(result) > 0:
            translated = TRANSLATED.search(rest)
            child = translated.group(1) if translated else result
            self.of[child] = self.get(task)
            if task in self.rooted:
                self.rooted.add(child)
            if 'CLONE_NEWNS' in args:
                self.new(child)
        elif name == 'chroot' and result == '0':
            self.rooted.add(task)
        elif name == 'unshare' and result == '0' and 'CLONE_NEWNS' in args:
            self.new(task)
        elif name == 'pivot_root' and result == '0':
            self.containers.add(self.get(task))
        elif name == 'setns' and result == '0' and ('NEWNS' in args or args.endswith(', 0')):
            self.new(task)
            self.containers.add(self.get(task))


def resolve(root, path):
    """Where a path leads to with ROOT as "/"."""
    parts, at, links = path.split('/')[::-1], [], 0
    while parts:
        part = parts.pop()
        if part == '..':
            at = at[:-1]
        if part in ('', '.', '..'):
            continue
        here = '/'.join([root] + at + [part])
        if os.path.islink(here) and links < 40:
            target, links = os.readlink(here), links + 1
            at = [] if target.startswith('/') else at
            parts += target.split('/')[::-1]
        else:
            at.append(part)
    return '/'.join([root] + at)


def opened_path(name, args, rest, root):
    if name == 'execve':
        first = re.match(r'^"((?:[^"\\]|\\.)*)"', args)
        return first and first.group(1).startswith('/') and resolve(root, first.group(1))
    if 'O_PATH' in args:
        return None
    match = RESULT.match(rest)
    return match and match.group(1)


def mounts_below(root):
    with open('/proc/self/mountinfo', errors='surrogateescape') as f:
        points = [line.split(' ')[4] for line in f]
    return tuple(point + '/' for point in points if point.startswith(root + '/'))


def wanted_of(trace, root):
    spaces, wanted, inside = Namespaces(), set(), 0
    for task, call, _ in whole_calls(trace):
        if not call or not call.group(3).lstrip('-').isdigit():
            continue
        name, args, result, rest = call.groups()
        spaces.call(task, name, args, result, rest)
        if int(result) < 0 or name not in OPENS:
            continue
        path = opened_path(name, args, rest, root)
        if not path or (name == 'execve' and task not in spaces.rooted):
            continue
        if spaces.get(task) in spaces.containers:
            inside += 1
        else:
            wanted.add(path)
    return wanted, inside


def main():
    root = os.path.realpath(sys.argv[2])
    with open(sys.argv[1], errors='surrogateescape') as f:
        wanted, inside = wanted_of(f, root)
    mounts = mounts_below(root)
    for path in sorted(wanted):
        if (path.startswith(root + '/') and not path.startswith(mounts) and
                os.path.isfile(path) and not os.path.islink(path)):
            print(path[len(root):])
    print('%d opens inside containers' % inside, file=sys.stderr)


main()

#!/usr/bin/python3
"""manifest.py TREE [--but-times-of PATH]...: all that a tree is, one line an entry.

Type, mode, owner, size, link target, device, times, extended attributes, contents, and
which names belong to one file. Two trees are equal when these texts are; blocks and inode
numbers are not in it. Times of the paths named are left out.
"""

import argparse
import hashlib
import os
import stat


def digest(path):
    total = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            total.update(block)
    return total.hexdigest()


def attributes(path):
    names = sorted(os.listxattr(path, follow_symlinks=False))
    return ",".join(f"{n}={os.getxattr(path, n, follow_symlinks=False).hex()}" for n in names)


def describe(path, name, first_names, no_times):
    st = os.lstat(path)
    kind = stat.S_IFMT(st.st_mode)
    words = [f"{kind:o}", f"{stat.S_IMODE(st.st_mode):o}", f"{st.st_uid}:{st.st_gid}"]
    if name not in no_times:
        words.append(str(st.st_mtime_ns))
    if kind == stat.S_IFREG:
        words += [str(st.st_size), digest(path)]
    elif kind == stat.S_IFLNK:
        words.append(repr(os.readlink(path)))
    elif kind in (stat.S_IFCHR, stat.S_IFBLK):
        words.append(str(st.st_rdev))
    if kind != stat.S_IFDIR and st.st_nlink > 1:
        words.append("same as " + repr(first_names.setdefault(st.st_ino, name)))
    words.append(attributes(path))
    return f"{name!r} {' '.join(words)}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("tree")
    parser.add_argument("--but-times-of", action="append", default=[])
    options = parser.parse_args()
    top = os.fsencode(options.tree)
    no_times = {os.fsencode(p) for p in options.but_times_of}
    first_names = {}
    print(describe(top, b"/", first_names, no_times))
    for folder, folders, files in os.walk(top):
        folders.sort()
        for entry in sorted(folders + files):
            path = os.path.join(folder, entry)
            print(describe(path, path[len(top):], first_names, no_times))


if __name__ == "__main__":
    main()

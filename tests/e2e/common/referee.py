#!/usr/bin/python3
"""referee.py COMMAND GRAPH ROOT [DBPATH]: compare a graph with what other programs say.

  packages    every package of "rpm -qa", its version, architecture and declared size
  ownership   every file of every header, with its flags and state
  paths       every path of "find -xdev", with type, mode, owner, size, blocks, inode
  disk        "du -sx -B1"
  needed      NEEDED, SONAME, RPATH, RUNPATH and interpreter of "readelf -lhdW"
  resolution  libraries of every executable by "lddtree -R"; ALLOW=FILE names the
              differences that are known, one "executable<TAB>soname<TAB>reason" a line;
              with root rights the root's own ld.so must side with the graph there
  dangling    ROOT is a trimmed copy: whatever a file of it needed before is there still
  owned       no comparison: prints the bytes on disk of all files that packages own

Prints the differences and one summary line; exit status 1 when there are differences.
"""
import fnmatch
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile

READELF_FIELDS = {'NEEDED': 'needed', 'SONAME': 'soname', 'RPATH': 'rpath',
                  'RUNPATH': 'runpath'}
SHOWN = int(os.environ.get("SHOWN", "25"))


def as_bytes(value):
    return value.encode() if isinstance(value, str) else value


class Referee:
    def __init__(self, graph, root, dbpath='/usr/lib/sysimage/rpm'):
        self.root = os.path.realpath(root)
        self.dbpath = dbpath
        self.db = sqlite3.connect('file:%s?mode=ro' % graph, uri=True)
        self.differences = 0
        self.asked = {}             # program -> what ld.so loads for it
        self.interpreters = {}      # base name -> path inside the root, by lddtree
        rows = self.db.execute("SELECT value FROM option WHERE name = 'boundary'")
        self.boundaries = [as_bytes(value) for value, in rows] or [b'/dev', b'/run']

    def differ(self, text):
        self.differences += 1
        if self.differences <= SHOWN:
            print('DIFFERENT: ' + text)

    def compare(self, what, theirs, ours):
        """Two dictionaries; the keys are whatever identifies a row."""
        for key in sorted(set(theirs) | set(ours), key=repr):
            if key not in ours:
                self.differ('%s %r is not in the graph (%r)' % (what, key, theirs[key]))
            elif key not in theirs:
                self.differ('%s %r is only in the graph (%r)' % (what, key, ours[key]))
            elif theirs[key] != ours[key]:
                self.differ('%s %r: %r, in the graph %r'
                            % (what, key, theirs[key], ours[key]))
        if not theirs:
            self.differ('the referee knows no %s at all' % what)
        return '%d of kind %s' % (len(theirs), what)

    def rpm(self, query):
        """Rows of rpm -qa; a field may hold anything but the two separators.

        rpm opens for writing what it only reads: it gets a copy of the database.
        """
        with tempfile.TemporaryDirectory() as copy:
            shutil.copy(self.root + self.dbpath + '/rpmdb.sqlite', copy)
            done = subprocess.run(['rpm', '--dbpath', copy, '-qa', '--qf', query],
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                  check=True)
        return [line.split(b'\x1f') for line in done.stdout.split(b'\x1e')[:-1]]

    # -------------------------------------------------------------- packages

    def packages(self):
        rows = self.rpm('\x1f'.join('%%{%s}' % tag for tag in (
            'NAME', 'EPOCH', 'VERSION', 'RELEASE', 'ARCH', 'LONGSIZE', 'LICENSE',
            'SOURCERPM')) + '\x1e')
        theirs = {tuple(row[:5]): tuple(row[5:]) for row in rows}
        ours = {}
        for *key, size, licence, source in self.db.execute(
                "SELECT name, coalesce(epoch, '(none)'), version, release, arch,"
                " declared_bytes, license, source_rpm FROM package"):
            key = tuple(as_bytes(str(part)) for part in key)
            ours[key] = (b'%d' % size, as_bytes(licence), as_bytes(source) or b'(none)')
        summary = self.compare('package', theirs, ours)
        total = sum(int(size) for size, *_ in theirs.values())
        return summary + ', %d bytes declared' % total

    def ownership(self):
        rows = self.rpm('[%{=NAME}-%{=VERSION}-%{=RELEASE}.%{=ARCH}\x1f%{FILENAMES}\x1f'
                        '%{FILESTATES}\x1f%{FILESIZES}\x1e]')
        theirs = {(row[0], row[1]): (int(row[2]), int(row[3])) for row in rows}
        ours = {}
        for package, path, state, size in self.db.execute(
                "SELECT name || '-' || version || '-' || release || '.' || arch,"
                " coalesce(o.declared_path, f.path), o.rpm_state, o.declared_bytes"
                " FROM ownership o JOIN package p ON p.id = o.package_id"
                " JOIN file f ON f.id = o.file_id"):
            ours[as_bytes(package), as_bytes(path)] = (state, size)
        return self.compare('owned file', theirs, ours)

    # -------------------------------------------------------------- files

    def below_boundary(self, path):
        return any(path.startswith(b + b'/') for b in self.boundaries)

    def paths(self):
        kinds = {b'f': 'regular', b'd': 'directory', b'l': 'symlink', b'p': 'fifo',
                 b's': 'socket', b'c': 'char', b'b': 'block'}
        done = subprocess.run(
            ['find', self.root, '-xdev', '-printf',
             r'%y\t%m\t%U\t%G\t%s\t%b\t%i\t%n\t/%P\0'], stdout=subprocess.PIPE, check=True)
        theirs = {}
        for line in done.stdout.split(b'\0')[:-1]:
            kind, mode, *numbers, path = line.split(b'\t', 8)
            if not self.below_boundary(path):
                theirs[path] = (kinds[kind], int(mode, 8)) + tuple(map(int, numbers))
        ours = {}
        for path, kind, *rest in self.db.execute(
                "SELECT path, type, mode, uid, gid, size_bytes, disk_bytes / 512, inode,"
                " link_count FROM file WHERE state NOT IN"
                " ('missing', 'not-installed', 'declared')"):
            path = as_bytes(path)
            ours[path if path.startswith(b'/') else b'/' + path] = (kind,) + tuple(rest)
        # what lies below a boundary is weighed with it
        for boundary in self.boundaries:
            for rows in (theirs, ours):
                rows.pop(boundary, None)
        return self.compare('path', theirs, ours)

    def disk(self):
        done = subprocess.run(['du', '-sx', '-B1', self.root], stdout=subprocess.PIPE,
                              check=True)
        theirs = int(done.stdout.split()[0])
        ours, = self.db.execute('SELECT disk_bytes + boundary_bytes FROM image').fetchone()
        rows, = self.db.execute(
            'SELECT sum(bytes) FROM (SELECT max(disk_bytes) AS bytes FROM file WHERE state'
            " NOT IN ('missing', 'not-installed', 'declared') GROUP BY device, inode)"
        ).fetchone()
        if theirs != ours:
            self.differ('du says %d bytes, image.disk_bytes + boundary_bytes %d'
                        % (theirs, ours))
        boundary, = self.db.execute('SELECT boundary_bytes FROM image').fetchone()
        if rows + boundary < theirs or rows > theirs:
            self.differ('du says %d bytes, the rows of file %d' % (theirs, rows))
        return '%d bytes' % theirs

    # -------------------------------------------------------------- ELF

    def elf_files(self):
        """Every regular file that begins with the magic bytes."""
        found = []
        for folder, dirs, names in os.walk(self.root.encode()):
            below = folder[len(self.root):]
            dirs[:] = [d for d in dirs if below + b'/' + d not in self.boundaries]
            for name in names:
                path = folder + b'/' + name
                if os.path.islink(path) or not os.path.isfile(path):
                    continue
                with open(path, 'rb') as f:
                    if f.read(4) == b'\x7fELF':
                        found.append(below + b'/' + name)
        return sorted(found)

    def readelf(self, paths):
        """{path: {'needed': [...], 'soname': ..., 'class': ...}}"""
        result = {}
        for at in range(0, len(paths), 200):
            batch = [self.root.encode() + p for p in paths[at:at + 200]]
            if len(batch) == 1:         # else readelf does not print the name
                batch.append(batch[0])
            done = subprocess.run(['readelf', '-hldW'] + batch, stdout=subprocess.PIPE,
                                  stderr=subprocess.DEVNULL, check=False)
            for line in done.stdout.split(b'\n'):
                if line.startswith(b'File: '):
                    entry = {'needed': []}
                    result[line[6 + len(self.root):]] = entry
                    continue
                tag = re.match(rb' 0x[0-9a-f]+ \((\w+)\) .*\[(.*)\]$', line)
                field = READELF_FIELDS.get(tag[1].decode()) if tag else None
                if field == 'needed':
                    entry['needed'].append(tag[2])
                elif field:
                    entry[field] = tag[2]
                kind = re.match(rb'\s+Class:\s+ELF(\d+)$', line)
                if kind:
                    entry['class'] = int(kind[1])
                interpreter = re.match(rb'\s+\[Requesting program interpreter: (.*)\]$', line)
                if interpreter:
                    entry['interpreter'] = interpreter[1]
        return result

    def needed(self):
        keys = ('class', 'soname', 'interpreter', 'rpath', 'runpath')
        theirs = {path: (entry['needed'],) + tuple(entry.get(k) for k in keys)
                  for path, entry in self.readelf(self.elf_files()).items()}
        needs = {}
        for file_id, soname in self.db.execute(
                'SELECT file_id, soname FROM elf_needed ORDER BY file_id, position'):
            needs.setdefault(file_id, []).append(as_bytes(soname))
        ours = {}
        for file_id, path, *rest in self.db.execute(
                'SELECT f.id, f.path, e.class, e.soname, e.interpreter, e.rpath, e.runpath'
                ' FROM elf e JOIN file f ON f.id = e.file_id'):
            ours[as_bytes(path)] = (needs.get(file_id, []),) + tuple(
                as_bytes(value) for value in rest)
        bad = {as_bytes(path) for path, in self.db.execute(
            "SELECT f.path FROM finding n JOIN file f ON f.id = n.file_id"
            " WHERE n.rule = 'bad-elf'")}
        for path in bad - set(ours):    # a finding is an answer too, where readelf fails
            if not theirs.get(path, ([],))[0]:
                theirs.pop(path, None)
        summary = self.compare('ELF file', theirs, ours)
        return summary + ', %d needed' % sum(len(row[0]) for row in theirs.values())

    # -------------------------------------------------------------- resolution

    def inside(self, path):
        """The final path below the root, all links resolved inside of it."""
        done, rest, links = b'', [p for p in path.split(b'/') if p], 0
        while rest:
            part = rest.pop(0)
            if part == b'..':
                done = done.rpartition(b'/')[0]
                continue
            if part == b'.':
                continue
            here = done + b'/' + part
            try:
                target = os.readlink(self.root.encode() + here)
            except OSError:
                done = here
                continue
            links += 1
            if links > 40:
                return None
            rest = [p for p in target.split(b'/') if p] + rest
            if target.startswith(b'/'):
                done = b''
        return done

    def lddtree(self, paths):
        """{executable: {soname: path inside the root or None}}"""
        result = {}
        for at in range(0, len(paths), 150):
            batch = [p.decode() for p in paths[at:at + 150]]
            done = subprocess.run(
                ['/usr/bin/python3', '/usr/bin/lddtree', '-R', self.root] + batch,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
            if done.stderr.strip():
                self.differ('lddtree: ' + done.stderr.decode(errors='replace')[-300:])
            for line in done.stdout.decode().split('\n'):
                head = re.match(r'^(/.*) \(interpreter => (.*)\)$', line)
                if head:
                    entry = result.setdefault(head[1][len(self.root):].encode(), {})
                    # not repeated where a library needs it: the program has it already
                    interpreter = head[2][len(self.root):].encode()
                    self.interpreters[os.path.basename(interpreter)] = self.inside(interpreter)
                    continue
                library = re.match(r'^ +(\S.*) => (.*)$', line)
                if library:
                    found = library[2][len(self.root):].encode()
                    entry.setdefault(library[1].encode(),
                                     None if library[2] == 'None' else self.inside(found))
        return result

    def closures(self):
        """The same out of the graph: what a program loads, breadth first, by soname."""
        paths, needs, programs = {}, {}, []
        for file_id, path in self.db.execute('SELECT id, path FROM file'):
            paths[file_id] = as_bytes(path)
        for file_id, soname, resolved in self.db.execute(
                'SELECT file_id, soname, resolved_id FROM elf_needed'
                ' ORDER BY file_id, position'):
            needs.setdefault(file_id, []).append((as_bytes(soname), resolved))
        for file_id, in self.db.execute(
                "SELECT file_id FROM elf WHERE interpreter IS NOT NULL"
                " AND type IN ('executable', 'pie')"):
            programs.append(file_id)
        result = {}
        for program in programs:
            loaded, queue = {}, [program]
            for current in queue:
                for soname, resolved in needs.get(current, ()):
                    if soname not in loaded:
                        loaded[soname] = resolved and self.inside(paths[resolved])
                        if resolved:
                            queue.append(self.by_path(paths, needs, resolved))
            result[paths[program]] = loaded
        return result

    def by_path(self, paths, needs, file_id):
        """A library may be named by its link: needs belong to the file behind it."""
        if file_id in needs:
            return file_id
        if not hasattr(self, 'ids'):
            self.ids = {path: i for i, path in paths.items()}
        return self.ids.get(self.inside(paths[file_id]), file_id)

    def linker(self, program):
        """What the root's own ld.so would load: {soname: path inside the root or None}"""
        done = subprocess.run(
            ['chroot', self.root, '/lib64/ld-linux-x86-64.so.2', '--list', program.decode()],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        loaded = {}
        for line in done.stdout.split(b'\n'):
            found = re.match(rb'^\t(\S+) => (\S+) \(0x', line)
            if found and not found[1].startswith(b'/'):
                loaded[found[1]] = self.inside(found[2])
            absent = re.match(rb'.*: ([^ :]+): cannot open shared object file', line)
            if absent:
                loaded[absent[1]] = None
        return loaded

    def linker_agrees(self, program, soname, ours):
        if os.getuid() != 0 or soname in self.interpreters:
            return True
        if program not in self.asked:
            self.asked[program] = self.linker(program)
        return self.asked[program].get(soname, '-') == ours

    def resolution(self):
        allowed = []
        if os.environ.get('ALLOW'):
            with open(os.environ['ALLOW'], encoding='utf-8') as f:
                allowed = [line.rstrip('\n').split('\t') for line in f
                           if line.strip() and not line.startswith('#')]
        ours = self.closures()
        theirs = self.lddtree(sorted(ours))
        used, libraries, explained = set(), 0, 0
        for program in sorted(ours):
            known = theirs.get(program)
            if known is None:
                self.differ('lddtree does not know %r' % program)
                continue
            for soname in sorted(set(known) | set(ours[program])):
                libraries += 1
                pair = known.get(soname, '-'), ours[program].get(soname, '-')
                if pair[0] == '-':
                    pair = self.interpreters.get(soname, '-'), pair[1]
                if pair[0] == pair[1]:
                    continue
                rule = [i for i, (p, s, _) in enumerate(allowed)
                        if fnmatch.fnmatchcase(program.decode(), p)
                        and fnmatch.fnmatchcase(soname.decode(), s)]
                if rule and self.linker_agrees(program, soname, pair[1]):
                    used.add(rule[0])
                    explained += 1
                else:
                    self.differ('%s needs %s: lddtree %r, graph %r' % (
                        program.decode(), soname.decode(), *pair))
        for i, rule in enumerate(allowed):
            if i not in used:
                print('note: unused line: ' + ' '.join(rule))
        if not ours:
            self.differ('no program in the graph')
        return '%d programs, %d libraries, %d explained by %d reasons' % (
            len(ours), libraries, explained, len(used))


    # -------------------------------------------------------------- after a trim

    def there(self, path):
        final = self.inside(path)
        return final is not None and os.path.lexists(self.root.encode() + final)

    def dangling(self):
        kept = 0
        for path, soname, resolved in self.db.execute(
                'SELECT f.path, n.soname, t.path FROM elf_needed n'
                ' JOIN file f ON f.id = n.file_id JOIN file t ON t.id = n.resolved_id'
                ' ORDER BY f.path, n.position'):
            if self.there(as_bytes(path)):
                kept += 1
                if not self.there(as_bytes(resolved)):
                    self.differ('%s still needs %s, %s is gone' % (path, soname, resolved))
        for path, interpreter in self.db.execute(
                'SELECT f.path, e.interpreter FROM elf e JOIN file f ON f.id = e.file_id'
                ' WHERE e.interpreter IS NOT NULL'):
            if self.there(as_bytes(path)) and not self.there(as_bytes(interpreter)):
                self.differ('%s has lost its interpreter %s' % (path, interpreter))
        if not kept:
            self.differ('nothing is left')
        return '%d needed libraries of kept files' % kept

    def owned(self):
        seen, total = set(), 0
        for path, in self.rpm('[%{FILENAMES}\x1e]'):
            try:
                info = os.lstat(self.root.encode() + self.inside(
                    os.path.dirname(path)) + b'/' + os.path.basename(path))
            except OSError:
                continue
            if (info.st_dev, info.st_ino) not in seen:
                seen.add((info.st_dev, info.st_ino))
                total += info.st_blocks * 512
        return '%d bytes' % total


def main():
    commands = ('packages', 'ownership', 'paths', 'disk', 'needed', 'resolution', 'dangling',
                'owned')
    if len(sys.argv) not in (4, 5) or sys.argv[1] not in commands:
        sys.exit(__doc__)
    referee = Referee(*sys.argv[2:])
    summary = getattr(referee, sys.argv[1])()
    print('%s: %s, %d differences' % (sys.argv[1], summary, referee.differences))
    sys.exit(1 if referee.differences else 0)


if __name__ == '__main__':
    main()

#!/usr/bin/env python3
"""real_databases.py CHECK NAME GRAPH COPY: compare a graph with what other programs say.

  counts    packages, files and requirements of the graph and of `rpm -qa`; COPY is a
            folder with a private copy of the database
  unneeded  for 100 seeded sets of wanted packages: what tare does not keep and what
            libsolv calls unneeded; COPY is a folder with an rpmdb.sqlite
  erasable  which packages can be erased alone, to tare and to RPM; COPY as for unneeded,
            with indexes

Differences are printed and make the exit status 1, but for those that real_databases.allow
explains one by one ("NAME CHECK NEVRA: reason"); an explanation that nothing needs any
more fails as well. $PROBES is the folder of graph_probe and rpm_erasable.
"""
import collections
import os
import random
import sqlite3
import subprocess
import sys
import tempfile

SETS = 100
PROBES = os.environ.get("PROBES", "build/dev/tests")


def run(argv, **options):
    """Standard output as text; paths need not be UTF-8."""
    done = subprocess.run(argv, stdout=subprocess.PIPE, check=True, encoding="utf-8",
                          errors="surrogateescape", **options)
    return done.stdout


def rows(graph, query):
    with sqlite3.connect(f"file:{graph}?mode=ro", uri=True) as db:
        db.text_factory = lambda b: b.decode("utf-8", "surrogateescape")
        return db.execute(query).fetchall()


def allowed(name, check):
    """NEVRA -> reason."""
    found = {}
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "real_databases.allow")
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("#") or not line.strip():
                continue
            key, reason = line.strip().split(": ", 1)
            database, kind, nevra = key.split(" ")
            if (database, kind) == (name, check):
                found[nevra] = reason
    return found


def verdict(name, check, differences):
    """differences: NEVRA -> what differs."""
    reasons = allowed(name, check)
    wrong = 0
    for nevra, text in sorted(differences.items()):
        if nevra in reasons:
            print(f"explained: {nevra}: {reasons[nevra]}")
        else:
            print(f"{nevra}: {text}")
            wrong = 1
    for nevra in sorted(set(reasons) - set(differences)):
        print(f"{nevra}: real_databases.allow explains a difference that is none")
        wrong = 1
    return wrong


def counts(name, graph, copy):
    mark = "\x01"
    form = (f"%{{NEVRA}}\t%{{LONGSIZE}}\t[%{{FILENAMES}}{mark}]\t[%{{REQUIRENEVRS}}{mark}]"
            f"\t[%{{PROVIDENEVRS}}{mark}]\\n")
    none = "(none)" + mark
    theirs, ours = collections.Counter(), collections.Counter()
    for line in run(["rpm", "--dbpath", copy, "-qa", "--qf", form],
                    stderr=subprocess.DEVNULL).splitlines():
        nevra, size, *lists = line.split("\t")
        files, requires, provides = ([] if x == none else x.split(mark)[:-1] for x in lists)
        theirs[nevra, int(size), len(set(files)), len(requires), len(set(provides))] += 1
    for row in rows(graph, """
            SELECT nevra, declared_bytes,
                   (SELECT count(*) FROM ownership AS o WHERE o.package_id = p.id),
                   (SELECT count(*) FROM requirement AS r
                     WHERE r.package_id = p.id AND r.strength = 'requires'),
                   (SELECT count(*) FROM provide AS v WHERE v.package_id = p.id)
              FROM package AS p"""):
        ours[row] += 1
    total = [sum(n * row[i] for row, n in ours.items()) for i in range(1, 5)]
    print(f"{name}: {sum(ours.values())} packages, {total[1]} files, {total[2]} requirements, "
          f"{total[3]} provides")
    differences = {}
    for row in (ours - theirs) + (theirs - ours):
        differences[row[0]] = f"tare {[r[1:] for r in ours if r[0] == row[0]]}, rpm " \
                              f"{[r[1:] for r in theirs if r[0] == row[0]]}"
    (unreadable,), = rows(graph, "SELECT rpmdb_unreadable FROM image")
    if unreadable:
        differences["headers"] = f"{unreadable} could not be read"
    return verdict(name, "counts", differences)


def wanted_sets(name, graph):
    names = sorted({n for n, in rows(graph, "SELECT name FROM package WHERE NOT is_key")})
    rng = random.Random(name)
    return [rng.sample(names, rng.randint(1, min(12, len(names)))) for _ in range(SETS)]


def solv_unneeded(copy, sets, work):
    """libsolv's answers, one set of NEVRAs for each set of names."""
    root = os.path.join(work, "root")
    os.makedirs(os.path.join(root, "var/lib"))
    os.makedirs(os.path.join(root, "etc"))
    os.symlink(os.path.abspath(copy), os.path.join(root, "var/lib/rpm"))
    with open(os.path.join(work, ".rpmmacros"), "w", encoding="ascii") as out:
        out.write("%_dbpath /var/lib/rpm\n")
    environment = dict(os.environ, HOME=work)
    with open(os.path.join(work, "sys.solv"), "wb") as out:
        subprocess.run(["rpmdb2solv", "-r", root], stdout=out, check=True, env=environment)
    with open(os.path.join(work, "sets.t"), "w", encoding="utf-8") as out:
        out.write("repo @System 0 solv sys.solv\nsystem x86_64 rpm @System\n")
        out.write("nextjob\n".join(
            "".join(f"job userinstalled name {name}\n" for name in names) +
            "result unneeded <inline>\n" for names in sets))
    answers = []
    for line in run(["testsolv", "-r", "sets.t"], cwd=work, env=environment).splitlines():
        word, _, rest = line.partition(" ")
        if word == "test":
            answers.append(set())
        elif word in ("unneeded", "unneeded_filtered"):
            answers[-1].add(rest.removesuffix("@@System"))
    return answers


def comparable(nevras):
    """Without epochs of zero, which libsolv does not write, and without keys, which have
    an architecture to libsolv and never hold anything."""
    return {nevra.replace("-0:", "-") for nevra in nevras
            if not nevra.startswith("gpg-pubkey-")}


def unneeded(name, graph, copy):
    sets = wanted_sets(name, graph)
    with tempfile.TemporaryDirectory() as work:
        theirs = solv_unneeded(copy, sets, work)
    ours = [set(line.split()) for line in
            run([f"{PROBES}/graph_probe", "unneeded", graph],
                input="".join(" ".join(names) + "\n" for names in sets)).splitlines()]
    if len(theirs) != len(sets) or len(ours) != len(sets):
        print(f"{len(sets)} sets, {len(ours)} answers of tare, {len(theirs)} of libsolv")
        return 1
    differences = {}
    for names, mine, other in zip(sets, ours, theirs):
        mine, other = comparable(mine), comparable(other)
        for nevra in mine ^ other:
            side = "tare" if nevra in mine else "libsolv"
            differences.setdefault(nevra, f"only {side} drops it with {' '.join(names)}")
    total = sum(len(answer) for answer in ours)
    print(f"{name}: {len(sets)} sets, {total / len(sets):.1f} packages dropped on average")
    return verdict(name, "unneeded", differences)


def erase_answers(text):
    answers, last = {}, None
    for line in text.splitlines():
        if line.startswith("\t"):
            answers[last].append(line.strip())
        else:
            last = line.split("\t")[0]
            answers.setdefault(last, [])
    return answers


def erasable(name, graph, copy):
    ours = erase_answers(run([f"{PROBES}/graph_probe", "erasable", graph]))
    theirs = erase_answers(run([f"{PROBES}/rpm_erasable", copy], stderr=subprocess.DEVNULL))
    differences = {}
    for nevra in ours.keys() | theirs.keys():
        mine, other = ours.get(nevra), theirs.get(nevra)
        if mine is None or other is None or bool(mine) != bool(other):
            differences[nevra] = f"tare: {mine and mine[:2]}, RPM: {other and other[:2]}"
    free = sum(1 for problems in ours.values() if not problems)
    print(f"{name}: {free} of {len(ours)} packages can be erased alone")
    return verdict(name, "erasable", differences)


CHECKS = {"counts": counts, "unneeded": unneeded, "erasable": erasable}

if __name__ == "__main__":
    if len(sys.argv) != 5 or sys.argv[1] not in CHECKS:
        sys.exit(__doc__)
    sys.exit(CHECKS[sys.argv[1]](*sys.argv[2:]))

#!/usr/bin/python3
"""random_intents.py TARE GRAPH ROOT DBPATH COUNT SEED PROFILE...

COUNT plans for profiles and keep lists drawn at random. Of each: the optimum is proven,
"rpm -e --test" on the database copy accepts the list, and no ELF file that stays on the
disk (packages and file trims counted) needs a library that goes.
"""
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile

ON_DISK = "state NOT IN ('missing', 'not-installed', 'replaced')"


def read_graph(path):
    """Paths, owners by file, and who needs which file."""
    db = sqlite3.connect('file:%s?mode=ro' % path, uri=True)
    files = dict(db.execute('SELECT id, path FROM file WHERE ' + ON_DISK))
    names = dict(db.execute('SELECT id, nevra FROM package'))
    owners = {}
    for file, package in db.execute(
            'SELECT file_id, package_id FROM ownership WHERE rpm_state = 0'):
        owners.setdefault(file, set()).add(names[package])
    needed = db.execute('SELECT file_id, resolved_id FROM elf_needed'
                        ' WHERE resolved_id IS NOT NULL').fetchall()
    packages = [name for name, in db.execute(
        "SELECT DISTINCT name FROM package WHERE NOT is_key ORDER BY name")]
    return files, owners, needed, packages


class Tester:
    def __init__(self, tare, graph, root, dbpath):
        self.tare, self.graph, self.root, self.dbpath = tare, graph, root, dbpath
        self.files, self.owners, self.needed, self.packages = read_graph(graph)

    def plan(self, intent, folder):
        keep = os.path.join(folder, 'keep')
        path = os.path.join(folder, 'plan.json')
        with open(keep, 'w', encoding='utf-8') as out:
            out.writelines(name + '\n' for name in intent['keep'])
        command = [self.tare, 'plan', '-q', '-g', self.graph, '-o', path,
                   '--no-profile', '--keep', keep, '--caution', intent['caution'],
                   '--trim', intent['trim']]
        command += ['--profile=' + name for name in intent['profiles']]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        if run.returncode != 0:
            return None, 'exit %d: %s' % (run.returncode, run.stderr.strip())
        with open(path, encoding='utf-8') as text:
            return json.load(text), ''

    def rpm_refuses(self, gone):
        if not gone:
            return ''
        run = subprocess.run(['rpm', '--dbpath', self.dbpath, '--force-debian', '-e',
                              '--test'] + sorted(gone),
                             capture_output=True, text=True, check=False)
        return run.stdout + run.stderr if run.returncode else ''

    def broken(self, gone, trimmed):
        def stays(file):
            owners = self.owners.get(file)
            return (file in self.files and self.files[file] not in trimmed
                    and (not owners or bool(owners - gone)))
        return [(self.files[user], self.files.get(library, library))
                for user, library in self.needed
                if stays(user) and library in self.files and not stays(library)]

    def judge(self, intent, folder):
        plan, problem = self.plan(intent, folder)
        if not plan:
            return problem, 0
        gone = {p['nevra'] for p in plan['packages'] if p['action'] == 'remove'}
        trimmed = {f['path'] for f in plan['files']}
        if not plan['proof']['optimal']:
            problem = 'the optimum is not proven'
        if plan['proof']['graph_check'] != 'passed':
            problem = 'the graph refutes it'
        problem = problem or self.rpm_refuses(gone)
        problem = problem or str(self.broken(gone, trimmed)[:3] or '')
        return problem, len(gone)


def draw(dice, profiles, packages):
    return {'profiles': sorted(dice.sample(profiles, dice.randint(0, min(4, len(profiles))))),
            'keep': sorted(dice.sample(packages, dice.randint(1, 12))),
            'caution': dice.choice(['low', 'normal', 'normal', 'high']),
            'trim': dice.choice(['none', 'safe', 'all'])}


def main(tare, graph, root, dbpath, count, seed, *profiles):
    tester = Tester(tare, graph, root, dbpath)
    dice = random.Random(int(seed))
    failed, removed = 0, []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(int(count)):
            intent = draw(dice, list(profiles), tester.packages)
            problem, gone = tester.judge(intent, folder)
            removed.append(gone)
            if problem:
                failed += 1
                print('intent %d %s: %s' % (number, json.dumps(intent), problem))
    print('%d intents, %d failed, %d to %d packages go'
          % (len(removed), failed, min(removed), max(removed)))
    sys.exit(1 if failed or max(removed) == 0 else 0)


main(*sys.argv[1:])

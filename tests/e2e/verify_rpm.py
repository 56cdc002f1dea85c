#!/usr/bin/env python3
"""verify_rpm.py PLAN ROOT GRAPH COUNT SEED: random erases, judged by tare and by rpm.

PLAN is any plan of the graph; its actions are changed to random sets. For each set the
problems of `tare verify --root` (RPM's check) must be those that `rpm -e --test` prints,
and what the graph says must not be milder than RPM: a set that RPM refuses is refused.
"""
import json
import os
import random
import re
import subprocess
import sys


def rpm_problems(folder, names):
    command = ["rpm", "--force-debian", "--dbpath", folder, "-e", "--test", "--allmatches"]
    done = subprocess.run(command + names, capture_output=True, text=True, check=False)
    lines = re.findall(r"^\s+(.*) (?:is needed by|conflicts with) \(installed\) (\S+)",
                       done.stderr, re.M)
    return {(package, requirement) for requirement, package in lines}


def without_epoch(nevra):
    return re.sub(r"-\d+:", "-", nevra)


def tare_verdict(plan, root, graph):
    command = [os.environ["TARE"], "verify", plan, "--root", root, "-g", graph, "-f", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        sys.exit("tare verify: exit %d: %s" % (done.returncode, done.stderr))
    if done.stderr:
        sys.exit("tare verify says on stderr: " + done.stderr)
    return json.loads(done.stdout)


def problems_of(check):
    found = set()
    for row in check["problems"]:
        requirement = re.sub("^(requires|conflicts with) ", "", row["text"])
        found.add((without_epoch(row["subject"]), requirement))
    return found


def main():
    plan_path, root, graph, count, seed = sys.argv[1:]
    rng = random.Random(int(seed))
    with open(plan_path, encoding="utf-8") as text:
        plan = json.load(text)
    folder = os.path.join(os.environ["T"], "copy")
    packages = [p for p in plan["packages"] if p["name"] != "gpg-pubkey"]
    refused = 0
    for n in range(int(count)):
        chosen = rng.sample(packages, min(len(packages), rng.choice([1, 1, 2, 3, 8])))
        for package in plan["packages"]:
            package["action"] = "remove" if package in chosen else "keep"
        plan["totals"]["packages_removed"] = len(chosen)
        changed = os.path.join(os.environ["T"], "changed.json")
        with open(changed, "w", encoding="utf-8") as out:
            json.dump(plan, out)
        verdict = tare_verdict(changed, root, graph)
        names = [re.sub(r"\.\(none\)$", "", p["nevra"]) for p in chosen]
        theirs = {(without_epoch(a), b) for a, b in rpm_problems(folder, names)}
        ours = problems_of(verdict["rpm"]) | problems_of({"problems": [
            {"subject": r["subject"], "text": r["text"].split(", says RPM;")[0]}
            for r in verdict["rpm"]["notes"]]})
        if ours != theirs:
            sys.exit("set %d %s:\n  only tare: %s\n  only rpm: %s" %
                     (n, names, sorted(ours - theirs), sorted(theirs - ours)))
        if verdict["rpm"]["result"] == "failed" and verdict["graph"]["result"] != "failed":
            sys.exit("set %d %s: RPM refuses, the graph does not" % (n, names))
        refused += bool(theirs)
    print("%s sets, %d of them refused by RPM and by tare alike" % (count, refused))


main()

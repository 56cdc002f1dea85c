#!/usr/bin/env python3
"""optimum_instances.py OUT COUNT SEED: random roots as cases, and each as an ILP.

For every instance two files are written: OUT/N.case (the language of tests/cases) and
OUT/N.lp (CPLEX format). The ILP is made from the instance itself: one binary variable for
each package, one for each part of a rich dependency that is 1 exactly when the part holds.
"""
import random
import sys


class Instance:
    def __init__(self, rng):
        self.rng = rng
        n = rng.randint(3, 60)
        self.packages = ["p%02d" % i for i in range(n)]
        self.size = {p: rng.choice([0, 1, 1, 4, 16, 64, 100, 300, rng.randint(1, 500)])
                     for p in self.packages}
        self.provides = {p: {p} for p in self.packages}
        self.virtual = ["v%d" % i for i in range(rng.randint(1, 12))]
        for v in self.virtual:
            for p in rng.sample(self.packages, min(n, rng.randint(0, 4))):
                self.provides[p].add(v)
        self.requires = []  # (package, verb, tree)
        for p in self.packages:
            for _ in range(rng.choice([0, 1, 1, 2, 2, 3])):
                self.requires.append((p, self.verb(), self.tree()))
        for _ in range(rng.choice([0, 0, 1, 2])):
            self.requires.append((rng.choice(self.packages), "conflicts",
                                  ("unless", self.positive(), self.positive())))
        self.shared = []  # (kilobytes, packages, "file" or "link")
        for _ in range(rng.choice([0, 0, 1, 3])):
            owners = rng.sample(self.packages, min(n, rng.randint(2, 3)))
            self.shared.append((rng.randint(1, 200), owners, rng.choice(["file", "link"])))
        self.roots = rng.sample(self.packages, min(n, rng.randint(1, 6)))

    def verb(self):
        return self.rng.choices(["requires", "requires(post)", "requires(post,postun)",
                                 "recommends"], [12, 1, 1, 1])[0]

    def leaf(self):
        pool = self.rng.choices([self.packages, self.virtual, ["missing"]], [8, 6, 0.2])[0]
        return self.rng.choice(pool)

    def positive(self, depth=2):
        """No "if": may stand on the right side of one."""
        if depth == 0 or self.rng.random() < 0.55:
            return self.leaf()
        op = self.rng.choice(["and", "or", "with", "without"])
        if op in ("with", "without"):
            return (op, self.leaf(), self.leaf())
        return (op, self.positive(depth - 1), self.positive(depth - 1))

    def tree(self):
        r = self.rng.random()
        if r < 0.6:
            return self.leaf()
        if r < 0.8:
            return self.positive()
        # RPM does not allow "if" below "or"; below "and" it may stand
        tree = ("if", self.positive(1), self.positive(1))
        if self.rng.random() < 0.4:
            tree += (self.positive(1),)
        if self.rng.random() < 0.2:
            tree = ("and", tree, self.leaf())
        return tree

    def providers(self, cap):
        return {p for p in self.packages if cap in self.provides[p]}

    def members(self, tree):
        """RPM's set mode, below "with" and "without"."""
        if isinstance(tree, str):
            return self.providers(tree)
        left, right = self.members(tree[1]), self.members(tree[2])
        return {"with": left & right, "without": left - right, "or": left | right}[tree[0]]

    def holds(self, tree):
        """With all packages there."""
        if isinstance(tree, str):
            return bool(self.providers(tree))
        if tree[0] in ("with", "without"):
            return bool(self.members(tree))
        left, right = self.holds(tree[1]), self.holds(tree[2])
        if tree[0] == "and":
            return left and right
        if tree[0] == "or":
            return left or right
        if tree[0] == "if":
            return left if right else len(tree) < 4 or self.holds(tree[3])
        return left and not right  # unless

    def named(self, tree):
        """Packages whose erase makes RPM look at the requirement again."""
        if isinstance(tree, str):
            return self.providers(tree)
        found = self.named(tree[1])
        if tree[0] not in ("if", "unless"):
            found |= self.named(tree[2])
        if len(tree) > 3:
            found |= self.named(tree[3])
        return found

    def text(self, tree):
        if isinstance(tree, str):
            return tree
        text = "(%s %s %s" % (self.text(tree[1]), tree[0], self.text(tree[2]))
        return text + (" else %s)" % self.text(tree[3]) if len(tree) > 3 else ")")

    def case(self):
        lines = ["pkg %s %dK" % (p, self.size[p]) for p in self.packages]
        for p in self.packages:
            lines += ["%s provides %s" % (p, v) for v in sorted(self.provides[p] - {p})]
        lines += ["%s %s %s" % (p, verb, self.text(tree)) for p, verb, tree in self.requires]
        for i, (size, owners, kind) in enumerate(self.shared):
            if kind == "file":
                lines.append("file /shared/%d data %s %dK" % (i, ",".join(owners), size))
                continue
            lines.append("file /shared/%d.0 data %s %dK" % (i, owners[0], size))
            lines += ["same /shared/%d.%d /shared/%d.0 %s" % (i, k + 1, i, owner)
                      for k, owner in enumerate(owners[1:])]
        lines += ["keep %s" % p for p in self.roots] + ["propose"]
        return "\n".join(lines) + "\n"


class Ilp:
    def __init__(self, instance):
        self.i = instance
        self.rows = []
        self.count = 0
        for p, verb, tree in instance.requires:
            if verb in ("requires(post)", "recommends"):
                continue
            self.requirement(p, verb, tree)
        for root in instance.roots:
            self.row([(1, root)], "=", 1)
        for i, (_, owners, _) in enumerate(instance.shared):
            for owner in owners:
                self.at_least("s%d" % i, owner)

    def row(self, terms, sense, right):
        """A variable may stand in a row only once."""
        sums = {}
        for factor, variable in terms:
            sums[variable] = sums.get(variable, 0) + factor
        text = " ".join("%+d %s" % (f, v) for v, f in sums.items() if f)
        if text:
            self.rows.append("%s %s %d" % (text, sense, right))

    def at_least(self, a, b):
        self.row([(1, a), (-1, b)], ">=", 0)

    def requirement(self, p, verb, tree):
        holds = self.i.holds(tree)
        if verb == "conflicts":
            if not holds:
                self.row([(1, p), (1, self.truth(tree))], "<=", 1)
        elif holds:
            self.at_least(self.truth(tree), p)
        elif not isinstance(tree, str):
            for q in self.i.named(tree):
                self.at_least(q, p)

    def new(self):
        self.count += 1
        return "t%d" % self.count

    def any_of(self, terms):
        t = self.new()
        for x in terms:
            self.at_least(t, x)
        self.row([(1, t)] + [(-1, x) for x in terms], "<=", 0)
        return t

    def negation(self, x):
        t = self.new()
        self.row([(1, t), (1, x)], "=", 1)
        return t

    def both(self, a, b):
        t = self.new()
        self.at_least(a, t)
        self.at_least(b, t)
        self.row([(1, t), (-1, a), (-1, b)], ">=", -1)
        return t

    def truth(self, tree):
        """A variable that is 1 exactly when the tree holds with what is kept."""
        if isinstance(tree, str):
            return self.any_of(sorted(self.i.providers(tree)))
        if tree[0] in ("with", "without"):
            return self.any_of(sorted(self.i.members(tree)))
        left, right = self.truth(tree[1]), self.truth(tree[2])
        if tree[0] == "and":
            return self.both(left, right)
        if tree[0] == "or":
            return self.any_of([left, right])
        if tree[0] == "unless":
            return self.both(left, self.negation(right))
        result = self.any_of([left, self.negation(right)])
        if len(tree) > 3:
            result = self.both(result, self.any_of([self.truth(tree[3]), right]))
        return result

    def text(self):
        i = self.i
        terms = ["%d %s" % (i.size[p], p) for p in i.packages]
        terms += ["%d s%d" % (row[0], n) for n, row in enumerate(i.shared)]
        names = i.packages + ["s%d" % n for n in range(len(i.shared))]
        names += ["t%d" % (n + 1) for n in range(self.count)]
        return "\n".join(["Minimize", " weight: " + " + ".join(terms), "Subject To"] +
                         [" c%d: %s" % (n, row) for n, row in enumerate(self.rows)] +
                         ["Binary"] + [" " + name for name in names] + ["End", ""])


def main():
    folder, count, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    for n in range(count):
        instance = Instance(random.Random(seed * 1000003 + n))
        with open("%s/%04d.case" % (folder, n), "w", encoding="ascii") as out:
            out.write(instance.case())
        with open("%s/%04d.lp" % (folder, n), "w", encoding="ascii") as out:
            out.write(Ilp(instance).text())


main()

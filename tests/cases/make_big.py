#!/usr/bin/env python3
"""make_big.py [PACKAGES [CHOICES [SEED]]]: a big random root as a case, to measure plans.

    tests/cases/make_big.py 5000 500 > big.case
    build/release/tests/cases/run_case --time big.case
"""
import random
import sys


def main():
    numbers = [int(word) for word in sys.argv[1:]]
    packages, choices, seed = numbers + [5000, 500, 1][len(numbers):]
    rng = random.Random(seed)
    for p in range(packages):
        print("pkg p%05d %dK" % (p, rng.choice([4, 20, 100, 300, 1000, rng.randint(1, 9000)])))
    for c in range(choices):
        for p in rng.sample(range(packages), rng.randint(2, 4)):
            print("p%05d provides choice%04d" % (p, c))
    for p in range(packages):
        # mostly on packages before it, as real ones, with a few cycles
        for _ in range(rng.choice([0, 1, 2, 2, 3, 5])):
            q = rng.randrange(p + 1) if rng.random() < 0.95 else rng.randrange(packages)
            print("p%05d requires p%05d" % (p, q))
    for c in range(choices):
        for p in rng.sample(range(packages), 2):
            print("p%05d requires choice%04d" % (p, c))
    for p in rng.sample(range(packages), packages // 50):
        print("keep p%05d" % p)
    print("propose")


main()

"""The wizard beside its limit and beside django-formtools: steps and whole applications a second, in turns in one run.

    DATABASE_URL=postgres://… [REDIS_URL=…] .venv/bin/python benchmarks/wizard.py [rounds]

Three processes share one database made for the run and take turns (A B A B), each sending requests through its whole stack
of middleware. The limit is a view with the same session and user that reads or writes one row and puts the answers into
the same HTML by hand. The yardstick is a django-formtools wizard with its answers in database sessions and crispy's own
templates over the same fields; an application is every step shown and posted, and for ours the check page and the archive.
"""
# ruff: noqa: E402  The sites set Django up.

import json
import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parent))

import wizard_sites

ROUNDS = 9
STEP_GOAL, APPLICATION_GOAL = 0.6, 2


class Contestant:
    """One site in a process of its own, which does what it is told by a line and answers with a line."""

    def __init__(self, name, database, stack):
        self.process = subprocess.Popen(
            [sys.executable, __file__, "serve", name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"DATABASE_URL": database},
        )
        stack.callback(self.end)
        assert self.process.stdout.readline() == "ready\n"

    def __call__(self, *command):
        print(*command, file=self.process.stdin, flush=True)
        return json.loads(self.process.stdout.readline())

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def serve(name):
    """A child's life."""
    site = wizard_sites.SITES[name]()
    print("ready", flush=True)
    for line in sys.stdin:
        what, *arguments, turn = line.split()
        print(json.dumps(getattr(site, what)(*arguments, turn=int(turn))), flush=True)


def rate(result):
    return result["requests"] / result["seconds"]


def cpu_ms(result):
    return 1000 * result["cpu"] / result["requests"]


def compare(title, one, other, rounds, *command):
    """Both in turns; prints medians and gives the median of the rounds' ratios."""
    pairs = []
    for turn in range(rounds + 1):
        pairs.append((one(*command, turn), other(*command, turn)))
    ratio = median(rate(a) / rate(b) for a, b in pairs[1:])
    by_cpu = median(cpu_ms(b) / cpu_ms(a) for a, b in pairs[1:])
    columns = [
        median(figure(pair[side]) for pair in pairs[1:]) for figure in (rate, cpu_ms) for side in (0, 1)
    ]
    print(
        f"{title:<22}{columns[0]:>8.1f}{columns[1]:>9.1f}{columns[2]:>9.2f}{columns[3]:>9.2f}{ratio:>8.2f}{by_cpu:>8.2f}",
        flush=True,
    )
    return ratio


def main(database, rounds=ROUNDS):
    with ExitStack() as stack:
        sites = [Contestant(name, database, stack) for name in ("ours", "bare", "formtools")]
        missed = contest(*sites, rounds)
    sys.exit(f"goals missed: {', '.join(missed)}" if missed else 0)


def contest(ours, bare, formtools, rounds):
    """All comparisons; the titles of those whose goal was missed."""
    print(f"{'a second, CPU ms':<22}{'ours':>8}{'other':>9}{'ours':>9}{'other':>9}{'ratio':>8}{'by CPU':>8}")
    missed = []
    for method in ("get", "post"):
        for step in wizard_sites.STEPS:
            title = f"{method.upper()} {step}, bare"
            if compare(title, ours, bare, rounds, method, step) < STEP_GOAL:
                missed.append(title)
    if compare("application, formtools", ours, formtools, rounds, "application") < APPLICATION_GOAL:
        missed.append("application")
    return missed


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        serve(sys.argv[2])
        sys.exit()
    from django.db import connection

    if connection.vendor != "postgresql":
        sys.exit("Set DATABASE_URL to a PostgreSQL: several processes share the database made for the run.")
    own_name = connection.settings_dict["NAME"]
    made = connection.creation.create_test_db(verbosity=0)
    try:
        main(os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{made}", *map(int, sys.argv[1:2]))
    finally:
        connection.creation.destroy_test_db(own_name, verbosity=0)

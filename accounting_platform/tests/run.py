"""The whole suite in three parts, and at the end a table of what ran: `python -m accounting_platform.tests.run`.

Arguments go to every pytest call (paths, -k, -x). REQUIRE_SERVICES=1 makes a missing service, an empty part and a
skipped test a failure; without it they are only told.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path

import psycopg2

from accounting_platform.tests.services import PACKAGES, services

ROOT = Path(__file__).resolve().parent.parent.parent
REQUIRED = os.environ.get("REQUIRE_SERVICES", "") not in {"", "0"}
# What people may have set for their own installation and what would lead the tests to it.
FOREIGN = {
    "BIND",
    "DATABASE_URL",
    "DEBUG",
    "DEMO",
    "DJANGO_SETTINGS_MODULE",
    "PORT",
    "PUBLIC_URL",
    "REDIS_URL",
}
FOREIGN |= {
    "ALLOWED_HOSTS",
    "SCHOOL_PORT",
    "SEALING_KEYS",
    "SECRET_KEY",
    "STATIC_ROOT",
    "VAR_DIR",
    "PYTEST_ADDOPTS",
}
FOREIGN_PREFIXES = ("S3_", "SMS_", "SESSION_", "SEALING_", "LOOKUP_", "SECRET_")
# In order on each process: tests that empty the tables come after those that rely on what migrations filled.
TWO_PROCESSES = ("-n", "2", "--dist", "load")
# Journeys differ much in length: a process that has nothing left takes over from the other.
BALANCED = ("-n", "2", "--dist", "worksteal")


@dataclass
class Part:
    """One pytest call and what came of it."""

    name: str
    marks: str
    needs: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    ran: bool = False
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0
    remark: str = ""


PARTS = [
    Part("SQLite", "not browser and not postgres", (), TWO_PROCESSES),
    Part("PostgreSQL and Redis", "not browser and not once", ("postgresql", "redis"), TWO_PROCESSES),
    Part("browser", "browser", ("chromium", "fonts", "postgresql", "redis"), BALANCED),
]


def environment(part, found, folder):
    """The environment of one part: nothing of the user's own installation, and the services that it needs."""
    env = {
        name: value
        for name, value in os.environ.items()
        if name not in FOREIGN and not name.startswith(FOREIGN_PREFIXES)
    }
    env |= {"VAR_DIR": str(folder / "var"), "PYTHONUTF8": "1", "TEST_RUN": str(os.getpid())}
    if part.marks == "browser":
        env |= {
            "CHROMIUM": found.chromium,
            "TEST_DATABASE_URL": found.postgresql,
            "TEST_REDIS_URL": found.redis,
        }
    elif "postgresql" in part.needs:
        env |= {"DATABASE_URL": found.postgresql, "REDIS_URL": found.redis}
    return env


def run(part, found, arguments):
    lacking = [name for name in part.needs if not getattr(found, name)]
    if lacking:
        part.remark = "not run: no " + ", ".join(lacking)
        return
    print(f"\n=== {part.name}", flush=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="platform-tests-") as name:
        report = Path(name) / "report.xml"
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-m",
            part.marks,
            *part.options,
            f"--junitxml={report}",
        ]
        env = environment(part, found, Path(name))
        code = subprocess.run([*command, *arguments], cwd=ROOT, env=env).returncode
        part.seconds, part.ran = time.monotonic() - began, True
        count(part, report)
    if code == 5:
        part.remark = "no test"
    elif code and not part.failed:
        part.failed, part.remark = 1, f"pytest ended with code {code}"


def count(part, report):
    if report.exists():
        for suite in ElementTree.parse(report).iter("testsuite"):
            part.failed += int(suite.get("failures")) + int(suite.get("errors"))
            part.skipped += int(suite.get("skipped"))
            part.passed += int(suite.get("tests"))
        part.passed -= part.failed + part.skipped


def drop_left_over_databases(url):
    """A run that was broken off leaves its test databases behind; theirs bear our number."""
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        pattern = f"^(test_platform|platform_stack)_{os.getpid()}(_|$)"
        cursor.execute("SELECT datname FROM pg_database WHERE datname ~ %s", [pattern])
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    connection.close()


def show(found, parts):
    """The table, then the one line that machines read."""
    print(f"\n{'part':<22}{'passed':>8}{'failed':>8}{'skipped':>9}{'seconds':>9}")
    for part in parts:
        numbers = f"{part.passed:>8}{part.failed:>8}{part.skipped:>9}{part.seconds:>9.0f}" if part.ran else ""
        print(f"{part.name:<22}{numbers}  {part.remark}".rstrip())
    print()
    for name, note in found.notes.items():
        hint = "" if getattr(found, name) else f" (Debian: {PACKAGES[name]})"
        print(f"{name:<22}{note}{hint}")
    totals = [sum(getattr(part, field) for part in parts) for field in ("passed", "failed", "skipped")]
    print("\n{} passed, {} failed, {} skipped".format(*totals), flush=True)


def verdict(found, parts, arguments):
    """0 when all is well; with REQUIRE_SERVICES also only when everything ran."""
    if any(part.failed for part in parts):
        return 1
    partial = [part for part in parts if not part.passed or part.skipped]
    if REQUIRED and (found.missing or partial and not arguments):
        return 1
    return 0 if any(part.passed for part in parts) else 1


def main():
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(143))
    arguments = sys.argv[1:]
    with services() as found:
        try:
            for part in PARTS:
                run(part, found, arguments)
        finally:
            if found.postgresql:
                drop_left_over_databases(found.postgresql)
        show(found, PARTS)
        return verdict(found, PARTS, arguments)


if __name__ == "__main__":
    sys.exit(main())

"""What test processes side by side must not share: each has a Redis database and names of its own."""

import os

# A stock Redis has this many databases.
DATABASES = 16


def process_number() -> int:
    """0, 1, … for the processes of pytest-xdist, 0 for the only one."""
    return int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


def run_name() -> str:
    """Part of the names of databases: of this run, and of this process in it."""
    return f"{os.environ.get('TEST_RUN', os.getpid())}_gw{process_number()}"


def own_redis(url: str) -> str:
    """The same Redis with a database that no other process of this run uses (of two; more would meet again)."""
    address, _, number = url.rpartition("/")
    return f"{address}/{(int(number) + DATABASES // 2 * process_number()) % DATABASES}"

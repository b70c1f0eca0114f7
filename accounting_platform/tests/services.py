"""Finds or starts what the tests need: PostgreSQL, Redis, Chromium with Chinese fonts, the interpreters of the samples
for schools, the libraries for PDFs. Ends what it started.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg2
import redis

from accounting_platform.lib import pdf
from accounting_platform.processes import Child, free_port, stop

OLDEST_POSTGRES = 140000
OLDEST_NODE = 18
CAN_MAKE_DATABASES = "SELECT rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = current_user"
# Debian's packages of each, several by blanks.
PACKAGES = {
    "postgresql": "postgresql",
    "redis": "redis-server",
    "chromium": "chromium",
    "node": "nodejs",
    "java": "default-jdk-headless",
    "php": "php-cli",
    "fonts": pdf.FONT_PACKAGE,
    "pdf": " ".join(pdf.LIBRARIES),
}


# Samples for schools in these languages are run where the language is; where it is not ours to install, they are left out.
LANGUAGES = ("node", "java", "php")


@dataclass
class Services:
    """Where everything is; an empty string for what is missing. `notes` says how each was come by."""

    postgresql: str  # address of a server, ending in its maintenance database
    redis: str
    chromium: str
    fonts: str
    node: str
    java: str
    php: str
    pdf: str
    notes: dict[str, str]

    @property
    def missing(self) -> list[str]:
        """What the suite cannot do without: also the languages, wherever we could have installed them."""
        needed = [name for name in PACKAGES if name not in LANGUAGES or may_install()]
        return [name for name in needed if not getattr(self, name)]


@contextmanager
def services():
    """The services for one run of the tests; missing ones are installed where that is ours to do."""
    with tempfile.TemporaryDirectory(prefix="platform-services-") as folder, ExitStack() as started:
        install(packages_of(name for name, find in FINDERS.items() if not find()))
        found = {name: find() for name, find in FINDERS.items()}
        notes = {name: "found" if value else "missing" for name, value in found.items()}
        for name, run in (("postgresql", private_postgres), ("redis", private_redis)):
            if found[name] == PROGRAM:
                found[name], notes[name] = run(Path(folder), started), "started for this run"
        yield Services(**found, notes=notes)


# The server program is here, but no server of it that we may use.
PROGRAM = "program"


def find_postgres():
    given = os.environ.get("TEST_DATABASE_URL", "")
    candidates = (
        [given] if given else [f"postgres://{who}@127.0.0.1:5432/postgres" for who in ("postgres", "root")]
    )
    for url in candidates:
        if may_make_databases(url):
            return url
    if given:
        sys.exit("TEST_DATABASE_URL does not lead to a PostgreSQL 14 or newer that lets us create databases.")
    return PROGRAM if postgres_program("initdb") else ""


def may_make_databases(url):
    try:
        connection = psycopg2.connect(url, connect_timeout=3)
    except psycopg2.OperationalError:
        return False
    try:
        with connection.cursor() as cursor:
            cursor.execute(CAN_MAKE_DATABASES)
            return cursor.fetchone()[0] and connection.server_version >= OLDEST_POSTGRES
    finally:
        connection.close()


def postgres_program(name):
    """The newest installed one: Debian keeps them out of PATH, one folder a version."""
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    return str(installed[-1]) if installed else shutil.which(name) or ""


def private_postgres(folder, started):
    """A server of our own in a temporary folder, reached by its socket; it refuses to run as root, so we lend a user."""
    data, sockets = folder / "data", folder / "socket"
    for path in (data, sockets):
        path.mkdir()
    as_user = []
    if os.geteuid() == 0:
        as_user = ["runuser", "-u", "postgres", "--"]
        folder.chmod(0o755)
        for path in (data, sockets):
            shutil.chown(path, "postgres")
    common = {"check": True, "stdout": subprocess.DEVNULL, "cwd": folder}
    flags = ["--encoding=UTF8", "--locale=C.UTF-8", "--auth=trust", "--username=postgres"]
    subprocess.run([*as_user, postgres_program("initdb"), "-D", str(data), *flags], **common)
    control = [*as_user, postgres_program("pg_ctl"), "-D", str(data), "-w"]
    options = f"-c listen_addresses='' -c unix_socket_directories={sockets}"
    subprocess.run([*control, "-l", str(sockets / "log"), "-o", options, "start"], **common)
    started.callback(subprocess.run, [*control, "-m", "immediate", "stop"], **common)
    return f"postgres://postgres@/postgres?host={sockets}"


def find_redis():
    given = os.environ.get("TEST_REDIS_URL", "")
    if given and not redis_answers(given):
        sys.exit("TEST_REDIS_URL does not lead to a Redis.")
    # One of our own comes first: tests empty the databases they use, and a running one may hold what others need.
    return given or (PROGRAM if shutil.which("redis-server") else shared_redis())


def shared_redis():
    url = "redis://127.0.0.1:6379/15"
    return url if redis_answers(url) else ""


def redis_answers(url):
    try:
        return redis.Redis.from_url(url, socket_timeout=3).ping()
    except redis.RedisError:
        return False


def private_redis(folder, started):
    port = free_port()
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--databases", "32"]
    child = Child("redis", command, log=folder / "redis.log", cwd=folder, env=dict(os.environ))
    started.callback(stop, [child])
    url = f"redis://127.0.0.1:{port}/15"
    while not redis_answers(url):
        if not child.alive:
            sys.exit(f"redis-server does not start:\n{child.last_lines()}")
    return url


def find_chromium():
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return os.environ.get("CHROMIUM", "") or next(filter(None, map(shutil.which, names)), "")


def find_fonts():
    if not shutil.which("fc-list"):
        return ""
    listed = subprocess.run(["fc-list", ":lang=zh-cn", "family"], capture_output=True, text=True)
    return next(iter(listed.stdout.splitlines()), "")


def find_node():
    """Node.js 18 or newer: before that it has no fetch."""
    program = shutil.which("node") or ""
    told = subprocess.run([program, "--version"], capture_output=True, text=True).stdout if program else ""
    version = re.match(r"v(\d+)", told)
    return program if version and int(version[1]) >= OLDEST_NODE else ""


def find_java():
    """A Java that runs a source file, which takes a compiler."""
    return (shutil.which("java") or "") if shutil.which("javac") else ""


def find_php():
    return shutil.which("php") or ""


def find_pdf():
    return "" if set(pdf.missing_packages()) & set(pdf.LIBRARIES) else PROGRAM


def packages_of(names):
    return [package for name in names for package in PACKAGES[name].split()]


FINDERS = {
    "postgresql": find_postgres,
    "redis": find_redis,
    "chromium": find_chromium,
    "fonts": find_fonts,
    "node": find_node,
    "java": find_java,
    "php": find_php,
    "pdf": find_pdf,
}


def may_install():
    """Whether this machine's packages are ours to install: we are root on Debian."""
    return not os.geteuid() and bool(shutil.which("apt-get"))


def install(packages):
    """Debian's packages, where we are root; elsewhere the caller reports what is missing."""
    if not packages or not may_install():
        return
    print("installing:", *packages, flush=True)
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    apt = ["apt-get", "-q", "-y", "-o", "Dpkg::Use-Pty=0"]
    for command in (["update"], ["install", "--no-install-recommends", *packages]):
        subprocess.run([*apt, *command], env=quiet, stdout=subprocess.DEVNULL, check=False)


def report():
    """Tell what is here and how to get the rest; for `make check`."""
    lacking = [name for name, find in FINDERS.items() if not find()]
    for name in FINDERS:
        print(f"{name:<12}{'missing' if name in lacking else 'found'}")
    if lacking:
        print(pdf.install_line(packages_of(lacking)))


if __name__ == "__main__":
    report()

"""The platform in real processes on free ports, with an empty database and the demo world."""

import itertools
import json
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

import psycopg2
import redis

from accounting_platform.processes import Child, free_port, stop
from accounting_platform.tests.sharing import own_redis, run_name

ROOT = Path(__file__).resolve().parent.parent.parent
START_SECONDS = 120
NUMBERS = itertools.count(1)
# What the test process set for itself and what would lead the platform to somebody's real installation.
OWN = {
    "DJANGO_SETTINGS_MODULE",
    "DATABASE_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "SEALING_KEYS",
    "LOOKUP_KEY",
    "DEBUG",
    "SMS_BACKENDS",
}
OWN |= {"PUBLIC_URL", "ALLOWED_HOSTS", "BIND"}


class Stack:
    """`serve_demo` in a folder of its own: SQLite, or a new database of `database_server` with `redis_url`."""

    def __init__(self, *, database_server="", redis_url="", **env):
        self.server, self.extra = database_server, env
        self.redis_url = redis_url and own_redis(redis_url)
        self.database = f"platform_stack_{run_name()}_{next(NUMBERS)}"
        self.child = None

    def __enter__(self):
        return self.start()

    def __exit__(self, *error):
        self.stop()

    def start(self):
        """Make the folder and the database, start everything, come back when it serves."""
        self.folder = Path(tempfile.mkdtemp(prefix="platform-stack-"))
        self.port, self.school_port = free_port(), free_port()
        self.base_url, self.school_url = (
            f"http://127.0.0.1:{port}" for port in (self.port, self.school_port)
        )
        if self.server:
            self.on_server(f"CREATE DATABASE {self.database}")
        if self.redis_url:
            redis.Redis.from_url(self.redis_url).flushdb()
        try:
            return self.launch()
        except BaseException:
            self.stop()
            raise

    def launch(self):
        """Start the processes, the first time or again after `halt`, and wait until they serve."""
        env = {name: value for name, value in os.environ.items() if name not in OWN} | self.environment()
        command = [sys.executable, "manage.py", "serve_demo"]
        self.child = Child("serve_demo", command, log=self.folder / "serve_demo.log", cwd=ROOT, env=env)
        until = time.monotonic() + START_SECONDS
        while not (self.folder / "serving.json").exists():
            if not self.child.alive or time.monotonic() > until:
                raise RuntimeError(f"the platform did not start:\n{self.child.last_lines(60)}")
            time.sleep(0.1)
        return self

    def environment(self):
        """What makes the platform this one: its folder, ports, database and broker."""
        own = {"DEMO": "1", "VAR_DIR": str(self.folder), "SMS_COOLDOWN_SECONDS": "0"}
        own |= {"PORT": str(self.port), "SCHOOL_PORT": str(self.school_port)}
        # Static files are the same for all of them.
        own["STATIC_ROOT"] = str(ROOT / "var" / "static")
        if self.server:
            own["DATABASE_URL"] = self.database_url()
        if self.redis_url:
            own["REDIS_URL"] = self.redis_url
        return own | self.extra

    def halt(self):
        """End every process and keep the data."""
        if self.child:
            stop([self.child], seconds=25)

    def stop(self):
        """End every process, drop the database, remove the folder."""
        self.halt()
        if self.server:
            self.on_server(f"DROP DATABASE {self.database} WITH (FORCE)")
        shutil.rmtree(self.folder, ignore_errors=True)

    def on_server(self, statement):
        connection = psycopg2.connect(self.server)
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
        connection.close()

    def database_url(self):
        """The server's address with our database in place of its own."""
        address, _, options = self.server.partition("?")
        return f"{address.rsplit('/', 1)[0]}/{self.database}" + (f"?{options}" if options else "")

    @property
    def pids(self):
        """Process numbers by name (web, worker, school), for tests that kill one."""
        return json.loads((self.folder / "serving.json").read_text())["pids"]

    def sms_lines(self, to=""):
        """The text messages so far (dicts with to, text, sent_at), oldest first; of one phone if asked."""
        file = self.folder / "sms.jsonl"
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        return [message for message in map(json.loads, lines) if message["to"] == to or not to]

    def logins(self):
        """Who can log in, as the demo prints it."""
        return json.loads((self.folder / "demo_logins.json").read_text(encoding="utf-8"))

    def log(self, name):
        """The whole log of web, worker, school or serve_demo."""
        folder = self.folder if name == "serve_demo" else self.folder / "log"
        return (folder / f"{name}.log").read_text(errors="replace")

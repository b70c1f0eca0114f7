"""PostgreSQL, Redis, web and worker of their own in a temporary folder, each started again when it died, as systemd does.

Nothing of the machine's own services is used. Entering sets the environment, so that Django may be set up after it.
"""

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from accounting_platform.processes import Child, free_port, stop  # noqa: E402
from accounting_platform.tests.services import postgres_program  # noqa: E402

QUIET = ("--without-gossip", "--without-mingle", "--without-heartbeat")
RESTART_SECONDS = 1


class KeptAlive:
    def __enter__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="platform-faults-"))
        self.port, self.redis_port = free_port(), free_port()
        self.children, self.commands, self.ending = {}, {}, threading.Event()
        self.keeper = threading.Thread(target=self.keep, daemon=True)
        try:
            self.start_database()
            redis = ["redis-server", "--port", str(self.redis_port), "--bind", "127.0.0.1", "--save", ""]
            self.start("redis", [*redis, "--dir", str(self.folder)])
            os.environ |= self.environment()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *error):
        self.ending.set()
        if self.keeper.is_alive():
            self.keeper.join()
        stop(list(self.children.values()))
        shutil.rmtree(self.folder, ignore_errors=True)

    def start_database(self):
        """A cluster that syncs to disk as a real one; PostgreSQL refuses to run as root, so it is lent a user."""
        data, sockets = self.folder / "data", self.folder / "socket"
        for path in (data, sockets):
            path.mkdir()
        lent = []
        if os.geteuid() == 0:
            lent = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
            self.folder.chmod(0o755)
            for path in (data, sockets):
                shutil.chown(path, "postgres", "postgres")
        flags = ["--encoding=UTF8", "--locale=C.UTF-8", "--auth=trust", "--username=postgres", "--no-sync"]
        initdb = [*lent, postgres_program("initdb"), "-D", str(data), *flags]
        subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, cwd=self.folder)
        options = ["-c", "listen_addresses=", "-c", f"unix_socket_directories={sockets}"]
        self.start("postgresql", [*lent, postgres_program("postgres"), "-D", str(data), *options])
        self.database = f"postgres://postgres@/postgres?host={sockets}"

    def environment(self):
        """A demo on loopback with keys of its own, on these services."""
        return {
            "DJANGO_SETTINGS_MODULE": "accounting_platform.settings",
            "DEMO": "1",
            "DATABASE_URL": self.database,
            "REDIS_URL": f"redis://127.0.0.1:{self.redis_port}/0",
            "VAR_DIR": str(self.folder),
            "PORT": str(self.port),
            "SECRET_KEY": secrets.token_hex(32),
        }

    def serve(self):
        """Start web and worker, and from now on whatever has died."""
        celery = ["celery", "--app", "accounting_platform", "worker", "--concurrency", "2", *QUIET]
        web = ["gunicorn", "--config", "deploy/gunicorn.conf.py", "accounting_platform.wsgi:application"]
        for name, module in (("worker", celery), ("web", web)):
            self.start(name, [sys.executable, "-m", *module])
        self.keeper.start()

    def start(self, name, command):
        self.commands[name] = command
        cwd = ROOT if command[0] == sys.executable else self.folder
        log = self.folder / "log" / f"{name}.log"
        self.children[name] = Child(name, command, log=log, cwd=cwd, env=dict(os.environ))

    def keep(self):
        while not self.ending.wait(RESTART_SECONDS):
            for name, child in list(self.children.items()):
                if not child.alive:
                    self.start(name, self.commands[name])

    def web_workers(self):
        pid = self.children["web"].pid
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def wait_for_death(self, child, seconds=10):
        until = time.monotonic() + seconds
        while child.alive and time.monotonic() < until:
            time.sleep(0.02)

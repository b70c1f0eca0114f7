"""What load programs share: a scratch database, gunicorn as deployed on a port of its own, and lines that send to it.

Import it before anything of the platform: it sets Django up, on the PostgreSQL of DATABASE_URL.
"""
# ruff: noqa: E402  Django must be set up before its models can be imported.

import json
import os
import re
import socket
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "accounting_platform.settings_test")

import django

django.setup()

from django.db import connection

from accounting_platform.lib import signing
from accounting_platform.processes import Child, answers, free_port, stop

TICKS = os.sysconf("SC_CLK_TCK")
LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


@contextmanager
def scratch_database():
    """A database made for this run and dropped after it; Django's connection leads there."""
    if connection.vendor != "postgresql":
        sys.exit("Set DATABASE_URL to a PostgreSQL on which databases may be made.")
    own_name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, serialize=False)
    try:
        yield connection.settings_dict["NAME"]
    finally:
        connection.creation.destroy_test_db(own_name, verbosity=0)


@dataclass
class Server:
    """A gunicorn with its workers."""

    child: Child
    port: int

    def cpu_seconds(self):
        """CPU time so far of the web workers, and of the database's processes that serve them, where they run here."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pid FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            backends = [pid for (pid,) in cursor.fetchall()]
        children = Path(f"/proc/{self.child.pid}/task/{self.child.pid}/children").read_text().split()
        return sum(map(cpu_of, children)), sum(map(cpu_of, backends))


def cpu_of(pid):
    try:
        told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(told[11]) + int(told[12])) / TICKS


@contextmanager
def gunicorn(*, app="bare_callback:application", settings=None, **env):
    """The platform served as deployed (deploy/gunicorn.conf.py) from Django's database; `app` lies beside this file."""
    port, folder = free_port(), Path(os.environ["VAR_DIR"])
    address = connection.settings_dict
    user, host = address["USER"] or "postgres", address["HOST"] or "127.0.0.1"
    password = f":{address['PASSWORD']}" if address["PASSWORD"] else ""
    url = f"postgres://{user}{password}@{host}:{address['PORT'] or 5432}/{address['NAME']}"
    command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py"]
    command += ["--pythonpath", "benchmarks", "--access-logfile", "/dev/null", app]
    own = {"DATABASE_URL": url, "PORT": str(port), "BIND": f"127.0.0.1:{port}"}
    child = Child("web", command, log=folder / "web.log", cwd=ROOT, env=os.environ | own | env)
    try:
        while not answers(f"http://127.0.0.1:{port}/livez"):
            if not child.alive:
                sys.exit(child.last_lines())
            time.sleep(0.1)
        yield Server(child, port)
    finally:
        stop([child])


@dataclass(frozen=True)
class Answer:
    status: int
    headers: bytes
    body: bytes
    seconds: float


class Line:
    """One kept-alive connection, as a school's or a proxy's; opened again when the server ended it."""

    def __init__(self, port):
        self.port, self.socket = port, None

    def ask(self, request):
        """Send a request's bytes and wait for its Answer."""
        began = time.perf_counter()
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=60)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            self.socket.sendall(request)
            head, body = self.read()
        except OSError:
            self.close()
            raise
        if b"connection: close" in head.lower():
            self.close()
        return Answer(int(head[9:12]), head, body, time.perf_counter() - began)

    def read(self):
        data = b""
        while b"\r\n\r\n" not in data:
            data += self.more()
        head, _, body = data.partition(b"\r\n\r\n")
        length = int(LENGTH.search(head)[1])
        while len(body) < length:
            body += self.more()
        return head, body

    def more(self):
        some = self.socket.recv(65536)
        if not some:
            raise ConnectionError("the server ended the connection")
        return some

    def close(self):
        if self.socket is not None:
            self.socket.close()
            self.socket = None


def hammer(port, requests, *, lines=8):
    """Send all requests over so many lines at once, each as fast as it is answered; the Answers."""
    waiting, lock = iter(list(requests)), Lock()

    def work(_):
        line, taken = Line(port), []
        while True:
            with lock:
                request = next(waiting, None)
            if request is None:
                line.close()
                return taken
            taken.append(line.ask(request))

    with ThreadPoolExecutor(lines) as pool:
        return [answer for taken in pool.map(work, range(lines)) for answer in taken]


def signed(institution, path, content, message_id):
    """The bytes of a POST as this school sends it."""
    body, sent_at = json.dumps(content).encode(), int(time.time())
    headers = [
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        f"webhook-id: {message_id}",
        f"webhook-timestamp: {sent_at}",
        f"webhook-signature: {signing.sign(institution.plain_secret, message_id, sent_at, body)}",
    ]
    return "\r\n".join([*headers, "", ""]).encode() + body

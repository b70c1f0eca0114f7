"""Child processes with a log each, for the demo and the browser journeys: started, watched, ended with their offspring."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

SET_PARENT_DEATH_SIGNAL = 1
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def end_with_parent():
    """Runs in the child: have Linux end it when its parent dies without a word, so that nothing is left behind."""
    LIBC.prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)


class Child:
    """One program in a process group of its own, writing into its own log file."""

    def __init__(self, name: str, command: list[str], *, log: Path, cwd: Path, env: dict[str, str]):
        self.name, self.log = name, log
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("wb") as file:
            self.process = subprocess.Popen(
                command,
                cwd=cwd,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=end_with_parent if LIBC else None,
            )

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def last_lines(self, count=20) -> str:
        """The end of its log, for whoever has to find out why it died."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-count:])


def stop(children: list[Child], seconds=10.0):
    """Ask all of them to end, wait for `seconds` at most, then end whatever is left of their groups."""
    for child in children:
        if child.alive:
            child.process.terminate()
    until = time.monotonic() + seconds
    for child in children:
        try:
            child.process.wait(max(0.05, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            pass
    for child in children:
        try:
            os.killpg(child.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        child.process.wait()


def free_port() -> int:
    """A port of the loopback address that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def port_taken(port: int) -> bool:
    """Whether somebody listens on that port of the loopback address."""
    with socket.socket() as probe:
        # Connections that just ended do not count, listeners do.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def answers(url: str, *, any_status=False) -> bool:
    """Whether a request is answered: with success, or with `any_status` at all. Proxies of the environment are not asked."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        opener.open(url, timeout=5).close()
    except urllib.error.HTTPError as error:
        error.close()
        return any_status
    except OSError:
        return False
    return True

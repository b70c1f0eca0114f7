"""Collects static files when they differ from what was collected last."""

import fcntl
import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def fingerprint() -> str:
    """Changes whenever a static file of ours or of a package is added, removed or written."""
    seen = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            status = Path(storage.path(path)).stat()
            seen.update(f"{storage.path(path)} {status.st_size} {status.st_mtime_ns}\n".encode())
    return seen.hexdigest()


def collect() -> bool:
    """Run collectstatic if it is due; tells whether it was. Two that start at once do it one after the other."""
    root = Path(settings.STATIC_ROOT)
    root.parent.mkdir(parents=True, exist_ok=True)
    with root.with_name(f"{root.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return collect_where_it_differs(root / "collected.sha256")


def collect_where_it_differs(stamp) -> bool:
    now = fingerprint()
    if stamp.exists() and stamp.read_text() == now:
        return False
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(now)
    return True

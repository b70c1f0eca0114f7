"""Secrets of the demo: made once, kept beside its data, readable by their owner alone."""

import base64
import json
import os
import secrets
from pathlib import Path


def demo_keys(path: Path) -> dict[str, str]:
    """The demo's SECRET_KEY, SEALING_KEYS and LOOKUP_KEY out of `path`, written at the first call (mode 0600)."""
    if not path.exists():
        keys = {
            "SECRET_KEY": secrets.token_urlsafe(48),
            "SEALING_KEYS": f"demo1:{new_key()}",
            "LOOKUP_KEY": new_key(),
        }
        part = path.with_suffix(f".{os.getpid()}")
        part.touch(mode=0o600)
        part.write_text(json.dumps(keys))
        # Two processes may start together: the first one to link wins and both read what stands there.
        try:
            os.link(part, path)
        except FileExistsError:
            pass
        part.unlink()
    keys = json.loads(path.read_text())
    # An older file has one key for both.
    return {"LOOKUP_KEY": keys["SEALING_KEYS"].partition(":")[2]} | keys


def new_key() -> str:
    """32 random bytes in base64."""
    return base64.b64encode(secrets.token_bytes(32)).decode()

"""Small tables that every page reads and that seldom change: kept in the process for a minute, dropped when saved here."""

import time
from collections.abc import Callable
from typing import Any

from django.db.models.signals import post_delete, post_save

SECONDS = 60
_all: list["Kept"] = []


class Kept:
    """What `load()` gives, read again after a minute, or at once when a row of one of `models` is saved in this process."""

    def __init__(self, load: Callable[[], Any], *models: type, seconds: int = SECONDS) -> None:
        self.load, self.seconds, self.read_at, self.value = load, seconds, None, None
        for model in models:
            for signal in (post_save, post_delete):
                signal.connect(self.forget, sender=model)
        _all.append(self)

    def get(self) -> Any:
        """The kept value, at most a minute old."""
        now = time.monotonic()
        if self.read_at is None or now - self.read_at >= self.seconds:
            self.value, self.read_at = self.load(), now
        return self.value

    def forget(self, *args: Any, **kwargs: Any) -> None:
        """Read anew at the next use."""
        self.read_at = None


def forget_all() -> None:
    """Every kept table is read anew; for tests, which take back what they saved."""
    for one in _all:
        one.forget()

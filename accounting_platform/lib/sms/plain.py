"""Backends without a provider: console, file, both for the demo, and memory for tests."""

import fcntl
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from ..clock import SHANGHAI
from .gateways import Outcome, Text


@dataclass(frozen=True)
class Sms:
    """One message as these backends keep it; `sent_at` is ISO 8601 with zone."""

    to: str
    text: str
    sent_at: str


def _written(message: Text) -> Sms:
    sent_at = timezone.localtime(timezone=SHANGHAI).isoformat(timespec="seconds")
    return Sms(to=message.phone, text=message.text, sent_at=sent_at)


class ConsoleBackend:
    """Prints messages where the program runs; for demo and development."""

    def send(self, message: Text) -> Outcome:
        print(f"[SMS] {message.phone} {message.text}", flush=True)
        return Outcome("sent", "console")


class FileBackend:
    """Adds one JSON object a line (to, text, sent_at) to settings.SMS_FILE, whole lines from any process."""

    def send(self, message: Text) -> Outcome:
        line = json.dumps(asdict(_written(message)), ensure_ascii=False) + "\n"
        path = Path(settings.SMS_FILE)
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "a", encoding="utf-8", opener=_private) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.write(line)
            file.flush()
        return Outcome("sent", "file")


class DemoBackend:
    """Console and file together: where the demo's messages can be read."""

    def send(self, message: Text) -> Outcome:
        ConsoleBackend().send(message)
        return FileBackend().send(message)


outbox: list[Sms] = []


class MemoryBackend:
    """Keeps messages in `outbox`; for tests, which empty it."""

    def send(self, message: Text) -> Outcome:
        outbox.append(_written(message))
        return Outcome("sent", "memory")


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)

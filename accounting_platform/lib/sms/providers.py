"""What the provider backends share: late imports, settings, the deadline, and reading a provider's codes."""

import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from .gateways import GatewayError, Outcome

EXTRA = "requirements-sms.txt"
CHINA = "+86"
# Of settings.SMS_TIMEOUT, at most so many seconds for the connection alone.
CONNECT_SECONDS = 2
# Exceptions of requests and urllib3 that mean: no byte of the message has left.
NEVER_CONNECTED = {"ConnectTimeout", "ConnectTimeoutError", "NewConnectionError", "NameResolutionError"}


@dataclass(frozen=True)
class Codes:
    """How a provider's codes read, by their beginnings; the first group that fits decides, any other code is unknown."""

    phone: tuple[str, ...]
    busy: tuple[str, ...]
    unknown: tuple[str, ...]
    ours: tuple[str, ...]

    def outcome(self, code: str, request_id: str = "") -> Outcome:
        """The outcome of a code that is not the provider's OK; its message is dropped, it may name the phone."""
        detail = told(code, request_id)
        if code.startswith(self.unknown):
            return Outcome("unknown", detail)
        if code.startswith(self.phone):
            return Outcome("refused", detail, "phone")
        if code.startswith(self.busy):
            return Outcome("refused", detail, "busy")
        if code.startswith(self.ours):
            return Outcome("refused", detail, "ours")
        return Outcome("unknown", detail)


def told(code: Any, request_id: Any = "") -> str:
    """A provider's code and request id as the row keeps them: letters, digits and the marks between, nothing else."""
    return " ".join(
        filter(None, (re.sub(r"[^\w.-]", "", str(part or ""))[:60] for part in (code, request_id)))
    )


def sdk(*names: str) -> list[ModuleType]:
    """Modules of an optional SDK; ImproperlyConfigured names the extra that brings them."""
    try:
        return [import_module(name) for name in names]
    except ModuleNotFoundError as error:
        raise ImproperlyConfigured(f"{error.name} is not installed: pip install -r {EXTRA}") from None


def configured(provider: str, *names: str) -> dict[str, str]:
    """The settings of one provider; ImproperlyConfigured names those of `names` that are empty."""
    ours = getattr(settings, provider)
    missing = [f"{provider}_{name}" for name in names if not ours[name]]
    if missing:
        raise ImproperlyConfigured(f"Set {', '.join(missing)} in the environment.")
    return ours


def template_of(ours: dict[str, str], name: str) -> str:
    """The provider's own number of one of our texts, out of "name=number,name=number"."""
    numbers = dict(pair.strip().split("=", 1) for pair in ours["TEMPLATES"].split(",") if "=" in pair)
    if not numbers.get(name):
        raise ImproperlyConfigured(f"The provider's TEMPLATES have no number for {name}.")
    return numbers[name]


def within_deadline(call: Callable[[], Outcome]) -> Outcome:
    """What the call gives within settings.SMS_TIMEOUT, else `unknown`: a reply that drips in would outlast any
    timeout between two bytes."""
    answers: list[Outcome | BaseException] = []

    def run() -> None:
        try:
            answers.append(call())
        except BaseException as error:
            answers.append(error)

    thread = threading.Thread(target=run, daemon=True, name="sms-provider")
    thread.start()
    thread.join(settings.SMS_TIMEOUT)
    if not answers:
        return Outcome("unknown", "timeout")
    if isinstance(answers[0], BaseException):
        raise answers[0]
    return answers[0]


def broken(error: BaseException) -> Outcome:
    """The outcome of a call that broke off; GatewayError when it never reached the provider."""
    names = [type(each).__name__ for each in causes(error)]
    if NEVER_CONNECTED.intersection(names):
        # Not chained: the messages below hold the address that was asked for, with everything in it.
        raise GatewayError(f"no connection ({names[-1]})") from None
    return Outcome("unknown", told(names[-1]))


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """An exception and everything that led to it, as far as the SDKs keep it."""
    seen: list[BaseException] = []
    while error is not None and error not in seen:
        seen.append(error)
        yield error
        inner = [each for each in error.args if isinstance(each, BaseException)]
        below = getattr(error, "inner_exception", None) or getattr(error, "reason", None)
        inner += [below] if isinstance(below, BaseException) else []
        error = (
            next((each for each in inner if each not in seen), None) or error.__cause__ or error.__context__
        )

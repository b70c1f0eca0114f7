"""What a gateway is, what it may answer, and in which order gateways are asked."""

import logging
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)


class GatewayError(Exception):
    """The gateway could not be reached: certainly nothing was sent, trying again does no harm."""


@dataclass(frozen=True)
class Outcome:
    """What a gateway said. `unknown` (a timeout, say) counts as sent; `refused` is definite.

    `fault` is whose a refusal is: the `phone`'s (no other gateway is asked: it would only pester the same person),
    `ours` at this provider (account, signature, template), or nobody's because the provider is `busy` for a moment.
    """

    status: Literal["sent", "refused", "unknown"]
    detail: str = ""
    fault: Literal["", "phone", "ours", "busy"] = ""
    backend: str = ""

    @property
    def is_failure(self) -> bool:
        """Whether this speaks against the provider, and so counts towards its breaker."""
        return self.status == "unknown" or self.fault == "ours"

    @property
    def is_final(self) -> bool:
        """Whether no other gateway may be asked any more."""
        return self.status != "refused" or self.fault == "phone"


@dataclass(frozen=True)
class Text:
    """One text to an 11-digit phone: as it reads, and as providers take it, by template and the values in it."""

    phone: str
    text: str
    template: str = ""
    values: dict[str, str] = field(default_factory=dict)


class Backend(Protocol):
    """What settings.SMS_BACKENDS names: built without arguments for each message.

    Being built raises ImproperlyConfigured when a package or setting is missing. A provider's backend also has
    `check(templates)`, which raises it for a text of ours that has no number there.
    """

    def send(self, message: Text) -> Outcome: ...


class Breaker:
    """Asked before and told after each try at a gateway, by its dotted name; this one lets everything pass."""

    def lets(self, path: str) -> bool:
        return True

    def note(self, path: str, *, failed: bool) -> None:
        pass


def backend(path: str) -> Backend:
    """The gateway of this dotted name."""
    return import_string(path)()


def send(
    phone: str,
    text: str,
    *,
    template: str = "",
    values: dict[str, str] | None = None,
    breaker: Breaker | None = None,
) -> Outcome:
    """Send one text to an 11-digit phone.

    The next gateway is asked only when one certainly sent nothing: it refused us, was busy or away, or its breaker is
    open. GatewayError when nothing was sent and a later try may help.
    """
    message, breaker = Text(phone, text, template, values or {}), breaker or Breaker()
    refusals = []
    for path in settings.SMS_BACKENDS:
        outcome = _ask(path, message, breaker)
        if outcome and outcome.is_final:
            return outcome
        refusals.append(outcome)
    # Only where every gateway has definitely refused us is there nothing to wait for.
    if refusals and all(outcome and outcome.fault != "busy" for outcome in refusals):
        return refusals[-1]
    raise GatewayError("no SMS backend is up")


def _ask(path: str, message: Text, breaker: Breaker) -> Outcome | None:
    """What one gateway said; None when it was not or could not be asked."""
    if not breaker.lets(path):
        return None
    try:
        outcome = backend(path).send(message)
    except (GatewayError, ImproperlyConfigured) as error:
        # The words of both are ours: nothing of the message is in them.
        logger.warning("SMS backend %s away: %s", path, error)
        breaker.note(path, failed=True)
        return None
    breaker.note(path, failed=outcome.is_failure)
    return replace(outcome, backend=path.rpartition(".")[2])

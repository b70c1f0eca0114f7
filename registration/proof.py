"""Proof of work: what a browser computes unseen before a costly press, and what an honest person never notices.

The challenge and its check are ALTCHA's (PBKDF2/SHA-256). Nothing is kept of a challenge; its signature holds for one
session, and the row of the used nonce in the database, not a cache, is what lets a solution count once.
"""

import secrets
from datetime import UTC, datetime, timedelta

import altcha
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounting_platform.lib import context
from accounting_platform.lib.errors import DomainError
from registration import limits
from registration.models import SpentProof

FIELD = CODE = "proof"
ALGORITHM, COST = "PBKDF2/SHA-256", 5000
# The answer lies below this number, so that nobody's device has bad luck; half of them are tried on average.
TRIES = 512
VALID_FOR = timedelta(minutes=5)
# A used one is remembered longer than it is valid, since the clocks of the web nodes may differ.
KEPT = timedelta(hours=1)
LONGEST = 2000

WANTED = "须先由浏览器完成安全验证。请启用 JavaScript 或换一个浏览器后重试，也可致电服务电话"
FAILED = "安全验证没有通过，请重试"
EXPIRED = "安全验证已过期，请重试"
USED = "安全验证已使用过，请重试"


def challenge(request):
    """A new challenge for this session and for how many seconds it is good; DomainError (429) for an address that asks
    too often."""
    key = limits.address_key(context.client_address())
    if key:
        limits.count("proof", key)
    signing, answering = secrets_of(request)
    made = altcha.create_challenge(
        ALGORITHM,
        COST,
        counter=secrets.randbelow(TRIES),
        expires_at=timezone.now() + VALID_FOR,
        hmac_secret=signing,
        hmac_key_secret=answering,
    )
    return made.to_dict() | {"seconds": int(VALID_FOR.total_seconds())}


def spend(request, *, field=None):
    """Use up the solution that was posted, or raise DomainError: 429 without one, 400 for one that does not count.

    Call it before opening a transaction: a solution stays used whatever becomes of the press.
    """
    payload = request.POST.get(FIELD, "")
    if not payload:
        words = f"{WANTED} {settings.SERVICE_PHONE}"
        raise DomainError(words, field=field, code=CODE, status=429)
    parameters = verified(payload, *secrets_of(request), field=field)
    expires_at = datetime.fromtimestamp(parameters.expires_at, UTC) + KEPT
    try:
        with transaction.atomic():
            SpentProof.objects.create(nonce=parameters.nonce, expires_at=expires_at)
    except IntegrityError:
        raise DomainError(USED, field=field, code=CODE) from None


def verified(payload, signing, answering, *, field):
    """The parameters of a challenge of ours that was solved in time, or DomainError."""
    if len(payload) > LONGEST:
        raise DomainError(FAILED, field=field, code=CODE)
    result = altcha.verify_solution(payload, signing, hmac_key_secret=answering)
    if not result.verified:
        raise DomainError(EXPIRED if result.expired else FAILED, field=field, code=CODE)
    return altcha.Payload.from_base64(payload).challenge.parameters


def secrets_of(request):
    """The two secrets that sign a challenge and its answer: derived from SECRET_KEY, other ones for each session."""
    # Reading it first drops an id that the server did not issue.
    request.session.keys()
    session = request.session.session_key or ""
    return tuple(
        salted_hmac(f"registration.proof.{what}", session, algorithm="sha256").hexdigest()
        for what in ("challenge", "answer")
    )

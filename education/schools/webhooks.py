"""The envelope of an institution's request: size, type, signature, JSON. What fails here leaves no delivery."""

import json
import logging
import math
import re
import time
from dataclasses import dataclass
from datetime import timedelta

from django.http import RawPostDataException, UnreadablePostError
from django.utils import timezone

from accounting_platform.lib import signing
from accounting_platform.lib.context import request_id
from accounting_platform.lib.kept import Kept
from education.models import Institution, InstitutionSecret
from education.schools.capped import CappedLog
from education.schools.refusals import Refusal

CODE = re.compile(r"[a-z0-9-]{3,20}")
KIB = 1024
MAX_EVENT, MAX_BATCH = 64 * KIB, 1024 * KIB
USE_NOTED_EVERY = timedelta(minutes=1)

security_log = CappedLog(logging.getLogger("education.security"), per_minute=20)


@dataclass(frozen=True)
class Message:
    """A request whose signature is right: its id and its JSON object."""

    id: str
    payload: dict


def read(request, code, *, max_bytes=MAX_EVENT):
    """The institution of this code and the Message it signed, else a Refusal."""
    body = raw_body(request, max_bytes)
    institution = check_signature(request, code, body)
    return institution, Message(request.headers["webhook-id"], parse(body))


def read_query(request, code):
    """The institution that signed a GET: its signature covers an empty body."""
    return check_signature(request, code, b"")


def raw_body(request, max_bytes):
    """The bytes as they came, refused by the announced length before reading and by the real one after."""
    announced = request.META.get("CONTENT_LENGTH") or "0"
    if not announced.isdigit() or int(announced) > max_bytes:
        raise Refusal("too_large")
    charset = request.content_params.get("charset", "utf-8").lower()
    if request.content_type != "application/json" or charset not in {"utf-8", "utf8"}:
        raise Refusal("media_type")
    try:
        body = request.body
    except (UnreadablePostError, RawPostDataException):
        raise Refusal("malformed") from None
    if len(body) > max_bytes:
        raise Refusal("too_large")
    return body


def check_signature(request, code, body):
    """The institution, if one of its live secrets signed these bytes within five minutes of now."""
    if not CODE.fullmatch(code):
        raise Refusal("institution_unknown")
    now = timezone.now()
    secrets = [secret for secret in kept_secrets.get().get(code, ()) if secret.is_live]
    if not secrets and not Institution.objects.filter(code=code).exists():
        raise Refusal("institution_unknown")
    # Every secret is tried whatever the others said, so the time taken does not tell which one came close.
    fitting = [one for one in secrets if signing.verify([one.secret], request.headers, body, time.time())]
    if not fitting:
        security_log.warning("signature refused institution=%s request_id=%s", code, request_id())
        raise Refusal("signature")
    note_use(fitting[0], now)
    return fitting[0].institution


def load_secrets():
    """All secrets that are live or may be, with their institutions, by code."""
    found = {}
    for secret in InstitutionSecret.objects.select_related("institution").order_by("pk"):
        found.setdefault(secret.institution.code, []).append(secret)
    return found


# Read anew every two seconds: so soon every process knows what staff filed, ended or took back.
kept_secrets = Kept(load_secrets, Institution, InstitutionSecret, seconds=2)


def note_use(secret, now):
    """Keep when a secret was last used, written at most once a minute."""
    if secret.last_used_at is None or secret.last_used_at <= now - USE_NOTED_EVERY:
        secret.last_used_at = now
        InstitutionSecret.objects.filter(pk=secret.pk).update(last_used_at=now)


def parse(body):
    """Strict JSON: UTF-8, one object, no name twice, no NaN, no half characters."""
    try:
        payload = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=unique_names,
            parse_constant=refuse_constant,
            parse_float=finite,
        )
        if b"\\u" in body:
            # A lone surrogate passes as an escape and only shows when it is written again.
            json.dumps(payload, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError):
        raise Refusal("malformed") from None
    if not isinstance(payload, dict):
        raise Refusal("malformed")
    return payload


def unique_names(pairs):
    named = dict(pairs)
    if len(named) != len(pairs):
        raise ValueError("duplicate names")
    return named


def finite(digits):
    number = float(digits)
    if math.isinf(number):
        raise ValueError(f"{digits} is too large")
    return number


def refuse_constant(name):
    raise ValueError(f"{name} is not JSON")

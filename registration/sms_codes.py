"""短信验证码: issue and check one-time codes. Only keyed hashes are kept."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounting_platform.lib import context
from accounting_platform.lib.encryption import keyed_hash
from accounting_platform.lib.errors import DomainError
from registration import breaker, limits, outbox, volume
from registration.models import Accountant, SmsCode

VALID_FOR = timedelta(minutes=5)
MAX_TRIES = 5
REFUSAL = "短信验证码不正确或已失效"


@dataclass(frozen=True)
class Issued:
    """What the page may say about a code that is on its way."""

    phone: str
    left_today: int
    message_id: int


@transaction.atomic
def issue(phone, purpose, binding):
    """Count, store and queue one code for a normalised phone; DomainError: 429 at a limit, 503 while nothing goes out.

    `binding` is the session key or "person:<id>" that alone may use the code; older codes of this phone and purpose die.
    """
    check_service()
    phone_key = Accountant.key_of_phone(phone)
    # The row of the day is locked until commit: sends to one phone stand in line from here on.
    left_today = limits.count("sms_day", phone_key)
    limits.count("sms_pause", phone_key)
    count_address()

    code = f"{secrets.randbelow(10**6):06}"
    SmsCode.objects.filter(phone_key=phone_key, purpose=purpose, used_at=None).delete()
    SmsCode.objects.create(
        phone_key=phone_key,
        purpose=purpose,
        binding=binding,
        code_hash=hash_of(phone_key, purpose, binding, code),
        expires_at=timezone.now() + VALID_FOR,
    )
    message = outbox.put(phone, f"code_{purpose}", code=code)
    return Issued(phone, left_today, message.pk)


def check_service():
    """Refuse with 503, before anything is counted, while no provider may be asked or the day's budget is gone."""
    if breaker.is_open() or volume.is_used_up():
        raise DomainError(limits.SMS_DOWN, code="sms_down", status=503)


def consume(phone, purpose, binding, code):
    """Use a code up, or raise DomainError.

    Call it before opening the transaction of what the code allows: a wrong try has to stay counted.
    """
    phone_key = Accountant.key_of_phone(phone)
    alive = SmsCode.objects.filter(
        phone_key=phone_key,
        purpose=purpose,
        binding=binding,
        used_at=None,
        tries__lt=MAX_TRIES,
        expires_at__gt=timezone.now(),
    )
    # Counted before it is compared: many guesses at once are five guesses all the same.
    tried = alive.update(tries=F("tries") + 1)
    matching = SmsCode.objects.filter(
        phone_key=phone_key,
        purpose=purpose,
        binding=binding,
        used_at=None,
        code_hash=hash_of(phone_key, purpose, binding, code),
    )
    if not tried or not matching.update(used_at=timezone.now()):
        raise DomainError(REFUSAL, field="sms_code", code="sms_code")


def count_address():
    """Count one send for the client's address; over the limit the next ones take a proof of work."""
    key = limits.address_key(context.client_address())
    if key:
        limits.add("sms_address", key)


def hash_of(phone_key, purpose, binding, code):
    return keyed_hash("sms_code", f"{phone_key}:{purpose}:{binding}:{code}")

"""The second proof of staff: a six-digit code from an authenticator app, or one of ten rescue codes."""

import re
import secrets
from base64 import b32encode
from urllib.parse import quote, urlencode

import segno
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django_otp import verify_token

from accounting_platform.lib.errors import DomainError
from accounting_platform.lib.text import normalise, strip_blanks
from registration import audit, limits
from registration.models import RescueCode, StaffDevice, User

# Short, since it stands in the picture nine letters a character.
ISSUER = "广东会计平台"
SECRET_BYTES = 20
RESCUE_CODES = 10
# Letters and digits that nobody takes for each other on paper.
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
HALF = 5
TOTP_CODE, RESCUE_CODE = re.compile(r"[0-9]{6}"), re.compile(rf"[{ALPHABET}]{{{2 * HALF}}}")
REFUSAL = "验证码不正确或已使用过，请等验证器显示新的验证码后再试"
RESCUE_REFUSAL = "恢复码不正确或已使用过"


def device_of(user):
    """The device that a staff account logs in with, None before the first enrolment and after a reset."""
    return StaffDevice.objects.filter(user=user, confirmed=True).first()


def waiting_device(user):
    """The device that waits for its first code, None when none does."""
    return StaffDevice.objects.filter(user=user, confirmed=False).first()


@transaction.atomic
def begin_enrolment(user):
    """A new secret for this account, in use only once a code has confirmed it; an earlier waiting one is forgotten."""
    User.objects.select_for_update().get(pk=user.pk)
    StaffDevice.objects.filter(user=user, confirmed=False).delete()
    secret = b32encode(secrets.token_bytes(SECRET_BYTES)).decode()
    return StaffDevice.objects.create(user=user, secret=secret)


def confirm_enrolment(device, typed):
    """Take the waiting device into use in place of the old one, and return its ten rescue codes; DomainError if wrong."""
    user = device.user
    if not proven(user, device, typed):
        raise DomainError(REFUSAL, field="code", code="staff_code")
    with transaction.atomic():
        StaffDevice.objects.filter(user=user, confirmed=True).delete()
        if not StaffDevice.objects.filter(pk=device.pk).update(confirmed=True):
            raise DomainError("验证器的绑定已重新开始，请重新扫描二维码", field="code", code="staff_code")
        codes = new_rescue_codes(user)
        audit.record("staff.device_enrolled", actor=user, subject=user)
    device.refresh_from_db()
    return codes


def check(user, typed):
    """The device of this account when the typed code, from the app or a rescue code, proves it; else DomainError."""
    device = device_of(user)
    code = plain(typed)
    rescue = not TOTP_CODE.fullmatch(code)
    if device is None or not (used_rescue_code(user, code) if rescue else proven(user, device, code)):
        audit.record("login.code_failed", actor=user, subject=user, result="refused")
        refusal = RESCUE_REFUSAL if rescue and RESCUE_CODE.fullmatch(code) else REFUSAL
        raise DomainError(refusal, field="code", code="staff_code")
    return device


def proven(user, device, typed):
    """Whether the code is the device's; every wrong one counts, and five in a quarter of an hour close the way."""
    code = plain(typed)
    if not TOTP_CODE.fullmatch(code):
        return False
    count(user)
    # django-otp locks the row, so that of two requests with one code only the first is right.
    if verify_token(user, device.persistent_id, code) is None:
        return False
    forget_count(user)
    return True


def used_rescue_code(user, code):
    """Whether this was one of the unused rescue codes; from now on it is used."""
    if not RESCUE_CODE.fullmatch(code):
        return False
    count(user)
    unused = RescueCode.objects.filter(user=user, used_at=None)
    match = [row.pk for row in unused if constant_time_compare(row.code, code)]
    if not unused.filter(pk__in=match).update(used_at=timezone.now()):
        return False
    forget_count(user)
    audit.record("staff.rescue_code_used", actor=user, subject=user)
    return True


def count(user):
    for name in ("staff_code", "staff_code_day"):
        limits.count(name, str(user.pk))


def forget_count(user):
    for name in ("staff_code", "staff_code_day"):
        limits.clear(name, str(user.pk))


def plain(typed):
    """A code as it is compared: half-width, lower case, without blanks and hyphens."""
    return strip_blanks(normalise(typed or "")).replace("-", "").lower()


def new_rescue_codes(user):
    """Ten new rescue codes; the earlier ones stop working. They are told this once."""
    RescueCode.objects.filter(user=user).delete()
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(2 * HALF)) for _ in range(RESCUE_CODES)]
    RescueCode.objects.bulk_create(RescueCode(user=user, code=code) for code in codes)
    return [f"{code[:HALF]}-{code[HALF:]}" for code in codes]


def rescue_codes_left(user):
    return RescueCode.objects.filter(user=user, used_at=None).count()


def renew_rescue_codes(user, typed):
    """Ten new rescue codes for somebody who shows a code; DomainError if it is wrong."""
    check(user, typed)
    with transaction.atomic():
        codes = new_rescue_codes(user)
        audit.record("staff.rescue_codes_renewed", actor=user, subject=user)
    return codes


@transaction.atomic
def reset(user, *, by, reason):
    """Forget device and rescue codes of an account: its sessions end, and the next log-in enrols anew."""
    StaffDevice.objects.filter(user=user).delete()
    RescueCode.objects.filter(user=user).delete()
    audit.record("staff.device_reset", actor=by, subject=user, detail={"reason": reason})


def address(device):
    """The otpauth address that authenticator apps read, from the picture or by a touch on the phone itself."""
    label = quote(device.user.get_username())
    facts = urlencode({"secret": device.secret.rstrip("="), "issuer": ISSUER}, quote_via=quote)
    return f"otpauth://totp/{label}?{facts}"


def picture(device):
    """The address as a QR code in a data URI, dark on light in every colour scheme."""
    return segno.make(address(device), error="m").svg_data_uri(scale=6, border=4, dark="#000", light="#fff")


def secret_in_groups(device):
    """The secret as one types it: groups of four letters."""
    secret = device.secret.rstrip("=")
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))

"""注销账号: what is deleted at once, what stays, and how the same person comes back.

Deleted: phone, document number, log-in, messages, exports, PDFs, and what shares show; each module of settings.CLOSING_PARTS adds what its app
deletes (pictures, addresses, drafts). Name, keyed hash and ledger stay, as the rules for archives require: they are
what lets a later registration with the same document open the same account again.

A part is a module with `warnings(accountant)`, sentences shown before; `erase(accountant)` and `reopen(accountant)`,
called inside the transaction.
"""

from importlib import import_module

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from accounting_platform.lib.errors import DomainError
from registration import audit, credentials, export, papers, recovery, shares, sms_codes, telling
from registration.choices import SmsPurpose
from registration.models import (
    Accountant,
    DataExport,
    Message,
    PaperFile,
    RecoveryRequest,
    SmsCode,
    SmsMessage,
    User,
)

ALREADY_REGISTERED = "该证件号码已注册，请直接登录或找回密码"
OTHER_NAME = "该证件号码曾注册后注销，姓名与当时登记的不一致。如有更名，请联系当地财政部门"
# What a new registration tells anew.
TOLD_ANEW = (
    "document_number",
    "works_in_guangdong",
    "holds_certificate",
    "consent_version",
    "consented_at",
)


def parts():
    """The modules that other apps contribute, the highest app first."""
    return [import_module(name) for name in settings.CLOSING_PARTS]


def warnings(accountant):
    """What this person should know before closing, as sentences."""
    return [sentence for part in parts() for sentence in part.warnings(accountant)]


def close(accountant, *, current, code):
    """Close the account of somebody who knows the password and holds the phone; every session ends."""
    credentials.check_password(accountant, current)
    sms_codes.consume(accountant.phone, SmsPurpose.CLOSE, recovery.binding_of(accountant), code)
    nobody = make_password(None)
    with transaction.atomic():
        # Profiles are locked first, and the parts above lock them.
        for part in parts():
            part.erase(accountant)
        telling.send_message(accountant, "account_closed")
        erase_own(accountant)
        User.objects.filter(pk=accountant.user_id).update(is_active=False, password=nobody, last_login=None)
        audit.record("account.closed", actor=accountant.user, subject=accountant)


def erase_own(accountant):
    """Delete what this app holds about the person, but for name and keyed hash."""
    for row in DataExport.objects.filter(accountant=accountant):
        export.delete(row)
    for row in PaperFile.objects.filter(accountant=accountant):
        papers.PAPERS.delete(row)
    shares.end(shares.live(accountant))
    RecoveryRequest.objects.filter(accountant=accountant).delete()
    Message.objects.filter(accountant=accountant).delete()
    forget_phone(accountant)
    rows = Accountant.objects.filter(pk=accountant.pk)
    rows.update(phone="", phone_key="", document_number="", closed_at=timezone.now())


def forget_phone(accountant):
    """Delete the codes and settled texts of a phone that no other account uses; the last text goes when it is sent."""
    others = Accountant.objects.filter(phone_key=accountant.phone_key).exclude(pk=accountant.pk)
    if not others.exists():
        SmsCode.objects.filter(phone_key=accountant.phone_key).delete()
        SmsMessage.objects.filter(phone_key=accountant.phone_key, settled_at__isnull=False).delete()


@transaction.atomic
def reopen(pk, registered, *, hashed):
    """Open a closed account again for its owner, who registered anew as `registered`; returns the Accountant."""
    # Profiles are locked first, and the parts above lock them; whatever is refused below takes back what they did.
    closed = Accountant.objects.get(pk=pk)
    for part in reversed(parts()):
        part.reopen(closed)
    credentials.check_accounts_per_phone(registered.phone_key)
    people = Accountant.objects.select_for_update(of=("self",), no_key=True).select_related("user")
    accountant = people.get(pk=pk)
    if not accountant.is_closed:
        raise DomainError(ALREADY_REGISTERED, field="document_number", code="registered")
    if accountant.name != registered.name:
        raise DomainError(OTHER_NAME, field="name", code="other_name")
    told = {name: getattr(registered, name) for name in TOLD_ANEW}
    Accountant.objects.filter(pk=pk).update(
        **told, phone=registered.phone, phone_key=registered.phone_key, closed_at=None, collected_at=None
    )
    User.objects.filter(pk=accountant.user_id).update(is_active=True, password=hashed)
    accountant.refresh_from_db()
    audit.record("account.reopened", actor=accountant.user, subject=accountant)
    return accountant

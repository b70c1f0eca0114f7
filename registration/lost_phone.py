"""手机号码已停用: a new phone for somebody who cannot receive codes any more, decided by staff.

A visitor writes a request (it costs and answers the same for people who exist and who do not), the worker finds whom it
concerns, staff of the person's division decide with the proof they were shown, the old phone is told, and after a
waiting time in which the owner may object a task puts the new phone in. The password then comes by 密码找回.
"""

import logging
import unicodedata
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from accounting_platform.lib.errors import DomainError
from accounting_platform.lib.masking import mask_phone
from accounting_platform.lib.text import has_forbidden_characters
from accounting_platform.lib.validators import clean_name, clean_phone
from registration import accounts, audit, credentials, limits, outbox, sms_codes, telling
from registration.choices import RecoveryState, SmsPurpose
from registration.models import Accountant, RecoveryRequest

logger = logging.getLogger(__name__)
ANSWER = "申请已收到。如信息一致，当地财政部门会与您核实，处理结果将发短信告知新手机号码"
STATEMENT_LENGTH, REASON_LENGTH = (10, 300), (5, 200)
STATEMENT_WORDS = "请说明情况，10 至 300 个字"
REASON_WORDS = "请填写处理理由（看过什么证明），5 至 200 个字"
ANOTHER = "另一份申请已获同意"
PHONE_FULL = "新手机号码已用于过多账号，请改用其他号码重新申请"
DUE_AT_ONCE = 100


# --- the visitor


def ask(*, number, name, phone, statement, code, binding):
    """Keep one request of somebody who holds the new phone; raises DomainError, and never tells who exists."""
    name, phone, statement = clean_name(name), clean_phone(phone), clean_statement(statement)
    limits.count("lost_phone", accounts.attempts_key(number))
    sms_codes.consume(phone, SmsPurpose.LOST, binding, code)
    with transaction.atomic():
        request = RecoveryRequest.objects.create(
            document_number=accounts.plain_number(number),
            name=name,
            phone=phone,
            phone_key=Accountant.key_of_phone(phone),
            statement=statement,
        )
        audit.record("lost_phone.asked", actor=None, subject=request)
        transaction.on_commit(partial(ring, request.pk))
    return request


def clean_statement(raw):
    """What happened, in the visitor's words, or DomainError."""
    return sentence(raw, STATEMENT_LENGTH, STATEMENT_WORDS, field="statement")


def clean_reason(raw):
    """Why staff decide as they do, or DomainError."""
    reason = sentence(raw, REASON_LENGTH, REASON_WORDS, field="reason")
    audit.check_reason(reason)
    return reason


def sentence(raw, length, words, *, field):
    shortest, longest = length
    text = unicodedata.normalize("NFC", " ".join(raw.split()))
    if not shortest <= len(text) <= longest or has_forbidden_characters(text):
        raise DomainError(words, field=field)
    return text


def ring(request_id):
    """Tell a worker; where the broker is away the sweep finds the row."""
    # tasks stands above this module and calls back into it.
    from registration import tasks

    try:
        tasks.match_lost_phone.delay(str(request_id))
    except Exception as error:
        # Whatever the broker raises: the request was taken, and its row is safe.
        logger.warning("broker away, request %s waits for the sweep: %s", request_id, type(error).__name__)


# --- the worker


@transaction.atomic
def match(request_id):
    """Find whom a request concerns; what fits nobody is forgotten. Safe to repeat."""
    matching = RecoveryRequest.objects.select_for_update().filter(state=RecoveryState.MATCHING)
    request = matching.filter(pk=request_id).first()
    if request is None:
        return
    people = Accountant.objects.filter(
        document_key__in=accounts.keys_of_number(request.document_number), user__is_active=True
    )
    accountant = next((one for one in people if one.name == request.name), None)
    if accountant is None or accountant.phone_key == request.phone_key:
        audit.record("lost_phone.unmatched", actor=None, subject=request, result="refused")
        request.delete()
        return
    RecoveryRequest.objects.filter(pk=request.pk).update(accountant=accountant, state=RecoveryState.WAITING)
    audit.record("lost_phone.matched", actor=None, subject=accountant)


def sweep():
    """Match what no worker has seen, and put into effect what has waited its time."""
    matching = RecoveryRequest.objects.filter(state=RecoveryState.MATCHING)
    for request_id in matching.order_by("created_at").values_list("pk", flat=True)[:DUE_AT_ONCE]:
        match(request_id)
    due = RecoveryRequest.objects.filter(state=RecoveryState.APPROVED, applies_at__lte=timezone.now())
    for request_id in due.order_by("applies_at").values_list("pk", flat=True)[:DUE_AT_ONCE]:
        apply(request_id)


@transaction.atomic
def apply(request_id):
    """Put the new phone in, once its time has come: the old password and every session end. Safe to repeat."""
    due = RecoveryRequest.objects.filter(state=RecoveryState.APPROVED, applies_at__lte=timezone.now())
    found = due.filter(pk=request_id).values_list("accountant_id", flat=True).first()
    if found is None:
        return
    accountant = lock_accountant(found)
    request = due.select_for_update().filter(pk=request_id).first()
    if request is None:
        return
    try:
        credentials.check_accounts_per_phone(request.phone_key)
    except DomainError:
        request.move(RecoveryState.FAILED, reason=PHONE_FULL)
        audit.record("lost_phone.failed", actor=None, subject=accountant, result="refused")
        tell_applicant(request, "lost_phone_failed")
        return
    old_phone = accountant.phone
    credentials.set_password(accountant, make_password(None))
    credentials.set_phone(accountant, request.phone)
    limits.clear("login", accounts.attempts_key(accountant.document_number))
    request.move(RecoveryState.APPLIED)
    audit.record("lost_phone.applied", actor=None, subject=accountant, detail={"fields": ["phone"]})
    tell_applicant(request, "lost_phone_applied")
    outbox.put(old_phone, "phone_changed", phone=mask_phone(request.phone))
    telling.notify(
        accountant,
        "手机号码已更换",
        f"财政部门核实后，您的手机号码已更换为 {mask_phone(request.phone)}。如非本人申请，请立即致电服务电话。",
    )


# --- staff


@transaction.atomic
def approve(request_id, *, reason, by):
    """Accept a request for a reason; it takes effect after settings.RECOVERY_WAIT_HOURS unless the owner objects."""
    reason = clean_reason(reason)
    request = lock_request(request_id)
    accountant, now = request.accountant, timezone.now()
    applies_at = now + timedelta(hours=settings.RECOVERY_WAIT_HOURS)
    refuse_others(request, by=by)
    request.move(RecoveryState.APPROVED, reason=reason, decided_by=by, decided_at=now, applies_at=applies_at)
    audit.record("lost_phone.approved", actor=by, subject=accountant, detail={"reason": reason})
    day = when(applies_at)
    tell_applicant(request, "lost_phone_approved", when=day)
    telling.send_message(accountant, "lost_phone_notice", phone=mask_phone(request.phone), when=day)
    telling.notify(
        accountant,
        "有人申请更换您的手机号码",
        f"财政部门已同意把您的手机号码更换为 {mask_phone(request.phone)}，将于{day}生效。"
        "如果不是您申请的，请马上在“账号与密码”里点“不是我申请的”。",
    )
    return request


@transaction.atomic
def refuse(request_id, *, reason, by):
    """Turn a request down, or take an approval back before it takes effect."""
    reason = clean_reason(reason)
    request = lock_request(request_id)
    settle_refused(request, reason, by=by)
    tell_applicant(request, "lost_phone_refused")
    return request


def refuse_others(request, *, by):
    """Only one request of a person can be accepted at a time."""
    others = RecoveryRequest.objects.select_for_update().filter(
        accountant=request.accountant, state__in=RecoveryRequest.OPEN
    )
    for other in others.exclude(pk=request.pk):
        if other.state == RecoveryState.APPROVED:
            raise DomainError("该会计人员已有一份同意的申请等待生效，请先处理那一份。", status=409)
        settle_refused(other, ANOTHER, by=by)


def settle_refused(request, reason, *, by):
    request.move(RecoveryState.REFUSED, reason=reason, decided_by=by, decided_at=timezone.now())
    audit.record("lost_phone.refused", actor=by, subject=request.accountant, detail={"reason": reason})


# --- the owner


def open_requests(accountant):
    """Requests about this person that may still take effect, oldest first."""
    rows = RecoveryRequest.objects.filter(accountant=accountant, state__in=RecoveryRequest.OPEN)
    return rows.order_by("created_at")


@transaction.atomic
def deny(accountant, *, by, reason="本人登录后否认"):
    """The owner says no, or shows otherwise to hold the old phone: no open request takes effect. How many ended."""
    lock_accountant(accountant.pk)
    requests = list(open_requests(accountant).select_for_update())
    for request in requests:
        request.move(RecoveryState.OBJECTED, reason=reason)
        tell_applicant(request, "lost_phone_refused")
    if requests:
        audit.record("lost_phone.denied", actor=by, subject=accountant)
    return len(requests)


# --- parts


def lock_accountant(pk):
    """Accountants first, then their requests: the same order everywhere."""
    people = Accountant.objects.select_for_update(of=("self",), no_key=True)
    return people.select_related("user").get(pk=pk)


def lock_request(request_id):
    """The request with its person, both locked."""
    found = RecoveryRequest.objects.filter(pk=request_id, accountant__isnull=False)
    accountant = lock_accountant(found.values_list("accountant_id", flat=True).get())
    request = found.select_for_update(of=("self",)).get()
    request.accountant = accountant
    return request


def tell_applicant(request, template, /, **context):
    """One text to the phone that the request names."""
    outbox.put(request.phone, template, **context)


def when(moment):
    """11月26日 14:00, as texts and messages say it."""
    local = timezone.localtime(moment)
    return f"{local.month}月{local.day}日 {local:%H:%M}"

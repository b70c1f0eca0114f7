"""The button 获取短信验证码: what a press does, and what the page then says (by fragment or as a whole page)."""

import time
from dataclasses import dataclass, replace

from django.conf import settings
from django.http import Http404

from accounting_platform.lib import context
from accounting_platform.lib.errors import DomainError
from accounting_platform.lib.masking import mask_phone
from accounting_platform.lib.validators import clean_phone
from registration import limits, proof, recovery, sms_codes, sms_state, volume
from registration.choices import SmsPurpose
from registration.models import Accountant

MEMBERS_PURPOSES = (SmsPurpose.PHONE, SmsPurpose.PASSWORD, SmsPurpose.CLOSE)
REMEMBERED, SENDS = "sms_sent", "sms_sends"
DAY_ENDS = "今天的次数已用完，请明天 0 点后再试。"


@dataclass(frozen=True)
class Sending:
    """One purpose's button: the words beside it, and until when (server's seconds) it rests."""

    purpose: str
    words: str = ""
    more: str = ""
    field: str = ""
    status: int = 200
    until: int = 0
    # The next press needs a proof of work; this one lacked nothing else.
    proof_wanted: bool = False
    proof_missed: bool = False
    # In so many seconds the page asks what became of the message; `lost` when it was not sent after all.
    look_after: int = 0
    lost: bool = False

    @property
    def refused(self):
        return self.status >= 400

    @property
    def now(self):
        return int(time.time())

    @property
    def rests(self):
        return self.until > self.now

    @property
    def seconds(self):
        return max(0, self.until - self.now)

    @property
    def errors(self):
        """For the page's error summary: the refusal with the control it is about."""
        return [(self.words, f"id_{self.field}" if self.field else "")] if self.refused else []


def send(request, purpose):
    """Send one code as the posted form asks, and say what became of it."""
    try:
        words, message_id = SENDERS[purpose](request)
    except DomainError as refusal:
        return refused(request, purpose, refusal)
    volume.count_send()
    request.session[SENDS] = request.session.get(SENDS, 0) + 1
    now = int(time.time())
    until = now + settings.SMS_COOLDOWN_SECONDS
    # So that a reload shows the same; the words hold a masked phone at most.
    kept = {"words": words, "until": until, "at": now, "message": message_id}
    request.session[REMEMBERED] = {purpose: kept}
    return Sending(
        purpose, words, until=until, proof_wanted=proof_wanted(request), look_after=sms_state.FIRST_LOOK
    )


def remembered(request, purpose):
    """What the button showed before the page was loaded again, and what has become of the message meanwhile."""
    sending = Sending(purpose, proof_wanted=proof_wanted(request))
    kept = request.session.get(REMEMBERED, {}).get(purpose)
    return replace(sending, **sms_state.shown(kept)) if kept else sending


def refused(request, purpose, refusal):
    until = 0
    if refusal.code == "sms_pause":
        phone_key = Accountant.key_of_phone(phone_of(request, purpose))
        until = int(time.time()) + limits.seconds_left("sms_pause", phone_key)
    return Sending(
        purpose,
        refusal.message,
        more=DAY_ENDS if refusal.code == "sms_day" else "",
        field=refusal.field or "",
        status=refusal.status,
        until=until,
        proof_wanted=proof_wanted(request),
        proof_missed=refusal.code == proof.CODE,
    )


def proof_wanted(request):
    """Whether the limits ask this session, or everybody, for a proof of work before the next send."""
    return limits.proof_wanted(address=context.client_address(), session_sends=request.session.get(SENDS, 0))


def prove(request):
    """Use up the proof that was posted, where one is wanted. What was typed is looked at first, so a slip costs none."""
    if proof_wanted(request):
        proof.spend(request, field="sms_code")


def phone_of(request, purpose):
    """The phone a code goes to: the typed one, or the account's own for a new password and for closing it."""
    if purpose in (SmsPurpose.PASSWORD, SmsPurpose.CLOSE):
        return request.user.accountant.phone
    return clean_phone(request.POST.get("phone", ""))


def to_phone(request, purpose, binding):
    phone = phone_of(request, purpose)
    prove(request)
    issued = sms_codes.issue(phone, purpose, binding)
    words = f"验证码已发送至 {mask_phone(issued.phone)}，5 分钟内有效，今天还可获取 {issued.left_today} 次"
    return words, issued.message_id


def for_registration(request):
    phone_of(request, SmsPurpose.REGISTER)
    return to_phone(request, SmsPurpose.REGISTER, session_binding(request))


def for_recovery(request):
    number = request.POST.get("document_number", "").strip()[:100]
    if not number:
        raise DomainError("请填写证件号码", field="document_number", code="required")
    phone = phone_of(request, SmsPurpose.RESET)
    prove(request)
    return recovery.ANSWER, recovery.request(number, phone).pk


def for_phone(request):
    person = member(request)
    phone_of(request, SmsPurpose.PHONE)
    limits.count("phone_change", str(person.pk))
    return to_phone(request, SmsPurpose.PHONE, recovery.binding_of(person))


def for_password(request):
    return to_phone(request, SmsPurpose.PASSWORD, recovery.binding_of(member(request)))


def for_closing(request):
    return to_phone(request, SmsPurpose.CLOSE, recovery.binding_of(member(request)))


def for_lost_phone(request):
    return to_phone(request, SmsPurpose.LOST, session_binding(request))


def member(request):
    """The accountant logged in; MEMBERS_PURPOSES exist for nobody else."""
    accountant = getattr(request.user, "accountant", None)
    if accountant is None:
        raise Http404("this code is for members")
    return accountant


def session_binding(request):
    """The session a visitor's code is bound to; it begins here if it has not yet."""
    if not request.session.session_key:
        request.session.create()
    return request.session.session_key


SENDERS = {
    SmsPurpose.REGISTER.value: for_registration,
    SmsPurpose.RESET.value: for_recovery,
    SmsPurpose.PHONE.value: for_phone,
    SmsPurpose.PASSWORD.value: for_password,
    SmsPurpose.CLOSE.value: for_closing,
    SmsPurpose.LOST.value: for_lost_phone,
}

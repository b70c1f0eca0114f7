"""免学: granted by staff with a reason, or by the year's rule to everybody of a duty status; ended with a reason."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounting_platform.lib.errors import DomainError
from collection.choices import DutyStatus, ProfileState
from collection.models import Profile
from education import proofs
from education.choices import ExemptionKind, ExemptionSource
from education.models import Exemption
from registration import audit
from registration.models import Message
from registration.services import notify

CHUNK = 1000
# Statuses whose exemption has a kind of its own.
KIND_OF_STATUS = {DutyStatus.STUDENT: ExemptionKind.STUDENT}


def grant(profile, *, year, kind, reason, uploads=(), by):
    """Exempt one person from one year, with proof where there is some, and tell them. Raises DomainError."""
    names = proofs.take_in(uploads)
    try:
        with transaction.atomic():
            exemption = insert(profile, year=year, kind=kind, reason=reason.strip(), by=by)
            proofs.attach(names, exemption=exemption)
            detail = {"year": year, "fields": ["kind", "reason"]}
            audit.record("exemption.granted", actor=by, subject=exemption, detail=detail)
            told = f"您 {year} 年度的继续教育已登记为免学，情形：{exemption.get_kind_display()}。如有疑问，请致电服务电话。"
            notify(profile.accountant, f"{year} 年度继续教育已免", told)
    except BaseException:
        proofs.forget(names)
        raise
    return exemption


def insert(profile, *, year, **fields):
    """The row; one exemption a year is enough."""
    try:
        with transaction.atomic():
            return Exemption.objects.create(profile=profile, year=year, **fields)
    except IntegrityError:
        raise DomainError(f"此人 {year} 年度已登记为免学，不用再登记。", field="year") from None


@transaction.atomic
def end(exemption_id, *, by, reason):
    """Take an exemption back, with a reason the person reads. Raises DomainError."""
    reason = reason.strip()
    if not reason:
        raise DomainError("请填写取消原因。", field="reason")
    rows = Exemption.objects.select_for_update(of=("self",)).select_related("profile__accountant")
    exemption = rows.get(pk=exemption_id)
    if exemption.ended_at:
        raise DomainError("这条免学登记已经取消，请刷新页面。")
    exemption.ended_at, exemption.end_reason = timezone.now(), reason[:120]
    exemption.save(update_fields=["ended_at", "end_reason"])
    audit.record("exemption.ended", actor=by, subject=exemption, detail={"year": exemption.year})
    told = f"您 {exemption.year} 年度继续教育的免学登记已取消，原因：{exemption.end_reason}。"
    notify(exemption.profile.accountant, f"{exemption.year} 年度免学登记已取消", told)
    return exemption


def keep_statuses(rule):
    """Before a year is closed: write down whom its rule frees by their duty status. Safe to repeat.

    Only people on record before the window ended; what they are today says nothing of earlier years.
    """
    people = Profile.objects.filter(
        state=ProfileState.SUBMITTED,
        duty_status__in=rule.exempt_statuses,
        submitted_at__date__lte=rule.closes_on,
    )
    written = Exemption.objects.filter(year=rule.year, ended_at=None).values("profile_id")
    people = people.exclude(pk__in=written).order_by("pk")
    after = 0
    while some := list(people.filter(pk__gt=after).only("pk", "accountant_id", "duty_status")[:CHUNK]):
        after = some[-1].pk
        write(rule.year, some)


@transaction.atomic
def write(year, people):
    """The rows and the messages of some people."""
    Exemption.objects.bulk_create(
        [
            Exemption(
                profile=profile,
                year=year,
                kind=KIND_OF_STATUS.get(profile.duty_status, ExemptionKind.OTHER),
                source=ExemptionSource.RULE,
                reason="" if profile.duty_status in KIND_OF_STATUS else profile.get_duty_status_display(),
            )
            for profile in people
        ],
        ignore_conflicts=True,
    )
    Message.objects.bulk_create(
        Message(
            accountant_id=profile.accountant_id,
            title=f"{year} 年度继续教育已免",
            body=f"{year} 年度已关闭。您当时的在岗状态为“{profile.get_duty_status_display()}”，按年度规则免于该年度的继续教育。",
        )
        for profile in people
    )

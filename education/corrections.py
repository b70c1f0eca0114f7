"""学分更正 and 学分撤销: what schools asked for and staff decide. Nothing is overwritten: the ledger gets the difference."""

import json
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from accounting_platform.lib.errors import DomainError
from collection.models import Profile
from education.choices import CreditSource, DeliveryOutcome, EventType
from education.ledger.entries import book, plain
from education.models import CreditEntry, Delivery, Enrolment
from education.schools.events import read_event
from education.studies import lock_profiles
from registration import audit
from registration.services import notify

ZERO = Decimal(0)
MIN_REASON = 5
# What a school finds at GET deliveries after a refusal.
NOT_CONFIRMED = "not_confirmed"


@dataclass(frozen=True)
class Change:
    """What a held delivery would make of a study's credits: (credits, of them general) before and after."""

    source: CreditSource
    reason: str
    old: tuple[Decimal, Decimal]
    new: tuple[Decimal, Decimal]

    @property
    def difference(self):
        return tuple(after - before for before, after in zip(self.old, self.new, strict=True))

    @property
    def words(self):
        """What becomes of the credits: 学分由 60 改为 50，其中专业通识由 20 改为 10."""
        labels = ("学分", "其中专业通识")
        changes = zip(labels, self.old, self.new, strict=True)
        told = [f"{label}由 {plain(old)} 改为 {plain(new)}" for label, old, new in changes if old != new]
        return "，".join(told) or f"学分 {plain(self.old[0])} 不变"


def change_of(delivery):
    """The Change that a held delivery asks for, judged by what stands in the ledger now."""
    data = read_event(delivery.message_id, json.loads(delivery.body)).data
    sums = CreditEntry.objects.filter(enrolment_id=delivery.enrolment_id).aggregate(
        credits=Sum("credits"), general=Sum("general_professional")
    )
    old = (sums["credits"] or ZERO, sums["general"] or ZERO)
    if delivery.event_type == EventType.CREDITS_REVOKED:
        return Change(CreditSource.REVOCATION, data.reason, old, (ZERO, ZERO))
    general = old[1] if data.general_professional is None else data.general_professional
    return Change(CreditSource.CORRECTION, data.reason, old, (data.credits, min(general, data.credits)))


@transaction.atomic
def confirm(delivery_id, *, by):
    """Book what a held delivery asks for and tell the person; returns the CreditEntry. Raises DomainError."""
    delivery, study = held(delivery_id)
    change = change_of(delivery)
    studied = CreditEntry.objects.filter(enrolment=study, source=CreditSource.STUDY).order_by("pk").first()
    if studied is None:
        raise DomainError("该学习还没有入账的学分，无从更正或撤销，请退回。")
    if not any(change.difference):
        raise DomainError("账上的学分与机构所要求的相同，没有可改的，请退回。")
    credits, general = change.difference
    entry = CreditEntry(
        profile_id=study.profile_id,
        year=study.year,
        kind=study.kind,
        source=change.source,
        credits=credits,
        general_professional=general,
        institution_id=study.institution_id,
        enrolment=study,
        delivery=delivery,
        finished_at=studied.finished_at,
        booked_at=timezone.now(),
    )
    book([entry])
    study.credits = change.new[0]
    study.save(update_fields=["credits"])
    delivery.outcome = DeliveryOutcome.ACCEPTED
    delivery.save(update_fields=["outcome"])
    audit.record("credits.change_confirmed", actor=by, subject=study, detail={"fields": ["credits"]})
    told = f"您在{course_of(study)}的{change.words}，原因：{change.reason}。如有疑问，请先联系学习机构。"
    notify(study.profile.accountant, f"学分已{change.source.label}", told)
    return entry


@transaction.atomic
def refuse(delivery_id, *, by, reason):
    """Send a held delivery back with a reason that the school finds at GET deliveries. Raises DomainError."""
    reason = reason.strip()
    if len(reason) < MIN_REASON:
        raise DomainError(f"请写明退回原因，至少 {MIN_REASON} 个字。", field="reason")
    delivery, study = held(delivery_id)
    delivery.outcome, delivery.code, delivery.reason = DeliveryOutcome.REFUSED, NOT_CONFIRMED, reason[:200]
    delivery.save(update_fields=["outcome", "code", "reason"])
    audit.record("credits.change_refused", actor=by, subject=study, detail={"fields": ["reason"]})
    asked = EventType(delivery.event_type).label
    told = f"学习机构对您在{course_of(study)}提出的{asked}未予确认，已入账的学分不变。"
    notify(study.profile.accountant, f"{asked}未予确认", told)
    return delivery


def held(delivery_id):
    """A delivery still to be decided and its study, locked in everybody's order: profile, study, delivery."""
    owner = Delivery.objects.filter(pk=delivery_id).values("enrolment__profile_id")
    lock_profiles(Profile.objects.filter(pk__in=owner))
    studies = Enrolment.objects.select_related("institution", "profile__accountant")
    study = studies.select_for_update(of=("self",), no_key=True).filter(delivery=delivery_id).first()
    delivery = Delivery.objects.select_for_update(of=("self",), no_key=True).get(pk=delivery_id)
    if delivery.outcome != DeliveryOutcome.HELD or study is None:
        raise DomainError("这条回传已经处理过，请刷新页面查看结果。")
    return delivery, study


def course_of(study):
    return f"“{study.institution}”{study.year} 年度{study.get_kind_display()}"

"""Studies as others see them: which are in progress, and the two ways they end without the school.

Whatever touches a study or a division locks the Profile rows first, in primary-key order, then the enrolments.
"""

from django.db import transaction
from django.utils import timezone

from accounting_platform.lib.clock import today
from accounting_platform.lib.errors import DomainError
from collection.models import Profile
from education import exemptions, signals
from education.choices import EnrolmentState
from education.ledger import rule_history
from education.models import Enrolment, YearRule
from registration import audit
from registration.models import Message
from registration.services import notify

CHUNK = 500


def in_progress(profile):
    """The studies that hold a person's division (a Profile or its id)."""
    return Enrolment.objects.filter(profile=profile, state=EnrolmentState.IN_PROGRESS)


def in_locking_order(profiles):
    """A Profile queryset that locks its rows in the order everybody keeps."""
    return profiles.select_for_update(no_key=True).order_by("pk")


def lock_profiles(profiles):
    """Lock the rows of a Profile queryset; returns them by id."""
    return {profile.pk: profile for profile in in_locking_order(profiles)}


def tell_ended(profile_ids):
    """Say, inside the transaction, whose studies ended; send it once, after all writes."""
    if profile_ids:
        signals.studies_ended.send(sender=Enrolment, profile_ids=sorted(set(profile_ids)))


@transaction.atomic
def release(enrolment_id, *, by, reason):
    """End a stuck study by hand; its division lock goes with it. Raises DomainError."""
    if not reason.strip():
        raise DomainError("请填写释放原因。", field="reason")
    owner = Enrolment.objects.filter(pk=enrolment_id).values("profile_id")
    lock_profiles(Profile.objects.filter(pk__in=owner))
    enrolment = (
        Enrolment.objects.select_for_update(of=("self",))
        .select_related("institution", "profile__accountant")
        .get(pk=enrolment_id)
    )
    enrolment.move(EnrolmentState.RELEASED)
    enrolment.reason = reason.strip()[:200]
    enrolment.save(update_fields=["state", "ended_at", "reason"])
    audit.record("study.released", actor=by, subject=enrolment, detail={"fields": ["state", "reason"]})
    course = f"“{enrolment.institution}”{enrolment.year} 年度{enrolment.get_kind_display()}"
    told = f"您在{course}的学习已由财政部门释放，不再锁定行政区划。"
    notify(enrolment.profile.accountant, "学习记录已释放", told)
    tell_ended([enrolment.profile_id])
    return enrolment


def close_year(year, *, by):
    """Close a year for schools and set its unfinished studies to 已截止; returns of how many people. Safe to repeat."""
    rule = YearRule.objects.filter(year=year).first()
    if rule is None:
        raise DomainError(f"没有 {year} 年度的规则，请先建立年度规则。")
    if rule.closed_at is None:
        exemptions.keep_statuses(rule)
    with transaction.atomic():
        rule = YearRule.objects.select_for_update().get(pk=rule.pk)
        if rule.closed_at is None:
            before = rule_history.snapshot(rule.pk)
            rule.closed_at = timezone.now()
            rule.save(update_fields=["closed_at"])
            rule_history.note_change(rule.pk, before, by=by)
            audit.record("year.closed", actor=by, subject=rule, detail={"year": year})
    people = 0
    # In pieces, each its own transaction: a year may have hundreds of thousands of unfinished studies.
    while some := close_some(year):
        people += some
    return people


@transaction.atomic
def close_some(year):
    """Close the unfinished studies of the next few people of a year; returns how many people."""
    open_ones = Enrolment.objects.filter(year=year, state=EnrolmentState.IN_PROGRESS)
    people = list(open_ones.order_by("profile_id").values_list("profile_id", flat=True).distinct()[:CHUNK])
    if not people:
        return 0
    locked = lock_profiles(Profile.objects.filter(pk__in=people))
    open_ones.filter(profile_id__in=people).update(state=EnrolmentState.CLOSED, ended_at=timezone.now())
    Message.objects.bulk_create(closed_message(year, profile) for profile in locked.values())
    tell_ended(people)
    return len(people)


def closed_message(year, profile):
    """What somebody whose study a year's end stopped has to know."""
    body = (
        f"{year} 年度继续教育已截止，您未完成的学习记为“已截止”，不再接收学分，也不再锁定行政区划。"
        "已经入账的学分不变，可在“我的学习”查看。"
    )
    return Message(accountant_id=profile.accountant_id, title=f"{year} 年度学习已截止", body=body)


def due_years():
    """Years whose window is over or that staff closed: none of them may hold a study in progress."""
    rules = YearRule.objects.all()
    return [rule.year for rule in rules if rule.closed_at or rule.closes_on < today()]

"""What is done with a change: save it at once, book a division, withdraw it, put it into effect."""

from copy import copy

from django.db import transaction

from accounting_platform.lib.errors import DomainError
from collection import attachments, coach, employers
from collection import services as collection_services
from collection.choices import VersionCause
from collection.models import Profile
from collection.preload import preload
from collection.sections import SECTION_BY_KEY, SECTIONS
from education import studies
from profile_changes.models import ChangeRequest
from registration import audit
from registration import services as registration_services

Status = ChangeRequest.Status
DIVISION = "division"
WORK = SECTION_BY_KEY["work"]


LOCKED = "继续教育有在途未完成数据，行政区划不能修改。学完后自动解锁，也可以预约变更。"


def is_held(profile):
    """Whether a study in progress holds the division (manual 3)."""
    return studies.in_progress(profile).exists()


def lock_reasons(profile):
    """{column: why it cannot be changed now}: the division alone, while a study is in progress."""
    return {DIVISION: LOCKED} if is_held(profile) else {}


@transaction.atomic
def save_change(profile_id, section, data, *, by):
    """保存: judge one section with all rules of collection and put it into effect; returns (answers, change or None).

    No change comes back where nothing differs, where the answers tell what is wrong, or where the change would bring in
    something odd that nobody confirmed (`answers.findings`). Raises DomainError, 409 for a page drawn from an older version.
    """
    profile = locked_submitted(profile_id)
    answers = section.form_for(profile, data, locked=lock_reasons(profile))
    slots = attachments.slots(profile, section, duty_status=answers.status)
    answers.judge_pictures(slots)
    valid = answers.is_valid()
    differences = answers.differences() | new_pictures(slots)
    if collection_services.is_stale(profile, data) and (differences or not valid):
        raise DomainError(collection_services.STALE, code="stale", status=409)
    if not valid or not differences or ask_about_odd(answers, data):
        return answers, None
    change = ChangeRequest(profile=profile, section_key=section.key, status=Status.APPLIED, actor_id=by.pk)
    change.differences = differences
    attachments.take_new(profile, slots)
    put_into_effect(answers, differences, by=by)
    change.save()
    audit.record("change_request.applied", actor=by, subject=change, detail=detail_of(change))
    return answers, change


def ask_about_odd(answers, data):
    """Whether the change brings in something odd that is still to be confirmed; it is shown at its fields."""
    answers.findings = brought_in(answers)
    own = [one for one in answers.findings if one.section == answers.section.key]
    answers.show_odd(own)
    return coach.unconfirmed(answers.findings, data)


def brought_in(answers):
    """What looks odd in all answers together once these are stored, and did not before."""
    everything = copy(answers.original)
    preload(everything)
    before = {key: rows for one in SECTIONS for key, rows in one.saved_rows(everything).items()}
    after = before | {rows.key: [form.instance for form in rows.forms] for rows in answers.row_sets}
    known = {one.token for one in coach.warnings(answers.original, before)}
    return [one for one in coach.warnings(answers.profile, after) if one.token not in known]


def put_into_effect(answers, differences, *, by):
    """Store judged answers and everything that hangs on them."""
    section, profile = answers.section, answers.original
    complete = collection_services.verdicts(profile, section, answers, True, differences)
    answers.store_all(complete_sections=complete)
    collection_services.drop_pictures_not_asked(answers)
    fresh = Profile.objects.select_related("accountant").get(pk=profile.pk)
    if "credit_code" in differences:
        employers.remember(fresh)
    collection_services.store_version(fresh, cause=VersionCause.CHANGED, by=by)


OLD_PICTURE, NEW_PICTURE = "旧照片", "新照片"


def new_pictures(slots):
    """{kind: what was, what is} of the pictures that the change would put into the archive."""
    return {str(slot.kind): [OLD_PICTURE if slot.current else "", NEW_PICTURE] for slot in slots if slot.new}


def note_picture(attachment):
    """A picture of a finished archive was replaced: one change request and one version of the archive."""
    profile = Profile.objects.select_related("accountant__user").get(pk=attachment.profile_id)
    if not profile.is_submitted:
        return
    section = next(one for one in SECTIONS if attachment.kind in one.attachment_kinds(profile))
    change = ChangeRequest.objects.create(
        profile=profile,
        section_key=section.key,
        status=Status.APPLIED,
        differences={str(attachment.kind): [OLD_PICTURE, NEW_PICTURE]},
        actor_id=profile.accountant.user_id,
    )
    by = profile.accountant.user
    collection_services.store_version(profile, cause=VersionCause.CHANGED, by=by)
    audit.record("change_request.applied", actor=by, subject=change, detail=detail_of(change))


def locked_submitted(profile_id):
    profile = collection_services.lock_profile(profile_id)
    if not profile.is_submitted:
        raise DomainError("请先完成信息采集，再变更信息", code="not_submitted", status=409)
    return profile


def detail_of(change):
    return {"section": change.section_key, "fields": sorted(change.differences)}


# --- a division that is held: booked now, applied when the last study ends


@transaction.atomic
def book(profile_id, division, *, by, confirmed=()):
    """预约变更行政区划: keep a move that applies itself when the last study ends; a later one replaces the earlier.

    Raises coach.Unconfirmed where the move would bring in something odd whose token is not among the `confirmed`.
    """
    profile = locked_submitted(profile_id)
    if not is_held(profile):
        raise DomainError("目前没有未完成的学习，可以直接变更行政区划，不用预约。", field=DIVISION)
    answers = judged_with(profile, {DIVISION: division})
    if not answers.is_valid():
        message = next(
            iter(answers.form.errors.get(DIVISION, [])), "工作信息有未填妥的项目，请先补充并保存。"
        )
        raise DomainError(message, field=DIVISION)
    if division == profile.division:
        raise DomainError("预约的行政区划与现在的相同，不用变更。", field=DIVISION)
    answers.differences()
    odd = brought_in(answers)
    if coach.unconfirmed(odd, {"confirmed": confirmed}):
        raise coach.Unconfirmed(odd)
    for earlier in booked_of(profile):
        earlier.settle(Status.WITHDRAWN, "被新的预约替换")
    change = ChangeRequest.objects.create(
        profile=profile,
        section_key=WORK.key,
        status=Status.BOOKED,
        differences={DIVISION: [profile.division, division]},
        actor_id=by.pk,
    )
    audit.record("change_request.booked", actor=by, subject=change, detail=detail_of(change))
    return change


@transaction.atomic
def withdraw(profile_id, *, by):
    """撤回预约: take back the booked move; raises DomainError where none is booked."""
    profile = locked_submitted(profile_id)
    change = booked_of(profile).first()
    if change is None:
        raise DomainError("没有待生效的预约，可能已经生效或撤回，请刷新页面查看。", status=409)
    change.settle(Status.WITHDRAWN)
    audit.record("change_request.withdrawn", actor=by, subject=change, detail=detail_of(change))
    return change


def booked_of(profile):
    """The booked change of a profile: none or one."""
    return ChangeRequest.objects.filter(profile=profile, status=Status.BOOKED)


def judged_with(profile, new):
    """Today's answers of the work section overlaid with `new`."""
    return WORK.form_for(profile, data=WORK.answers(profile) | new)


@transaction.atomic
def apply_booked(profile_id, *, by=None):
    """Put a booked division into effect when no study holds it any more; safe to repeat."""
    profile = collection_services.lock_profile(profile_id)
    change = booked_of(profile).first()
    if change is None or is_held(profile):
        return
    new = {name: pair[1] for name, pair in change.differences.items()}
    answers = judged_with(profile, new)
    if answers.is_valid():
        put_into_effect(answers, answers.differences(), by=by)
        change.settle(Status.APPLIED)
        said = "您预约的行政区划变更已生效", "学习已结束，行政区划已按您的预约变更。"
    else:
        reason = "；".join(message for _target, _label, message in answers.problems)[:200]
        change.settle(Status.FAILED, reason)
        said = "您预约的行政区划变更未能生效", f"原因：{reason}。请到“信息变更”里改好后重新保存。"
    audit.record(f"change_request.{change.status}", actor=by, subject=change, detail=detail_of(change))
    registration_services.notify(profile.accountant, *said)

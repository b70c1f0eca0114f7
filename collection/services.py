"""What is done to a Profile. Order of effects: lock, rule, write, audit, then on_commit for what leaves the process."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounting_platform.lib import clock
from accounting_platform.lib.errors import DomainError
from collection import archive, attachments, employers
from collection.choices import AttachmentState, ProfileState, VersionCause
from collection.models import ArchiveVersion, Profile
from collection.preload import preload
from collection.sections import SECTIONS
from registration import audit
from registration import services as registration_services

STALE = "页面已更新，请刷新后重试"
# Answers of one section that others judge by: when they change, the stored verdict on those is asked for again.
JUDGED_BY = {"duty_status": ("education", "work"), "birth_date": ("education", "work", "professional")}


def profile_of(accountant):
    """The accountant's profile for reading; before the first visit an empty one that is not saved."""
    profile = getattr(accountant, "profile", None) or Profile()
    profile.accountant = accountant
    return profile


def open_profile(accountant):
    """The accountant's profile, a new draft at the first visit."""
    profile = profile_of(accountant)
    if profile.pk is None:
        try:
            with transaction.atomic():
                profile.save()
        except IntegrityError:
            # Two first visits at once: the other one's draft it is.
            profile = Profile.objects.get(accountant=accountant)
            profile.accountant = accountant
    return profile


def lock_profile(pk):
    """The profile as it stands, locked until the transaction ends. Lock profiles first, in primary-key order."""
    return Profile.objects.select_for_update(of=("self",)).select_related("accountant").get(pk=pk)


@transaction.atomic
def accept_notice(profile_id, *, by):
    """阅读须知: keep when the person promised that what they fill in is true."""
    profile = lock_profile(profile_id)
    if profile.notice_accepted_at is None:
        profile.notice_accepted_at = timezone.now()
        profile.save(update_fields=["notice_accepted_at"])
        audit.record("collection.notice_accepted", actor=by, subject=profile)
    return profile


@transaction.atomic
def save_section(profile_id, section, data, *, by, leave=False):
    """Keep every answer that is valid alone; the answers given back tell what is wrong and what looks odd.

    The section counts as complete when all of it is valid. With `leave` (保存并退出) nothing further is asked; without it
    what a new duty status does not ask is emptied only once that status is complete. A page drawn from an older version is refused with 409, unless it says what is stored anyway.
    """
    profile = lock_profile(profile_id)
    if profile.is_submitted:
        raise DomainError("信息采集已提交，请到“信息变更”修改", code="submitted", status=409)
    answers = section.form_for(profile, data)
    answers.judge_pictures(attachments.slots(profile, section, duty_status=answers.status))
    valid = answers.is_valid()
    differences = answers.differences()
    if is_stale(profile, data) and (differences or not valid):
        raise DomainError(STALE, code="stale", status=409)
    if not (valid or leave or differences):
        return answers
    if identity := answers.identity_answers():
        registration_services.complete_identity(profile.accountant, by=by, **identity)
    complete = verdicts(profile, section, answers, valid, differences)
    answers.store_valid(emptying=valid or leave, complete_sections=complete)
    if valid or leave:
        drop_pictures_not_asked(answers)
    detail = {"section": section.key, "fields": sorted(differences)}
    audit.record("collection.section_saved", actor=by, subject=profile, detail=detail)
    answers.was_kept, answers.changed = True, sorted(differences)
    return answers.settle()


def is_stale(profile, data):
    """Whether the page was drawn before the profile's last save; posts without a version are taken as new."""
    posted = str(data.get("version", ""))
    return posted.isdigit() and int(posted) < profile.version


def verdicts(profile, section, answers, valid, differences):
    """The keys of the complete sections once these answers are stored."""
    complete = set(profile.complete_sections) - {section.key}
    if valid:
        complete.add(section.key)
    doubtful = {key for name in differences for key in JUDGED_BY.get(name, ())} - {section.key}
    for other in SECTIONS:
        if other.key in doubtful & complete and not other.accepts(answers.profile):
            complete.remove(other.key)
    return [one.key for one in SECTIONS if one.key in complete]


def drop_pictures_not_asked(answers):
    """A picture that the new duty status does not ask for is not kept."""
    section = answers.section
    gone = set(section.attachment_kinds(answers.original)) - set(section.attachment_kinds(answers.profile))
    if gone:
        attachments.discard(answers.profile, gone)


@transaction.atomic
def submit(profile_id, *, by):
    """提交: check everything once more and make the archive. Safe to repeat; many at once make one archive."""
    profile = lock_profile(profile_id)
    if profile.is_submitted:
        return profile
    refuse_unfinished(profile)
    now = timezone.now()
    profile.state = ProfileState.SUBMITTED
    profile.submitted_at = now
    # Who closed the account and came back keeps the number.
    profile.archive_number = profile.archive_number or archive_number(profile)
    profile.version += 1
    profile.save(update_fields=["state", "submitted_at", "archive_number", "version"])
    employers.remember(profile)
    registration_services.mark_collected(profile.accountant, now)
    store_version(profile, cause=VersionCause.SUBMITTED, by=by)
    audit.record("collection.submitted", actor=by, subject=profile)
    return profile


def archive_number(profile):
    """4401-2026-0000123: city, year, and the profile's own number, so that two can never meet."""
    return f"{profile.division[:4]}-{clock.year()}-{profile.pk:07d}"


def refuse_unfinished(profile):
    """Raise DomainError naming the first section or picture that is not ready; `field` is the section's key."""
    if profile.notice_accepted_at is None:
        raise DomainError("请先阅读须知并勾选承诺", field="notice", code="unfinished")
    preload(profile)
    for section in SECTIONS:
        if not section.accepts(profile):
            raise DomainError(
                f"“{section.title}”还没有填完，请补充后再提交", field=section.key, code="unfinished"
            )
    states = attachments.states(profile)
    for section in SECTIONS:
        if {states.get(kind) for kind in section.attachment_kinds(profile)} - {AttachmentState.READY}:
            slots = attachments.slots(profile, section)
            problem = next(slot.problem for slot in slots if slot.problem)
            raise DomainError(problem, field=section.key, code="unfinished")


def store_version(profile, *, cause, by):
    """Seal the archive as it stands now, for later looks at a past day."""
    return ArchiveVersion.objects.create(
        profile=profile, cause=cause, content=archive.content(profile), actor_id=getattr(by, "pk", None)
    )

"""The least that is valid: profiles, and what a person would post to fill in each section."""

from itertools import count

from django.utils import timezone

from accounting_platform.lib import clock
from accounting_platform.lib.documents import facts
from collection.choices import AttachmentKind, AttachmentState, DutyStatus, ProfileState
from collection.models import Attachment, Profile, Schooling
from collection.sections import SECTION_BY_KEY, SECTIONS
from registration.tests.factories import make_accountant

CREDIT_CODE = "91440101MA00000156"
_numbers = count(1)

PERSONAL = {"ethnic_group": "01", "political_status": "13", "email": "lin@example.com"}
EMPLOYER = {
    "employer_name": "广州市示范纸品有限公司",
    "credit_code": CREDIT_CODE,
    "industry": "22",
    "economic_type": "173",
    "employer_address": "广州市天河区示范路 18 号",
    "employer_phone": "020-83330000",
}
ACCOUNTING = {
    "accounting_post": "08",
    "admin_position": "01",
    "accounting_since": "2003-07",
    # Fits the beginning, give or take a year, whenever the tests run.
    "accounting_years": str(clock.year() - 2004),
    "technical_position": "03",
    "technical_position_since": "2008-12",
}
WORK = {
    DutyStatus.ACCOUNTING: ACCOUNTING | EMPLOYER,
    DutyStatus.OTHER_WORK: EMPLOYER,
    DutyStatus.UNEMPLOYED: {"home_address": "广州市天河区示范路 20 号 301 房"},
    DutyStatus.STUDENT: {"school_name": "广州某某学院"},
}
SCHOOLING = {
    "education_level": "31",
    "degree": "",
    "school": "广东某某财经学校",
    "major": "会计学",
    "entered_on": "2000-09",
    "graduated_on": "2003-07",
}
QUALIFICATION = {"type": "accounting", "level": "intermediate", "method": "exam"}
TALENT = {"type": "high_end", "selected_year": "2012", "state": "graduated", "graduation_year": "2015"}
AWARD = {"name": "先进会计工作者", "level": "city"}
CERTIFICATIONS = {"is_cpa": "no", "is_tax_adviser": "no", "is_asset_appraiser": "no", "abacus_grade": ""}


def posted(key, *rows):
    """Rows as a form posts them: posted("awards", {"name": …}) -> {"awards-0-name": …}."""
    return {f"{key}-{i}-{name}": value for i, row in enumerate(rows) for name, value in row.items()}


def answers_for(status, section, **changes):
    """POST data that completes a section (a Section or its key) for somebody with this duty status."""
    key = getattr(section, "key", section)
    made = {
        "personal": PERSONAL,
        "education": posted("full_time", SCHOOLING),
        "work": {"duty_status": str(status), "division": "440106"} | WORK[status],
        "professional": CERTIFICATIONS | posted("qualifications", QUALIFICATION),
        "awards": posted("awards", AWARD),
    }
    return made[key] | changes


def make_profile(*, accountant=None, submitted=False, **answers):
    """A draft whose five sections are complete (pictures apart), or its archive when `submitted`.

    `answers` are stored values of columns; `duty_status` decides which of the others it has.
    """
    accountant = accountant or make_accountant(collected=submitted)
    status = DutyStatus(answers.pop("duty_status", DutyStatus.ACCOUNTING))
    profile = Profile(accountant=accountant, notice_accepted_at=timezone.now())
    for key in ("personal", "work", "professional"):
        section = SECTION_BY_KEY[key]
        form = section.form_for(profile, answers_for(status, key), saved=no_rows(section)).form
        form.is_valid()
        for name in section.fields_for(status):
            setattr(profile, name, form.cleaned_data[name])
    profile.complete_sections = [section.key for section in SECTIONS]
    for name, value in answers.items():
        setattr(profile, name, value)
    if submitted:
        profile.state, profile.submitted_at = ProfileState.SUBMITTED, timezone.now()
        # Far above the numbers that services.submit makes of keys.
        profile.archive_number = f"{profile.division[:4]}-2026-{9_000_000 + next(_numbers)}"
    profile.save()
    make_schooling(profile)
    return profile


def make_submitted(**answers):
    """A finished archive of somebody who may study."""
    return make_profile(submitted=True, **answers)


def make_draft(accountant=None, **columns):
    """A profile as it is at the very first visit."""
    return Profile.objects.create(accountant=accountant or make_accountant(), **columns)


def no_rows(section):
    return {one.key: [] for one in section.lists}


def make_schooling(profile, **columns):
    """One full-time row."""
    values = SCHOOLING | {"mode": "full_time", "entered_on": "2000-09-01", "graduated_on": "2003-07-01"}
    row = Schooling.objects.create(profile=profile, **values | columns)
    row.refresh_from_db()
    return row


def make_pictures(profile, *kinds, state=AttachmentState.READY):
    """The rows of pictures, without their files; by default those of somebody with an ID card."""
    kinds = kinds or (AttachmentKind.PORTRAIT, AttachmentKind.ID_FRONT, AttachmentKind.ID_BACK)
    rows = [Attachment(profile=profile, kind=kind, state=state, width=358, height=441) for kind in kinds]
    return Attachment.objects.bulk_create(rows)


def make_passport_holder(**fields):
    """Somebody whose document tells neither gender nor birth date nor country."""
    number = f"E{next(_numbers):07d}X"
    assert facts("passport_foreign", number).birth_date is None
    return make_accountant(document_type="passport_foreign", document_number=number, **fields)

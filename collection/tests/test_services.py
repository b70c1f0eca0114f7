"""Opening, saving and submitting a profile."""

from datetime import date

import pytest

from accounting_platform.lib.errors import DomainError
from collection import services
from collection.choices import AttachmentState, DutyStatus
from collection.models import ArchiveVersion, Employer, Profile
from collection.sections import SECTION_BY_KEY
from collection.tests.factories import (
    CREDIT_CODE,
    PERSONAL,
    SCHOOLING,
    answers_for,
    make_draft,
    make_passport_holder,
    make_pictures,
    make_profile,
    posted,
)
from registration.models import AuditEvent
from registration.tests.factories import make_accountant

pytestmark = pytest.mark.django_db
WORK, PERSONAL_SECTION = SECTION_BY_KEY["work"], SECTION_BY_KEY["personal"]


def save(profile, key, data, **options):
    return services.save_section(profile.pk, SECTION_BY_KEY[key], data, by=profile.accountant.user, **options)


def submit(profile):
    return services.submit(profile.pk, by=profile.accountant.user)


def ready():
    profile = make_profile()
    make_pictures(profile)
    return profile


def sections_done(profile):
    profile.refresh_from_db()
    return profile.complete_sections


# --- opening


def test_open_profile_makes_one_draft():
    accountant = make_accountant()

    assert services.open_profile(accountant).pk == services.open_profile(accountant).pk
    assert Profile.objects.get().complete_sections == []


def test_profile_of_a_newcomer_is_not_saved():
    assert services.profile_of(make_accountant()).pk is None


def test_the_promise_keeps_its_first_time(at):
    profile = make_draft()
    at("2026-03-01 10:00")
    first = services.accept_notice(profile.pk, by=profile.accountant.user).notice_accepted_at
    at("2026-03-02 10:00")

    assert services.accept_notice(profile.pk, by=profile.accountant.user).notice_accepted_at == first
    assert AuditEvent.objects.filter(kind="collection.notice_accepted").count() == 1


# --- saving


def test_save_keeps_the_valid_answers_of_a_refused_section_and_empties_nothing():
    profile = make_profile()

    answers = save(profile, "work", {"duty_status": "unemployed", "division": "440103"})

    assert not answers.is_valid()
    profile.refresh_from_db()
    assert (profile.duty_status, profile.division, profile.version) == ("unemployed", "440103", 2)
    assert profile.employer_name == "广州市示范纸品有限公司"
    assert sections_done(profile) == ["personal", "education", "professional", "awards"]


def test_save_of_a_refused_section_without_anything_new_changes_nothing():
    profile = make_profile()

    answers = save(profile, "personal", PERSONAL | {"ethnic_group": ""})

    assert not answers.is_valid() and not answers.was_kept
    assert "personal" in sections_done(profile) and profile.version == 1


def test_leave_makes_a_section_unfinished_again():
    profile = make_profile()

    save(profile, "work", {"duty_status": "unemployed", "division": "440103"}, leave=True)

    assert sections_done(profile) == ["personal", "education", "professional", "awards"]
    assert (profile.duty_status, profile.division, profile.employer_name) == ("unemployed", "440103", "")


def test_audit_holds_field_names_and_no_values():
    profile = make_profile()

    save(profile, "work", answers_for(DutyStatus.ACCOUNTING, "work", employer_address="新地址 1 号"))

    event = AuditEvent.objects.get(kind="collection.section_saved")
    assert event.detail == {"section": "work", "fields": ["employer_address"]}
    assert event.accountant_id == profile.accountant_id


@pytest.mark.parametrize(
    ("posted_version", "refused"), [("2", True), ("3", False), ("", False), ("x", False)]
)
def test_an_older_page_is_refused_with_409(posted_version, refused):
    profile = make_profile(version=3)
    data = answers_for(DutyStatus.ACCOUNTING, "work", employer_address="新地址 1 号", version=posted_version)

    if refused:
        with pytest.raises(DomainError, match="页面已更新，请刷新后重试") as error:
            save(profile, "work", data)
        assert (error.value.status, error.value.code) == (409, "stale")
    else:
        assert save(profile, "work", data).is_valid()
    assert Profile.objects.filter(employer_address="新地址 1 号").exists() is not refused


def test_a_submitted_profile_is_not_saved_here():
    profile = make_profile(submitted=True)

    with pytest.raises(DomainError, match="信息变更"):
        save(profile, "work", answers_for(DutyStatus.STUDENT, "work"))


def test_leaving_student_life_asks_for_the_graduation_left_open():
    profile = make_profile(duty_status=DutyStatus.STUDENT)
    profile.schooling_set.update(graduated_on=None)

    save(profile, "work", answers_for(DutyStatus.ACCOUNTING, "work"))

    assert "education" not in sections_done(profile)
    assert "work" in profile.complete_sections


def test_graduation_left_open_before_the_status_is_known_is_asked_for_afterwards():
    profile = make_draft(notice_accepted_at="2026-01-01T00:00Z")
    save(profile, "education", posted("full_time", SCHOOLING | {"graduated_on": ""}))
    assert sections_done(profile) == ["education"]

    save(profile, "work", answers_for(DutyStatus.UNEMPLOYED, "work"))

    assert sections_done(profile) == ["work"]


def test_identity_told_in_the_first_section_is_kept_with_the_accountant():
    profile = make_draft(make_passport_holder())
    make_pictures(profile, "portrait", "id_front")
    told = {"gender": "male", "birth_date": "1980-01-02", "country": "USA"}

    assert save(profile, "personal", PERSONAL | told).is_valid()

    accountant = profile.accountant
    accountant.refresh_from_db()
    assert (accountant.gender, accountant.birth_date, accountant.country) == ("male", date(1980, 1, 2), "USA")
    assert AuditEvent.objects.get(kind="collection.section_saved").detail["fields"][0] == "birth_date"


def test_another_birth_date_asks_for_the_work_section_again():
    holder = make_passport_holder(gender="male", birth_date=date(1980, 1, 2), country="USA")
    profile = make_profile(accountant=holder)
    make_pictures(profile, "portrait", "id_front")

    save(profile, "personal", PERSONAL | {"gender": "male", "birth_date": "1995-01-02", "country": "USA"})

    assert sections_done(profile) == ["personal", "education", "professional", "awards"]
    holder.refresh_from_db()
    assert holder.birth_date == date(1995, 1, 2)


def test_an_employer_left_behind_is_not_linked_any_more():
    profile = make_profile(employer=Employer.objects.create(name="旧单位", credit_code=CREDIT_CODE))

    save(profile, "work", answers_for(DutyStatus.UNEMPLOYED, "work"))

    profile.refresh_from_db()
    assert profile.employer is None


# --- submitting


def test_submit_makes_number_archive_and_directory_entry(at):
    at("2026-11-23 14:32")
    profile = ready()

    submit(profile)

    profile.refresh_from_db()
    assert profile.archive_number == f"4401-2026-{profile.pk:07d}"
    assert profile.accountant.__class__.objects.get().is_collected
    assert ArchiveVersion.objects.get().content["archive_number"] == profile.archive_number
    assert Employer.objects.get().credit_code == CREDIT_CODE
    assert AuditEvent.objects.get(kind="collection.submitted").accountant_id == profile.accountant_id


def test_submit_again_changes_nothing():
    profile = ready()
    first = submit(profile)

    again = submit(profile)

    assert (again.archive_number, again.submitted_at) == (first.archive_number, first.submitted_at)
    assert ArchiveVersion.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"notice_accepted_at": None}, "notice"),
        ({"ethnic_group": ""}, "personal"),
        ({"credit_code": "91440101MA00000157"}, "work"),
        ({"is_cpa": None}, "professional"),
    ],
)
def test_submit_asks_every_form_again(change, field):
    profile = ready()
    Profile.objects.update(**change)

    with pytest.raises(DomainError) as error:
        submit(profile)

    assert (error.value.field, error.value.code) == (field, "unfinished")
    assert not ArchiveVersion.objects.exists()


def test_submit_asks_for_the_rows_again():
    profile = ready()
    profile.schooling_set.all().delete()

    with pytest.raises(DomainError, match="“学历信息”还没有填完"):
        submit(profile)


def test_submit_waits_for_a_picture_in_work():
    profile = make_profile()
    make_pictures(profile, "portrait", "id_front")
    make_pictures(profile, "id_back", state=AttachmentState.PROCESSING)

    with pytest.raises(DomainError, match="“身份证国徽面”正在处理") as error:
        submit(profile)

    assert error.value.field == "personal"


def test_numbers_of_the_province_itself_begin_with_4400():
    profile = make_profile(division="440000-B")

    assert services.archive_number(profile).startswith("4400-")

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from accounting_platform.lib.errors import DomainError
from accounting_platform.tests.pictures import render
from collection import attachments, closing, services
from collection.choices import DutyStatus, VersionCause
from collection.models import Attachment, Profile
from collection.tests.factories import make_pictures, make_profile
from registration.tests.factories import make_accountant

pytestmark = pytest.mark.django_db
ADDRESS = "广州市天河区示范路 20 号 301 房"


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    """`commits(call)` does it and everything that follows its commit."""

    def run(call, *args):
        with django_capture_on_commit_callbacks(execute=True):
            return call(*args)

    return run


def make_picture(profile):
    file = SimpleUploadedFile("a.jpg", render("portrait", (600, 800)).content)
    return attachments.receive(profile, "portrait", file, by=profile.accountant.user)


def files():
    return [name for folder in ("quarantine", "pictures") for name in listing(folder)]


def listing(folder):
    if not default_storage.exists(folder):
        return []
    folders, names = default_storage.listdir(folder)
    return [*names, *(name for inner in folders for name in listing(f"{folder}/{inner}"))]


def test_draft_goes_entirely(commits):
    profile = make_profile()
    commits(make_picture, profile)
    assert files()

    commits(closing.erase, profile.accountant)

    assert not Profile.objects.exists() and not Attachment.objects.exists()
    assert files() == []


def test_archive_loses_pictures_and_addresses_alone(commits):
    profile = make_profile(duty_status=DutyStatus.UNEMPLOYED, submitted=True)
    commits(make_picture, profile)

    commits(closing.erase, profile.accountant)

    kept = Profile.objects.get()
    assert (kept.home_address, kept.email, files()) == ("", "", [])
    assert list(attachments.standing(kept)) == []
    assert kept.archive_number == profile.archive_number and kept.is_submitted
    assert kept.division == "440106" and kept.schooling_set.exists()
    assert kept.complete_sections == ["education", "professional", "awards"]


def test_past_versions_lose_the_numbers_and_addresses():
    profile = make_profile(duty_status=DutyStatus.UNEMPLOYED, submitted=True)
    services.store_version(profile, cause=VersionCause.SUBMITTED, by=None)
    person = profile.accountant
    gone = {person.document_number, person.phone, ADDRESS, profile.email}
    rows = all_rows(profile)
    assert gone <= {row["value"] for row in rows}

    closing.erase(person)

    left = all_rows(profile)
    assert not gone & {row["value"] for row in left}
    assert [row["field"] for row in left] == [row["field"] for row in rows]
    assert "林嘉敏" in {row["value"] for row in left}


def all_rows(profile):
    content = profile.archiveversion_set.get().content
    return [row for panel in content["panels"] for row in panel["rows"]]


def test_archive_opens_as_a_draft_that_lacks_what_was_deleted(commits):
    profile = make_profile(duty_status=DutyStatus.UNEMPLOYED, submitted=True)
    commits(closing.erase, profile.accountant)

    closing.reopen(profile.accountant)

    again = Profile.objects.get()
    assert not again.is_submitted and again.notice_accepted_at is None
    services.accept_notice(again.pk, by=profile.accountant.user)
    with pytest.raises(DomainError, match="“工作信息”还没有填完"):
        services.submit(again.pk, by=profile.accountant.user)


def test_archive_submitted_again_keeps_its_number():
    profile = make_profile(submitted=True)
    closing.erase(profile.accountant)
    closing.reopen(profile.accountant)
    services.accept_notice(profile.pk, by=profile.accountant.user)
    make_pictures(profile)

    again = services.submit(profile.pk, by=profile.accountant.user)

    assert again.is_submitted and again.archive_number == profile.archive_number


@pytest.mark.parametrize(
    ("submitted", "words"),
    [(False, "已填写的内容和照片会全部删除"), (True, "会计人员信息档案按档案管理规定保留")],
)
def test_warnings_tell_a_draft_from_an_archive(submitted, words):
    (warning,) = closing.warnings(make_profile(submitted=submitted).accountant)

    assert words in warning


def test_somebody_without_a_profile_has_nothing_to_lose():
    accountant = make_accountant()

    closing.erase(accountant)
    closing.reopen(accountant)

    assert closing.warnings(accountant) == []

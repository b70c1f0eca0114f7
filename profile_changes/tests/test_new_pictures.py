"""A new picture in 信息变更 waits for 保存: leaving the page changes nothing."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from collection import attachments, picture_sweep
from collection.choices import AttachmentState
from collection.models import ArchiveVersion, Attachment
from collection.sections import SECTION_BY_KEY
from profile_changes import diff
from profile_changes.models import ChangeRequest
from profile_changes.tests.factories import make_changeable
from profile_changes.tests.test_services import save

pytestmark = pytest.mark.django_db
PERSONAL = SECTION_BY_KEY["personal"]


def give(profile, kind="portrait", state=AttachmentState.READY):
    """A picture as the worker leaves it that was sent for a finished archive."""
    return Attachment.objects.create(
        profile=profile, kind=kind, state=state, for_change=True, width=358, height=441
    )


def counting(profile, kind="portrait"):
    return attachments.current(profile, kind)


def test_until_it_is_saved_the_old_picture_counts(client):
    profile = make_changeable()
    old, new = counting(profile), give(profile)
    client.force_login(profile.accountant.user)

    page = client.get(reverse("changes:edit", args=["personal"]))

    assert str(new.pk) in page.text and str(old.pk) not in page.text
    assert "待保存" in page.text and "不换了，用原来的" in page.text
    assert counting(profile) == old
    assert str(old.pk) in client.get(reverse("collection:archive")).text
    assert not ChangeRequest.objects.exists()


def test_saving_puts_it_in_the_place_of_the_old_one_with_history_and_archive():
    profile = make_changeable()
    old, new = counting(profile), give(profile)

    _answers, change = save(profile, PERSONAL, email="new@example.com")

    assert counting(profile) == new
    old.refresh_from_db()
    assert old.replaced_at is not None
    assert change.differences["portrait"] == ["旧照片", "新照片"]
    lines = {line.label: (line.before, line.after) for line in diff.lines(change)}
    assert lines["本人免冠证件照头像"] == ("旧照片", "新照片")
    assert ArchiveVersion.objects.filter(profile=profile).count() == 1


def test_a_picture_alone_is_a_change():
    profile = make_changeable()
    new = give(profile)

    _answers, change = save(profile, PERSONAL)

    assert change is not None and counting(profile) == new


def test_saving_waits_for_a_picture_that_is_being_processed():
    profile = make_changeable()
    old, _new = counting(profile), give(profile, state=AttachmentState.PROCESSING)

    answers, change = save(profile, PERSONAL, email="new@example.com")

    assert change is None
    assert [words for _id, _label, words in answers.problems] == [
        "“本人免冠证件照头像”正在处理，请稍等几秒再保存"
    ]
    assert counting(profile) == old


def test_it_is_given_up_by_its_owner(client):
    profile = make_changeable()
    old, new = counting(profile), give(profile)
    client.force_login(profile.accountant.user)

    page = client.post(
        reverse("collection:upload"),
        {"kind": "portrait", "withdraw": "1"},
        headers={"HX-Request": "true"},
    )

    new.refresh_from_db()
    assert new.replaced_at is not None and counting(profile) == old
    assert str(old.pk) in page.text and "已上传" in page.text


def test_what_nobody_saves_is_forgotten_after_a_day(django_capture_on_commit_callbacks):
    profile = make_changeable()
    forgotten, fresh = give(profile), give(profile, "id_front")
    a_day_ago = timezone.now() - timedelta(days=1, minutes=1)
    Attachment.objects.filter(pk=forgotten.pk).update(created_at=a_day_ago)
    Attachment.objects.filter(for_change=False).update(created_at=a_day_ago)

    with django_capture_on_commit_callbacks(execute=True):
        picture_sweep.sweep()

    left = Attachment.objects.filter(profile=profile, replaced_at=None)
    assert forgotten not in left and fresh in left
    assert left.filter(for_change=False).count() == 3

"""Staff see a picture marked with its purpose, for a reason, of their own division; its owner sees it clean."""

import io
import re
from base64 import b64decode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image, ImageChops

from accounting_platform.lib import watermark
from accounting_platform.tests.pictures import render
from collection import attachments
from collection.tests.factories import make_pictures, make_submitted
from registration.models import AuditEvent
from registration.tests.factories import make_staff, staff_login

REASON = "核对证件照片是否清晰"
RIGHTS = ["collection.view_profile"]


@pytest.fixture
def profile(django_capture_on_commit_callbacks):
    """Somebody whose picture of the card is ready."""
    profile = make_submitted(division="440106")
    file = SimpleUploadedFile("card.jpg", render("id_card_front", (1600, 1000)).content)
    with django_capture_on_commit_callbacks(execute=True):
        attachments.receive(profile, "id_front", file, by=profile.accountant.user)
    attachments.take_new(profile, attachments.slots(profile, "personal"))
    return profile


@pytest.fixture
def staff(client):
    staff = make_staff(permissions=RIGHTS, division_scope="4401")
    staff_login(client, staff)
    return staff


def look(client, profile, kind="id_front", reason=REASON):
    address = reverse("admin:collection_profile_reveal", args=[profile.pk])
    return client.post(address, {"field": kind, "reason": reason})


def picture_of(response):
    found = re.search(r'src="data:image/jpeg;base64,([^"]+)"', response.content.decode())
    return found and Image.open(io.BytesIO(b64decode(found[1])))


@pytest.mark.django_db
def test_a_picture_is_shown_marked_after_a_reason(client, staff, profile):
    response = look(client, profile)

    shown, clean = (
        picture_of(response),
        Image.open(io.BytesIO(attachments.read(profile.attachment_set.get()))),
    )
    changed = ImageChops.difference(shown.convert("L"), clean.convert("L")).point(
        lambda value: 255 * (value > 30)
    )
    assert shown.size == clean.size == (1600, 1000)
    # All over the picture: no ninth of it stays clean.
    parts = [changed.crop((x, y, x + 533, y + 333)) for x in (0, 533, 1066) for y in (0, 333, 666)]
    assert all(part.histogram()[255] > 3000 for part in parts)
    assert "no-store" in response["Cache-Control"]
    event = AuditEvent.objects.get(kind="person.viewed")
    assert (event.actor_id, event.accountant_id) == (staff.pk, profile.accountant_id)
    assert event.detail == {"fields": ["id_front"], "reason": REASON}


@pytest.mark.django_db
def test_the_mark_tells_who_and_when(client, staff, profile, monkeypatch, at):
    at("2026-11-23 14:32:00")
    told = []
    monkeypatch.setattr(watermark, "stamp", lambda raw, words: told.append(words) or raw)

    look(client, profile)

    assert told == [f"{staff.username} 2026-11-23 14:32"]


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "reason"), [("id_front", "核对"), ("portrait", REASON), ("id_front", "")])
def test_without_a_reason_or_a_picture_nothing_is_shown(client, staff, profile, kind, reason):
    response = look(client, profile, kind, reason)

    assert (response.status_code, picture_of(response)) == (400, None)
    assert not AuditEvent.objects.filter(kind="person.viewed").exists()


@pytest.mark.django_db
def test_the_page_offers_the_look_and_asks_why(client, staff, profile):
    address = reverse("admin:collection_profile_change", args=[profile.pk])

    offered, asked = client.get(address), client.get(address, {"reveal": "id_front"})

    assert "?reveal=id_front" in offered.content.decode() and picture_of(offered) is None
    assert "查看身份证人像面" in asked.content.decode() and picture_of(asked) is None


@pytest.mark.django_db
def test_pictures_of_another_division_are_404(client, profile):
    staff_login(client, make_staff(permissions=RIGHTS, division_scope="4403"))

    assert look(client, profile).status_code == 404
    assert (
        client.get(reverse("collection:attachment", args=[profile.attachment_set.get().pk])).status_code
        == 404
    )
    assert not AuditEvent.objects.filter(kind="person.viewed").exists()


@pytest.mark.django_db
def test_the_owner_sees_it_clean(client, profile):
    client.force_login(profile.accountant.user)
    picture = profile.attachment_set.get()

    assert client.get(reverse("collection:attachment", args=[picture.pk])).content == attachments.read(
        picture
    )


@pytest.mark.django_db
def test_a_lost_file_is_told(client, staff):
    profile = make_submitted(division="440106")
    make_pictures(profile, "portrait")
    profile.attachment_set.update(file="pictures/2026-01-01/gone")

    response = look(client, profile, "portrait")

    assert "这张照片暂时找不到" in response.content.decode()


def test_a_mark_with_a_name_in_chinese_still_says_when():
    raw = render("portrait", (358, 441)).content

    assert Image.open(io.BytesIO(watermark.stamp(raw, "李静 2026-11-23 14:32"))).size == (358, 441)

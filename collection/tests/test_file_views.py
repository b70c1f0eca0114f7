import uuid

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounting_platform.tests.pictures import render
from collection import attachments
from collection.choices import AttachmentKind, AttachmentState
from collection.models import Attachment
from collection.tests.factories import make_profile, make_submitted

UPLOAD = reverse("collection:upload")
FRAGMENT = {"HX-Request": "true"}


def picture(size=(900, 1200)):
    return SimpleUploadedFile("portrait.jpg", render("portrait", size).content)


@pytest.fixture
def member(client):
    """Somebody logged in who has a draft."""
    profile = make_profile()
    client.force_login(profile.accountant.user)
    return profile


@pytest.fixture
def ready(member, django_capture_on_commit_callbacks):
    """A finished portrait of that member."""
    with django_capture_on_commit_callbacks(execute=True):
        row = attachments.receive(member, "portrait", picture(), by=member.accountant.user)
    row.refresh_from_db()
    return row


@pytest.mark.django_db
def test_upload_without_script_goes_back_to_its_page(client, member):
    answers = {"kind": "portrait", "file": picture(), "next": "/collection/personal/"}

    response = client.post(UPLOAD, answers)

    assert (response.status_code, response.url) == (302, "/collection/personal/")
    assert Attachment.objects.get().state == AttachmentState.PROCESSING


@pytest.mark.django_db
def test_upload_goes_back_to_no_other_host(client, member):
    response = client.post(UPLOAD, {"kind": "portrait", "file": picture(), "next": "https://example.com/"})

    assert response.url == reverse("collection:section", args=["personal"])


@pytest.mark.django_db
def test_upload_by_script_gets_the_slot_that_asks_for_itself(client, member):
    response = client.post(UPLOAD, {"kind": "portrait", "file": picture()}, headers=FRAGMENT)

    page = response.content.decode()
    state = reverse("collection:attachment_state", args=["portrait"])
    assert response.status_code == 200
    assert "处理中" in page and f'hx-get="{state}?seen={Attachment.objects.get().pk}' in page
    assert "<html" not in page


@pytest.mark.django_db
@pytest.mark.parametrize("headers", [{}, FRAGMENT], ids=["page", "fragment"])
def test_upload_refused_says_why_at_the_slot(client, member, headers):
    response = client.post(UPLOAD, {"kind": "portrait", "file": picture((150, 200))}, headers=headers)

    assert response.status_code == 400
    assert "图片太小，请上传清晰的照片" in response.content.decode()
    assert Attachment.objects.count() == 0


@pytest.mark.django_db
def test_upload_without_a_file_is_a_refusal(client, member):
    response = client.post(UPLOAD, {"kind": "portrait"})

    assert response.status_code == 400
    assert "请先选择一张照片" in response.content.decode()


@pytest.mark.django_db
def test_upload_on_a_full_disk_is_503(client, member, monkeypatch):
    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(default_storage, "save", full, raising=False)

    response = client.post(UPLOAD, {"kind": "portrait", "file": picture()}, headers=FRAGMENT)

    assert response.status_code == 503
    assert "暂时无法保存文件，请稍后再试" in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["", "id_frontal", "../../etc", "portrait\x00"])
def test_upload_of_an_unknown_kind_is_404(client, member, kind):
    assert client.post(UPLOAD, {"kind": kind, "file": picture()}).status_code == 404


@pytest.mark.django_db
def test_upload_works_after_submission(client, django_capture_on_commit_callbacks):
    profile = make_submitted()
    client.force_login(profile.accountant.user)

    with django_capture_on_commit_callbacks(execute=True):
        client.post(UPLOAD, {"kind": "portrait", "file": picture()}, headers=FRAGMENT)

    slot = attachments.slot(profile, AttachmentKind.PORTRAIT)
    assert (slot.current, slot.new.state) == (None, AttachmentState.READY)


@pytest.mark.django_db
def test_state_is_silent_until_something_new_can_be_said(client, member, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks():
        row = attachments.receive(member, "portrait", picture(), by=member.accountant.user)
    address = reverse("collection:attachment_state", args=["portrait"])
    assert client.get(address, {"seen": row.pk}, headers=FRAGMENT).status_code == 204

    with django_capture_on_commit_callbacks(execute=True):
        attachments.process(row.pk)
    page = client.get(address, {"seen": row.pk}, headers=FRAGMENT).content.decode()

    assert "已上传" in page and "hx-get" not in page
    assert reverse("collection:attachment", args=[row.pk]) in page


@pytest.mark.django_db
def test_owner_gets_the_picture_and_nothing_may_keep_or_run_it(client, ready):
    response = client.get(reverse("collection:attachment", args=[ready.pk]))

    assert response.content[:3] == b"\xff\xd8\xff"
    assert {name: response[name] for name in ("Content-Type", "Cache-Control", "X-Content-Type-Options")} == {
        "Content-Type": "image/jpeg",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Content-Disposition"] == 'inline; filename="portrait.jpg"'


@pytest.mark.django_db
def test_foreign_and_missing_pictures_are_the_same_404(client, ready):
    client.force_login(make_profile().accountant.user)

    foreign = client.get(reverse("collection:attachment", args=[ready.pk]))
    missing = client.get(reverse("collection:attachment", args=[uuid.uuid4()]))

    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert len(foreign.content) == len(missing.content)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["upload", "attachment", "attachment_state"])
def test_visitors_are_asked_to_log_in(client, name):
    arguments = {"attachment": [uuid.uuid4()], "attachment_state": ["portrait"]}.get(name, [])

    response = client.get(reverse(f"collection:{name}", args=arguments))

    assert response.status_code == 302 and response.url.startswith(reverse("registration:login"))


@pytest.mark.django_db
def test_replaced_picture_is_gone(client, ready, member, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        attachments.receive(member, "portrait", picture((800, 1100)), by=member.accountant.user)

    assert client.get(reverse("collection:attachment", args=[ready.pk])).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("key", "libraries"),
    [("personal", ["compressorjs", "cropperjs"]), ("work", ["compressorjs"]), ("education", [])],
)
def test_libraries_are_loaded_where_pictures_are_asked(client, member, key, libraries):
    page = client.get(reverse("collection:section", args=[key])).content.decode()

    assert [name for name in ("compressorjs", "cropperjs") if f"vendor/{name}-" in page] == libraries

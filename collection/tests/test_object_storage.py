"""Pictures in an S3-compatible store, against a real server process: the same as on a disk, sealed all the same."""

import subprocess
import sys
import time
import urllib.request
from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounting_platform import settings_files
from accounting_platform.processes import free_port
from accounting_platform.tests.pictures import render
from accounting_platform.views import check_storage
from collection import attachments, picture_files
from collection.choices import AttachmentKind
from collection.models import Attachment
from collection.tests.factories import make_profile

ACCOUNT = {
    "access_key": "tests",
    "secret_key": "only",
    "region_name": "us-east-1",
    "addressing_style": "path",
}
PORTRAIT = AttachmentKind.PORTRAIT


@pytest.fixture(scope="module")
def server():
    """The address of an S3 server of this module's own."""
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(10)


def wait_for(address, tries=100):
    for _ in range(tries):
        try:
            return urllib.request.urlopen(address, timeout=2).read()
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the S3 server does not answer")


@pytest.fixture
def bucket(server, settings, files_of_this_test):
    """The default storage is an empty bucket there; gives the SDK's own view of it."""
    wait_for(server)
    urllib.request.urlopen(urllib.request.Request(f"{server}/moto-api/reset", method="POST"), timeout=5)
    use(settings, server)
    default_storage.connection.create_bucket(Bucket="pictures")
    return default_storage.connection.Bucket("pictures")


def use(settings, address):
    s3 = ACCOUNT | {"bucket_name": "pictures", "endpoint_url": address, "location": "platform"}
    storage = settings_files.file_storage("unused", s3)
    settings.STORAGES = settings.STORAGES | {"default": storage}


def upload():
    return SimpleUploadedFile("portrait.jpg", render("portrait", (900, 1200)).content)


def names(bucket):
    return sorted(item.key for item in bucket.objects.all())


@pytest.mark.django_db
def test_a_picture_lies_sealed_in_the_bucket_and_is_read_back(bucket, django_capture_on_commit_callbacks):
    profile = make_profile()
    with django_capture_on_commit_callbacks() as callbacks:
        row = attachments.receive(profile, PORTRAIT, upload(), by=profile.accountant.user)
    assert names(bucket) == [f"platform/{row.quarantine}"]

    callbacks[0]()
    picture = attachments.current(profile, PORTRAIT)

    assert f"platform/{picture.file}" in names(bucket)
    for item in bucket.objects.all():
        content = item.get()["Body"].read()
        assert b"JFIF" not in content and b"\xff\xd8\xff" not in content
    assert attachments.read(picture)[:3] == b"\xff\xd8\xff"


@pytest.mark.django_db
def test_replaced_pictures_leave_the_bucket(bucket, django_capture_on_commit_callbacks):
    profile = make_profile()
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            attachments.receive(profile, PORTRAIT, upload(), by=profile.accountant.user)

    assert names(bucket) == [f"platform/{attachments.current(profile, PORTRAIT).file}"]


@pytest.mark.django_db
def test_the_sweep_finds_orphans_in_the_bucket(bucket, at):
    orphans = [picture_files.save_upload(b"a"), picture_files.save_picture(b"b")]
    assert picture_files.recent_picture_folders() == [orphans[1].rpartition("/")[0]]

    at(timezone.now() + timedelta(hours=25))
    picture_files.remove_orphans(picture_files.QUARANTINE, lambda found: [])

    assert names(bucket) == [f"platform/{orphans[1]}"]


@pytest.mark.django_db
def test_a_store_that_is_away_is_told_and_loses_nothing(client, settings, files_of_this_test):
    use(settings, f"http://127.0.0.1:{free_port()}")
    profile = make_profile()
    client.force_login(profile.accountant.user)

    response = client.post(reverse("collection:upload"), {"kind": "portrait", "file": upload()})

    assert response.status_code == 503 and "暂时无法保存文件，请稍后再试" in response.content.decode()
    assert Attachment.objects.count() == 0


@pytest.mark.django_db
def test_a_missing_object_is_a_missing_file(client, bucket, django_capture_on_commit_callbacks):
    profile = make_profile()
    with django_capture_on_commit_callbacks(execute=True):
        attachments.receive(profile, PORTRAIT, upload(), by=profile.accountant.user)
    picture = attachments.current(profile, PORTRAIT)
    default_storage.delete(picture.file)
    client.force_login(profile.accountant.user)

    assert client.get(reverse("collection:attachment", args=[picture.pk])).status_code == 404
    assert picture_files.listing("nowhere") == ([], []) and not default_storage.exists(picture.file)
    with pytest.raises(FileNotFoundError):
        default_storage.get_modified_time(picture.file)


def test_readiness_asks_the_bucket(bucket):
    check_storage()

    assert names(bucket) == []


@pytest.mark.parametrize(
    ("lacking", "named"),
    [("storages", "requirements-s3.txt"), ("access_key", "S3_ACCESS_KEY"), ("secret_key", "S3_SECRET_KEY")],
)
def test_settings_name_what_a_store_lacks(monkeypatch, lacking, named):
    given = ACCOUNT | {"bucket_name": "pictures", lacking: ""}
    monkeypatch.setattr(settings_files, "find_spec", lambda name: name != lacking)

    with pytest.raises(ImproperlyConfigured, match=named):
        settings_files.file_storage("unused", given)


def test_without_a_bucket_files_stay_here():
    storage = settings_files.file_storage("here", {"bucket_name": ""})

    assert storage["BACKEND"].endswith("FileSystemStorage") and storage["OPTIONS"]["location"] == "here"

from threading import Barrier, Thread

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from accounting_platform.lib.errors import DomainError
from accounting_platform.tests.pictures import render
from collection import attachments, tasks
from collection.choices import AttachmentKind, AttachmentState
from collection.tests.factories import make_profile


def receive(profile):
    file = SimpleUploadedFile("portrait.jpg", render("portrait", (900, 1200)).content)
    return attachments.receive(profile, AttachmentKind.PORTRAIT, file, by=profile.accountant.user)


@pytest.fixture
def waiting(django_capture_on_commit_callbacks):
    """An upload whose doorbell nobody has answered."""
    with django_capture_on_commit_callbacks():
        return receive(make_profile())


@pytest.mark.django_db
def test_picture_that_takes_too_long_is_sent_back(waiting, monkeypatch):
    def too_long(attachment_id):
        raise SoftTimeLimitExceeded

    monkeypatch.setattr(attachments, "process", too_long)
    tasks.process_attachment(str(waiting.pk))

    waiting.refresh_from_db()
    assert (waiting.state, waiting.reason) == (AttachmentState.REJECTED, "图片无法识别，请重新拍摄后上传")


@pytest.mark.django_db
def test_full_disk_leaves_the_picture_waiting_with_all_its_tries(waiting, monkeypatch):
    def full(raw):
        raise DomainError("暂时无法保存文件，请稍后再试", status=503)

    monkeypatch.setattr(attachments.picture_files, "save_picture", full)
    for _ in range(attachments.MAX_TRIES + 1):
        tasks.process_attachment(str(waiting.pk))

    waiting.refresh_from_db()
    assert (waiting.state, waiting.tries) == (AttachmentState.PROCESSING, 0)


@pytest.mark.django_db
def test_doorbell_for_nothing_rings_unheard():
    tasks.process_attachment("00000000-0000-4000-8000-000000000000")


@pytest.mark.django_db
def test_upload_is_taken_while_the_broker_is_away(monkeypatch, django_capture_on_commit_callbacks):
    def away(*args):
        raise ConnectionError("no broker")

    monkeypatch.setattr(tasks.process_attachment, "delay", away)
    with django_capture_on_commit_callbacks(execute=True):
        row = receive(make_profile())

    assert row.state == AttachmentState.PROCESSING


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_workers_on_two_pictures_of_a_kind_leave_the_newer_one(monkeypatch):
    monkeypatch.setattr(attachments, "ring", lambda key: None)
    profile = make_profile()
    rows = [receive(profile), receive(profile)]
    produce, together = attachments.images.produce, Barrier(4)

    def all_at_once(raw, **shape):
        made = produce(raw, **shape)
        together.wait(timeout=10)
        return made

    def work(key):
        try:
            attachments.process(key)
        finally:
            connection.close()

    monkeypatch.setattr(attachments.images, "produce", all_at_once)
    workers = [Thread(target=work, args=[row.pk]) for row in rows * 2]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    newest = attachments.current(profile, AttachmentKind.PORTRAIT)
    assert newest == rows[1]
    folder = newest.file.rpartition("/")[0]
    assert default_storage.listdir(folder)[1] == [newest.file.rpartition("/")[2]]
    assert default_storage.listdir("quarantine")[1] == []

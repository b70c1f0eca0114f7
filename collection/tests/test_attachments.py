import os
import time
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from accounting_platform.lib.encryption import seal
from accounting_platform.lib.errors import DomainError
from accounting_platform.tests.pictures import render
from collection import attachments, picture_files, picture_rules, picture_sweep
from collection.choices import AttachmentKind, AttachmentState, DutyStatus
from collection.models import Attachment
from collection.tests.factories import make_profile
from registration.models import AuditEvent
from registration.tests.factories import make_accountant

PORTRAIT, ID_FRONT = AttachmentKind.PORTRAIT, AttachmentKind.ID_FRONT
READY, REJECTED, PROCESSING = AttachmentState.READY, AttachmentState.REJECTED, AttachmentState.PROCESSING


def upload(kind="portrait", size=(900, 1200), **options):
    return SimpleUploadedFile("IMG 证件 <1>.exe", render(kind, size, **options).content, "text/html")


def broken_upload():
    """A JPEG whose header is right and whose pixels stop in the middle."""
    content = render("portrait", (900, 1200)).content
    return SimpleUploadedFile("broken.jpg", content[: len(content) // 2])


def receive(profile, kind=PORTRAIT, file=None):
    return attachments.receive(profile, kind, file or upload(), by=profile.accountant.user)


def received(capture, profile, kind=PORTRAIT, file=None):
    """The row of an upload whose doorbell a worker has answered."""
    with capture(execute=True):
        row = receive(profile, kind, file)
    row.refresh_from_db()
    return row


def files():
    """The names of everything in the storage."""
    root = default_storage.location
    return sorted(
        os.path.relpath(os.path.join(at, name), root) for at, _, names in os.walk(root) for name in names
    )


def make_old(name, **age):
    past = time.time() - timedelta(**age).total_seconds()
    os.utime(default_storage.path(name), (past, past))


@pytest.mark.django_db
def test_upload_waits_sealed_in_quarantine_for_a_worker(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        row = receive(make_profile())

    assert (row.state, files(), len(callbacks)) == (PROCESSING, [row.quarantine], 1)
    assert b"\xff\xd8\xff" not in default_storage.open(row.quarantine).read()


@pytest.mark.django_db
def test_portrait_is_made_upright_cropped_stripped_and_sealed(django_capture_on_commit_callbacks):
    profile = make_profile()
    file = upload("portrait", (1800, 2400), orientation=6, gps=True)

    row = received(django_capture_on_commit_callbacks, profile, file=file)

    picture = Image.open(BytesIO(attachments.read(row)))
    assert (row.state, row.quarantine, files()) == (READY, "", [row.file])
    assert (picture.format, picture.size, (row.width, row.height)) == ("JPEG", (358, 441), (358, 441))
    assert not picture.getexif() and "icc_profile" not in picture.info
    # Dark hair above, skin below: the head is up.
    assert sum(picture.getpixel((179, 90))) < sum(picture.getpixel((179, 240))) - 200
    stored = default_storage.open(row.file).read()
    assert b"\xff\xd8\xff" not in stored and b"JFIF" not in stored


@pytest.mark.django_db
def test_card_keeps_its_shape_and_is_at_most_1600_long(django_capture_on_commit_callbacks):
    file = upload("id_card_front", (4000, 2500))

    row = received(django_capture_on_commit_callbacks, make_profile(), ID_FRONT, file)

    assert (row.state, row.width, row.height) == (READY, 1600, 1000)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("file", "message"),
    [
        (SimpleUploadedFile("a.jpg", b"GIF89a" + b"0" * 100), "请上传JPG或PNG格式的图片"),
        (SimpleUploadedFile("a.jpg", b"\xff\xd8\xff" + b"0" * (12 * 1024 * 1024)), "图片不能超过12MB"),
        (SimpleUploadedFile("a.jpg", render("portrait", (150, 200)).content), "图片太小，请上传清晰的照片"),
        (SimpleUploadedFile("a.jpg", b""), "请上传JPG或PNG格式的图片"),
    ],
    ids=["type", "bytes", "small", "empty"],
)
def test_receive_refuses_what_the_header_tells_and_keeps_nothing(file, message):
    profile = make_profile()

    with pytest.raises(DomainError, match=message):
        receive(profile, file=file)

    assert (Attachment.objects.count(), files()) == (0, [])


@pytest.mark.django_db
def test_receive_refuses_a_picture_that_this_document_does_not_have():
    profile = make_profile(
        accountant=make_accountant(document_type="passport_cn", document_number="E12345678")
    )

    with pytest.raises(DomainError, match="不需要这种照片"):
        receive(profile, AttachmentKind.ID_BACK, upload("id_card_back", (1200, 750)))


@pytest.mark.django_db
def test_what_fails_in_the_worker_is_sent_back_with_a_reason(django_capture_on_commit_callbacks):
    profile = make_profile()

    row = received(django_capture_on_commit_callbacks, profile, file=broken_upload())

    slot = attachments.slot(profile, PORTRAIT)
    assert (row.state, row.reason, files()) == (REJECTED, "图片无法识别，请重新拍摄后上传", [])
    assert slot.problem == "请重新上传“本人免冠证件照头像”：图片无法识别，请重新拍摄后上传"


@pytest.mark.django_db
def test_full_disk_is_told_and_leaves_nothing(monkeypatch):
    profile = make_profile()

    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(default_storage, "_save", full, raising=False)
    with pytest.raises(DomainError, match="暂时无法保存文件，请稍后再试") as refusal:
        receive(profile)

    assert (refusal.value.status, Attachment.objects.count()) == (503, 0)


@pytest.mark.django_db
def test_file_goes_when_its_row_cannot_be_written(monkeypatch):
    def refuse(*args, **kwargs):
        raise RuntimeError("the database is away")

    monkeypatch.setattr(attachments.audit, "record", refuse)
    with pytest.raises(RuntimeError):
        receive(make_profile())

    assert (Attachment.objects.count(), files()) == (0, [])


@pytest.mark.django_db
def test_replacement_leaves_the_old_picture_until_it_is_ready(django_capture_on_commit_callbacks):
    profile = make_profile()
    old = received(django_capture_on_commit_callbacks, profile)

    with django_capture_on_commit_callbacks() as callbacks:
        new = receive(profile)
    slot = attachments.slot(profile, PORTRAIT)
    assert (slot.current, slot.pending, attachments.read(old)[:3]) == (old, new, b"\xff\xd8\xff")

    with django_capture_on_commit_callbacks(execute=True):
        for callback in callbacks:
            callback()
    new.refresh_from_db()
    old.refresh_from_db()
    assert (attachments.current(profile, PORTRAIT), files()) == (new, [new.file])
    assert old.replaced_at and old.file == ""


@pytest.mark.django_db
def test_refused_replacement_leaves_the_old_picture_in_force(django_capture_on_commit_callbacks):
    profile = make_profile()
    old = received(django_capture_on_commit_callbacks, profile)

    received(django_capture_on_commit_callbacks, profile, file=broken_upload())

    slot = attachments.slot(profile, PORTRAIT)
    assert (slot.current, slot.problem, slot.rejected.reason) == (old, "", "图片无法识别，请重新拍摄后上传")


@pytest.mark.django_db
def test_picture_that_is_ready_late_gives_way_to_its_successor(django_capture_on_commit_callbacks):
    profile = make_profile()
    with django_capture_on_commit_callbacks():
        first = receive(profile)
    second = received(django_capture_on_commit_callbacks, profile)

    with django_capture_on_commit_callbacks(execute=True):
        attachments.process(first.pk)

    assert (attachments.current(profile, PORTRAIT), files()) == (second, [second.file])


@pytest.mark.django_db
def test_process_twice_makes_one_picture(django_capture_on_commit_callbacks):
    row = received(django_capture_on_commit_callbacks, make_profile())

    with django_capture_on_commit_callbacks(execute=True):
        attachments.process(row.pk)

    assert files() == [row.file]


@pytest.mark.django_db
def test_second_worker_that_comes_late_leaves_nothing_behind(django_capture_on_commit_callbacks, monkeypatch):
    profile = make_profile()
    with django_capture_on_commit_callbacks():
        row = receive(profile)
    produce = attachments.images.produce

    def meanwhile(raw, **shape):
        monkeypatch.setattr(attachments.images, "produce", produce)
        attachments.process(row.pk)
        return produce(raw, **shape)

    monkeypatch.setattr(attachments.images, "produce", meanwhile)
    with django_capture_on_commit_callbacks(execute=True):
        attachments.process(row.pk)

    row.refresh_from_db()
    assert (row.state, files()) == (READY, [row.file])


@pytest.mark.django_db
def test_picture_that_takes_its_worker_along_is_given_up(django_capture_on_commit_callbacks, monkeypatch):
    with django_capture_on_commit_callbacks():
        row = receive(make_profile())

    def die(raw, **shape):
        raise SystemExit

    monkeypatch.setattr(attachments.images, "produce", die)
    for _ in range(attachments.MAX_TRIES):
        with pytest.raises(SystemExit):
            attachments.process(row.pk)
    with django_capture_on_commit_callbacks(execute=True):
        attachments.process(row.pk)

    row.refresh_from_db()
    assert (row.state, files()) == (REJECTED, [])


@pytest.mark.django_db
def test_sweep_rings_again_for_what_has_waited(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks():
        lost, fresh = receive(make_profile()), receive(make_profile())
    Attachment.objects.filter(pk=lost.pk).update(created_at=timezone.now() - timedelta(seconds=31))

    with django_capture_on_commit_callbacks(execute=True):
        picture_sweep.sweep()

    assert dict(Attachment.objects.values_list("pk", "state")) == {lost.pk: READY, fresh.pk: PROCESSING}


@pytest.mark.django_db
def test_sweep_removes_files_that_no_row_names_after_a_day(django_capture_on_commit_callbacks):
    cache.clear()
    kept = received(django_capture_on_commit_callbacks, make_profile())
    with django_capture_on_commit_callbacks():
        waiting = receive(make_profile())
    orphans = [picture_files.save_upload(b"a"), picture_files.save_picture(b"b")]
    young = picture_files.save_upload(b"c")
    for name in [*orphans, kept.file, waiting.quarantine]:
        make_old(name, hours=25)

    picture_sweep.sweep()

    assert files() == sorted([kept.file, waiting.quarantine, young])


@pytest.mark.django_db
def test_sweep_deletes_replaced_files_that_were_left(django_capture_on_commit_callbacks):
    row = received(django_capture_on_commit_callbacks, make_profile())
    Attachment.objects.update(replaced_at=timezone.now() - timedelta(minutes=1))

    picture_sweep.sweep()

    row.refresh_from_db()
    assert (row.file, files()) == ("", [])


@pytest.mark.django_db
def test_lost_or_touched_quarantine_file_is_sent_back(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks():
        lost, touched = receive(make_profile()), receive(make_profile())
    default_storage.delete(lost.quarantine)
    with open(default_storage.path(touched.quarantine), "wb") as file:
        file.write(seal(b"picture", "another.place"))

    with django_capture_on_commit_callbacks(execute=True):
        attachments.process(lost.pk)
        attachments.process(touched.pk)

    assert set(Attachment.objects.values_list("state", flat=True)) == {REJECTED}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("document_type", "number", "titles"),
    [
        ("resident_id", None, ["本人免冠证件照头像", "身份证人像面", "身份证国徽面"]),
        ("passport_cn", "E12345678", ["本人免冠证件照头像", "护照资料页"]),
        ("hk_mo_permit", "H12345678", ["本人免冠证件照头像", "证件人像面", "证件反面"]),
    ],
)
def test_slots_are_called_after_the_document(document_type, number, titles):
    profile = make_profile(accountant=make_accountant(document_type=document_type, document_number=number))

    assert [slot.title for slot in attachments.slots(profile, "personal")] == titles
    assert [slot.problem for slot in attachments.slots(profile, "personal")] == [
        f"请上传“{title}”" for title in titles
    ]


@pytest.mark.django_db
def test_proof_of_study_is_asked_of_students_alone():
    profile = make_profile(duty_status=DutyStatus.UNEMPLOYED)

    student = attachments.slots(profile, "work", duty_status=DutyStatus.STUDENT)

    assert attachments.slots(profile, "work") == []
    assert [slot.kind for slot in student] == [AttachmentKind.STUDENT_PROOF]
    assert AttachmentKind.STUDENT_PROOF in picture_rules.acceptable(profile)


@pytest.mark.django_db
def test_discard_removes_picture_and_file(django_capture_on_commit_callbacks):
    profile = make_profile()
    received(
        django_capture_on_commit_callbacks,
        profile,
        AttachmentKind.STUDENT_PROOF,
        upload("passport", (900, 640)),
    )

    with django_capture_on_commit_callbacks(execute=True):
        attachments.discard(profile, [AttachmentKind.STUDENT_PROOF])

    assert (attachments.current(profile, AttachmentKind.STUDENT_PROOF), files()) == (None, [])


@pytest.mark.django_db
def test_slots_of_a_page_take_one_query(django_capture_on_commit_callbacks, django_assert_num_queries):
    profile = make_profile()
    received(django_capture_on_commit_callbacks, profile)
    received(django_capture_on_commit_callbacks, profile, ID_FRONT, upload("id_card_front", (1200, 750)))

    with django_assert_num_queries(1):
        slots = attachments.slots(profile, "personal")

    assert [bool(slot.current) for slot in slots] == [True, True, False]
    assert attachments.states(profile) == {PORTRAIT: READY, ID_FRONT: READY}


@pytest.mark.django_db
def test_receive_is_audited_without_values():
    profile = make_profile()

    row = receive(profile)

    event = AuditEvent.objects.get(kind="attachment.received")
    assert (event.detail, event.accountant_id, event.subject_id) == (
        {"kind": "portrait"},
        profile.accountant_id,
        str(row.pk),
    )

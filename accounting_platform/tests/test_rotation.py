"""rotate_keys over the tables and files of all apps."""

import base64
import threading
import time

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection

from accounting_platform.lib.encryption import HEAD_BYTES, seal, sealed_with
from accounting_platform.tests.threads import at_once
from collection import attachments, picture_files
from collection.choices import AttachmentKind, AttachmentState, VersionCause
from collection.models import ArchiveVersion, Attachment, Profile
from collection.tests.factories import make_profile
from education.models import Delivery, InstitutionSecret
from education.tests.factories import make_institution
from profile_changes.models import ChangeRequest
from registration import canaries, export, outbox, rotation, sealed_places
from registration.choices import ExportState
from registration.models import Accountant, DataExport, KeyCanary, SmsMessage
from registration.tests.factories import make_accountant

pytestmark = pytest.mark.django_db


def key(byte):
    return base64.b64encode(bytes([byte]) * 32).decode()


OLD, NEW = ({"k1": key(1)}, "aes"), ({"k2": key(2), "k1": key(1)}, "sm4")


@pytest.fixture
def use(settings, monkeypatch):
    """`use(OLD)` makes these the keys and the algorithm of the platform; it begins with OLD."""
    KeyCanary.objects.all().delete()
    monkeypatch.setattr(rotation, "SECONDS_BETWEEN_PASSES", 0.1)

    def configure(ring):
        settings.SEALING_KEYS, settings.SEALING_ALGORITHM = ring
        canaries.check_known()

    configure(OLD)
    return configure


def rotate(**options):
    return rotation.rotate(say=lambda line: None, **options)


def seals():
    """How often each (key, algorithm) seals something in the tables and files, as the bytes themselves tell."""
    found = {}
    for place in sealed_places.everywhere():
        for _key, heads in place.heads(None, 10_000):
            for head in heads:
                seal = sealed_with(head)
                found[seal] = found.get(seal, 0) + 1
    return found


def make_picture(profile, content=b"picture"):
    name = picture_files.save_picture(content)
    return Attachment.objects.create(
        profile=profile, kind=AttachmentKind.PORTRAIT, state=AttachmentState.READY, file=name
    )


def make_export(accountant):
    name = default_storage.save(export.FILES.new_name(), ContentFile(seal(b"zip", export.FILES.context)))
    return DataExport.objects.create(accountant=accountant, state=ExportState.READY, file=name)


def test_every_sealed_column_and_file_is_known():
    places = {place.name for place in sealed_places.everywhere()}

    assert places >= {
        "registration.Accountant",
        "registration.SmsMessage",
        "collection.Profile",
        "collection.ArchiveVersion",
        "profile_changes.ChangeRequest",
        "education.InstitutionSecret",
        "education.Delivery",
        "collection.Attachment.file",
        "collection.Attachment.quarantine",
        "registration.DataExport.file",
    }


def test_rotation_reaches_tables_and_files_of_every_app_and_changes_no_value(use):
    profile = make_profile(home_address="广州市天河区示范路 20 号", duty_status="unemployed")
    person, school = profile.accountant, make_institution()
    content, differences = {"姓名": ["林嘉敏", None]}, {"email": ["a@example.com", "b@example.com"]}
    ArchiveVersion.objects.create(profile=profile, cause=VersionCause.SUBMITTED, content=content)
    ChangeRequest.objects.create(
        profile=profile, section_key="personal", differences=differences, status="applied"
    )
    for body in ("{}", None):
        Delivery.objects.create(
            institution=school, message_id="m", event_type="x", outcome="refused", body=body
        )
    outbox.put(person.phone, "password_changed", name="林")
    picture, exported = make_picture(profile), make_export(person)
    before = seals()
    assert set(before) == {("k1", "aes")}

    use(NEW)
    report = rotate(batch=2)

    assert seals() == {("k2", "sm4"): before["k1", "aes"]}
    assert (report.left, report.broken, report.keys_to_remove) == ({}, {}, ["k1"])
    again = Accountant.objects.get()
    assert (again.phone, again.document_number) == (person.phone, person.document_number)
    assert Profile.objects.get().home_address == "广州市天河区示范路 20 号"
    assert ArchiveVersion.objects.get().content == content
    assert ChangeRequest.objects.get().differences == differences
    assert InstitutionSecret.objects.get().secret == school.plain_secret
    assert list(Delivery.objects.order_by("pk").values_list("body", flat=True)) == ["{}", None]
    assert SmsMessage.objects.get().context == {"name": "林"}
    # The rows in hand name files that are gone; reading finds the new ones.
    assert (attachments.read(picture), export.read(exported)) == (b"picture", b"zip")


def test_rotation_leaves_one_file_of_each_picture(use, files_of_this_test):
    make_picture(make_profile())
    use(NEW)

    rotate()

    (file,) = [path for path in files_of_this_test.rglob("*") if path.is_file()]
    assert sealed_with(file.read_bytes()) == ("k2", "sm4")
    assert Attachment.objects.get().file.endswith(file.name)


def test_rotation_changes_nothing_where_all_is_as_it_should_be(use):
    make_accountant()
    kept = list(Accountant.objects.values_list("pk"))

    assert rotate().sealed_anew == 0
    assert list(Accountant.objects.values_list("pk")) == kept


def test_rotation_after_a_change_of_algorithm_alone(use):
    make_accountant()

    use((OLD[0], "sm4"))
    report = rotate()

    assert (report.sealed_anew, report.keys_to_remove, report.keys_left) == (1, [], set())
    assert set(seals()) == {("k1", "sm4")}


def test_dry_run_counts_and_changes_nothing(use, capsys):
    for _ in range(3):
        make_accountant()
    use(NEW)

    call_command("rotate_keys", "--dry-run", "--batch", "2")

    said = capsys.readouterr().out
    assert "registration.Accountant: 6 sealed with key k1 (aes)" in said and "0 sealed anew" in said
    assert "can be taken out" not in said
    assert set(seals()) == {("k1", "aes")}


def test_command_says_what_it_does_and_which_key_can_go(use, capsys):
    make_accountant()
    use(NEW)

    call_command("rotate_keys")

    said = capsys.readouterr().out
    assert "registration.Accountant: 1 looked at" in said
    assert "1 sealed anew with key k2 (sm4)" in said
    assert "Key k1 seals nothing any more: it can be taken out of SEALING_KEYS." in said


def test_ring_without_the_old_key_is_accepted_after_the_rotation_and_not_before(use, settings):
    make_accountant()
    use(NEW)
    settings.SEALING_KEYS = {"k2": key(2)}
    with pytest.raises(Exception, match="lacks key 'k1'"):
        canaries.check()
    use(NEW)

    rotate()

    settings.SEALING_KEYS = {"k2": key(2)}
    canaries.check()
    assert Accountant.objects.get().phone


def test_rotation_that_was_broken_off_goes_on_where_it_stood(use, monkeypatch):
    for _ in range(6):
        make_accountant()
    use(NEW)
    whole, calls = sealed_places.Columns.seal_anew, []

    def dies_at_the_third_batch(place, keys):
        calls.append(keys)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return whole(place, keys)

    monkeypatch.setattr(sealed_places.Columns, "seal_anew", dies_at_the_third_batch)
    with pytest.raises(KeyboardInterrupt):
        rotate(batch=2)
    monkeypatch.undo()

    assert rotate(batch=2).sealed_anew == 2
    assert set(seals()) == {("k2", "sm4")}


def test_what_does_not_open_is_told_and_hinders_nothing(use, settings):
    make_accountant(), make_accountant()
    settings.SEALING_KEYS = {"k0": key(7)}
    make_accountant()
    use(NEW)

    with pytest.raises(CommandError, match="2 do not open"):
        call_command("rotate_keys")

    assert seals() == {("k2", "sm4"): 4, ("k0", "aes"): 2}


def test_rotation_refuses_a_wrong_key(use, settings):
    make_accountant()
    settings.SEALING_KEYS = {"k2": key(2), "k1": key(9)}

    with pytest.raises(Exception, match="key 'k1' is not the key of that name"):
        rotate()


def test_uploads_are_left_to_their_worker_and_keep_their_key(use):
    profile = make_profile()
    name = picture_files.save_upload(b"raw")
    Attachment.objects.create(profile=profile, kind=AttachmentKind.PORTRAIT, quarantine=name)
    use(NEW)

    with pytest.raises(CommandError, match="run this again later"):
        call_command("rotate_keys")

    with default_storage.open(name) as file:
        assert sealed_with(file.read(HEAD_BYTES)).key_id == "k1"
    assert "k1" in canaries.in_use().values_list("key_id", flat=True)


def test_a_picture_replaced_meanwhile_leaves_no_second_file(use, monkeypatch, files_of_this_test):
    picture = make_picture(make_profile())
    use(NEW)
    make_copy = picture_files.PICTURE_FILES.__class__.seal_anew

    def replaced_in_between(files, name):
        copy = make_copy(files, name)
        attachments.retire([picture])
        attachments.delete_files([picture])
        return copy

    monkeypatch.setattr("accounting_platform.lib.sealed_files.SealedFiles.seal_anew", replaced_in_between)
    rotate()

    assert [path for path in files_of_this_test.rglob("*") if path.is_file()] == []


# --- while the platform runs


def work(stop, written, offset):
    """One worker of the running platform: people change, come and go until `stop` is set."""
    number = 0
    try:
        while not stop.is_set():
            for accountant in Accountant.objects.filter(pk__in=list(written)[offset::2]):
                number += 1
                accountant.phone = f"13{offset}{number:08}"
                accountant.save(update_fields=["phone"])
                written[accountant.pk] = accountant.phone
    finally:
        connection.close()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_nothing_is_lost_while_others_write(use):
    people = [make_accountant() for _ in range(200)]
    written = {person.pk: person.phone for person in people}
    numbers = {person.pk: person.document_number for person in people}
    use(NEW)
    stop = threading.Event()
    writers = [threading.Thread(target=work, args=(stop, written, offset)) for offset in (0, 1)]
    for writer in writers:
        writer.start()
    time.sleep(0.1)

    report = rotate(batch=10)
    stop.set()
    for writer in writers:
        writer.join()

    assert set(seals()) == {("k2", "sm4")} and not report.left
    assert dict(Accountant.objects.values_list("pk", "phone")) == written
    assert dict(Accountant.objects.values_list("pk", "document_number")) == numbers


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_row_in_somebodys_hands_is_sealed_in_a_later_pass(use):
    held = make_accountant()
    make_accountant()
    use(NEW)
    other = connection.copy()
    other.inc_thread_sharing()
    other.ensure_connection()
    other.set_autocommit(False)
    with other.cursor() as cursor:
        cursor.execute("SELECT 1 FROM registration_accountant WHERE id = %s FOR UPDATE", [held.pk])
    threading.Timer(0.1, other.close).start()

    began = time.monotonic()
    report = rotate(batch=10)

    assert report.sealed_anew == 2 and not report.left
    assert time.monotonic() - began < 2


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_rotations_at_once_do_no_harm(use):
    people = [make_accountant() for _ in range(60)]
    use(NEW)

    at_once(*[lambda: rotate(batch=7)] * 2)

    assert set(seals()) == {("k2", "sm4")}
    phones = dict(Accountant.objects.values_list("pk", "phone"))
    assert phones == {person.pk: person.phone for person in people}

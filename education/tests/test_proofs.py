"""Pictures of proof: sealed on the way in, made by a worker, swept up, gone with the account."""

import pytest
from django.core.files.storage import default_storage

from education import closing, conversions, proofs
from education.models import Conversion, Proof
from education.tests.factories import make_conversion, make_dispute, make_upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting_proof():
    row = make_conversion()
    conversions.add_proofs(row.pk, [make_upload()], by=row.profile.accountant.user)
    return Proof.objects.get()


def test_an_upload_is_sealed_until_a_worker_made_the_picture(waiting_proof):
    upload = default_storage.open(waiting_proof.quarantine).read()

    proofs.process(waiting_proof.pk)
    proofs.process(waiting_proof.pk)

    proof = Proof.objects.get()
    assert b"JFIF" not in upload[:40]
    assert (proof.state, proof.quarantine) == ("ready", "")
    assert not default_storage.exists(waiting_proof.quarantine)
    assert proofs.read(proof)[:2] == b"\xff\xd8"


def test_a_lost_upload_is_sent_back(waiting_proof):
    default_storage.delete(waiting_proof.quarantine)

    proofs.process(waiting_proof.pk)

    proof = Proof.objects.get()
    assert (proof.state, proof.reason) == ("rejected", proofs.UNREADABLE)


def test_a_picture_that_takes_its_worker_along_is_given_up(waiting_proof):
    Proof.objects.update(tries=proofs.MAX_TRIES)

    proofs.process(waiting_proof.pk)

    assert Proof.objects.get().state == "rejected"


def test_the_sweep_rings_for_what_waited_too_long(waiting_proof, at):
    proofs.sweep()
    assert Proof.objects.get().state == "processing"
    at("2099-01-01 00:00")

    proofs.sweep()

    assert Proof.objects.get().state == "ready"


def test_closing_an_account_takes_pictures_and_open_cases(waiting_proof, django_capture_on_commit_callbacks):
    proofs.process(waiting_proof.pk)
    file = Proof.objects.get().file
    profile = waiting_proof.conversion.profile
    dispute = make_dispute()
    Conversion.objects.filter(pk=waiting_proof.conversion_id).update(profile=profile)
    type(dispute).objects.update(profile=profile)

    with django_capture_on_commit_callbacks(execute=True):
        closing.erase(profile.accountant)

    dispute.refresh_from_db()
    assert (Conversion.objects.get().state, dispute.state) == ("withdrawn", "settled")
    assert not Proof.objects.exists() and not default_storage.exists(file)

import base64

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from registration import canaries
from registration.models import KeyCanary

pytestmark = pytest.mark.django_db


def key(byte):
    return base64.b64encode(bytes([byte]) * 32).decode()


@pytest.fixture
def ring(settings):
    """`ring(k1=1)` configures keys; the database has seen none but what the test shows it."""
    KeyCanary.objects.all().delete()

    def configure(**keys):
        settings.SEALING_KEYS = {name: key(byte) for name, byte in keys.items()}

    configure(k1=1)
    return configure


def test_migrate_notes_the_keys_in_use(settings):
    noted = set(KeyCanary.objects.values_list("use", "key_id"))

    assert noted == {("lookup", "lookup"), *(("sealing", key_id) for key_id in settings.SEALING_KEYS)}


def test_check_accepts_the_same_keys_again_and_further_ones(ring, settings):
    canaries.check()
    settings.SEALING_ALGORITHM = "aes"
    ring(k2=2, k1=1)

    canaries.check()

    assert set(canaries.in_use().values_list("key_id", flat=True)) == {"k1", "k2"}


@pytest.mark.parametrize("keys", [{"k1": 9}, {"k2": 2, "k1": 9}, {"k1": 2, "k2": 1}])
def test_check_refuses_another_key_under_a_known_name(ring, keys):
    ring(k1=1, k2=2)
    canaries.check()
    ring(**keys)

    with pytest.raises(ImproperlyConfigured, match="key 'k1' is not the key of that name"):
        canaries.check()


@pytest.mark.parametrize(("name", "value"), [("LOOKUP_KEY", key(9)), ("LOOKUP_ALGORITHM", "sha256")])
def test_check_refuses_another_lookup_key(ring, settings, name, value):
    canaries.check()
    setattr(settings, name, value)

    with pytest.raises(ImproperlyConfigured, match="LOOKUP_KEY"):
        canaries.check()


def test_check_refuses_a_ring_without_a_key_that_may_still_seal(ring):
    canaries.check()
    ring(k2=2)

    with pytest.raises(ImproperlyConfigured, match="lacks key 'k1'"):
        canaries.check()


def test_retired_key_may_go_and_come_back(ring):
    ring(k2=2, k1=1)
    canaries.check()
    canaries.retire_all_but(["k2"])
    ring(k2=2)
    canaries.check()
    assert list(canaries.in_use().values_list("key_id", flat=True)) == ["k2"]

    ring(k1=1, k2=2)
    canaries.check()

    assert set(canaries.in_use().values_list("key_id", flat=True)) == {"k1", "k2"}
    ring(k1=3, k2=2)
    with pytest.raises(ImproperlyConfigured, match="'k1'"):
        canaries.check()


def test_canaries_tell_nothing_of_the_keys(ring):
    canaries.check()

    kept = str(list(KeyCanary.objects.values()))
    assert key(1) not in kept and (bytes([1]) * 32).hex() not in kept


def test_check_waits_for_the_first_migrate(ring, monkeypatch):
    monkeypatch.setattr(connection.introspection, "table_names", lambda: [])
    ring(k1=9)

    canaries.check()

    assert not KeyCanary.objects.exists()


def test_check_of_known_keys_reads_once_and_writes_nothing(ring, django_assert_num_queries):
    canaries.check()

    # Tables, canaries, whether the active key was retired, whether one is missing.
    with django_assert_num_queries(4):
        canaries.check()

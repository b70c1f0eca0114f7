import base64
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import connection, models
from django.test.utils import isolate_apps
from hypothesis import given
from hypothesis import strategies as st

from accounting_platform.lib import ciphers, encryption
from accounting_platform.lib.encryption import EncryptedJSONField, EncryptedTextField, SealError


def key(byte):
    return base64.b64encode(bytes([byte]) * 32).decode()


@pytest.fixture(params=["sm4", "aes"])
def algorithm(request, settings):
    settings.SEALING_KEYS = {"k1": key(1)}
    settings.SEALING_ALGORITHM = request.param
    return request.param


@pytest.mark.parametrize(
    ("name", "compute", "result"), ciphers.VECTORS, ids=[row[0] for row in ciphers.VECTORS]
)
def test_published_vectors_are_reproduced(name, compute, result):
    assert compute().hex() == result


def test_sealed_data_opens_in_its_own_context_only(algorithm):
    sealed = encryption.seal("440106199208080027".encode(), "accountant.document_number")

    assert encryption.unseal(sealed, "accountant.document_number") == b"440106199208080027"
    with pytest.raises(SealError):
        encryption.unseal(sealed, "accountant.phone")


def test_sealing_twice_never_gives_the_same(algorithm):
    assert len({encryption.seal(b"same", "a.b") for _ in range(100)}) == 100


def test_every_touched_byte_is_noticed(algorithm):
    sealed = encryption.seal(b"13800138000", "a.b")

    for place in range(len(sealed)):
        touched = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        with pytest.raises(SealError):
            encryption.unseal(touched, "a.b")


def test_every_cut_is_noticed(algorithm):
    sealed = encryption.seal(b"13800138000", "a.b")

    for length in range(len(sealed)):
        with pytest.raises(SealError):
            encryption.unseal(sealed[:length], "a.b")


@given(st.binary(max_size=80))
def test_foreign_bytes_are_no_sealed_data(data):
    with pytest.raises(SealError):
        encryption.unseal(data, "a.b")


def test_both_algorithms_are_read_whichever_is_set(settings):
    sealed = {}
    for name in ciphers.SUITES:
        settings.SEALING_ALGORITHM = name
        sealed[name] = encryption.seal(name.encode(), "a.b")

    assert {name: encryption.unseal(data, "a.b") for name, data in sealed.items()} == {
        "aes": b"aes",
        "sm4": b"sm4",
    }


def test_a_new_first_key_seals_and_the_old_one_still_opens(settings):
    settings.SEALING_KEYS = {"k1": key(1)}
    old = encryption.seal(b"old", "a.b")
    settings.SEALING_KEYS = {"k2": key(2), "k1": key(1)}
    new = encryption.seal(b"new", "a.b")

    assert [encryption.sealed_with(data).key_id for data in (old, memoryview(new))] == ["k1", "k2"]
    assert [encryption.unseal(data, "a.b") for data in (old, new)] == [b"old", b"new"]


def test_unknown_and_wrong_keys_refuse(settings):
    settings.SEALING_KEYS = {"k1": key(1)}
    sealed = encryption.seal(b"old", "a.b")

    settings.SEALING_KEYS = {"k2": key(1)}
    with pytest.raises(SealError, match="SEALING_KEYS does not hold"):
        encryption.unseal(sealed, "a.b")
    settings.SEALING_KEYS = {"k1": key(2)}
    with pytest.raises(SealError, match="does not open with key"):
        encryption.unseal(sealed, "a.b")


def test_sealing_from_many_threads_at_once(algorithm):
    def there_and_back(number):
        data = str(number).encode() * 50
        return encryption.unseal(encryption.seal(data, "a.b"), "a.b") == data and encryption.keyed_hash(
            "p", "v"
        )

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(there_and_back, range(500)))) == 1


def test_sealed_with_names_key_and_algorithm_even_of_a_key_that_is_gone(settings):
    settings.SEALING_KEYS, settings.SEALING_ALGORITHM = {"k1": key(1)}, "aes"
    sealed = encryption.seal(b"old", "a.b")
    settings.SEALING_KEYS = {"k2": key(2)}

    assert encryption.sealed_with(sealed[: encryption.HEAD_BYTES]) == ("k1", "aes")
    with pytest.raises(SealError):
        encryption.sealed_with(b"plain text")


def test_reseal_brings_old_seals_to_what_seals_now(settings):
    settings.SEALING_KEYS, settings.SEALING_ALGORITHM = {"k1": key(1)}, "aes"
    sealed = encryption.seal("天河区".encode(), "a.b")
    settings.SEALING_KEYS, settings.SEALING_ALGORITHM = {"k2": key(2), "k1": key(1)}, "sm4"

    again = encryption.reseal(sealed, "a.b")

    assert encryption.sealed_with(again) == encryption.sealing_now() == ("k2", "sm4")
    assert encryption.unseal(again, "a.b").decode() == "天河区"
    with pytest.raises(SealError):
        encryption.reseal(sealed, "another.place")


def test_keyed_hash_depends_on_purpose_value_key_and_algorithm(settings):
    found = []
    for name in ciphers.SUITE_BY_HASH:
        for byte in (1, 2):
            settings.LOOKUP_ALGORITHM, settings.LOOKUP_KEY = name, key(byte)
            found += [
                encryption.keyed_hash(*pair) for pair in (("phone", "1"), ("phone", "2"), ("document", "1"))
            ]
            assert encryption.keyed_hash("phone", "1") == found[-3]

    assert len(set(found)) == 12
    assert {len(bytes.fromhex(digest)) for digest in found} == {32}


def test_keyed_hash_stays_when_sealing_keys_and_algorithms_change(settings):
    before = encryption.keyed_hash("phone", "13800138000")

    settings.SEALING_KEYS, settings.SEALING_ALGORITHM = {"k9": key(9)}, "aes"

    assert encryption.keyed_hash("phone", "13800138000") == before


def test_self_test_passes_with_both_algorithms(algorithm):
    encryption.self_test()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SEALING_KEYS", {}),
        ("SEALING_KEYS", {"k1": base64.b64encode(b"short").decode()}),
        ("SEALING_KEYS", {"k1": "not base64!"}),
        ("SEALING_KEYS", {"键": key(1)}),
        ("SEALING_ALGORITHM", "rot13"),
        ("LOOKUP_KEY", "c2hvcnQ="),
        ("LOOKUP_KEY", "不是"),
        ("LOOKUP_ALGORITHM", "md5"),
    ],
)
def test_self_test_refuses_settings_that_cannot_seal(settings, name, value):
    setattr(settings, name, value)

    with pytest.raises(ImproperlyConfigured, match=name):
        encryption.self_test()


def test_self_test_refuses_a_library_that_computes_wrong(monkeypatch):
    monkeypatch.setattr(ciphers, "VECTORS", [("SM3", lambda: b"wrong", "00")])

    with pytest.raises(ImproperlyConfigured, match="SM3"):
        encryption.self_test()


@pytest.fixture
def note_model(db):
    """A model of its own with its table, gone after the test."""
    with isolate_apps("accounting_platform"):

        class Note(models.Model):
            body = EncryptedTextField("正文", max_length=20)
            extra = EncryptedJSONField("附加", null=True, blank=True)

            class Meta:
                app_label = "accounting_platform"
                db_table = "lib_note"

        columns = ", ".join(f"{field.column} {field.db_type(connection)}" for field in Note._meta.fields[1:])
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TABLE lib_note (id integer PRIMARY KEY, {columns})")
        yield Note


def test_fields_give_back_what_they_sealed(note_model):
    extra = {"旧": [None, 1, "二"], "日": date(2026, 11, 23), "数": Decimal("1.50")}
    note_model.objects.create(pk=1, body="广州市天河区", extra=extra)
    note_model.objects.create(pk=2, body="", extra=None)

    first, second = note_model.objects.order_by("pk")
    assert (first.body, first.extra) == (
        "广州市天河区",
        {"旧": [None, 1, "二"], "日": "2026-11-23", "数": "1.50"},
    )
    assert (second.body, second.extra) == ("", None)
    assert list(note_model.objects.filter(extra__isnull=True).values_list("body", flat=True)) == [""]


def test_fields_lie_sealed_and_bound_to_their_column(note_model):
    note_model.objects.create(pk=1, body="13800138000", extra={"phone": "13800138000"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT body, extra FROM lib_note")
        stored = [bytes(value) for value in cursor.fetchone()]
        assert not any(b"13800138000" in value for value in stored)
        cursor.execute("UPDATE lib_note SET extra = body")

    with pytest.raises(SealError):
        note_model.objects.get()


def test_fields_are_saved_by_update_and_bulk_update(note_model):
    note_model.objects.create(pk=1, body="一", extra=[1])
    note_model.objects.update(body="二")
    note = note_model.objects.get()
    note.extra = [2]
    note_model.objects.bulk_update([note], ["extra"])

    assert note_model.objects.values_list("body", "extra").get() == ("二", [2])


@pytest.mark.parametrize(
    "look_up", ["body", "body__icontains", "body__in", "body__length", "extra", "extra__phone"]
)
def test_fields_cannot_be_searched(note_model, look_up):
    with pytest.raises(FieldError):
        note_model.objects.filter(**{look_up: ["x"]}).exists()


def test_fields_behave_as_text_and_json_in_forms(note_model):
    body, extra = note_model._meta.get_field("body"), note_model._meta.get_field("extra")

    assert (body.formfield().label, body.formfield().max_length) == ("正文", 20)
    assert extra.formfield().clean('{"a": 1}') == {"a": 1}
    assert body.check() + extra.check() == []


@pytest.mark.parametrize(
    ("field", "kwargs"),
    [
        (EncryptedTextField("正文", max_length=20), {"verbose_name": "正文", "max_length": 20}),
        (EncryptedJSONField(null=True), {"null": True}),
    ],
)
def test_fields_deconstruct_to_what_was_written(field, kwargs):
    path = f"accounting_platform.lib.encryption.{type(field).__name__}"

    assert field.deconstruct()[1:] == (path, [], kwargs)

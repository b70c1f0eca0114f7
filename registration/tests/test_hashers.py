import pytest
from django.contrib.auth.hashers import check_password, identify_hasher, make_password

from registration.tests.factories import make_accountant


@pytest.fixture
def real_hasher(settings):
    settings.PASSWORD_HASHERS = ["registration.hashers.PlatformArgon2Hasher"]


def test_hash_is_argon2id_with_the_platforms_parameters(real_hasher):
    encoded = make_password("Mei-zhou#1975")

    assert encoded.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert check_password("Mei-zhou#1975", encoded)
    assert not check_password("mei-zhou#1975", encoded)


@pytest.mark.django_db
def test_hash_of_older_parameters_is_renewed_at_login(real_hasher, monkeypatch):
    hasher = identify_hasher(make_password("Mei-zhou#1975"))
    monkeypatch.setattr(type(hasher), "memory_cost", 9728)
    accountant = make_accountant()
    monkeypatch.undo()

    assert accountant.user.check_password("Mei-zhou#1975")

    accountant.user.refresh_from_db()
    assert "m=19456" in accountant.user.password

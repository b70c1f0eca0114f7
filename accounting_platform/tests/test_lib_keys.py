import base64
import json

import pytest
from django.core.exceptions import ImproperlyConfigured

from accounting_platform.lib.demo_keys import demo_keys
from accounting_platform.lib.keys import checked_ring, read_ring, read_secret

KEY = base64.b64encode(bytes(32)).decode()


def secret_file(tmp_path, text="2026:abc\n", mode=0o600):
    path = tmp_path / "sealing-keys"
    path.write_text(text)
    path.chmod(mode)
    return {"SEALING_KEYS_FILE": str(path)}


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_secret_is_read_from_a_file_of_its_owner(tmp_path, mode):
    assert read_secret("SEALING_KEYS", secret_file(tmp_path, mode=mode)) == "2026:abc"
    assert read_secret("SEALING_KEYS", {"SEALING_KEYS": "2027:def"}) == "2027:def"
    assert read_secret("SEALING_KEYS", {}) == ""


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o620, 0o602, 0o644])
def test_secret_file_that_others_reach_is_refused(tmp_path, mode):
    with pytest.raises(ImproperlyConfigured, match="SEALING_KEYS_FILE.*chmod 600"):
        read_secret("SEALING_KEYS", secret_file(tmp_path, mode=mode))


def test_secret_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ImproperlyConfigured, match="LOOKUP_KEY_FILE cannot be read"):
        read_secret("LOOKUP_KEY", {"LOOKUP_KEY_FILE": str(tmp_path / "none")})


def test_secret_in_two_places_is_refused(tmp_path):
    with pytest.raises(ImproperlyConfigured, match="not both"):
        read_secret("SEALING_KEYS", secret_file(tmp_path) | {"SEALING_KEYS": "2026:abc"})


@pytest.mark.parametrize(
    "text",
    ["b:2,a:1", "b:2\na:1\n", "# the new one first\nb:2,\n  # the old one\n a:1"],
)
def test_ring_keeps_the_order_of_its_keys(text):
    assert list(read_ring(text).items()) == [("b", "2"), ("a", "1")]


@pytest.mark.parametrize("text", [f"{KEY}", f"a:{KEY},{KEY}", f"a:{KEY},a:{KEY}"])
def test_ring_refuses_what_is_not_a_named_key_without_showing_it(text):
    with pytest.raises(ImproperlyConfigured) as refusal:
        read_ring(text)

    assert KEY not in str(refusal.value)


@pytest.mark.parametrize("encoded", [{}, {"键": KEY}, {"a" * 33: KEY}, {"a": KEY[:-4]}, {"a": "不"}])
def test_ring_with_names_or_keys_that_will_not_do_is_refused(encoded):
    with pytest.raises(ImproperlyConfigured, match="SEALING_KEYS"):
        checked_ring(encoded)


def test_demo_keys_are_made_once_and_are_private(tmp_path):
    path = tmp_path / "demo_keys.json"

    made = demo_keys(path)

    assert demo_keys(path) == made
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(checked_ring(read_ring(made["SEALING_KEYS"]))) == 1
    assert made["LOOKUP_KEY"] not in made["SEALING_KEYS"]


def test_demo_keys_of_an_older_folder_look_up_with_the_sealing_key(tmp_path):
    path = tmp_path / "demo_keys.json"
    path.write_text(json.dumps({"SECRET_KEY": "s", "SEALING_KEYS": f"demo1:{KEY}"}))

    assert demo_keys(path)["LOOKUP_KEY"] == KEY

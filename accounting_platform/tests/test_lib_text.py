import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounting_platform.lib.text import has_forbidden_characters, normalise, strip_blanks, upper_ascii


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("　４４０Ｘ　", "440X"),
        ("\u202d13800138000\u202c", "13800138000"),
        ("（020）", "(020)"),
        ("e\u0301", "é"),
        ("a b", "a b"),
    ],
)
def test_normalise_halves_trims_and_composes(typed, kept):
    assert normalise(typed) == kept


@given(st.text())
def test_normalise_is_stable(text):
    assert normalise(normalise(text)) == normalise(text)


def test_strip_blanks_removes_inner_blanks_of_every_kind():
    assert strip_blanks(" 1 2\u30003\t4\n") == "1234"


def test_upper_ascii_leaves_letters_alone_that_would_become_ascii():
    assert upper_ascii("aXıſßé") == "AXıſßé"


@pytest.mark.parametrize("text", ["a\x00", "\ud83d", "\x1b[0m", "\x7f", "\x85"])
def test_forbidden_characters_are_found(text):
    assert has_forbidden_characters(text)
    assert has_forbidden_characters(text, multiline=True)


def test_line_ends_are_forbidden_in_one_line_only():
    assert has_forbidden_characters("一\n二")
    assert not has_forbidden_characters("一\r\n\t二", multiline=True)
    assert not has_forbidden_characters("𠮷田 😀")

import pytest

from accounting_platform.lib.masking import mask_document, mask_phone


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("440106199208081234", "440106********1234"),
        ("H00000001", "H0*****01"),
        ("00000001", "00****01"),
        ("USA440185010101", "USA440*****0101"),
        ("军字第1234567", "军字******67"),
        ("A1234", "A***4"),
        ("", ""),
    ],
)
def test_documents_show_their_ends_only(number, masked):
    assert mask_document(number) == masked


@pytest.mark.parametrize(("phone", "masked"), [("13812345678", "138****5678"), ("12345", "***45"), ("", "")])
def test_phones_show_three_and_four_digits(phone, masked):
    assert mask_phone(phone) == masked

import io
import struct

import pytest
from PIL import Image

from accounting_platform.lib import images
from accounting_platform.lib.errors import InputError
from accounting_platform.tests.made_images import encoded, four_corners, oriented, photo, png_header


def refusal(raw, min_size=(200, 280)):
    with pytest.raises(InputError) as refused:
        images.check_header(io.BytesIO(raw), min_size=min_size)
    return refused.value.message


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_header_tells_format_and_size_and_rewinds(kind):
    file = io.BytesIO(encoded(four_corners(), kind))

    assert images.check_header(file, min_size=(200, 280)) == (kind, 400, 560)
    assert file.tell() == 0


def test_header_of_a_turned_photo_gives_the_upright_size():
    assert images.check_header(io.BytesIO(oriented(6)), min_size=(400, 560)) == ("JPEG", 400, 560)


def test_header_check_decodes_nothing(monkeypatch):
    raw = {kind: encoded(photo(2000, 1500), kind) for kind in ("JPEG", "PNG")}
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", lambda self: pytest.fail("decoded"))

    for kind, data in raw.items():
        assert images.check_header(io.BytesIO(data), min_size=(1, 1)) == (kind, 2000, 1500)


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF", "WEBP", "PDF"])
def test_header_refuses_other_formats(kind):
    assert refusal(encoded(four_corners(), kind)) == "请上传JPG或PNG格式的图片"


@pytest.mark.parametrize(
    "raw", [b"", b"<svg/>", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04" + bytes(100)]
)
def test_header_refuses_what_is_no_picture(raw):
    assert refusal(raw) == "请上传JPG或PNG格式的图片"


@pytest.mark.parametrize("brand", [b"heic", b"heix", b"mif1"])
def test_header_of_a_heic_photo_says_what_to_do_on_the_phone(brand):
    raw = struct.pack(">I", 24) + b"ftyp" + brand + bytes(4) + b"mif1heic" + bytes(2000)

    assert refusal(raw) == "请改用相机拍照，或在设置中选“兼容性最佳”"


def test_header_refuses_more_than_12_mebibytes():
    raw = encoded(four_corners())

    assert refusal(raw + bytes(12 * 1024 * 1024)) == "图片不能超过12MB"
    exact = io.BytesIO(raw + bytes(12 * 1024 * 1024 - len(raw)))
    assert images.check_header(exact, min_size=(1, 1))[0] == "JPEG"


@pytest.mark.parametrize("size", [(30000, 30000), (16_666_667, 3), (2**31 - 1, 2**31 - 1), (12000, 9000)])
def test_header_refuses_more_than_50_megapixels(size):
    assert refusal(png_header(*size)) == "图片尺寸过大"


def test_header_takes_exactly_50_megapixels():
    assert images.check_header(io.BytesIO(png_header(10000, 5000)), min_size=(1, 1)) == ("PNG", 10000, 5000)


@pytest.mark.parametrize("size", [(199, 400), (400, 279)])
def test_header_refuses_small_pictures(size):
    assert refusal(encoded(Image.new("RGB", size))) == "图片太小，请上传清晰的照片"

"""The pictures that tests upload are what they claim: real files, turned as cameras turn them."""

from io import BytesIO

import pytest
from PIL import Image, ImageOps

from accounting_platform.tests.pictures import SIZES, render


@pytest.mark.parametrize("kind", SIZES)
def test_pictures_have_several_megapixels(kind):
    picture = Image.open(BytesIO(render(kind).content))

    assert picture.size == SIZES[kind]
    assert picture.width * picture.height > 8_000_000


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_turned_pictures_stand_upright_after_turning_back(orientation):
    upright = Image.open(BytesIO(render("portrait", (300, 400)).content))
    turned = Image.open(BytesIO(render("portrait", (300, 400), orientation=orientation, gps=True).content))

    righted = ImageOps.exif_transpose(turned)

    assert righted.size == upright.size == (300, 400)
    for point in ((150, 60), (150, 380), (10, 390)):
        assert all(
            abs(a - b) < 24 for a, b in zip(righted.getpixel(point), upright.getpixel(point), strict=True)
        )
    assert turned.getexif().get_ifd(0x8825)


def test_make_image_writes_a_file(make_image):
    assert make_image("id_card_front", (800, 500), file_format="PNG").read_bytes().startswith(b"\x89PNG")

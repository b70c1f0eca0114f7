import io
import random
import struct

import pytest
from PIL import Image, ImageCms, PngImagePlugin

from accounting_platform.lib import images
from accounting_platform.lib.errors import InputError
from accounting_platform.tests.made_images import (
    CORNERS,
    ORIENTATION,
    corner_colours,
    encoded,
    four_corners,
    oriented,
    photo,
    png_header,
)


def produced(raw, box=(358, 441), **options):
    result = images.produce(raw, box=box, **options)
    picture = Image.open(io.BytesIO(result.bytes))
    picture.load()
    assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (result.width, result.height))
    return picture


def middle(picture):
    return picture.getpixel((picture.width // 2, picture.height // 2))


def near(colour, expected, tolerance=6):
    return all(abs(a - b) <= tolerance for a, b in zip(colour, expected, strict=True))


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("tag", range(1, 9))
def test_produce_turns_every_orientation_upright(tag, kind):
    result = images.produce(oriented(tag, kind), box=(200, 300))

    assert (result.width, result.height) == (200, 280)
    assert corner_colours(result.bytes) == CORNERS


def test_produce_takes_a_phone_photo_of_twelve_megapixels():
    raw = encoded(photo(4000, 3000), quality=90)

    assert images.check_header(io.BytesIO(raw), min_size=(600, 380)) == ("JPEG", 4000, 3000)
    assert produced(raw, box=(1200, 1200)).size == (1200, 900)
    assert produced(raw, crop=True).size == (358, 441)


@pytest.mark.parametrize(
    ("size", "box", "crop", "expected"),
    [
        ((400, 560), (358, 441), False, (315, 441)),
        ((560, 400), (358, 441), False, (358, 256)),
        ((300, 300), (1200, 900), False, (300, 300)),
        ((400, 560), (358, 441), True, (358, 441)),
        ((300, 300), (358, 441), True, (244, 300)),
        ((3000, 10), (300, 300), False, (300, 1)),
    ],
)
def test_produce_fits_or_crops_and_never_enlarges(size, box, crop, expected):
    assert produced(encoded(Image.new("RGB", size)), box=box, crop=crop).size == expected


def test_produce_crops_the_middle():
    picture = Image.new("RGB", (900, 300), "red")
    picture.paste("blue", (300, 0, 600, 300))

    cropped = produced(encoded(picture, "PNG"), box=(100, 100), crop=True)
    assert all(near(cropped.getpixel(place), (0, 0, 254)) for place in ((3, 3), (96, 96), (50, 50)))


SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


@pytest.mark.parametrize("profile", [None, SRGB.tobytes()])
def test_produce_leaves_nothing_but_the_picture(profile):
    exif = Image.Exif()
    exif[0x010F], exif[ORIENTATION] = "Maker SECRET", 1
    extra = {"comment": b"SECRET", "xmp": b"<SECRET/>", "dpi": (300, 300), "icc_profile": profile}
    raw = encoded(four_corners(), exif=exif, **extra) + b"<script>SECRET</script>PK\x03\x04"

    result = images.produce(raw, box=(300, 400)).bytes
    assert raw.count(b"SECRET") == 4
    assert not any(word in result for word in (b"SECRET", b"ICC", b"Exif", b"http"))
    assert result.endswith(b"\xff\xd9")
    assert set(Image.open(io.BytesIO(result)).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_produce_drops_what_a_png_carries():
    notes = PngImagePlugin.PngInfo()
    notes.add_itxt("Comment", "SECRET", zip=False)

    assert (
        b"SECRET" not in images.produce(encoded(four_corners(), "PNG", pnginfo=notes), box=(300, 400)).bytes
    )


def test_produce_converts_cmyk():
    raw = encoded(Image.new("RGB", (300, 400), (200, 30, 40)).convert("CMYK"))

    assert near(middle(produced(raw)), (200, 30, 40), tolerance=12)


def test_produce_converts_sixteen_bit_grey():
    gradient = Image.frombytes(
        "I;16", (400, 400), b"".join(struct.pack("<H", 65535 * x // 399) for x in range(400)) * 400
    )
    picture = produced(encoded(gradient, "PNG"), box=(400, 400))

    assert [picture.getpixel((x, 200))[0] for x in (0, 100, 200, 300, 399)] == pytest.approx(
        [0, 64, 128, 191, 255], abs=3
    )


@pytest.mark.parametrize("mode", ["P", "1", "L", "LA"])
def test_produce_converts_palette_bits_and_grey(mode):
    grey = Image.new("L", (300, 400), 255).convert(mode)

    assert near(middle(produced(encoded(grey, "PNG"))), (255, 255, 255))


def test_produce_lays_transparent_pixels_on_white():
    clear = Image.new("RGBA", (300, 400), (255, 0, 0, 0))
    half = Image.new("RGBA", (300, 400), (255, 0, 0, 128))
    palette = Image.new("P", (300, 400), 0)

    assert near(middle(produced(encoded(clear, "PNG"))), (255, 255, 255))
    assert near(middle(produced(encoded(half, "PNG"))), (255, 127, 127))
    assert near(middle(produced(encoded(palette, "PNG", transparency=0))), (255, 255, 255))


def test_produce_brings_other_colour_spaces_to_srgb():
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB", 5000))
    picture = Image.new("RGB", (300, 400), (200, 30, 40))
    in_lab = ImageCms.profileToProfile(picture, SRGB, lab, outputMode="LAB")
    swapped = images._as_srgb(in_lab, lab.tobytes())

    assert near(middle(swapped), (200, 30, 40), tolerance=4)
    assert near(middle(produced(encoded(picture, icc_profile=SRGB.tobytes()))), (200, 30, 40))


def test_produce_ignores_a_broken_or_foreign_profile():
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB", 5000)).tobytes()
    picture = Image.new("RGB", (300, 400), (200, 30, 40))

    for profile in (b"no profile at all", lab, lab[:200]):
        assert near(middle(produced(encoded(picture, icc_profile=profile))), (200, 30, 40))


def test_produce_takes_the_first_frame_of_moving_and_many_picture_files():
    red, blue = (Image.new("RGB", (300, 400), colour) for colour in ("red", "blue"))
    moving = encoded(red, "PNG", save_all=True, append_images=[blue], duration=100)
    many = encoded(red, "MPO", save_all=True, append_images=[blue])

    assert images.check_header(io.BytesIO(many), min_size=(1, 1)) == ("JPEG", 300, 400)
    assert [near(middle(produced(raw)), (254, 0, 0)) for raw in (moving, many)] == [True, True]


def unreadable_files():
    jpeg, png = encoded(photo(800, 600)), encoded(photo(800, 600), "PNG")
    yield "cut JPEG", jpeg[: len(jpeg) // 2]
    yield "cut PNG", png[: len(png) // 2]
    yield "JPEG header and a web page", jpeg[:20] + b"<html>" * 500
    yield "PNG with a wrong checksum", png[:500] + bytes([png[500] ^ 255]) + png[501:]
    yield "PNG with too little data", png_header(3000, 3000)
    yield "900 megapixels", png_header(30000, 30000)
    yield "51 megapixels", png_header(10000, 5100)
    yield "GIF", encoded(four_corners(), "GIF")
    yield "nothing", b""


@pytest.mark.parametrize("raw", [pytest.param(raw, id=name) for name, raw in unreadable_files()])
def test_produce_refuses_what_cannot_be_decoded_whole(raw):
    with pytest.raises(InputError) as refused:
        images.produce(raw, box=(358, 441))

    assert refused.value.message == "图片无法识别，请重新拍摄后上传"


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_damaged_files_are_refused_or_produced_and_nothing_else(kind):
    raw, chance = oriented(6, kind), random.Random(2026)

    for _ in range(150):
        damaged = bytearray(raw)
        for _ in range(chance.randint(1, 6)):
            damaged[chance.randrange(min(len(damaged), 1200))] = chance.randrange(256)
        for look in (
            lambda data: images.check_header(io.BytesIO(data), min_size=(1, 1)),
            lambda data: produced(data),
        ):
            try:
                look(bytes(damaged))
            except InputError as refused:
                assert refused.message

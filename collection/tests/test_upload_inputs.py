"""Whatever people send as a picture ends, through the real upload, in a good picture or in the right sentence."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from accounting_platform.lib.images import (
    BYTES_MESSAGE,
    FORMAT_MESSAGE,
    HEIC_MESSAGE,
    PIXELS_MESSAGE,
    SMALL_MESSAGE,
    UNREADABLE_MESSAGE,
)
from accounting_platform.tests.made_images import (
    CORNERS,
    corner_colours,
    encoded,
    four_corners,
    oriented,
    png_header,
)
from collection import attachments
from collection.models import Attachment
from collection.tests.factories import make_profile

UPLOAD = reverse("collection:upload")
COLOURS = four_corners(800, 1000)
HTML = b"<html><script>alert(1)</script></html>"


def moving(kind):
    return encoded(COLOURS, kind, save_all=True, append_images=[Image.new("RGB", COLOURS.size, "black")])


def sixteen_bit():
    return encoded(COLOURS.convert("L").convert("I").point(lambda value: value * 257).convert("I;16"), "PNG")


def on_nothing():
    """The colours with a hole in the middle."""
    picture = COLOURS.convert("RGBA")
    picture.paste((0, 0, 0, 0), (350, 450, 450, 550))
    return encoded(picture, "PNG")


GOOD = {f"turned {tag}": oriented(tag) for tag in range(1, 9)} | {
    "png": encoded(COLOURS, "PNG"),
    "cmyk": encoded(COLOURS.convert("CMYK")),
    "palette": encoded(COLOURS.quantize(16), "PNG"),
    "transparent": on_nothing(),
    "progressive": encoded(COLOURS, progressive=True),
    "moving png": moving("PNG"),
    "several pictures": moving("MPO"),
    "with a page behind": encoded(COLOURS) + HTML,
    "with a comment": encoded(COLOURS, comment=HTML),
    "with an archive behind": encoded(COLOURS, "PNG") + b"PK\x03\x04" + b"\0" * 100,
}
REFUSED = {
    "moving gif": (moving("GIF"), FORMAT_MESSAGE),
    "webp": (encoded(COLOURS, "WEBP"), FORMAT_MESSAGE),
    "tiff": (encoded(COLOURS, "TIFF"), FORMAT_MESSAGE),
    "pdf": (encoded(COLOURS, "PDF"), FORMAT_MESSAGE),
    "page": (HTML, FORMAT_MESSAGE),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', FORMAT_MESSAGE),
    "picture behind a page": (HTML + encoded(COLOURS), FORMAT_MESSAGE),
    "heic": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 500, HEIC_MESSAGE),
    "nothing": (b"", FORMAT_MESSAGE),
    "900 megapixels": (png_header(30_000, 30_000), PIXELS_MESSAGE),
    "a strip of a billion": (png_header(2**31 - 1, 1), PIXELS_MESSAGE),
    "12 mebibytes": (encoded(COLOURS) + b"\0" * 12 * 1024 * 1024, BYTES_MESSAGE),
    "small": (encoded(four_corners(199, 280)), SMALL_MESSAGE),
}
BROKEN = {
    "truncated": encoded(COLOURS)[:-4000],
    "truncated png": encoded(COLOURS, "PNG")[:-900],
    "header alone": png_header(800, 1000),
}


def cases(table):
    return [
        pytest.param(*(case if isinstance(case, tuple) else (case,)), id=name) for name, case in table.items()
    ]


@pytest.fixture
def send(client, django_capture_on_commit_callbacks):
    """send(raw): the answer to an upload that a worker has seen, and the row it made."""
    profile = make_profile()
    client.force_login(profile.accountant.user)

    def post(raw):
        file = SimpleUploadedFile("IMG_0001.jpg", raw, "image/jpeg")
        with django_capture_on_commit_callbacks(execute=True):
            response = client.post(UPLOAD, {"kind": "portrait", "file": file}, headers={"HX-Request": "true"})
        return response, Attachment.objects.first()

    return post


@pytest.mark.django_db
@pytest.mark.parametrize("raw", cases(GOOD))
def test_odd_pictures_become_good_ones(send, raw):
    response, row = send(raw)

    kept = attachments.read(row)
    picture = Image.open(io.BytesIO(kept))
    assert (response.status_code, row.state, row.reason) == (200, "ready", "")
    assert (picture.format, picture.mode) == ("JPEG", "RGB") and abs(
        picture.width / picture.height - 358 / 441
    ) < 0.01
    assert corner_colours(kept) == CORNERS
    assert kept.endswith(b"\xff\xd9") and HTML not in kept and not picture.getexif()
    assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.django_db
def test_sixteen_bits_of_grey_keep_their_shades(send):
    _response, row = send(sixteen_bit())

    picture = Image.open(io.BytesIO(attachments.read(row))).convert("L")
    found = [picture.getpixel((x, y)) for y in (60, 380) for x in (60, 300)]
    expected = [COLOURS.convert("L").getpixel((x, y)) for y in (100, 900) for x in (100, 700)]
    assert row.state == "ready" and all(abs(a - b) < 4 for a, b in zip(found, expected, strict=True))


@pytest.mark.django_db
@pytest.mark.parametrize(("raw", "sentence"), cases(REFUSED))
def test_what_the_header_tells_is_refused_with_its_sentence(send, raw, sentence):
    response, row = send(raw)

    assert (response.status_code, row) == (400, None)
    assert sentence in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("raw", cases(BROKEN))
def test_what_cannot_be_decoded_is_sent_back(client, send, raw):
    response, row = send(raw)

    slot = client.get(reverse("collection:attachment_state", args=["portrait"])).content.decode()
    assert (response.status_code, row.state, row.file, row.quarantine) == (200, "rejected", "", "")
    assert UNREADABLE_MESSAGE in slot


@pytest.mark.django_db
def test_more_than_a_body_may_hold_is_refused_before_it_is_read(send):
    response, row = send(b"\xff\xd8\xff" + b"\0" * 13 * 1024 * 1024)

    assert (response.status_code, row) == (413, None)
    assert "提交的内容过大" in response.content.decode()

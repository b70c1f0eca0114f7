"""Pictures drawn for the tests of lib.images: noise like a photograph's, corners of four colours, bare headers."""

import io
import struct
import zlib
from functools import cache

from PIL import Image, ImageDraw

ORIENTATION = 0x0112
CORNERS = {"top left": "red", "top right": "lime", "bottom left": "blue", "bottom right": "yellow"}
# What has to be done to an upright picture so that the tag's turn sets it right again.
UNDO = {2: [0], 3: [3], 4: [1], 5: [5], 6: [2], 7: [6], 8: [4]}


@cache
def photo(width, height):
    """A photograph's stand-in: gradients with noise over them, several megapixels if asked."""
    noise = Image.effect_noise((width // 4, height // 4), 60).resize((width, height))
    gradients = [
        picture.resize((width, height))
        for picture in (Image.radial_gradient("L"), Image.linear_gradient("L"))
    ]
    return Image.merge("RGB", (gradients[0], noise, gradients[1]))


def four_corners(width=400, height=560):
    picture = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(picture)
    for place, colour in CORNERS.items():
        left, top = width // 2 * ("right" in place), height // 2 * ("bottom" in place)
        draw.rectangle((left, top, left + width // 2, top + height // 2), fill=colour)
    return picture


def encoded(picture, kind="JPEG", **options):
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def oriented(tag, kind="JPEG"):
    stored = four_corners()
    for turn in UNDO.get(tag, []):
        stored = stored.transpose(Image.Transpose(turn))
    exif = Image.Exif()
    exif[ORIENTATION] = tag
    return encoded(stored, kind, exif=exif)


def corner_colours(raw):
    picture = Image.open(io.BytesIO(raw))
    width, height = picture.size
    pixel = {
        place: picture.getpixel(
            (width * (7 if "right" in place else 1) // 8, height * (7 if "bottom" in place else 1) // 8)
        )
        for place in CORNERS
    }
    nearest = {"red": (255, 0, 0), "lime": (0, 255, 0), "blue": (0, 0, 255), "yellow": (255, 255, 0)}
    return {
        place: min(
            nearest,
            key=lambda name, seen=seen: sum(abs(a - b) for a, b in zip(nearest[name], seen, strict=True)),
        )
        for place, seen in pixel.items()
    }


def png_header(width, height):
    """A PNG of almost no bytes that announces any size."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = b""
    for kind, body in ((b"IHDR", header), (b"IDAT", zlib.compress(b"\x00" * 100)), (b"IEND", b"")):
        chunks += struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    return b"\x89PNG\r\n\x1a\n" + chunks

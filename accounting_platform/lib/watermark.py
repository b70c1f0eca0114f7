"""A picture marked with what it is shown for, to whom and when, all over it, so that a copy of it tells where it came from.

The purpose is a picture itself, since a server has no Chinese font for certain; the rest is ASCII in Pillow's own font.
"""

import io
from functools import cache
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

PURPOSE = "仅供会计人员信息采集使用"
PURPOSE_FILE = Path(__file__).with_name("watermark_purpose.png")
ANGLE = 30
# Of the longer side; the least in pixels.
LETTER, SMALLEST = 1 / 26, 15
STRENGTH = 0.42
JPEG_QUALITY = 82


def stamp(raw: bytes, told: str) -> bytes:
    """A JPEG of the same size with the purpose and `told` (ASCII: who, when) tiled over it."""
    image = Image.open(io.BytesIO(raw), formats=["JPEG"]).convert("RGB")
    tile = _tile(max(SMALLEST, round(max(image.size) * LETTER)), told)
    letters = _spread(tile, image.size)
    # Dark letters with a light edge are read on every ground.
    edge = ImageChops.subtract(letters.filter(ImageFilter.MaxFilter(3)), letters)
    image.paste("white", mask=edge.point(_weaker))
    image.paste("#3a3f47", mask=letters.point(_weaker))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=JPEG_QUALITY)
    return out.getvalue()


def _weaker(value: int) -> float:
    return value * STRENGTH


@cache
def _purpose() -> Image.Image:
    with Image.open(PURPOSE_FILE) as file:
        return file.convert("L")


def _tile(height: int, told: str) -> Image.Image:
    """One mark with the room around it: the purpose, below it who and when."""
    purpose = _purpose()
    purpose = purpose.resize((round(purpose.width * height / purpose.height), height))
    font = ImageFont.load_default(size=height * 0.8)
    told = told.encode("ascii", "replace").decode()
    width = max(purpose.width, round(font.getlength(told)))
    tile = Image.new("L", (width + height * 2, height * 5))
    tile.paste(purpose, (0, 0))
    ImageDraw.Draw(tile).text((0, round(height * 1.3)), told, 255, font=font)
    return tile


def _spread(tile: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The mark in rows over a picture of this size, turned, every other row moved along."""
    side = round((size[0] ** 2 + size[1] ** 2) ** 0.5) + tile.height
    field = Image.new("L", (side, side))
    for row, top in enumerate(range(0, side, tile.height)):
        for left in range(-tile.width // 2 * (row % 2), side, tile.width):
            field.paste(tile, (left, top))
    turned = field.rotate(ANGLE, Image.Resampling.BICUBIC)
    left, top = (side - size[0]) // 2, (side - size[1]) // 2
    return turned.crop((left, top, left + size[0], top + size[1]))

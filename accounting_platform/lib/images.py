"""Pictures people upload: judged by their header first, later decoded small, turned upright and stripped."""

import io
import struct
import zlib
from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image, ImageCms

from .errors import InputError

MAX_BYTES = 12 * 1024 * 1024
MAX_PIXELS = 50_000_000
JPEG_QUALITY = 85
# How much larger than asked for a JPEG is decoded at least: more costs the memory of all of a phone's pixels.
DRAFT = 1.2

FORMAT_MESSAGE = "请上传JPG或PNG格式的图片"
HEIC_MESSAGE = "请改用相机拍照，或在设置中选“兼容性最佳”"
BYTES_MESSAGE = "图片不能超过12MB"
PIXELS_MESSAGE = "图片尺寸过大"
SMALL_MESSAGE = "图片太小，请上传清晰的照片"
UNREADABLE_MESSAGE = "图片无法识别，请重新拍摄后上传"

# Phones write several pictures into one JPEG (MPO); the first of them is the photograph.
_FORMATS = {"JPEG": "JPEG", "MPO": "JPEG", "PNG": "PNG"}
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}
_TOO_LARGE = (Image.DecompressionBombError, Image.DecompressionBombWarning)
# What Pillow's JPEG and PNG code raises on damaged input.
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    OverflowError,
    EOFError,
    struct.error,
    zlib.error,
)

_ORIENTATION = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SIDEWAYS = {5, 6, 7, 8}
# Pillow loads its file formats with the first picture: rather at start than in somebody's request.
Image.preinit()
_SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


@dataclass(frozen=True)
class Produced:
    """A finished JPEG: upright, sRGB, nothing but the picture."""

    bytes: bytes
    width: int
    height: int


def check_header(file: BinaryIO, *, min_size: tuple[int, int]) -> tuple[str, int, int]:
    """Format (JPEG or PNG, by content) and upright size of an upload, read from its header alone.

    InputError unless at most 12 MiB and 50 megapixels and at least `min_size` (width, height); `file` is left rewound.
    """
    if _length(file) > MAX_BYTES:
        raise InputError(BYTES_MESSAGE, code="bytes")
    try:
        image = Image.open(file, formats=["JPEG", "PNG"])
        width, height = _upright_size(image)
    except _TOO_LARGE:
        raise InputError(PIXELS_MESSAGE, code="pixels") from None
    except _BROKEN:
        heic = _is_heic(file)
        raise InputError(
            HEIC_MESSAGE if heic else FORMAT_MESSAGE, code="heic" if heic else "format"
        ) from None
    finally:
        file.seek(0)
    if width * height > MAX_PIXELS:
        raise InputError(PIXELS_MESSAGE, code="pixels")
    if width < min_size[0] or height < min_size[1]:
        raise InputError(SMALL_MESSAGE, code="small")
    return _FORMATS[image.format], width, height


def produce(raw: bytes, *, box: tuple[int, int], crop: bool = False) -> Produced:
    """An upright sRGB JPEG that fits into `box` (width, height) and is never enlarged; `crop` fills the box's shape.

    InputError for anything that cannot be decoded whole.
    """
    try:
        image = Image.open(io.BytesIO(raw), formats=["JPEG", "PNG"])
        if image.width * image.height > MAX_PIXELS:
            raise InputError(UNREADABLE_MESSAGE, code="unreadable")
        orientation = _orientation(image)
        small = _shrink(image, box[::-1] if orientation in _SIDEWAYS else box, crop)
        small = _as_srgb(small, image.info.get("icc_profile"))
    except (*_TOO_LARGE, *_BROKEN):
        raise InputError(UNREADABLE_MESSAGE, code="unreadable") from None
    if orientation in _UPRIGHT:
        small = small.transpose(_UPRIGHT[orientation])
    # Pillow copies comment, profile and more out of `info` when it saves.
    small.info = {}
    out = io.BytesIO()
    small.save(out, "JPEG", quality=JPEG_QUALITY)
    return Produced(out.getvalue(), *small.size)


def _shrink(image: Image.Image, box: tuple[int, int], crop: bool) -> Image.Image:
    """The picture as it lies (not yet turned), decoded at the smallest scale that still serves `box`."""
    full = image.size
    left, top, right, bottom = _centred(full, box) if crop else (0, 0, *full)
    scale = min(1, box[0] / (right - left), box[1] / (bottom - top))
    size = (max(1, round((right - left) * scale)), max(1, round((bottom - top) * scale)))

    # libjpeg decodes at 1/2, 1/4 or 1/8, which averages by itself; the rest below is for the filter.
    image.draft(None, (round(full[0] * scale * DRAFT), round(full[1] * scale * DRAFT)))
    image.load()
    drafted_x, drafted_y = image.width / full[0], image.height / full[1]
    region = (left * drafted_x, top * drafted_y, right * drafted_x, bottom * drafted_y)
    return _resizable(image).resize(size, Image.Resampling.BICUBIC, box=region, reducing_gap=2.0)


def _centred(full: tuple[int, int], box: tuple[int, int]) -> tuple[float, float, float, float]:
    """The largest region of the box's shape around the middle."""
    scale = min(full[0] / box[0], full[1] / box[1])
    width, height = box[0] * scale, box[1] * scale
    left, top = (full[0] - width) / 2, (full[1] - height) / 2
    return left, top, left + width, top + height


def _resizable(image: Image.Image) -> Image.Image:
    """The same picture in a mode that can be averaged: no palette, no single bits, no 16-bit grey."""
    if image.has_transparency_data:
        return image if image.mode in ("RGBA", "LA") else image.convert("RGBA")
    if image.mode in ("I", "I;16", "I;16B", "I;16L"):
        return image.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    return image if image.mode in ("L", "RGB", "CMYK") else image.convert("RGB")


def _as_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if image.mode in ("RGBA", "LA"):
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image).convert("RGB")
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            image = ImageCms.profileToProfile(image, source, _SRGB, outputMode="RGB")
        except (ImageCms.PyCMSError, *_BROKEN):
            # A profile that is broken or for another kind of pixels says nothing: the plain colours are kept.
            pass
    return image.convert("RGB")


def _orientation(image: Image.Image) -> int:
    # Asking a PNG for Exif data that stands behind the pixels would decode them.
    if image.format == "PNG" and "exif" not in image.info:
        return 1
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except _BROKEN:
        return 1


def _upright_size(image: Image.Image) -> tuple[int, int]:
    return image.size[::-1] if _orientation(image) in _SIDEWAYS else image.size


def _length(file: BinaryIO) -> int:
    length = file.seek(0, io.SEEK_END)
    file.seek(0)
    return length


def _is_heic(file: BinaryIO) -> bool:
    file.seek(0)
    head = file.read(12)
    return head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS

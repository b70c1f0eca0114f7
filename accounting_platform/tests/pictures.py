"""Real picture files as people upload them: several megapixels, camera data, a turned sensor."""

from dataclasses import dataclass
from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageFilter

SIZES = {
    "portrait": (3000, 4000),
    "id_card_front": (4000, 2500),
    "id_card_back": (4000, 2500),
    "passport": (3500, 2480),
}
ORIENTATION, MAKE, MODEL, GPS = 0x0112, 0x010F, 0x0110, 0x8825
# How a sensor turned this way saw the upright scene.
TURNED = {
    3: Image.Transpose.ROTATE_180,
    6: Image.Transpose.ROTATE_90,
    8: Image.Transpose.ROTATE_270,
}


@dataclass(frozen=True)
class Picture:
    """The bytes of one picture file and the suffix that fits them."""

    content: bytes
    suffix: str


@cache
def render(kind="portrait", size=None, *, file_format="JPEG", orientation=1, gps=False, quality=88):
    """A picture of that kind and upright size; `orientation` and `gps` put what cameras write into its Exif."""
    scene = draw(kind, size or SIZES[kind])
    if orientation in TURNED:
        scene = scene.transpose(TURNED[orientation])
    file = BytesIO()
    options = {"quality": quality} if file_format == "JPEG" else {"compress_level": 1}
    scene.save(file, file_format, exif=camera_data(orientation, gps), **options)
    return Picture(file.getvalue(), {"JPEG": "jpg"}.get(file_format, file_format.lower()))


def camera_data(orientation, gps):
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKE], exif[MODEL] = orientation, "Camera", "Test"
    if gps:
        exif.get_ifd(GPS).update({1: "N", 2: (23.0, 7.0, 45.0), 3: "E", 4: (113.0, 15.0, 51.0)})
    return exif


def draw(kind, size):
    """A face on white, a card with lines of text, or plain colours: enough to see which way is up."""
    width, height = size
    ground = Image.linear_gradient("L").resize(size).convert("RGB")
    scene = Image.blend(ground, Image.new("RGB", size, "#eef3f8"), 0.8)
    pen = ImageDraw.Draw(scene)

    def box(left, top, right, bottom):
        return [width * left, height * top, width * right, height * bottom]

    if kind == "portrait":
        pen.ellipse(box(0.1, 0.68, 0.9, 1.5), fill="#23406b")
        pen.ellipse(box(0.28, 0.15, 0.72, 0.72), fill="#e8c3a2")
        pen.pieslice(box(0.26, 0.1, 0.74, 0.66), 180, 360, fill="#1d1a18")
    else:
        pen.rounded_rectangle(box(0.03, 0.04, 0.97, 0.96), radius=width // 40, fill="#dfe9ef")
        for line in range(5):
            pen.rectangle(box(0.1, 0.15 + line * 0.15, 0.55, 0.2 + line * 0.15), fill="#4a5a6a")
        pen.rectangle(box(0.66, 0.15, 0.9, 0.65), fill="#c9907a")
    return scene.filter(ImageFilter.BoxBlur(1))

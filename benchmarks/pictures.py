"""What a 12-megapixel phone photo costs a worker, beside bare Pillow: `python benchmarks/pictures.py`.

CPU in one process, the two ways taking turns; memory in a process of its own each, over a worker that has nothing to do.
Ends with 1 when a limit is passed.
"""

import io
import os
import statistics
import subprocess
import sys
import time
import zlib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ["DJANGO_SETTINGS_MODULE"] = "accounting_platform.settings_test"

import django  # noqa: E402

django.setup()

from PIL import Image  # noqa: E402

from accounting_platform.lib import images  # noqa: E402
from accounting_platform.lib.encryption import seal, unseal  # noqa: E402
from accounting_platform.lib.errors import DomainError  # noqa: E402
from accounting_platform.tests import made_images  # noqa: E402
from collection import picture_rules, tasks  # noqa: E402, F401

ROUNDS, TURNED = 25, 6
CPU_LIMITS = {"portrait": 1.25, "id_front": 1.2}
MEMORY_LIMIT, BOMB_MS, BOMB_MEMORY = 40, 50, 5
BOMB_SIDE = 30_000
CONTEXT = "benchmark"


def photo():
    """12 megapixels as a phone stores them: lying on the side, noisy, about 4 MB."""
    exif = Image.Exif()
    exif[made_images.ORIENTATION] = TURNED
    return made_images.encoded(made_images.photo(4000, 3000), quality=92, exif=exif)


def bomb():
    """A whole PNG of 900 megapixels in less than a megabyte."""
    squeeze = zlib.compressobj(9)
    line = b"\0" * (BOMB_SIDE + 1)
    pixels = b"".join(squeeze.compress(line * 100) for _ in range(BOMB_SIDE // 100)) + squeeze.flush()
    head = made_images.png_header(BOMB_SIDE, BOMB_SIDE)
    grey = head[:25] + b"\0" + head[26:29]
    chunks = [(b"IHDR", grey[16:29]), (b"IDAT", pixels), (b"IEND", b"")]
    out = [head[:8]]
    for kind, body in chunks:
        out += [len(body).to_bytes(4, "big"), kind, body, zlib.crc32(kind + body).to_bytes(4, "big")]
    return b"".join(out)


def ours(raw, kind):
    return images.produce(raw, **picture_rules.RULES[kind].shape).bytes


def bare(raw, kind):
    """Pillow alone, at its best: reduced decoding, one resize, turned when small."""
    shape = picture_rules.RULES[kind].shape
    image = Image.open(io.BytesIO(raw))
    box = shape["box"][::-1]
    fill = max if shape.get("crop") else min
    scale = fill(box[0] / image.width, box[1] / image.height)
    size = (round(image.width * scale), round(image.height * scale))
    image.draft(None, (round(size[0] * images.DRAFT), round(size[1] * images.DRAFT)))
    image = image.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)
    if shape.get("crop"):
        left, top = (size[0] - box[0]) // 2, (size[1] - box[1]) // 2
        image = image.crop((left, top, left + box[0], top + box[1]))
    out = io.BytesIO()
    image.transpose(Image.Transpose.ROTATE_270).save(out, "JPEG", quality=images.JPEG_QUALITY)
    return out.getvalue()


def cpu(work, *arguments):
    start = time.process_time()
    work(*arguments)
    return (time.process_time() - start) * 1000


def compare(raw, kind):
    """Median CPU milliseconds of both ways, taking turns."""
    spent = {ours: [], bare: []}
    for _ in range(ROUNDS):
        for way in (ours, bare):
            spent[way].append(cpu(way, raw, kind))
    return statistics.median(spent[ours]), statistics.median(spent[bare])


def sealing(raw):
    """CPU milliseconds of opening the quarantined file."""
    sealed = seal(raw, CONTEXT)
    return statistics.median(cpu(unseal, sealed, CONTEXT) for _ in range(5))


def memory(line):
    """MiB of this process: VmRSS now, VmHWM at most so far."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition(f"{line}:")[2].split()[0]) / 1024


def alone(what, path):
    """In a process of its own: MiB over idle and milliseconds of one act, its file read within."""
    idle, start = memory("VmRSS"), time.perf_counter()
    with open(path, "rb") as file:
        if what == "bomb":
            try:
                images.check_header(file, min_size=(600, 380))
            except DomainError as refusal:
                assert refusal.code == "pixels"
        else:
            ours(unseal(file.read(), CONTEXT), what)
    spent = (time.perf_counter() - start) * 1000
    print(memory("VmHWM") - idle, spent)


def in_a_worker(what, path):
    command = [sys.executable, __file__, what, str(path)]
    out = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout
    return tuple(map(float, out.split()))


def main():
    folder = Path(os.environ["VAR_DIR"])
    raw = photo()
    (folder / "photo.sealed").write_bytes(seal(raw, CONTEXT))
    (folder / "bomb.png").write_bytes(bomb())
    print(f"photo {len(raw) / 1e6:.1f} MB, bomb {(folder / 'bomb.png').stat().st_size / 1e6:.1f} MB")
    well = True
    for kind, limit in CPU_LIMITS.items():
        mine, theirs = compare(raw, kind)
        peak, _ = in_a_worker(kind, folder / "photo.sealed")
        well &= mine <= theirs * limit and peak <= MEMORY_LIMIT
        print(
            f"{kind:<9} {mine:6.1f} ms CPU, bare Pillow {theirs:6.1f}: {mine / theirs:.2f} (limit {limit}); "
            f"peak +{peak:.0f} MiB (limit {MEMORY_LIMIT})"
        )
    refused = [in_a_worker("bomb", folder / "bomb.png") for _ in range(3)]
    peak, milliseconds = (statistics.median(numbers) for numbers in zip(*refused, strict=True))
    well &= milliseconds <= BOMB_MS and peak <= BOMB_MEMORY
    print(
        f"bomb      refused in {milliseconds:.1f} ms (limit {BOMB_MS}), +{peak:.1f} MiB (limit {BOMB_MEMORY})"
    )
    print(f"unsealing the upload takes {sealing(raw):.1f} ms more")
    return int(not well)


if __name__ == "__main__":
    sys.exit(alone(*sys.argv[1:]) if len(sys.argv) > 1 else main())

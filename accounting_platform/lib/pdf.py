"""PDFs out of our own pages: A4, tagged (PDF/UA-1), Chinese fonts embedded, nothing fetched from anywhere.

WeasyPrint needs libraries of the system. It is imported where a PDF is made and nowhere else, so that neither web nor
worker depends on them to start.
"""

import ctypes
import shutil
import subprocess
from base64 import b64encode
from functools import cache
from pathlib import Path
from types import ModuleType

from django.contrib.staticfiles import finders
from PIL import ImageFile

FONT = "Noto Sans CJK SC"
# By Debian's package; the names are those on Linux and on a Mac.
LIBRARIES = {
    "libpango-1.0-0": ("libpango-1.0.so.0", "libpango-1.0.dylib"),
    "libpangoft2-1.0-0": ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib"),
    "libharfbuzz-subset0": ("libharfbuzz-subset.so.0", "libharfbuzz-subset.dylib"),
}
FONT_PACKAGE = "fonts-noto-cjk"
PACKAGES = (*LIBRARIES, FONT_PACKAGE)
STYLES = ("css/tokens.css", "css/paper.css")


class Unavailable(RuntimeError):
    """This machine lacks what PDFs are made with."""


def missing_packages() -> list[str]:
    """Debian's packages that PDFs need and this machine lacks."""
    lacking = [package for package, names in LIBRARIES.items() if not any(map(opens, names))]
    return lacking if has_font() else [*lacking, FONT_PACKAGE]


@cache
def is_available() -> bool:
    """Whether PDFs can be made here; asked once by each process."""
    return not missing_packages()


def install_line(packages: list[str]) -> str:
    """The command that brings what is missing, on Debian."""
    return " ".join(["apt-get install --no-install-recommends", *packages])


def picture(name: str) -> str:
    """One of our static pictures as an address that holds the picture itself."""
    return "data:image/svg+xml;base64," + b64encode(Path(finders.find(name)).read_bytes()).decode()


def opens(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def has_font() -> bool:
    if not shutil.which("fc-list"):
        return False
    return bool(subprocess.run(["fc-list", FONT, "file"], capture_output=True).stdout.strip())


def render(html: str) -> bytes:
    """A page as PDF, drawn with the style sheets of paper. Raises Unavailable where the machine lacks something."""
    if lacking := missing_packages():
        raise Unavailable(install_line(lacking))
    weasyprint = maker()
    fetcher = fetch_embedded(weasyprint.urls.URLFetcher)
    sheets = [weasyprint.CSS(string=style(name), url_fetcher=fetcher) for name in STYLES]
    return weasyprint.HTML(string=html, url_fetcher=fetcher).write_pdf(
        stylesheets=sheets, pdf_variant="pdf/ua-1", pdf_tags=True
    )


@cache
def maker() -> ModuleType:
    """WeasyPrint. When it is loaded it makes Pillow take half pictures for whole ones: everywhere, uploads included."""
    strict = ImageFile.LOAD_TRUNCATED_IMAGES
    try:
        import weasyprint
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = strict
    return weasyprint


def fetch_embedded(base):
    """A fetcher of what stands in the page itself; it knows no network and no files."""
    return base(allowed_protocols={"data"}, allow_redirects=False)


@cache
def style(name: str) -> str:
    return Path(finders.find(name)).read_text(encoding="utf-8")

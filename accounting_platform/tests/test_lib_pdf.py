"""PDFs out of our own pages, and what the machine needs for them."""

import subprocess
import sys
from io import BytesIO

import pytest
from PIL import ImageFile
from pypdf import PdfReader

from accounting_platform import checks
from accounting_platform.lib import pdf, qr

PAGE = '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>会计档案</title></head><body>{}</body></html>'


def made(body):
    return PdfReader(BytesIO(pdf.render(PAGE.format(body))))


@pytest.mark.pdf
def test_pdf_is_tagged_and_has_title_language_and_embedded_fonts():
    found = made("<h1>买买提江·阿卜杜热合曼 𠮷㛃</h1><p>档案号 4401-2026-0000001</p>")

    root, page = found.trailer["/Root"], found.pages[0]
    assert (found.metadata.title, root["/Lang"]) == ("会计档案", "zh-CN")
    assert root["/MarkInfo"]["/Marked"] and "/StructTreeRoot" in root
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "买买提江·阿卜杜热合曼 𠮷㛃" in page.extract_text()
    assert [round(float(side)) for side in page.mediabox[2:]] == [595, 842]
    assert fonts(page) and all("NotoSans" in name.replace("-", "") for name in fonts(page))


def fonts(page):
    """The names of the fonts of a page, each of which must lie inside the file."""
    names = []
    for font in page["/Resources"]["/Font"].values():
        inner = font["/DescendantFonts"][0].get_object()
        descriptor = inner["/FontDescriptor"]
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor), font["/BaseFont"]
        names.append(font["/BaseFont"])
    return names


@pytest.mark.pdf
def test_pdf_takes_pictures_from_the_page_alone(monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr("socket.create_connection", lambda *a, **k: asked.append(a) or 1 / 0)
    secret = tmp_path / "secret.svg"
    secret.write_text('<svg xmlns="http://www.w3.org/2000/svg"><text>secret</text></svg>')

    outside = made(
        f'<img alt="x" src="http://127.0.0.1:9/a.png"><img alt="x" src="file://{secret}"><p>档案</p>'
    )
    inside = made(f'<img alt="二维码" src="{qr.picture("https://example.com/")}">')

    assert asked == [] and "secret" not in outside.pages[0].extract_text()
    assert b" re" in inside.pages[0].get_contents().get_data() or drawn(inside.pages[0])


def drawn(page):
    return "/XObject" in page["/Resources"]


@pytest.mark.pdf
def test_pdf_maker_leaves_the_judgement_of_uploads_alone():
    made("<p>档案</p>")

    assert not ImageFile.LOAD_TRUNCATED_IMAGES


def test_missing_packages_are_named_with_the_line_that_installs_them(monkeypatch):
    monkeypatch.setattr(pdf, "opens", lambda name: "harfbuzz" not in name)
    monkeypatch.setattr(pdf, "has_font", lambda: False)

    (warning,) = checks.pdfs_can_be_made(None)

    assert "libharfbuzz-subset0, fonts-noto-cjk" in warning.msg
    line = "apt-get install --no-install-recommends libharfbuzz-subset0 fonts-noto-cjk"
    assert warning.hint == f"On Debian: {line}"
    with pytest.raises(pdf.Unavailable, match="libharfbuzz-subset0"):
        pdf.render(PAGE.format(""))


def test_font_is_missing_where_nobody_can_be_asked(monkeypatch):
    monkeypatch.setattr(pdf.shutil, "which", lambda name: None)

    assert not pdf.has_font()


@pytest.mark.once
def test_neither_web_nor_worker_loads_the_pdf_maker():
    code = (
        "import os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'accounting_platform.settings_test'; "
        "import accounting_platform.wsgi, accounting_platform.celery as c; c.app.loader.import_default_modules(); "
        "from django.urls import get_resolver; get_resolver().url_patterns; "
        "print('registration.tasks.make_paper' in c.app.tasks, 'weasyprint' in sys.modules)"
    )

    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)

    assert told.stdout.split() == ["True", "False"], told.stderr

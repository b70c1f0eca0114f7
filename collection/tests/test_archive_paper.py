"""The archive as PDF: what stands in it, who may have it, how it is made and swept."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from accounting_platform.lib import clock, pdf
from accounting_platform.tests.pictures import render
from collection import archive, attachments
from collection.archive_paper import ArchiveSheet, in_pairs, picture
from collection.archive_views import of_day
from collection.services import store_version
from collection.tests.factories import make_pictures, make_profile
from registration import papers
from registration.choices import ExportState
from registration.models import AuditEvent, PaperFile
from registration.tests.factories import make_accountant, make_paper, make_share

pytestmark = pytest.mark.django_db
# Thirty characters, with a dot inside and two that few fonts have.
LONG_NAME = "买买提江·阿卜杜热合曼·𠮷㛃司马欧阳上官诸葛东方皇甫尉迟公孙一"


@pytest.fixture
def profile():
    return make_profile(submitted=True)


@pytest.fixture
def owner(profile):
    return profile.accountant


@pytest.fixture
def member(client, owner):
    client.force_login(owner.user)
    return client


@pytest.fixture
def begin(member, django_capture_on_commit_callbacks):
    """Press 生成 PDF, let the worker work, and give the row."""

    def press(kind="archive", **answers):
        with django_capture_on_commit_callbacks(execute=True):
            answer = member.post(reverse("registration:new_paper", args=[kind]), answers)
        assert answer.status_code == 302, answer
        return PaperFile.objects.get(pk=answer.url.split("/")[-2])

    return press


def text_of(content):
    return "".join("".join(page.extract_text().split()) for page in PdfReader(BytesIO(content)).pages)


@pytest.mark.pdf
def test_pdf_says_what_the_page_says(begin, member, profile, owner):
    row = begin()

    file = member.get(reverse("registration:paper_file", args=[row.pk]))
    said = text_of(file.content)
    for panel in archive.panels(profile, full=True):
        for answer in (panel.title, *(part for row in panel.rows for part in (row.label, row.value))):
            assert "".join(answer.split()) in said, answer
    assert profile.archive_number in said and "扫码核验" not in said
    assert (file["Content-Type"], file["Cache-Control"]) == ("application/pdf", "no-store")
    assert file["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    kinds = ["paper.requested", "paper.made", "paper.downloaded"]
    assert list(AuditEvent.objects.order_by("id").values_list("kind", flat=True)) == kinds


@pytest.mark.pdf
def test_pdf_of_a_past_day_says_what_stood_then(begin, member, profile, owner, at):
    at("2026-03-18 10:00:00")
    profile.employer_name = LONG_NAME
    store_version(profile, cause="submitted", by=None)
    at("2026-05-01 10:00:00")
    member.force_login(owner.user)

    content = papers.PAPERS.read(begin(of="2026-03-18"))

    assert LONG_NAME in text_of(content) and "2026年3月18日的内容" in text_of(content)
    root = PdfReader(BytesIO(content)).trailer["/Root"]
    assert root["/Lang"] == "zh-CN" and root["/MarkInfo"]["/Marked"]


@pytest.mark.pdf
def test_code_of_a_share_is_printed_where_it_is_chosen(begin, owner):
    share = make_share(owner, ArchiveSheet.find(owner, ""), groups=["work"])

    row = begin(of=share.reference, share=str(share.pk))

    assert row.share == share and "扫码核验" in text_of(papers.PAPERS.read(row))


def test_pdf_lies_sealed_and_for_a_day(owner, profile, monkeypatch, django_capture_on_commit_callbacks, at):
    monkeypatch.setattr(pdf, "render", lambda html: b"%PDF-" + html.encode())
    row = make_paper(owner, ArchiveSheet.find(owner, ""))
    papers.PAPERS.make(row.pk)
    row.refresh_from_db()
    with default_storage.open(row.file) as file:
        sealed = file.read()
    assert b"%PDF" not in sealed and owner.name.encode() not in sealed
    assert papers.PAPERS.read(row).startswith(b"%PDF")

    at(timezone.now() + timedelta(days=1, seconds=1))
    with django_capture_on_commit_callbacks(execute=True):
        papers.PAPERS.sweep()

    assert not PaperFile.objects.exists() and default_storage.listdir("papers")[1] == []


def test_pdf_is_nobody_elses(client, owner):
    row = make_paper(owner, ArchiveSheet.find(owner, ""), state=ExportState.READY)
    client.force_login(make_accountant().user)

    for name in ("paper", "paper_state", "paper_file"):
        assert client.get(reverse(f"registration:{name}", args=[row.pk])).status_code == 404


def test_page_asks_for_the_state_until_it_is_made(member, owner):
    row = make_paper(owner, ArchiveSheet.find(owner, ""), state=ExportState.MAKING, percent=30)
    url = reverse("registration:paper_state", args=[row.pk])

    page = member.get(reverse("registration:paper", args=[row.pk])).text

    assert f'hx-get="{url}?seen=making-30"' in page and "30%" in page and "刷新进度" in page
    assert member.get(url + "?seen=making-30").status_code == 204
    PaperFile.objects.update(state=ExportState.READY, size=9, expires_at=timezone.now() + timedelta(days=1))
    done = member.get(url + "?seen=making-30").text
    assert "下载 PDF" in done and "hx-get" not in done
    assert member.get(reverse("registration:paper_file", args=[row.pk])).status_code == 404


def test_two_presses_make_one_pdf(member, owner):
    urls = {member.post(reverse("registration:new_paper", args=["archive"])).url for _ in range(2)}

    assert len(urls) == 1 and PaperFile.objects.count() == 1


def test_page_offers_to_print_where_no_pdf_can_be_made(member, owner, monkeypatch):
    monkeypatch.setattr(pdf, "is_available", lambda: False)

    page = member.get(reverse("collection:archive")).text
    answer = member.post(reverse("registration:new_paper", args=["archive"]), follow=True)

    assert reverse("registration:new_paper", args=["archive"]) not in page
    assert "暂时不能生成 PDF" in page and "data-print" in page
    assert answer.redirect_chain[0][0] == reverse("collection:archive") and "打印" in answer.text
    assert not PaperFile.objects.exists()


def test_worker_that_cannot_make_pdfs_gives_up_at_once(member, owner, monkeypatch):
    monkeypatch.setattr(pdf, "missing_packages", lambda: ["libpango-1.0-0"])
    row = make_paper(owner, ArchiveSheet.find(owner, ""))

    papers.PAPERS.make(row.pk)

    row.refresh_from_db()
    assert row.state == ExportState.FAILED
    assert "没有生成成功" in member.get(reverse("registration:paper", args=[row.pk])).text


@pytest.mark.parametrize("of", ["2099-01-01", "2001-01-01", "nonsense", "2026-02-30"])
def test_day_without_an_archive_is_not_found(member, of):
    assert member.post(reverse("registration:new_paper", args=["archive"]), {"of": of}).status_code == 404
    assert member.get(reverse("registration:new_share", args=["archive"]), {"of": of}).status_code == 404


def test_draft_has_no_paper(client):
    client.force_login(make_profile().accountant.user)

    assert client.post(reverse("registration:new_paper", args=["archive"])).status_code == 404


def test_page_and_paper_read_the_same_archive(profile):
    page, sheet = of_day(profile, clock.today()), ArchiveSheet.find(profile.accountant, "")

    assert page["panels"] == sheet.shown.panels
    assert sum(
        len(line.get("rows", ())) for block in sheet.context()["blocks"] for line in block.lines
    ) == sum(len(panel.rows) for panel in page["panels"])


def test_short_answers_share_a_line():
    rows = [archive.Row("a", "性别", "女"), archive.Row("b", "出生日期", "1970 年 1 月 1 日")]
    long = archive.Row("c", "单位地址", "广州市天河区示范路一百一十八号某某大厦二十层")

    assert in_pairs([*rows, long, rows[0]]) == [{"rows": rows}, {"rows": [long]}, {"rows": [rows[0]]}]


def test_portrait_stands_in_the_page_itself(profile):
    assert picture(None) == ""
    assert picture(make_pictures(profile)[0]) == ""
    upload = SimpleUploadedFile("portrait.jpg", render("portrait", (600, 800)).content, "image/jpeg")
    row = attachments.receive(profile, "portrait", upload, by=profile.accountant.user)
    attachments.process(row.pk)
    row.refresh_from_db()
    assert picture(row).startswith("data:image/jpeg;base64,/9j/")

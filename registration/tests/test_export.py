import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from accounting_platform.lib.errors import DomainError
from registration import audit, export, made_files
from registration.choices import ExportState
from registration.models import AuditEvent, DataExport, Message
from registration.tests.factories import PASSWORD, make_accountant, make_export, make_message

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(settings):
    """Somebody whose export holds what this app knows."""
    settings.EXPORT_PARTS = ["registration.own_data.part"]
    return make_accountant()


@pytest.fixture
def ready(person):
    """An export that can be fetched."""
    row = make_export(person)
    export.make(row.pk)
    row.refresh_from_db()
    return row


def content(row):
    return zipfile.ZipFile(io.BytesIO(export.read(row)))


def files():
    return default_storage.listdir("exports")[1]


def test_export_holds_what_is_known_in_words(person, ready):
    made = content(ready)
    account = json.loads(made.read("account.json"))["账号"]

    assert made.namelist() == ["说明.txt", "account.json"]
    assert account["证件号码"] == person.document_number and account["手机号码"] == person.phone
    assert (account["证件类型"], account["性别"]) == ("居民身份证", "女")


def test_export_holds_only_the_own_messages_and_events(person):
    other = make_accountant()
    make_message(other, title="别人的消息")
    make_message(person, title="自己的消息")
    audit.record("password.changed", actor=other, subject=other)
    audit.record("phone.changed", actor=person, subject=person)
    row = make_export(person)

    export.make(row.pk)

    row.refresh_from_db()
    data = json.loads(content(row).read("account.json"))
    assert [letter["标题"] for letter in data["站内消息"]] == ["自己的消息"]
    assert [event["事件"] for event in data["操作记录"]] == ["更换手机号码"]


def test_export_lies_sealed_and_for_a_week(person, ready):
    with default_storage.open(ready.file) as file:
        raw = file.read()

    assert b"PK" not in raw[:4] and not zipfile.is_zipfile(io.BytesIO(raw))
    assert (ready.state, ready.percent) == (ExportState.READY, 100)
    assert timedelta(days=6, hours=23) < ready.expires_at - timezone.now() <= timedelta(days=7)
    assert Message.objects.get(accountant=person).title == "您的数据已准备好"


def test_export_goes_forward_as_it_is_made(person, monkeypatch):
    seen, note = [], export.note_progress
    monkeypatch.setattr(
        export, "note_progress", lambda pk, percent: seen.append(percent) or note(pk, percent)
    )

    export.make(make_export(person).pk)

    assert seen == [33, 66]


def test_export_is_made_once(person, ready):
    export.make(ready.pk)

    assert files() == [ready.file.removeprefix("exports/")]


def test_export_needs_the_password(person):
    with pytest.raises(DomainError, match="当前密码不正确"):
        export.request(person, current="Wrong-pass#1")
    assert not DataExport.objects.exists()


def test_second_export_waits_for_the_first_and_replaces_it(person, ready, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        newer = export.request(person, current=PASSWORD)

    assert list(DataExport.objects.filter(pk__in=[ready.pk, newer.pk])) == [newer]
    newer.refresh_from_db()
    assert files() == [newer.file.removeprefix("exports/")]
    DataExport.objects.update(state=ExportState.MAKING)
    with pytest.raises(DomainError, match="正在准备"):
        export.request(person, current=PASSWORD)


def test_exports_are_three_a_day(person):
    for _ in range(3):
        export.request(person, current=PASSWORD)
        DataExport.objects.update(state=ExportState.FAILED)

    with pytest.raises(DomainError, match="今天导出的次数过多"):
        export.request(person, current=PASSWORD)


def test_export_that_fails_is_tried_three_times(person, monkeypatch):
    def fails(accountant):
        raise OSError("no room")

    monkeypatch.setattr(export, "gather", fails)
    row = make_export(person)
    states = []
    for _ in range(3):
        with pytest.raises(OSError):
            export.make(row.pk)
        row.refresh_from_db()
        states.append(row.state)

    assert states == [ExportState.WAITING, ExportState.WAITING, ExportState.FAILED]


def test_sweep_begins_again_what_a_dead_worker_left(person):
    long_ago = timezone.now() - timedelta(minutes=11)
    row = make_export(person, state=ExportState.MAKING, tries=1, changed_at=long_ago)
    DataExport.objects.update(created_at=long_ago)

    export.sweep()

    row.refresh_from_db()
    assert (row.state, row.tries) == (ExportState.READY, 2)


def test_sweep_deletes_what_has_expired(person, ready, at, django_capture_on_commit_callbacks):
    at(timezone.now() + timedelta(days=7, seconds=1))

    with django_capture_on_commit_callbacks(execute=True):
        export.sweep()

    assert (list(DataExport.objects.all()), files()) == ([], [])


def test_sweep_removes_files_that_no_row_names(person, ready, monkeypatch):
    name = default_storage.save("exports/orphan", io.BytesIO(b"x"))
    export.sweep()
    assert default_storage.exists(name)

    monkeypatch.setattr(made_files, "STUCK_AFTER", timedelta(0))
    export.sweep()

    assert files() == [ready.file.removeprefix("exports/")]


# --- the pages


def test_owner_sees_the_progress_and_fetches_the_file(client, person, ready):
    client.force_login(person.user)

    page, file = client.get("/account/export/"), client.get(f"/account/export/{ready.pk}/")

    assert "您的数据已准备好" in page.text
    assert zipfile.ZipFile(io.BytesIO(file.content)).testzip() is None
    assert (file["Content-Type"], file["Cache-Control"]) == ("application/zip", "no-store")
    assert file["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert AuditEvent.objects.latest("id").kind == "export.downloaded"


def test_page_asks_for_the_state_until_it_is_ready(client, person):
    row = make_export(person, state=ExportState.MAKING, percent=40)
    client.force_login(person.user)
    url = f"/account/export/{row.pk}/state/"
    page = client.get("/account/export/").text
    assert f'hx-get="{url}?seen=making-40"' in page and "40%" in page and "导出我的数据</button>" not in page

    assert client.get(url + "?seen=making-40").status_code == 204
    assert "hx-get" in client.get(url + "?seen=making-20").text
    DataExport.objects.update(state=ExportState.FAILED)
    assert "hx-get" not in client.get(url + "?seen=making-40").text


def test_export_is_nobody_elses(client, ready):
    client.force_login(make_accountant().user)

    assert client.get(f"/account/export/{ready.pk}/").status_code == 404
    assert client.get(f"/account/export/{ready.pk}/state/").status_code == 404


def test_expired_export_is_not_handed_out(client, person, ready):
    DataExport.objects.update(expires_at=timezone.now())
    client.force_login(person.user)

    assert client.get(f"/account/export/{ready.pk}/").status_code == 404
    assert "下载 ZIP 文件" not in client.get("/account/export/").text


def test_export_begins_on_the_page(client, person, django_capture_on_commit_callbacks):
    client.force_login(person.user)

    wrong = client.post("/account/export/", {"current": "Wrong-pass#1"})
    with django_capture_on_commit_callbacks(execute=True):
        right = client.post("/account/export/", {"current": PASSWORD})

    assert wrong.context["form"].errors == {"current": ["当前密码不正确，请重新输入"]}
    assert right.url == "/account/export/"
    assert "下载 ZIP 文件" in client.get("/account/export/").text

"""The frame's views and middleware: text size, health, and every way a request can go wrong."""

import json

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from accounting_platform import middleware, views
from accounting_platform.lib import context

pytestmark = pytest.mark.urls("accounting_platform.tests.frame_urls")


@pytest.fixture
def client(settings):
    settings.HOME_PANELS = []
    return Client(raise_request_exception=False)


def test_home_shows_the_two_businesses(client):
    page = client.get("/").content.decode()

    assert "业务办理" in page and "继续教育-会计人员" in page
    assert 'class="nav-main nav-blue"' in page
    assert page.count("btn-primary") == 1


def test_home_takes_its_parts_from_the_panels(client, settings):
    settings.HOME_PANELS = [f"{__name__}.panel"]

    page = client.get("/").content.decode()

    assert "满 90 学分" in page and "每年应修" in page and "&lt;b&gt;公告" in page


def panel(request):
    sheet = {"caption": "每年应修", "rows": [("公需课", [30])], "total": ("合计", [90]), "foot": ""}
    return {
        "sheet": sheet,
        "announcements": [{"pk": 1, "title": "<b>公告", "body": "正文", "published_at": None}],
    }


# --- text size


def test_display_keeps_the_size_and_goes_back(client):
    response = client.post("/display/", {"text": "elder-2", "next": "/help/?a=1"})

    assert (response.status_code, response.url) == (302, "/help/?a=1")
    assert response.cookies["text"].value == "elder-2"
    assert response.cookies["text"]["httponly"] and response.cookies["text"]["samesite"] == "Lax"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_display_leads_nowhere_else(client, target):
    assert client.post("/display/", {"text": "elder", "next": target}).url == "/"


def test_display_standard_removes_the_cookie_and_odd_sizes_change_nothing(client):
    assert client.post("/display/", {"text": ""}).cookies["text"]["max-age"] == 0
    assert "text" not in client.post("/display/", {"text": "huge"}).cookies
    assert client.get("/display/").status_code == 405


# --- health


def test_livez_needs_nothing(client):
    assert client.get("/livez").content == b"ok"


@pytest.mark.django_db
def test_readyz_checks_everything_and_tells_no_versions(client):
    response = client.get("/readyz")

    names = ("database", "migrations", "storage", "clock")
    assert response.json() == {"status": "ok", "checks": dict.fromkeys(names, "ok")}


@pytest.mark.django_db
def test_readyz_fails_when_nothing_can_be_stored(client, monkeypatch):
    def full(name, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(default_storage, "save", full)

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["checks"]["storage"] == "fail"
    assert "space" not in response.content.decode()


# --- what goes wrong


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/nothing/", 404, "找不到您要的页面"),
        ("/missing/", 404, "该学习机构不可用。"),
        ("/denied/", 403, "您不能打开这个页面"),
        ("/broken/", 500, "系统出现错误，请稍后再试"),
        ("/down/", 503, "系统维护中，请稍后再试"),
        ("/slow/", 503, "系统繁忙，请稍后再试"),
        ("/refused/", 400, "请选择要查看的内容。"),
        ("/stale/", 409, "页面已更新，请刷新后重试。"),
        ("/often/", 429, "登录失败次数过多，请15分钟后再试或找回密码。"),
        ("/full/", 503, "暂时无法保存文件，请稍后再试"),
    ],
)
def test_error_page_is_chinese_with_a_number_and_a_way_home(client, path, status, words):
    response = client.get(path)
    page = response.content.decode()

    assert response.status_code == status
    assert words in page and "<title>错误：" in page
    assert response["X-Request-ID"] in page
    assert 'href="tel:02012345678"' in page and 'href="/"' in page
    assert ("Retry-After" in response) == (status in (429, 503))


def test_errors_touch_neither_database_nor_session(client):
    """No django_db mark: a query in these pages would fail the test."""
    client.cookies["session"] = "abc"

    assert [client.get(path).status_code for path in ("/broken/", "/down/")] == [500, 503]


def test_csrf_failure_says_what_to_do(settings):
    response = Client(enforce_csrf_checks=True).post("/echo/", {"a": 1})

    assert response.status_code == 403
    assert "页面已过期，请返回刷新后重试" in response.content.decode()


def test_api_errors_are_problem_documents(client):
    response = client.get("/api/v1/nothing")

    assert response["Content-Type"] == "application/problem+json"
    assert json.loads(response.content) == {
        "status": 404,
        "code": "not_found",
        "detail": "没有这个接口地址，请检查地址。",
        "request_id": response["X-Request-ID"],
    }


def test_body_over_13_mib_is_refused_unread(client):
    response = client.generic("POST", "/echo/", b"a=1", CONTENT_LENGTH=str(middleware.MAX_BODY + 1))

    assert response.status_code == 413
    assert "提交的内容过大" in response.content.decode()


def test_too_many_fields_are_413(client, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 3

    assert client.post("/echo/", {"a": [1, 2, 3]}).status_code == 200
    assert client.post("/echo/", {"a": [1, 2, 3, 4]}).status_code == 413


def test_busy_is_told_by_the_database_code():
    class Timeout(Exception):
        pgcode = "57014"

    error = views.OperationalError("canceling statement due to statement timeout")
    error.__cause__ = Timeout()

    assert views.is_busy(error)
    assert not views.is_busy(views.OperationalError("server closed the connection"))


# --- middleware


def test_every_answer_carries_number_and_headers(client):
    first, second = client.get("/livez"), client.get("/help/")

    assert len(first["X-Request-ID"]) == 16 and first["X-Request-ID"] != second["X-Request-ID"]
    assert "camera=(self)" in second["Permissions-Policy"]
    assert context.current() == context.RequestContext()


def test_trace_is_refused(client):
    assert client.generic("TRACE", "/help/").status_code == 405


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "6.6.6.6", "10.0.0.1"),
        (1, "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (2, "6.6.6.6, 1.2.3.4, 10.0.0.9", "1.2.3.4"),
        (2, "1.2.3.4", "10.0.0.1"),
        (1, "", "10.0.0.1"),
        (1, "nonsense", ""),
        (1, "2001:DB8::1", "2001:db8::1"),
    ],
)
def test_client_address_trusts_only_our_own_proxies(proxies, forwarded, address):
    meta = {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": forwarded, "HTTP_X_REAL_IP": "6.6.6.6"}

    assert middleware.client_address(meta, proxies) == address


@pytest.mark.django_db
def test_pages_of_people_with_a_session_are_not_stored(client, settings):
    assert "Cache-Control" not in client.get("/login/")

    client.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32

    assert client.get("/login/")["Cache-Control"] == "no-store"

"""What every answer carries, whoever asks for whatever address; and that asking alone changes nothing."""

import re

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.test import Client, override_settings
from django.urls import reverse

from accounting_platform.tests.test_urls import STATUS, WHO, arguments, desk_addresses
from accounting_platform.tests.url_world import make_world
from registration.tests.factories import make_staff, staff_login

pytestmark = pytest.mark.django_db
POLICY = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
INLINE = {
    "script": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=.application/json)", re.I),
    "style": re.compile(r"<style\b|<[^>]+\sstyle\s*=", re.I),
    "handler": re.compile(r"<[^>]+\s(on[a-z]+|hx-on[:a-z-]*)\s*=|href=.javascript:", re.I),
    "other place": re.compile(r"<(script|link|img|iframe)[^>]+(src|href)=.(https?:)?//", re.I),
}
# Rows that come of being asked at all, not of what was asked.
SESSIONS_AND_AUDIT = {"sessions.Session", "registration.AuditEvent"}
COUNTED = {"registration.Share": {"views", "last_viewed_at"}}


@pytest.fixture
def world():
    return make_world()


def pages(world, who):
    """Every address once: the platform's and, for staff, the desk's, which is one 404 to everybody else."""
    desk = (
        [url for _page, url, _statuses in desk_addresses(world)]
        if who == "staff"
        else ["/admin/", "/admin/login/"]
    )
    return [*(reverse(name, args=arguments(name, world)) for name in STATUS), *desk, "/no-such-page/"]


def policy_of(response):
    parts = (part.strip().partition(" ") for part in response["Content-Security-Policy"].split(";"))
    return {name: sources for name, _, sources in parts}


def faults_of(response, url):
    """What an answer lacks or has too much of."""
    faults = [
        f"{url}: {name} {response.get(name)}" for name in HEADERS if response.get(name) != HEADERS[name]
    ]
    found = policy_of(response) if "Content-Security-Policy" in response else {}
    # Pictures of people go out with a policy of their own, which allows nothing at all.
    wanted = {"default-src": "'none'"} if "sandbox" in found else POLICY
    for name, sources in wanted.items():
        # A page with 去学习 adds the addresses of the schools it shows.
        right = (
            found.get(name, "").startswith(sources) if name == "form-action" else found.get(name) == sources
        )
        faults += [] if right else [f"{url}: {name} {found.get(name)}"]
    if "unsafe" in response.get("Content-Security-Policy", ""):
        faults.append(f"{url}: unsafe")
    if "Permissions-Policy" not in response or "X-Request-ID" not in response:
        faults.append(f"{url}: no Permissions-Policy or X-Request-ID")
    if not response.streaming and "html" in response.get("Content-Type", ""):
        faults += [
            f"{url}: inline {what}" for what, pattern in INLINE.items() if pattern.search(response.text)
        ]
    return faults


@pytest.mark.parametrize("who", WHO)
def test_every_answer_has_its_headers_and_nothing_inline(world, who):
    client, urls = world.enter(who), pages(world, who)

    answers = [(url, client.get(url)) for url in urls]

    assert [fault for url, answer in answers for fault in faults_of(answer, url)] == []
    if who != "visitor":
        kept = [url for url, answer in answers if "no-store" not in answer.get("Cache-Control", "")]
        # Static words and scripts, the same for everybody.
        assert set(kept) <= {reverse("admin:jsi18n"), reverse("registration:password_rules")}


def test_refused_forms_have_nothing_inline(world):
    """Forms drawn with their errors are other pages than empty ones."""
    client = world.enter("staff")

    for name in ("registration_user_add", "education_yearrule_add", "replace_device", "password_change"):
        url = reverse(f"admin:{name}")
        assert faults_of(client.post(url, {}), url) == []


# --- asking changes nothing


def contents():
    """Every row of every table but sessions and the audit, without how often something was looked at."""
    models = [model for model in apps.get_models() if model._meta.label not in SESSIONS_AND_AUDIT]
    return {
        model._meta.label: sorted(map(repr, model._base_manager.values_list(*columns(model))))
        for model in models
    }


def columns(model):
    counted = COUNTED.get(model._meta.label, ())
    return [column.name for column in model._meta.concrete_fields if column.name not in counted]


@pytest.mark.parametrize("who", WHO)
def test_get_changes_nothing(world, who):
    client, urls = world.enter(who), pages(world, who)
    before = contents()

    for url in urls:
        client.get(url)
        if who == "collected":
            client.head(url), client.options(url)

    assert contents() == before
    assert sum(map(len, before.values())) > 300


# --- methods, hosts, origins


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "FOO", "get it"])
def test_methods_that_no_page_has_are_405(method):
    answer = Client().generic(method, "/help/")

    assert answer.status_code == 405 and "GET" in answer["Allow"]
    assert "这个网址不能直接打开" in answer.text
    assert faults_of(answer, method) == []


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_pages_take_no_other_method(world, method):
    client = world.enter("collected")

    for name in STATUS:
        answer = getattr(client, method)(reverse(name, args=arguments(name, world)))
        assert answer.status_code in {302, 404, 405, 415}, name


def test_405_of_a_page_says_so_in_words():
    answer = Client().get("/logout/")

    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert answer["X-Request-ID"] in answer.text and "从首页重新进入" in answer.text


@pytest.mark.parametrize(
    "host", ["evil.example", "testserver.evil.example", "[", "a b", "测试", "x" * 300, "127.0.0.1:x"]
)
def test_foreign_host_is_400_in_chinese(host):
    answer = Client(raise_request_exception=False).get("/", headers={"host": host})

    assert answer.status_code == 400
    assert "网址不正确" in answer.text and answer["X-Request-ID"] in answer.text
    assert faults_of(answer, host) == []


@pytest.mark.parametrize("header", ["x-forwarded-host", "x-original-host", "forwarded"])
def test_host_is_taken_from_nowhere_else(header):
    answer = Client().get("/login/?next=/account/", headers={header: "host=evil.example, evil.example"})

    assert answer.status_code == 200
    assert "evil.example" not in answer.text


def test_foreign_origin_is_403():
    client = Client(enforce_csrf_checks=True)
    client.get("/login/")
    token = client.cookies[settings.CSRF_COOKIE_NAME].value
    form = {"document_number": "1", "password": "x", "csrfmiddlewaretoken": token}

    for origin in ("https://evil.example", "null", "http://testserver.evil.example", "http://testserver:81"):
        answer = client.post("/login/", form, headers={"origin": origin})
        assert answer.status_code == 403 and "页面已过期，请返回刷新后重试" in answer.text
    assert client.post("/login/", form, headers={"origin": "http://testserver"}).status_code == 400


def test_every_unsafe_page_wants_the_token(world):
    """Only what schools sign goes without one."""
    client = Client(enforce_csrf_checks=True)
    client.cookies = world.enter("collected").cookies

    open_to_all = []
    for name in STATUS:
        answer = client.post(reverse(name, args=arguments(name, world)), {"a": "b"})
        if answer.status_code != 403:
            open_to_all.append(name)

    # The schools' addresses, of which some take nothing but GET.
    assert {name for name in open_to_all if not name.startswith("education-api:")} == set()


# --- the desk


def test_admin_lists_draw_without_a_style_element():
    """Django's own template of lists has one; ours must go on taking its place."""
    client = Client()
    staff_login(client, make_staff(is_superuser=True))
    for model in admin.site._registry:
        url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        assert "<style" not in client.get(url).text


@override_settings(DEBUG=False)
def test_nothing_of_the_repository_is_served():
    for path in (
        ".git/HEAD",
        ".env",
        "manage.py",
        "static/",
        "var/demo_keys.json",
        "static/../manage.py",
        "%2e%2e/.env",
    ):
        answer = Client().get(f"/{path}")
        assert answer.status_code == 404 and "Traceback" not in answer.text

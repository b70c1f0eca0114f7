"""A real installation: what it refuses to start without, and what its checks, cookies and headers are."""

import base64
import json
import os
import subprocess
import sys

import pytest
from django.core.checks import run_checks

from accounting_platform import checks
from accounting_platform.tests.repository import ROOT

TEXTS = sorted(path.stem for path in (ROOT / "templates" / "sms").glob("*.txt"))


@pytest.fixture(scope="module")
def complete(tmp_path_factory):
    """Everything that .env.example asks of a real installation; nothing of it is reached by what these tests run."""
    key = base64.b64encode(b"0123456789abcdefghijklmnopqrstuv").decode()
    account = {name: "sample" for name in ("SECRET_ID", "SECRET_KEY", "APP_ID", "SIGN")}
    return {
        "PATH": os.environ["PATH"],
        "PYTHONUTF8": "1",
        "VAR_DIR": str(tmp_path_factory.mktemp("var")),
        "SECRET_KEY": "a-long-and-random-key-0123456789-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "SEALING_KEYS": f"2026:{key}",
        "LOOKUP_KEY": key,
        "DATABASE_URL": "postgres://platform:password@127.0.0.1:1/platform",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "ALLOWED_HOSTS": "kj.example.cn",
        "PUBLIC_URL": "https://kj.example.cn",
        "TRUSTED_PROXIES": "1",
        "SMS_BACKENDS": "accounting_platform.lib.sms.tencent.TencentBackend",
        "SMS_TENCENT_TEMPLATES": ",".join(f"{name}=1" for name in TEXTS),
    } | {f"SMS_TENCENT_{name}": value for name, value in account.items()}


def run(env, *command):
    result = subprocess.run([sys.executable, *command], cwd=ROOT, env=env, capture_output=True, text=True)
    return result.returncode, result.stdout + result.stderr


def check(env):
    return run(env, "manage.py", "check", "--deploy", "--fail-level", "WARNING")


@pytest.mark.once
@pytest.mark.parametrize("name", ["SECRET_KEY", "SEALING_KEYS", "LOOKUP_KEY"])
def test_start_without_its_secret_is_refused_by_name(complete, name):
    code, said = check({key: value for key, value in complete.items() if key != name})

    assert code != 0 and f"Set {name}" in said


@pytest.mark.once
def test_complete_installation_has_nothing_to_remark(complete):
    code, said = check(complete)

    assert code == 0, said
    assert "no issues" in said


@pytest.fixture
def real(settings):
    """Settings of a real installation inside this process."""
    settings.LOOPBACK = settings.DEBUG = settings.DEMO = False
    settings.SECRET_KEY = "a-long-and-random-key-0123456789-ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    settings.ALLOWED_HOSTS, settings.PUBLIC_URL = ["kj.example.cn"], "https://kj.example.cn"
    settings.CSRF_TRUSTED_ORIGINS, settings.TRUSTED_PROXIES, settings.SECURE_SSL_REDIRECT = [], 1, True
    settings.DATABASE_URL, settings.REDIS_URL = "postgres://", "redis://"
    return settings


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, ""),
        ({"SECRET_KEY": "short"}, "SECRET_KEY needs 50 random characters"),
        ({"SECRET_KEY": "a" * 60}, "SECRET_KEY needs 50 random characters"),
        ({"ALLOWED_HOSTS": [], "PUBLIC_URL": ""}, "Set ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": ["*"]}, "full host names"),
        ({"ALLOWED_HOSTS": [".example.cn"]}, "full host names"),
        ({"PUBLIC_URL": "http://kj.example.cn"}, "Set PUBLIC_URL"),
        ({"PUBLIC_URL": "https://other.example.cn"}, "Set PUBLIC_URL"),
        ({"CSRF_TRUSTED_ORIGINS": ["https://*.example.cn"]}, "CSRF_TRUSTED_ORIGINS"),
        ({"TRUSTED_PROXIES": 0}, "TRUSTED_PROXIES is 0"),
        ({"REDIS_URL": ""}, "Without REDIS_URL"),
        ({"DATABASE_URL": "", "REDIS_URL": ""}, "embedded mode"),
        ({"DEBUG": True}, "take kj.example.cn out of ALLOWED_HOSTS"),
        ({"DEMO": True}, "take kj.example.cn out of ALLOWED_HOSTS"),
    ],
)
def test_check_names_what_is_wrong(real, changes, words):
    for name, value in changes.items():
        setattr(real, name, value)

    said = " ".join(found.msg for found in run_checks(tags=[checks.TAG]))

    assert words in said if words else said == ""


@pytest.mark.once
def test_server_refuses_to_start_unfit(complete):
    code, said = run(complete | {"ALLOWED_HOSTS": "*"}, "-c", "import accounting_platform.wsgi")

    assert code != 0 and "ALLOWED_HOSTS takes full host names" in said


ASK = """
import json, django
django.setup()
from django.test import Client
from django.conf import settings
settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
plain, tls = {"HTTP_HOST": "kj.example.cn"}, {"HTTP_HOST": "kj.example.cn", "HTTP_X_FORWARDED_PROTO": "https"}
client = Client(raise_request_exception=False)
def told(answer):
    cookies = {name: dict(morsel) for name, morsel in answer.cookies.items()}
    return {"status": answer.status_code, "headers": dict(answer.headers), "cookies": cookies}
print(json.dumps({
    "plain": told(client.get("/help/", **plain)),
    "alive": told(client.get("/livez", **plain)),
    "page": told(client.get("/login/", **tls)),
    "text": told(client.post("/display/", {"text": "elder"}, **tls)),
    "foreign": told(client.get("/", **(plain | {"HTTP_HOST": "evil.example"}))),
    "missing": told(client.get("/nothing/", **tls)),
    "names": [settings.SESSION_COOKIE_NAME, settings.MESSAGES_COOKIE_NAME],
}))
"""


@pytest.fixture(scope="module")
def answers(complete):
    """What a real installation answers on a machine without its database."""
    settings = {"DJANGO_SETTINGS_MODULE": "accounting_platform.settings"}
    code, said = run(complete | settings, "-c", ASK)
    assert code == 0, said
    return json.loads(next(line for line in said.splitlines() if line.startswith("{")))


@pytest.mark.once
def test_plain_http_is_led_to_tls_and_tls_is_kept(answers):
    plain = answers["plain"]
    assert (plain["status"], plain["headers"]["Location"]) == (301, "https://kj.example.cn/help/")
    assert answers["alive"]["status"] == 200

    for name in ("page", "missing"):
        assert answers[name]["headers"]["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


@pytest.mark.once
def test_every_answer_has_its_headers_even_one_that_no_view_made(answers):
    for answer in (each for name, each in answers.items() if name != "names"):
        headers = answer["headers"]
        assert "default-src 'self'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff" and headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answers["foreign"]["status"] == 400


@pytest.mark.once
def test_cookies_are_bound_to_host_and_tls(answers):
    cookies = answers["page"]["cookies"] | answers["text"]["cookies"]

    assert set(cookies) == {"__Host-csrf", "__Host-text"}
    assert answers["names"] == ["__Host-session", "__Host-messages"]
    for cookie in cookies.values():
        assert cookie["secure"] and cookie["httponly"] and cookie["samesite"] == "Lax"
        assert (cookie["path"], cookie["domain"]) == ("/", "")

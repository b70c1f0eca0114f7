"""What deploy/ ships agrees with what the platform does."""

import re
import runpy
from datetime import timedelta
from types import SimpleNamespace

import pytest
from gunicorn.config import Config

from accounting_platform.middleware import HEADERS, MAX_BODY
from accounting_platform.tests.repository import ROOT
from accounting_platform.tests.test_surface import INLINE

pytestmark = pytest.mark.once
NGINX = (ROOT / "deploy" / "nginx.conf").read_text()
UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.service"))
OFFLINE = sorted((ROOT / "static" / "offline").glob("*.html"))


def directive(name):
    return re.findall(rf"^\s*{name}\s+(.*);", NGINX, re.M)


def test_proxy_waits_for_the_header_15_and_for_the_body_60_seconds():
    # At the top of the file: a connection without a host name yet follows the default server.
    top = re.sub(r"^server \{.*?^\}", "", NGINX, flags=re.M | re.S)

    assert "client_header_timeout 15s;" in top and "client_body_timeout 60s;" in top
    assert directive("proxy_request_buffering") == ["on"]


def test_proxy_takes_as_much_as_the_platform_and_no_longer_lines():
    gunicorn = runpy.run_path(str(ROOT / "deploy" / "gunicorn.conf.py"))
    size = int(directive("large_client_header_buffers")[0].split()[1].removesuffix("k")) * 1024

    assert f"{MAX_BODY // 1024 // 1024}m" in directive("client_max_body_size")
    assert size <= gunicorn["limit_request_line"] and size <= gunicorn["limit_request_field_size"]


def test_proxy_overwrites_what_clients_say_about_themselves():
    told = dict(line.split(maxsplit=1) for line in directive("proxy_set_header"))

    assert told["X-Forwarded-For"] == "$remote_addr" and told["X-Forwarded-Proto"] == "$scheme"
    assert {told[name] for name in ("X-Forwarded-Host", "Forwarded")} == {'""'}
    assert "return 400;" in NGINX and "ssl_reject_handshake on;" in NGINX


def test_proxy_answers_with_the_platforms_headers():
    text = (ROOT / "deploy" / "accounting-headers.conf").read_text()
    sent = dict(re.findall(r'^add_header (\S+) "(.*)" always;', text, re.M))

    wanted = {name: value for name, value in HEADERS.items() if name in sent}
    assert {name: sent[name] for name in wanted} == wanted and len(wanted) >= 5
    assert "default-src 'self'" in sent["Content-Security-Policy"]
    # add_header in a place takes away those from further out, so each place includes all of them.
    for block in re.findall(r"location [^{]*\{[^}]*add_header[^}]*\}", NGINX):
        assert "include accounting-headers.conf;" in block


def test_offline_pages_are_there_and_hold_nothing_inline():
    named = re.findall(r"/static/offline/(\w+\.html)", NGINX)

    assert set(named) == {page.name for page in OFFLINE}
    for page in OFFLINE:
        text = page.read_text()
        assert '<html lang="zh-CN">' in text and "返回首页" in text
        assert [what for what, pattern in INLINE.items() if pattern.search(text)] == []
        for path in re.findall(r'href="/static/([^"]+)"', text):
            assert (ROOT / "static" / path).exists()


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_services_come_back_and_may_write_one_folder_only(unit):
    lines = unit.read_text().splitlines()

    assert {"Restart=always", "RestartSec=2", "StartLimitIntervalSec=0", "NoNewPrivileges=yes"} <= set(lines)
    assert [line for line in lines if line.startswith("ReadWritePaths=")] == [
        "ReadWritePaths=/var/lib/accounting-platform"
    ]
    (start,) = [line for line in lines if line.startswith("ExecStart=")]
    assert " accounting_platform" in start


def test_no_access_log_holds_the_address_of_a_check_page():
    gunicorn = runpy.run_path(str(ROOT / "deploy" / "gunicorn.conf.py"))
    logger = gunicorn["logger_class"](Config())
    answer = SimpleNamespace(status="200 OK", sent=1, headers=[])
    asked = SimpleNamespace(headers=[])

    def logged(path):
        environ = {"RAW_URI": path, "PATH_INFO": path, "REQUEST_METHOD": "GET", "SERVER_PROTOCOL": "HTTP/1.1"}
        atoms = logger.atoms(answer, asked, environ, timedelta(seconds=1))
        return gunicorn["access_log_format"] % logger.atoms_wrapper_class(atoms)

    assert "/verify/-/" in logged("/verify/Secret-token_1/") and "Secret" not in logged(
        "/verify/Secret-token_1/"
    )
    assert "/education/my/" in logged("/education/my/")
    assert re.search(r"map \$uri \$logged_uri \{\s+~\^/verify/ /verify/-/;", NGINX)
    assert "$logged_uri" in directive("log_format")[0] and " $uri" not in directive("log_format")[0]

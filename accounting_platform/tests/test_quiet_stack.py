"""Real processes are quiet too: gunicorn's access log, the worker's log, the queue's files and Redis."""

import re
import time
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

import pytest
import redis

from accounting_platform.tests.listening import contents, readable
from registration.tests.factories import PASSWORD, resident_id

pytestmark = pytest.mark.browser
NUMBER, PHONE, NAME, WRONG_PASSWORD = resident_id(499), "13899990001", "欧阳静怡", "Wrong-pass#2026"


class Visitor:
    """Plain HTTP with cookies and the form token."""

    def __init__(self, site):
        self.site, self.cookies = site, CookieJar()
        handlers = (urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self.cookies))
        self.opener = urllib.request.build_opener(*handlers)

    def get(self, path):
        return self.ask(urllib.request.Request(self.site + path, headers={"Referer": f"{self.site}{path}"}))

    def post(self, path, **answers):
        token = {cookie.name: cookie.value for cookie in self.cookies}["csrf"]
        body = urllib.parse.urlencode(answers).encode()
        return self.ask(urllib.request.Request(self.site + path, body, {"X-CSRFToken": token}))

    def ask(self, request):
        try:
            return self.opener.open(request, timeout=20).read().decode()
        except urllib.error.HTTPError as error:
            return error.read().decode()


def come_in(stack):
    """Registration, a wrong password, the log-in, and a careless address. Returns what must not be heard of."""
    visitor = Visitor(stack.base_url)
    visitor.get("/registration/")
    visitor.post("/registration/", works_in_guangdong="yes", holds_certificate="no")
    visitor.post("/registration/sms-codes/", purpose="register", phone=PHONE)
    code = re.search(r"\d{6}", wait_for_sms(stack)["text"])[0]
    person = {"name": NAME, "document_type": "resident_id", "document_number": NUMBER, "consent": "on"}
    secrets = {"password": PASSWORD, "confirmation": PASSWORD, "phone": PHONE, "sms_code": code}
    assert "注册成功" in visitor.post("/registration/new/", **person, **secrets)
    visitor.post("/login/", document_number=NUMBER, password=WRONG_PASSWORD)
    assert NAME in visitor.post("/login/", document_number=NUMBER, password=PASSWORD)
    visitor.get(f"/help/?document_number={NUMBER}&phone={PHONE}")
    sessions = {cookie.value for cookie in visitor.cookies}
    return {NUMBER, PHONE, NAME, urllib.parse.quote(NAME), PASSWORD, WRONG_PASSWORD, code} | sessions


def wait_for_sms(stack):
    for _ in range(100):
        if found := stack.sms_lines(PHONE):
            return found[-1]
        time.sleep(0.1)
    raise AssertionError("no text message came")


def wait_for_log(stack, name, words):
    """A process writes its line after the answer has left; its log as soon as the words stand in it."""
    for _ in range(100):
        if words in stack.log(name):
            return
        time.sleep(0.1)
    raise AssertionError(f"{words!r} is not in the log of {name}")


def logs_of(stack):
    return {name: stack.log(name) for name in ("web", "worker", "school", "serve_demo")}


def assert_quiet(heard, secrets):
    found = {(where, secret) for where, text in heard.items() for secret in secrets if secret in text}
    assert found == set()


def test_logs_and_queue_files_are_quiet(processes):
    stack = processes(LOG_LEVEL="DEBUG", SMS_BACKENDS="accounting_platform.lib.sms.FileBackend")

    secrets = come_in(stack)

    wait_for_log(stack, "web", "/help/ HTTP")
    wait_for_log(stack, "worker", "registration.tasks.send_message")
    heard = logs_of(stack)
    assert '"POST /registration/new/ HTTP/1.1" 302' in heard["web"]
    queue = {str(path): path.read_text() for path in (stack.folder / "queue").rglob("*") if path.is_file()}
    assert_quiet(heard | queue, secrets)


@pytest.mark.postgres
def test_logs_and_redis_are_quiet(processes):
    stack = processes(big=True, LOG_LEVEL="DEBUG", SMS_BACKENDS="accounting_platform.lib.sms.FileBackend")

    secrets = come_in(stack)
    wait_for_log(stack, "worker", "registration.tasks.send_message")

    server = redis.Redis.from_url(stack.redis_url)
    kept = {str(key): repr(key) + readable(contents(server, key)) for key in server.scan_iter()}
    assert kept
    # Session keys are the keys of the session cache.
    assert_quiet(kept, {NUMBER, PHONE, NAME, PASSWORD, WRONG_PASSWORD})
    assert_quiet(logs_of(stack), secrets)

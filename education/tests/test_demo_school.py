"""The demo school as a process of its own, talking to a live platform over HTTP and nothing else."""

import ast
import http.cookiejar
import json
import os
import re
import signal
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

import pytest
from django.conf import settings
from django.urls import reverse

from accounting_platform.lib import clock
from accounting_platform.processes import Child, answers, free_port, stop
from education.demo_school import studies
from education.demo_school.config import Config, School, read_config
from education.demo_school.outbox import Outbox
from education.demo_school.platform_client import Answer
from education.demo_school.store import Store
from education.learning import launch
from education.models import CreditEntry, Delivery, Enrolment, Ticket, YearTotal
from education.tests.factories import (
    make_collected,
    make_institution,
    make_learner,
    make_offering,
    make_year_rule,
)

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
NAME = "欧阳会计"


class Browser:
    """Cookies, redirects and forms; knows both sites as a person's browser would."""

    def __init__(self):
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self.cookies)
        )
        self.url = self.page = ""

    def log_in(self, client):
        """Take over the log-in of a Django test client."""
        name = settings.SESSION_COOKIE_NAME
        value = client.cookies[name].value
        place = {"domain": "localhost.local", "domain_specified": False, "domain_initial_dot": False}
        rest = {"version": 0, "port": None, "port_specified": False, "path": "/", "path_specified": True}
        rest |= {
            "secure": False,
            "expires": None,
            "discard": True,
            "comment": None,
            "comment_url": None,
            "rest": {},
        }
        self.cookies.set_cookie(http.cookiejar.Cookie(name=name, value=value, **place, **rest))

    def go(self, url, data=None):
        posted = None if data is None else urllib.parse.urlencode(data).encode()
        try:
            answer = self.opener.open(url, posted, timeout=20)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            self.status, self.url, self.page = answer.status, answer.geturl(), answer.read().decode()
        return self

    def press(self, action, **data):
        """Send the form of this page that leads to `action`, with its hidden fields."""
        forms = re.findall(r'<form method="post" action="([^"]+)"[^>]*>(.*?)</form>', self.page, re.DOTALL)
        target, inner = next((target, inner) for target, inner in forms if target.endswith(action))
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]+)"', inner))
        return self.go(urllib.parse.urljoin(self.url, target), hidden | data)


@pytest.fixture
def school(live_server, settings, tmp_path):
    """The program as `make run` starts it, for one school of the platform under test."""
    settings.DEMO = True
    port = free_port()
    institution = make_institution(
        name="珠江财会云课堂",
        code="zhujiang",
        launch_url=f"http://127.0.0.1:{port}/launch/zhujiang",
        hosts="127.0.0.1",
    )
    config = {
        "platform_url": live_server.url,
        "public_url": f"http://127.0.0.1:{port}",
        "port": port,
        "operator": True,
        "schools": [{"code": "zhujiang", "name": institution.name, "secret": institution.plain_secret}],
    }
    (tmp_path / "school.json").write_text(json.dumps(config))
    child = Child(
        "school",
        [sys.executable, "-m", "education.demo_school", "--config", str(tmp_path / "school.json")],
        log=tmp_path / "school.log",
        cwd=settings.BASE_DIR,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    institution.child, institution.url = child, config["public_url"]
    until = time.monotonic() + 20
    while not answers(institution.url + "/"):
        assert child.alive and time.monotonic() < until, child.last_lines()
        time.sleep(0.05)
    yield institution
    stop([child])


@pytest.fixture
def person():
    make_year_rule()
    return make_collected(name=NAME)


@pytest.fixture
def surfer(client, person):
    """A browser in which this person is logged in at the platform."""
    client.force_login(person.accountant.user)
    surfer = Browser()
    surfer.log_in(client)
    return surfer


def test_demo_school_knows_nothing_of_the_project():
    """Only the standard library, the signature library and itself: what it can do, any school can do."""
    names = set()
    for file in (settings.BASE_DIR / "education" / "demo_school").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                names.add(node.module)

    foreign = {name for name in names if name.split(".")[0] not in sys.stdlib_module_names}
    assert {name for name in foreign if not name.startswith("education.demo_school")} == {"standardwebhooks"}


@pytest.fixture
def outbox(live_server, tmp_path):
    """The program's outbox and books in this process, for what hangs on the clock."""
    make_year_rule()
    institution = make_institution(code="zhujiang")
    make_offering(institution)
    known = {"zhujiang": School("zhujiang", institution.name, institution.plain_secret)}
    config = Config(live_server.url, "http://127.0.0.1:1", 1, tmp_path / "state.json", known)
    outbox = Outbox(config, Store(config.state_file))
    outbox.learner = make_learner(make_collected(), institution).public_id
    return outbox


def leave_for(surfer, live_server, offering):
    return surfer.go(live_server.url + reverse("education:leave", args=[offering.public_id]))


@pytest.mark.parametrize(("kind", "credits"), [("professional", 60), ("public", 30)])
def test_demo_school_from_ticket_to_completed(surfer, live_server, school, person, kind, credits):
    offering = make_offering(school, kind=kind)

    leave_for(surfer, live_server, offering).press("/study/")
    assert surfer.url == f"{school.url}/learn/zhujiang"
    assert f"{NAME}，您好" in surfer.page and "还没有报名" in surfer.page

    surfer.press("/enrol")
    assert "平台已接收。" in surfer.page
    assert "未完成" in surfer.go(live_server.url + reverse("education:my")).page

    surfer.go(f"{school.url}/learn/zhujiang").press("/finish", credits=credits)
    assert f"本课程获得 {credits} 学分" in surfer.page
    my = surfer.go(live_server.url + reverse("education:my")).page
    assert "已完成" in my and f"学分 {credits}" in my
    assert YearTotal.objects.get(profile=person, year=clock.year()).total == credits


def test_demo_school_repeats_a_message_and_counts_once(surfer, live_server, school):
    leave_for(surfer, live_server, make_offering(school)).press("/study/")
    surfer.press("/enrol").press("/finish", credits=30)

    surfer.press("/resend")

    assert "没有重复记录" in surfer.page
    assert CreditEntry.objects.count() == 1


def test_demo_school_cancels_and_enrols_anew(surfer, live_server, school):
    leave_for(surfer, live_server, make_offering(school)).press("/study/")
    surfer.press("/enrol").press("/cancel")
    assert "还没有报名" in surfer.page

    surfer.press("/enrol")

    assert sorted(Enrolment.objects.values_list("state", flat=True)) == ["cancelled", "in_progress"]


def test_demo_school_goes_on_with_the_study_named_by_my_learning(surfer, live_server, school):
    leave_for(surfer, live_server, make_offering(school)).press("/study/")
    surfer.press("/enrol")

    surfer.go(live_server.url + reverse("education:my")).press("/study/")

    assert surfer.url == f"{school.url}/learn/zhujiang"
    assert "学习中" in surfer.page


def test_demo_school_takes_a_ticket_once(surfer, school, person):
    address = launch.start(person, offering=make_offering(school), by=person.accountant.user)

    assert surfer.go(address).status == 200
    again = Browser().go(address)

    assert again.status == 403 and "进入链接已失效" in again.page


def test_demo_school_refuses_an_expired_ticket_and_strangers(surfer, school, person):
    address = launch.start(person, offering=make_offering(school), by=person.accountant.user)
    Ticket.objects.update(expires_at=person.submitted_at)

    assert "进入链接已失效" in surfer.go(address).page
    assert "请从平台进入" in surfer.go(f"{school.url}/learn/zhujiang").page
    assert surfer.go(f"{school.url}/learn/nobody").status == 404
    assert surfer.go(f"{school.url}/launch/zhujiang", {"a": "b" * 9999}).status == 413


def test_demo_school_shows_why_the_platform_refused(surfer, live_server, school):
    leave_for(surfer, live_server, make_offering(school)).press("/study/")
    make_year_rule(closed_at=clock.next_midnight())

    surfer.press("/enrol")

    assert "应答" in surfer.page and "422 year_closed" in surfer.page
    assert not Enrolment.objects.exists()


def test_demo_school_ends_at_a_signal_and_logs_nothing_personal(surfer, live_server, school):
    leave_for(surfer, live_server, make_offering(school)).press("/study/")
    surfer.press("/enrol")

    os.kill(school.child.pid, signal.SIGTERM)

    assert school.child.process.wait(10) == 0
    log = school.child.log.read_text()
    assert "GET /launch/zhujiang 303" in log and "200 accepted" in log
    for private in (NAME, "ticket=", school.plain_secret, "Traceback", "lrn_"):
        assert private not in log


# --- late, twice, out of order, not at all: what the operator's desk makes the school do


def learn(surfer, live_server, offering, **choice):
    """Go to the school, enrol for a course and finish it there."""
    leave_for(surfer, live_server, offering).press("/study/")
    surfer.press("/enrol", **choice)
    return surfer.press("/finish", **choice)


def send_as(surfer, school, mode):
    surfer.go(f"{school.url}/operator").press("/operator/zhujiang/mode", mode=mode)
    assert 'aria-pressed="true"' in surfer.page


def test_demo_school_reports_a_night_in_one_batch(surfer, live_server, school, client):
    offering = make_offering(school, kind="public")
    send_as(surfer, school, "night")
    learn(surfer, live_server, offering, credits=30)
    assert "还没有发送" in surfer.page and not CreditEntry.objects.exists()
    other = Browser()
    client.force_login(make_collected().accountant.user)
    other.log_in(client)
    learn(other, live_server, offering, credits=30)

    surfer.go(f"{school.url}/operator").press("/batch")

    assert CreditEntry.objects.count() == 2 and Delivery.objects.count() == 4
    assert surfer.page.count("平台已接收。") == 4 and "没有待发送的消息" in surfer.page


def test_demo_school_sends_out_of_order_and_twice_and_is_counted_once(surfer, live_server, school):
    offering = make_offering(school)
    send_as(surfer, school, "reversed")
    learn(surfer, live_server, offering, credits=30)
    send_as(surfer, school, "twice")
    surfer.go(f"{school.url}/learn/zhujiang/cost").press("/enrol").press("/lesson").press(
        "/finish", credits=30
    )

    types = list(Delivery.objects.order_by("pk").values_list("event_type", "repeats"))
    assert types[:2] == [("study.completed", 0), ("enrolment.created", 0)]
    assert types[2:] == [("enrolment.created", 1), ("study.progressed", 1), ("study.completed", 1)]
    assert [entry.credits for entry in CreditEntry.objects.all()] == [30, 30]
    assert set(Enrolment.objects.values_list("state", flat=True)) == {"completed"}


def test_demo_school_finds_by_reconciling_what_it_never_sent(surfer, live_server, school):
    offering = make_offering(school)
    send_as(surfer, school, "lost")
    learn(surfer, live_server, offering, credits=60)
    assert "平台已接收" in surfer.page and not CreditEntry.objects.exists()

    first = surfer.go(f"{school.url}/operator").press("/reconcile").page
    second = surfer.press("/reconcile").page

    assert "平台缺 2 条，已用原编号补发" in first and "60 学分，平台记 0 条、0 学分" in first
    assert CreditEntry.objects.get().credits == 60
    assert "双方相符" in second and "平台记 2 条、60 学分" in second


def test_demo_school_keeps_what_could_not_be_sent(surfer, live_server, school):
    send_as(surfer, school, "down")
    learn(surfer, live_server, make_offering(school), credits=30)
    assert "平台没有应答" in surfer.page and "已学完" in surfer.page

    stranger = urllib.request.Request(
        f"{school.url}/operator/zhujiang/send", b"", {"Origin": "http://evil.example"}
    )
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(stranger, timeout=20)
    surfer.go(f"{school.url}/operator").press("/send")

    assert CreditEntry.objects.get().credits == 30


def test_outbox_sends_what_falls_due_and_repeats_by_the_documents_schedule(outbox):
    visit = {"school": "zhujiang", "learner": outbox.learner, "name": NAME, "kind": "professional"}
    visit |= {"year": clock.year(), "offering": None, "reference": None}
    course = outbox.config.schools["zhujiang"].course("professional", "tax")
    study, message = studies.act(studies.new_study(visit, course), course, "enrol")
    outbox.store.save_study(study)
    outbox.store.set_mode("zhujiang", "slow")

    outbox.submit(message)
    outbox.tick()
    assert not Delivery.objects.exists()
    waits = []
    for _ in range(5):
        outbox.settle(outbox.store.message(message["id"]), Answer(503, {}, retry_after=90))
        waits.append(round(outbox.store.message(message["id"])["due"] - time.time()))
    outbox.store.save_message(outbox.store.message(message["id"]) | {"due": time.time() - 1})
    outbox.tick()

    assert waits == [90, 300, 1800, 7200, 21600]
    assert Delivery.objects.get().message_id == message["id"]
    assert outbox.store.message(message["id"])["state"] == "taken"


def test_desk_is_closed_unless_the_configuration_opens_it(tmp_path):
    (tmp_path / "school.json").write_text('{"schools": []}')

    assert not read_config(tmp_path / "school.json").operator
    example = settings.BASE_DIR / "education" / "demo_school" / "example.json"
    assert {course.kind for course in read_config(example).schools["zhujiang"].courses} == {
        "public",
        "professional",
    }

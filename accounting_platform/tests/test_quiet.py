"""Personal data is quiet: the whole way leaves none in logs, tasks, addresses, caches and audit."""

import logging
import re

import pytest
from celery import current_app
from django.conf import settings
from django.contrib.sessions.models import Session

from accounting_platform.tests.listening import Keeper, QueueWalker, RecordingClient, note_cache_keys
from accounting_platform.tests.test_journeys import NUMBER, PHONE
from collection.choices import DutyStatus
from collection.models import Profile
from collection.sections import SECTIONS
from collection.tests.factories import PERSONAL, WORK, answers_for
from education.tests.factories import event, make_offering, make_year_rule, post_signed
from registration import services as registration_services
from registration.models import AuditEvent, DataExport
from registration.tests.factories import PASSWORD, code_of, make_device, make_staff
from registration.tests.proofs import proof_for

pytestmark = pytest.mark.django_db
WRONG_PASSWORD, NEW_PASSWORD, NEW_PHONE = "Wrong-pass#2026", "Banyan#Root88", "13900007777"
ADDRESS, EMAIL, NAME = WORK[DutyStatus.UNEMPLOYED]["home_address"], PERSONAL["email"], "林嘉敏"
NEW_ADDRESS, STAFF_PASSWORD = "广州市越秀区示范街 7 号", "Longan#Grove77"


@pytest.fixture
def log():
    """What is logged with LOG_LEVEL=DEBUG; the levels that settings and Django give single loggers stay."""
    keeper, root = Keeper(), logging.getLogger()
    others = [one for one in root.manager.loggerDict.values() if not getattr(one, "propagate", True)]
    level = root.level
    root.setLevel(logging.DEBUG)
    for logger in (root, *others):
        logger.addHandler(keeper)
    yield keeper.lines
    root.setLevel(level)
    for logger in (root, *others):
        logger.removeHandler(keeper)


@pytest.fixture
def walker(sms_outbox, django_capture_on_commit_callbacks):
    """Somebody whose tasks go through the broker; it is the suite's own and begins empty."""
    current_app.conf.task_always_eager = False
    made = QueueWalker(
        RecordingClient(), sms_outbox, django_capture_on_commit_callbacks, redis_url=settings.REDIS_URL
    )
    made.take_messages()
    made.messages.clear()
    yield made
    current_app.conf.task_always_eager = True


def collect(walker):
    """From the notice to the archive."""
    walker.post("/collection/notice/", {"promise": "on"})
    walker.upload("portrait", "id_front", "id_back")
    for section in SECTIONS:
        walker.fill(section.key, answers_for(DutyStatus.UNEMPLOYED, section))
    walker.post("/collection/submit/", {"promise": "on"})
    assert NUMBER in walker.get("/collection/archive/").text


def study(walker):
    """去学习, and what the school reports: by the document, by a wrong document, and in a torn body. Returns its secrets."""
    make_year_rule()
    offering = make_offering()
    away = walker.post(f"/education/offerings/{offering.public_id}/study/", {})
    ticket = re.search(r"ticket=([^&]+)", away.headers["Location"])[1]
    post_signed(walker.client, offering.institution, "tickets", {"ticket": ticket})
    who = {"type": "resident_id", "number": NUMBER, "name": NAME}
    for message, document in (
        ("m1", who),
        ("m2", who | {"name": "林小敏"}),
        ("m3", who | {"number": NUMBER[:-1]}),
    ):
        about = {"document": document, "kind": offering.kind, "year": offering.year}
        sent = event("enrolment.created", enrolment=f"R-{message}", **about)
        post_signed(walker.client, offering.institution, "events", sent, message_id=message)
    post_signed(walker.client, offering.institution, "events", f'{{"number": "{NUMBER}"'.encode())
    assert "未完成" in walker.get("/education/my/").text
    return {offering.institution.plain_secret, ticket}


def take_data_away(walker):
    walker.post("/account/export/", {"current": PASSWORD})
    found = walker.get(f"/account/export/{DataExport.objects.get().pk}/")
    assert found.status_code == 200


def move_house(walker):
    """信息变更 of the work section."""
    page = walker.get("/changes/work/").text
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    answers = answers_for(DutyStatus.UNEMPLOYED, "work", home_address=NEW_ADDRESS)
    assert walker.post("/changes/work/", answers | {"version": version}).status_code == 302


def change_phone(walker):
    asked = {"purpose": "phone", "phone": NEW_PHONE, "proof": proof_for(walker.client)}
    walker.post("/registration/sms-codes/", asked)
    answers = {"phone": NEW_PHONE, "sms_code": last_code(walker), "current": PASSWORD}
    assert walker.post("/account/phone/", answers).status_code == 302


def reset_password(walker):
    walker.post("/logout/", {})
    asked = {"purpose": "reset", "document_number": NUMBER, "phone": NEW_PHONE}
    walker.post("/registration/sms-codes/", asked)
    answers = {"document_number": NUMBER, "phone": NEW_PHONE, "sms_code": last_code(walker)}
    pair = {"password": NEW_PASSWORD, "confirmation": NEW_PASSWORD}
    assert walker.post("/password-reset/", answers | pair).status_code == 302


def fall_over(walker, monkeypatch):
    """A fault of our own in the middle of a form full of secrets."""
    monkeypatch.setattr(registration_services, "reset_password", broken)
    reset = {"document_number": NUMBER, "phone": NEW_PHONE, "sms_code": "123456"}
    pair = {"password": NEW_PASSWORD, "confirmation": NEW_PASSWORD}
    assert walker.post("/password-reset/", reset | pair).status_code == 500


def broken(**answers):
    raise RuntimeError("a fault of our own")


def be_looked_at(walker):
    """Staff log in, find the person by the number and read it in full. Returns the staff's own secrets."""
    staff = make_staff(password=STAFF_PASSWORD, is_superuser=True)
    device, person = make_device(staff), walker.client
    walker.client = RecordingClient()
    walker.post("/admin/login/", {"username": staff.username, "password": STAFF_PASSWORD})
    walker.post("/admin/login/code/", {"code": code_of(device)})
    found = walker.client.post("/admin/collection/profile/", {"q": NUMBER}, follow=True)
    assert NAME in found.text
    desk = f"/admin/collection/profile/{Profile.objects.get().pk}/"
    seen = walker.post(f"{desk}reveal/", {"field": "document_number", "reason": "核对本人来电"})
    assert NUMBER in seen.text
    person.addresses += walker.client.addresses
    walker.client = person
    return {STAFF_PASSWORD, device.secret}


def let_time_pass(walker):
    """Everything that the timetable does."""
    current_app.loader.import_default_modules()
    for entry in current_app.conf.beat_schedule.values():
        with walker.commit(execute=True):
            current_app.tasks[entry["task"]].apply()


def last_code(walker):
    return re.search(r"\d{6}", walker.texts[-1].text)[0]


def codes_of(walker):
    found = {code for text in walker.texts for code in re.findall(r"(?<!\d)\d{6}(?!\d)", text.text)}
    assert len(found) >= 3
    return found


def holding(secret, lines):
    return [line for line in lines if secret in line]


def test_the_whole_way_is_quiet(walker, log, monkeypatch):
    cache_keys = note_cache_keys(monkeypatch)
    walker.register()
    walker.post("/login/", {"document_number": NUMBER, "password": WRONG_PASSWORD})
    walker.log_in()
    sessions = {walker.client.cookies["session"].value}
    collect(walker)
    move_house(walker)
    given_away = study(walker) | be_looked_at(walker)
    take_data_away(walker)
    change_phone(walker)
    sessions.add(walker.client.cookies["session"].value)
    reset_password(walker)
    fall_over(walker, monkeypatch)
    let_time_pass(walker)

    assert Profile.objects.get().is_submitted
    person = {NUMBER, PHONE, NEW_PHONE, ADDRESS, NEW_ADDRESS, EMAIL, NAME}
    person |= {PASSWORD, NEW_PASSWORD, WRONG_PASSWORD, *codes_of(walker)}
    heard = {
        "log": log,
        "tasks": walker.messages,
        "addresses": walker.client.addresses,
        "cache keys": cache_keys,
        "redis": walker.kept,
        "audit": [str(row) for row in AuditEvent.objects.values()],
        "sessions": [str(row.get_decoded()) for row in Session.objects.all()],
    }
    found = {(where, secret): holding(secret, lines) for where, lines in heard.items() for secret in person}
    # The address that leads to the school carries the ticket; sessions are found by their keys.
    found |= {("log", secret): holding(secret, log) for secret in given_away | sessions}
    assert {where: lines for where, lines in found.items() if lines} == {}
    assert_all_ears_were_open(walker, heard)


def assert_all_ears_were_open(walker, heard):
    """Nothing was missed for want of listening."""
    for task in ("collection.tasks.process_attachment", "registration.tasks.send_message"):
        assert any(task in message for message in heard["tasks"])
    assert any("a fault of our own" in line for line in heard["log"])
    assert heard["cache keys"] and heard["sessions"] and len(heard["audit"]) > 10
    assert bool(heard["redis"]) is bool(settings.REDIS_URL)
    assert "/education/my/?" in heard["addresses"]

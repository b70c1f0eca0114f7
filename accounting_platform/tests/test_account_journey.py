"""An account across all apps: its data taken along, closed, and opened again by the same person."""

import io
import json
import zipfile

import pytest

from accounting_platform.tests.pictures import render
from collection.choices import DutyStatus
from collection.models import Profile
from collection.sections import SECTIONS
from collection.services import submit
from collection.tests.factories import make_pictures, make_profile
from education.models import CreditEntry
from education.tests.factories import make_enrolment
from registration.choices import SmsPurpose
from registration.models import Accountant, DataExport
from registration.tests.factories import (
    PASSWORD,
    make_recovery_request,
    make_staff,
    sms_code_of,
    staff_login,
)

pytestmark = pytest.mark.django_db
NEW_PHONE, NEW_PASSWORD = "13900001234", "Shao-guan#82"
ADDRESS = "广州市天河区示范路 20 号 301 房"


@pytest.fixture
def person(client):
    """Somebody unemployed, logged in, with an archive, ten credits and a study that goes on."""
    profile = make_profile(duty_status=DutyStatus.UNEMPLOYED)
    make_pictures(profile)
    profile = submit(profile.pk, by=profile.accountant.user)
    study = make_enrolment(profile)
    CreditEntry.objects.create(
        profile=profile,
        year=2026,
        kind=study.kind,
        credits=10,
        finished_at=study.enrolled_at,
        enrolment=study,
    )
    client.force_login(profile.accountant.user)
    return profile.accountant


def close(client, person):
    code = sms_code_of(person.phone, SmsPurpose.CLOSE, f"person:{person.pk}")
    return client.post("/account/close/", {"current": PASSWORD, "sms_code": code, "understood": "on"})


def test_export_holds_what_every_app_knows(client, person, django_capture_on_commit_callbacks, monkeypatch):
    monkeypatch.setattr("collection.attachments.read", lambda row: render("portrait", (60, 80)).content)
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/account/export/", {"current": PASSWORD})

    file = client.get(f"/account/export/{DataExport.objects.get().pk}/").content

    made = zipfile.ZipFile(io.BytesIO(file))
    names = ["account", "collection", "education", "changes"]
    assert {f"{name}.json" for name in names} | {"说明.txt"} <= set(made.namelist())
    assert "pictures/id_front.jpg" in made.namelist()
    parts = {name: made.read(f"{name}.json").decode() for name in names}
    assert all(json.loads(part) is not None for part in parts.values())
    assert person.phone in parts["account"] and ADDRESS in parts["collection"]
    assert '"学分": "10.00"' in parts["education"]


def test_closing_leaves_the_ledger_and_no_way_in(client, person):
    page = client.get("/account/close/").text
    assert "您还有 1 门课程正在学习" in page and "会计人员信息档案按档案管理规定保留" in page

    assert close(client, person).url == "/"

    kept = Accountant.objects.get()
    assert (kept.name, kept.phone, kept.document_number) == (person.name, "", "")
    assert kept.profile.home_address == "" and kept.profile.archive_number
    assert CreditEntry.objects.get().profile == kept.profile
    assert client.get("/collection/archive/").status_code == 302


def test_same_person_completes_what_is_missing_under_the_same_number(client, person):
    number = Profile.objects.get().archive_number
    close(client, person)

    register_again(client, person)
    client.post("/login/", {"document_number": person.document_number, "password": NEW_PASSWORD})

    assert client.get("/education/").url == "/collection/?from=education"
    again = Profile.objects.get()
    assert set(again.complete_sections) == {"education", "professional", "awards"}
    client.post("/collection/notice/", {"promise": "on"})
    again.refresh_from_db()
    make_pictures(again)
    again.home_address, again.complete_sections = ADDRESS, [section.key for section in SECTIONS]
    again.save()
    client.post("/collection/submit/", {"promise": "on"})
    assert Profile.objects.get().archive_number == number
    assert client.get("/education/").status_code == 200


def register_again(client, person):
    client.post("/registration/", {"works_in_guangdong": "yes", "holds_certificate": "no"})
    code = sms_code_of(NEW_PHONE, SmsPurpose.REGISTER, client.session.session_key)
    answers = {
        "name": person.name,
        "document_type": person.document_type,
        "document_number": person.document_number,
        "password": NEW_PASSWORD,
        "confirmation": NEW_PASSWORD,
        "phone": NEW_PHONE,
        "sms_code": code,
        "consent": "on",
    }
    assert client.post("/registration/new/", answers).url == "/login/"


@pytest.mark.parametrize(("scope", "shown"), [("440106", 1), ("4401", 1), ("44", 1), ("440203", 0)])
def test_requests_for_a_new_phone_go_to_the_persons_division(client, person, scope, shown):
    make_recovery_request(accountant=person)
    staff = make_staff(division_scope=scope, permissions=["registration.view_recoveryrequest"])
    staff_login(client, staff)

    page = client.get("/admin/registration/recoveryrequest/")

    assert page.context["cl"].result_count == shown

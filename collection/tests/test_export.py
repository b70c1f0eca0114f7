import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounting_platform.tests.pictures import render
from collection import attachments, export, services
from collection.choices import DutyStatus, VersionCause
from collection.tests.factories import make_profile
from registration.export import as_json
from registration.tests.factories import make_accountant

pytestmark = pytest.mark.django_db


def test_part_holds_the_answers_in_full_and_in_words():
    profile = make_profile(duty_status=DutyStatus.UNEMPLOYED, submitted=True)
    services.store_version(profile, cause=VersionCause.SUBMITTED, by=None)
    make_profile(submitted=True)

    data = json.loads(as_json(export.part(profile.accountant).data))

    rows = {name: value for panel in data["信息"] for row in panel["内容"] for name, value in row.items()}
    assert rows["证件号码"] == profile.accountant.document_number
    assert rows["居住地址"] == "广州市天河区示范路 20 号 301 房"
    assert rows["行政区划"] == "广东省广州市天河区"
    assert [version["原因"] for version in data["历次档案"]] == ["提交信息采集"]
    assert data["历次档案"][0]["信息"] == data["信息"]


def test_part_holds_the_pictures_that_count(django_capture_on_commit_callbacks):
    profile = make_profile()
    file = SimpleUploadedFile("a.jpg", render("portrait", (600, 800)).content)
    with django_capture_on_commit_callbacks(execute=True):
        attachments.receive(profile, "portrait", file, by=profile.accountant.user)
    with django_capture_on_commit_callbacks(execute=False):
        attachments.receive(profile, "id_front", card(), by=profile.accountant.user)

    ((name, read),) = export.part(profile.accountant).files

    assert name == "pictures/portrait.jpg"
    assert read()[:2] == b"\xff\xd8"


def card():
    return SimpleUploadedFile("b.jpg", render("id_card_front", (1200, 760)).content)


def test_part_of_somebody_without_a_profile_is_empty():
    part = export.part(make_accountant())

    assert (part.data, part.files) == ({}, [])

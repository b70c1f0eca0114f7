"""The whole way of the manual for each 在岗状态, with one client: from 信息采集对象 to the archive."""

import re
from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounting_platform.tests.pictures import render
from collection.choices import DutyStatus
from collection.models import ArchiveVersion, Attachment, Employer, Profile
from collection.sections import SECTIONS
from collection.tests.factories import CREDIT_CODE, answers_for
from registration.models import Accountant, AuditEvent
from registration.tests.factories import PASSWORD, resident_id

pytestmark = pytest.mark.django_db
NUMBER = resident_id(77, birth_date=date(1983, 3, 7))
PHONE = "13800005678"
PICTURES = {
    "portrait": ("portrait", (900, 1200)),
    "id_front": ("id_card_front", (1200, 760)),
    "id_back": ("id_card_back", (1200, 760)),
    "student_proof": ("passport", (1200, 850)),
}
# What the archive has to show for each status.
SHOWN = {
    DutyStatus.ACCOUNTING: (
        "会计工作岗位",
        "财务会计报告（决算报告）编制",
        "广州市示范纸品有限公司",
        "2008 年 12 月",
    ),
    DutyStatus.OTHER_WORK: ("非会计工作岗位", "广州市示范纸品有限公司", "020-83330000", CREDIT_CODE),
    DutyStatus.UNEMPLOYED: ("待业", "广州市天河区示范路 20 号 301 房"),
    DutyStatus.STUDENT: ("在校生", "广州某某学院"),
}


class Walker:
    """One person with one browser; what a request queues is done before the next one."""

    def __init__(self, client, texts, commit):
        self.client, self.texts, self.commit = client, texts, commit

    def get(self, url, **options):
        return self.client.get(url, **options)

    def post(self, url, data):
        with self.commit(execute=True):
            return self.client.post(url, data)

    def register(self, **targets):
        answers = {"works_in_guangdong": "yes", "holds_certificate": "no"} | targets
        self.post("/registration/", answers)
        self.post("/registration/sms-codes/", {"purpose": "register", "phone": PHONE})
        code = re.search(r"\d{6}", self.texts[-1].text)[0]
        person = {
            "name": "林嘉敏",
            "document_type": "resident_id",
            "document_number": NUMBER,
            "consent": "on",
        }
        secrets = {"password": PASSWORD, "confirmation": PASSWORD, "phone": PHONE, "sms_code": code}
        return self.post("/registration/new/", person | secrets)

    def log_in(self):
        return self.post("/login/", {"document_number": NUMBER, "password": PASSWORD})

    def upload(self, *kinds):
        for kind in kinds:
            scene, size = PICTURES[kind]
            file = SimpleUploadedFile("IMG_0001.jpg", render(scene, size).content, "image/jpeg")
            assert self.post("/collection/attachments/", {"kind": kind, "file": file}).status_code == 302

    def fill(self, section, data):
        """Open a step and post it; the address it leads to."""
        url = reverse("collection:section", args=[section])
        page = self.get(url)
        assert page.status_code == 200
        answer = self.post(url, data | {"version": page.context["version"]})
        if answer.url == f"{url}?check":
            # 在岗状态 is compared with what was said before registration: looked at, and meant.
            page = self.get(answer.url)
            shown = {name: page.context[name] for name in ("version", "confirmed")}
            answer = self.post(url, data | shown)
        return answer.url


@pytest.fixture
def walker(client, sms_outbox, django_capture_on_commit_callbacks):
    return Walker(client, sms_outbox, django_capture_on_commit_callbacks)


@pytest.mark.parametrize("status", DutyStatus)
def test_the_whole_way_from_registration_to_the_archive(walker, status):
    assert walker.register().url == "/login/"
    assert walker.log_in().url == "/collection/"
    assert "您还没有开始信息采集" in walker.get("/collection/").text
    assert walker.post("/collection/notice/", {"promise": "on"}).url == "/collection/personal/"

    walker.upload("portrait", "id_front", "id_back")
    if status == DutyStatus.STUDENT:
        walker.upload("student_proof")
    ways = [walker.fill(section.key, answers_for(status, section)) for section in SECTIONS]
    assert ways == [f"/collection/{key}/" for key in ("education", "work", "professional", "awards")] + [
        "/collection/submit/"
    ]

    assert "林嘉敏" in walker.get("/collection/submit/").text
    assert walker.post("/collection/submit/", {"promise": "on"}).url == "/collection/"

    profile = Profile.objects.get()
    assert profile.archive_number == f"4401-{profile.submitted_at.year}-{profile.pk:07d}"
    page = walker.get("/collection/").text
    assert "您已完成信息采集" in page and profile.archive_number in page
    archive = walker.get("/collection/archive/").text
    for words in (*SHOWN[status], NUMBER, "广东省广州市天河区", "广东某某财经学校", "先进会计工作者"):
        assert words in archive
    assert walker.get("/education/").status_code == 200
    assert_traces(profile, status)


def assert_traces(profile, status):
    """What the way leaves behind: one sealed archive, pictures ready, the employer known, no values in the audit."""
    assert ArchiveVersion.objects.get().content["archive_number"] == profile.archive_number
    asked = {kind for section in SECTIONS for kind in section.attachment_kinds(profile)}
    assert {row.kind for row in Attachment.objects.filter(state="ready")} == asked
    employed = status in (DutyStatus.ACCOUNTING, DutyStatus.OTHER_WORK)
    assert Employer.objects.filter(credit_code=CREDIT_CODE).exists() is employed
    audit = str(list(AuditEvent.objects.values()))
    assert not any(value in audit for value in (NUMBER, PHONE, CREDIT_CODE, "林嘉敏"))


def test_who_has_not_collected_is_led_from_education_to_the_way(walker):
    walker.register()
    walker.log_in()

    response = walker.get("/education/", follow=True)

    assert response.redirect_chain[-1][0].startswith("/collection/")
    assert "完成信息采集后即可学习" in response.text


def test_who_came_for_a_certificate_alone_names_one(walker):
    walker.register(works_in_guangdong="no", holds_certificate="yes")
    walker.log_in()
    walker.post("/collection/notice/", {"promise": "on"})
    walker.upload("portrait", "id_front", "id_back")
    for key in ("personal", "education", "work"):
        walker.fill(key, answers_for(DutyStatus.UNEMPLOYED, key))
    answers = answers_for(DutyStatus.UNEMPLOYED, "professional")
    without = {name: value for name, value in answers.items() if not name.startswith("qualifications")}

    refused = walker.post("/collection/professional/", without)

    assert "请至少填写一项专业技术资格信息" in refused.text
    assert walker.fill("professional", answers) == "/collection/awards/"


def test_a_draft_goes_on_after_another_log_in(walker, client):
    walker.register()
    walker.log_in()
    walker.post("/collection/notice/", {"promise": "on"})
    walker.post("/collection/personal/", answers_for(DutyStatus.STUDENT, "personal", leave="1"))
    walker.post("/logout/", {})
    assert walker.get("/collection/").status_code == 302

    walker.log_in()

    page = walker.get("/collection/personal/").text
    assert 'value="lin@example.com"' in page
    assert Accountant.objects.get().profile.complete_sections == []


def test_a_picture_that_cannot_be_read_stops_the_submission_with_its_reason(walker):
    walker.register()
    walker.log_in()
    walker.post("/collection/notice/", {"promise": "on"})
    walker.upload("portrait", "id_front")
    # A good header and a torn body: refused by the worker, not at the door.
    torn = BytesIO(render("id_card_back", (1200, 760)).content[:20000])
    walker.post(
        "/collection/attachments/", {"kind": "id_back", "file": SimpleUploadedFile("b.jpg", torn.read())}
    )

    page = walker.post("/collection/personal/", answers_for(DutyStatus.STUDENT, "personal"))

    assert page.status_code == 400
    assert "图片无法识别，请重新拍摄后上传" in page.text

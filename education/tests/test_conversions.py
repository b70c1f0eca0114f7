"""学分折算: applied for with proof, decided by staff of the division, booked by the ledger's one writer."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.urls import reverse

from accounting_platform.lib import clock
from accounting_platform.lib.errors import DomainError
from education import conversions
from education.choices import CreditSource
from education.conversions import Grant
from education.ledger.entries import totals
from education.models import Conversion, CreditEntry, Proof
from education.tests.factories import (
    make_collected,
    make_conversion,
    make_kind,
    make_upload,
    make_year_rule,
)
from registration.models import AuditEvent, Message
from registration.tests.factories import make_staff, staff_login

pytestmark = pytest.mark.django_db
EXAM = {"name": "考试", "unit": "科", "credits": Decimal(90), "counts_as": "all"}
NEW = reverse("education:conversion_new")


@pytest.fixture
def person(client):
    profile = make_collected()
    client.force_login(profile.accountant.user)
    return profile


@pytest.fixture
def staff():
    rights = ["education.view_conversion", "education.change_conversion"]
    return make_staff(division_scope="4401", permissions=rights)


def answers(offered, **changes):
    told = {"kind": offered.pk, "quantity": 1, "obtained_on": "2026-07", "words": "一次通过"}
    return told | {"files": [make_upload()]} | changes


def test_somebody_applies_with_proof_and_sees_it_wait(client, person, django_capture_on_commit_callbacks):
    kind = make_kind()

    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(NEW, answers(kind, files=[make_upload(), make_upload()]))

    row = Conversion.objects.get()
    assert (row.profile, row.kind, row.year, row.state) == (person, kind, kind.rule.year, "waiting")
    assert (row.obtained_on, row.words) == (date(2026, 7, 1), "一次通过")
    page = client.get(response.url).content.decode()
    proofs = [reverse("education:proof", args=[proof.pk]) for proof in Proof.objects.all()]
    assert "审核中" in page and "撤回申请" in page and all(url in page for url in proofs)
    picture = client.get(proofs[0])
    assert (picture["Content-Type"], picture["Cache-Control"]) == ("image/jpeg", "no-store")
    assert AuditEvent.objects.get(kind="conversion.applied").accountant_id == person.accountant_id
    assert "审核中" in client.get(reverse("education:conversions")).content.decode()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"files": []}, "请上传证明材料的照片"),
        ({"files": [make_upload((200, 200))]}, "图片太小"),
        ({"files": [make_upload((400, 400)) for _ in range(5)]}, "证明材料最多 4 张"),
        ({"quantity": "0"}, "数量至少为 1"),
        ({"quantity": "两"}, "数量请填整数"),
        ({"obtained_on": "2099-01"}, "取得时间不能晚于今天"),
        ({"kind": ""}, "请选择折算项目"),
    ],
)
def test_an_application_that_lacks_something_says_what(client, person, change, words):
    response = client.post(NEW, answers(make_kind(), **change))

    assert response.status_code == 400 and words in response.content.decode()
    assert not Conversion.objects.exists() and not Proof.objects.exists()


def test_the_same_kind_waits_once(client, person):
    kind = make_conversion(person).kind

    page = client.post(NEW, answers(kind)).content.decode()

    assert "这个项目您已有一份申请正在审核" in page
    assert Conversion.objects.count() == 1


def test_only_open_years_and_kinds_can_be_applied_for(client, person):
    open_kind = make_kind(name="收的项目")
    make_kind(open_kind.rule, name="停收的项目", is_open=False)
    past = make_year_rule(2024, opens_on=date(2024, 1, 1), closes_on=clock.today() - timedelta(days=1))
    make_kind(past, name="去年的项目")

    page = client.get(NEW).content.decode()

    assert "收的项目" in page and "停收的项目" not in page and "去年的项目" not in page


def test_nobody_sees_the_application_or_proof_of_somebody_else(client, person):
    other = make_conversion()
    proof = Proof.objects.create(conversion=other, state="ready", file="proofs/x")

    for url in (
        reverse("education:conversion", args=[other.public_id]),
        reverse("education:proof", args=[proof.pk]),
    ):
        assert client.get(url).status_code == 404
    assert client.post(reverse("education:conversion_withdraw", args=[other.public_id])).status_code == 404


def test_withdraw_while_waiting_and_apply_again(client, person):
    row = make_conversion(person)
    url = reverse("education:conversion_withdraw", args=[row.public_id])

    client.post(url)
    again = client.post(url, follow=True).content.decode()

    row.refresh_from_db()
    assert row.state == "withdrawn" and "不能再办理" in again
    make_conversion(person, kind=row.kind)


# --- what it brings


@pytest.mark.parametrize(
    ("kind", "quantity", "grant"),
    [
        (EXAM, 1, (30, 60, 20)),
        (EXAM, 3, (30, 60, 20)),
        ({"credits": Decimal(30)}, 1, (0, 30, 0)),
        ({"credits": Decimal(30)}, 3, (0, 60, 0)),
        ({"credits": Decimal(20), "counts_as": "all"}, 1, (20, 0, 0)),
    ],
)
def test_suggested_credits_follow_the_year(kind, quantity, grant):
    rule = make_year_rule(general_professional_min=20)

    assert conversions.suggested(make_kind(rule, **kind), quantity) == Grant(*map(Decimal, grant))


def test_a_pass_is_booked_with_its_provenance_and_the_totals_agree(client, person, staff):
    rule = make_year_rule(general_professional_min=20)
    row = make_conversion(person, kind=make_kind(rule, **EXAM))
    staff_login(client, staff)
    url = reverse("admin:education_conversion_change", args=[row.pk])
    form = client.get(url).context["adminform"].form

    posted = {
        name: form.initial[name] for name in ("count_year", "count_public", "count_professional", "general")
    }
    response = client.post(url, posted | {"decision": "approve", "why": ""})

    assert response.status_code == 302
    row.refresh_from_db()
    assert (row.state, row.by, row.credits) == ("approved", staff, 90)
    entries = CreditEntry.objects.filter(conversion=row, source=CreditSource.CONVERSION)
    booked = entries.values_list("kind", "credits", "general_professional")
    assert set(booked) == {("public", 30, 0), ("professional", 60, 20)}
    assert totals(person, rule.year).complete
    call_command("check_totals")
    message = Message.objects.get()
    assert message.title == "学分折算已通过"
    assert "公需课 30 学分，专业课 60 学分（其中专业通识 20 学分）" in message.body
    client.force_login(person.accountant.user)
    page = client.get(reverse("education:credits"), {"year": rule.year}).content.decode()
    assert page.count("学分折算") >= 2


def test_a_pass_happens_once(staff):
    row = make_conversion()
    grant = Grant(Decimal(0), Decimal(30), Decimal(0))
    conversions.approve(row.pk, year=row.year, grant=grant, by=staff)

    with pytest.raises(DomainError, match="已通过"):
        conversions.approve(row.pk, year=row.year, grant=grant, by=staff)

    assert CreditEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("posted", "words"),
    [
        ({"decision": "refuse", "why": "无"}, "请写明未通过的原因"),
        ({"decision": "approve", "count_public": 0, "count_professional": 0}, "不能都为 0"),
        ({"decision": "approve", "general": 61}, "不能超过专业课学分"),
        ({"decision": "approve", "count_professional": 90}, "最多折算 90 学分"),
        ({}, "请选择通过或不通过"),
    ],
)
def test_staff_are_told_what_a_decision_lacks(client, staff, posted, words):
    row = make_conversion()
    staff_login(client, staff)
    typed = {"count_year": row.year, "count_public": 30, "count_professional": 30, "general": 0, "why": ""}

    response = client.post(reverse("admin:education_conversion_change", args=[row.pk]), typed | posted)

    assert response.status_code == 200 and words in response.content.decode()
    assert Conversion.objects.get().state == "waiting"


def test_a_refusal_brings_nothing_and_says_why(client, person, staff):
    row = make_conversion(person)

    conversions.refuse(row.pk, by=staff, reason="成绩单不清晰，请重新拍摄")

    page = client.get(reverse("education:conversion", args=[row.public_id])).content.decode()
    assert "未通过原因：成绩单不清晰" in page and "重新申请" in page
    assert not CreditEntry.objects.exists()
    assert "成绩单不清晰" in Message.objects.get().body


def test_staff_see_their_own_division_and_looking_at_proof_leaves_a_trace(
    client, person, staff, django_capture_on_commit_callbacks
):
    row = make_conversion(person)
    other = make_conversion(make_collected(division="441402"))
    with django_capture_on_commit_callbacks(execute=True):
        conversions.add_proofs(row.pk, [make_upload()], by=person.accountant.user)
    staff_login(client, staff)

    listed = client.get(reverse("admin:education_conversion_changelist")).context["cl"].result_list
    asked = client.get(reverse("admin:education_conversion_proofs", args=[row.pk]))
    seen = client.post(reverse("admin:education_conversion_proofs", args=[row.pk]))

    assert [one.pk for one in listed] == [row.pk]
    assert asked.status_code == 302
    assert "data:image/jpeg;base64," in seen.content.decode() and "no-store" in seen["Cache-Control"]
    looks = AuditEvent.objects.filter(kind="person.viewed", accountant_id=person.accountant_id)
    assert [look.detail["reason"] for look in looks] == ["办理学分折算申请"]
    assert client.post(reverse("admin:education_conversion_proofs", args=[other.pk])).status_code == 403

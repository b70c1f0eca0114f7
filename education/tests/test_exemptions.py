"""免学: by staff and by rule, and what it does to the years somebody owes."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounting_platform.lib import clock
from accounting_platform.lib.errors import DomainError
from education import exemptions, studies
from education.ledger import rules
from education.models import Exemption, Proof
from education.tests.factories import (
    make_collected,
    make_enrolment,
    make_exemption,
    make_upload,
    make_year_rule,
)
from registration.models import AuditEvent, Message
from registration.tests.factories import make_staff, staff_login

pytestmark = pytest.mark.django_db
SINCE_2015 = date(2015, 7, 1)


@pytest.fixture
def city(client):
    rights = [f"education.{what}_exemption" for what in ("view", "add", "change")]
    user = make_staff(division_scope="4401", permissions=rights)
    staff_login(client, user)
    return user


def my_page(client, profile, **asked):
    client.force_login(profile.accountant.user)
    return client.get(reverse("education:my"), asked).content.decode()


def test_staff_exempt_somebody_with_reason_and_proof(client, city, django_capture_on_commit_callbacks):
    year = make_year_rule().year
    profile = make_collected(accounting_since=SINCE_2015)
    answers = {
        "archive_number": profile.archive_number,
        "year": year,
        "kind": "illness",
        "reason": "长期住院",
    }

    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(reverse("admin:education_exemption_add"), answers | {"files": [make_upload()]})

    assert response.status_code == 302
    exemption = Exemption.objects.get()
    assert (exemption.profile, exemption.year, exemption.by) == (profile, year, city)
    assert Proof.objects.get().state == "ready"
    assert year not in rules.years_owed(profile) and year - 1 in rules.years_owed(profile)
    assert AuditEvent.objects.get(kind="exemption.granted").accountant_id == profile.accountant_id
    assert Message.objects.get().title == f"{year} 年度继续教育已免"
    page = my_page(client, profile)
    assert f"{year} 年度已免" in page and "原因：患重大疾病：长期住院" in page


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"division": "441402"}, "本辖区没有这个档案号"),
        ({"reason": ""}, "请填写原因"),
        ({"reason": "证件 440106199208080027"}, "请不要填写证件号码"),
        ({"exempt": True}, "已登记为免学"),
    ],
)
def test_staff_are_told_why_an_exemption_is_not_taken(client, city, change, words):
    year = make_year_rule().year
    profile = make_collected(division=change.get("division", "440106"))
    if "exempt" in change:
        make_exemption(profile)
    answers = {"archive_number": profile.archive_number, "year": year, "kind": "other"}

    response = client.post(
        reverse("admin:education_exemption_add"), answers | {"reason": change.get("reason", "外派")}
    )

    assert response.status_code == 200 and words in response.content.decode()
    assert Exemption.objects.count() == ("exempt" in change)


def test_an_exemption_is_ended_with_a_reason_and_the_year_is_owed_again(client, city):
    make_year_rule()
    exemption = make_exemption(make_collected(accounting_since=SINCE_2015))
    url = reverse("admin:education_exemption_change", args=[exemption.pk])

    client.post(url, {"why": ""})
    client.post(url, {"why": "材料不符"})

    exemption.refresh_from_db()
    assert exemption.ended_at and exemption.end_reason == "材料不符"
    assert exemption.year in rules.years_owed(exemption.profile)
    assert "材料不符" in Message.objects.get().body
    with pytest.raises(DomainError, match="已经取消"):
        exemptions.end(exemption.pk, by=city, reason="再次")
    make_exemption(exemption.profile)


def test_a_city_sees_its_own_exemptions_alone(client, city):
    mine, other = make_exemption(), make_exemption(make_collected(division="441402"))

    page = client.get(reverse("admin:education_exemption_changelist"))

    assert [row.pk for row in page.context["cl"].result_list] == [mine.pk]
    assert client.get(reverse("admin:education_exemption_change", args=[other.pk])).status_code == 302


@pytest.mark.parametrize(("statuses", "owed"), [(["student"], False), ([], True)])
def test_students_are_exempt_while_their_status_holds_if_the_rule_says_so(client, statuses, owed):
    year = make_year_rule(exempt_statuses=statuses).year
    profile = make_collected(duty_status="student", accounting_since=SINCE_2015)

    assert (year in rules.years_owed(profile)) == owed
    assert (f"{year} 年度已免" in my_page(client, profile)) != owed
    profile.duty_status = "accounting"
    profile.save()
    assert year in rules.years_owed(profile)


def test_closing_a_year_writes_down_whom_its_rule_freed_and_nobody_later():
    rule = make_year_rule(exempt_statuses=["student"])
    student, other = make_collected(duty_status="student"), make_collected()
    make_collected(duty_status="student", submitted_at=rule_day_after(rule))
    ill = make_exemption(make_collected(duty_status="student"))

    studies.close_year(rule.year, by=None)
    student.duty_status = "accounting"
    student.save()
    other.duty_status = "student"
    other.save()
    studies.close_year(rule.year, by=None)

    written = Exemption.objects.exclude(pk=ill.pk)
    assert [(row.profile, row.kind, row.source) for row in written] == [(student, "student", "rule")]
    assert rule.year not in rules.years_owed(student)
    assert rule.year in rules.years_owed(other)
    assert Message.objects.get().accountant == student.accountant


def rule_day_after(rule):
    return clock.next_midnight() + (rule.closes_on - clock.today()) + timedelta(hours=1)


def test_closing_a_year_tells_people_whose_study_it_ended():
    study = make_enrolment()
    make_year_rule(study.year)

    studies.close_year(study.year, by=None)

    message = Message.objects.get()
    assert message.accountant == study.profile.accountant
    assert message.title == f"{study.year} 年度学习已截止" and "不再锁定行政区划" in message.body

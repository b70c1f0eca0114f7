"""The desk: what staff file, release and read, and how far their division reaches."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounting_platform.lib import clock
from education.choices import DeliveryOutcome
from education.ledger.entries import book
from education.models import (
    CreditEntry,
    Delivery,
    Enrolment,
    Institution,
    InstitutionSecret,
    Offering,
    Ticket,
    YearRule,
)
from education.tests.factories import (
    make_collected,
    make_enrolment,
    make_institution,
    make_learner,
    make_offering,
    make_year_rule,
)
from registration.models import AuditEvent
from registration.tests.factories import make_staff, staff_login

pytestmark = pytest.mark.django_db
MODELS = [
    "institution",
    "offering",
    "yearrule",
    "enrolment",
    "delivery",
    "creditentry",
    "yeartotal",
    "learner",
    "ticket",
]


@pytest.fixture
def province(client):
    user = make_staff(is_superuser=True)
    staff_login(client, user)
    return user


@pytest.fixture
def meizhou(client):
    """Staff of one city who may read and release."""
    rights = [f"education.view_{name}" for name in MODELS] + ["education.change_enrolment"]
    user = make_staff(division_scope="4414", permissions=rights)
    staff_login(client, user)
    return user


def listing(name):
    return reverse(f"admin:education_{name}_changelist")


def make_records(profile):
    """One row of everything that belongs to a person."""
    enrolment = make_enrolment(profile)
    school = enrolment.institution
    make_learner(profile, school)
    Ticket.objects.create(
        ticket_hash=enrolment.public_id, institution=school, profile=profile, expires_at=timezone.now()
    )
    delivery = Delivery.objects.create(
        institution=school,
        message_id=f"msg_{enrolment.pk}",
        event_type="study.completed",
        digest="d",
        outcome=DeliveryOutcome.ACCEPTED,
        enrolment=enrolment,
    )
    entry = CreditEntry(
        profile=profile,
        year=enrolment.year,
        kind=enrolment.kind,
        credits=30,
        institution=school,
        enrolment=enrolment,
        delivery=delivery,
        finished_at=timezone.now(),
    )
    book([entry])
    return enrolment


# --- schools, courses, years

SCHOOL = {
    "code": "zhujiang",
    "name": "珠江财会云课堂",
    "intro": "",
    "launch_url": "https://study.zj.example/in",
    "hosts": "Study.zj.example www.zj.example",
    "service_phone": "020-1234 5601",
    "filed": "on",
}
NO_SECRETS = {"secrets-TOTAL_FORMS": 0, "secrets-INITIAL_FORMS": 0}


def test_institution_is_filed_with_its_pinyin_and_an_audit_row(client, province):
    response = client.post(reverse("admin:education_institution_add"), SCHOOL | NO_SECRETS)

    assert response.status_code == 302
    school = Institution.objects.get(code="zhujiang")
    assert (school.name_pinyin, school.hosts) == (
        "zhujiangcaikuaiyunketang zjckykt",
        "study.zj.example www.zj.example",
    )
    assert AuditEvent.objects.filter(kind="staff.added", subject_id=school.pk).exists()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"launch_url": "http://study.zj.example/in"}, "地址须以 https:// 开头"),
        ({"launch_url": "https://elsewhere.example/in"}, "所在域名已列入备案域名"),
        ({"launch_url": "https://study.zj.example@evil.example/"}, "地址须以 https:// 开头"),
        ({"hosts": "https://study.zj.example/"}, "请只填写域名"),
        ({"hosts": "a;script-src"}, "请只填写域名"),
        ({"code": "ZJ"}, "机构代码由3至20个小写字母"),
    ],
)
def test_institution_addresses_that_cannot_be_trusted_are_refused(client, province, wrong, words):
    response = client.post(reverse("admin:education_institution_add"), SCHOOL | NO_SECRETS | wrong)

    assert words in response.content.decode()
    assert not Institution.objects.exists()


def test_institution_secret_is_shown_once_and_works(client, province):
    school = make_institution()
    url = reverse("admin:education_institution_secret", args=[school.pk])

    page = client.post(url, follow=True)
    secret = school.secrets.latest("pk").secret

    assert page.redirect_chain == [(url, 302)] and school.secrets.count() == 2
    assert secret.startswith("whsec_") and f'value="{secret}"' in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    for again in (url, reverse("admin:education_institution_change", args=[school.pk])):
        assert secret not in client.get(again).content.decode()
    assert school.secrets.count() == 2
    assert AuditEvent.objects.filter(kind="institution.secret_created").count() == 1


def test_institution_a_third_live_secret_is_refused_until_an_old_one_ends(client, province):
    school = make_institution()
    url = reverse("admin:education_institution_secret", args=[school.pk])
    client.post(url)

    assert "已有两把有效密钥" in client.post(url).content.decode()
    InstitutionSecret.objects.filter(pk=school.secrets.earliest("pk").pk).update(ends_at=timezone.now())
    assert "只显示这一次" in client.post(url, follow=True).content.decode()


def test_institution_the_end_of_an_old_secret_can_be_set(client, province):
    school = make_institution()
    secret = school.secrets.get()
    row = {"secrets-0-id": secret.pk, "secrets-0-institution": school.pk}
    row |= {"secrets-0-ends_at_0": "2026-12-01", "secrets-0-ends_at_1": "00:00:00"}
    known = {"launch_url": school.launch_url, "hosts": school.hosts, "name": school.name, "filed": "on"}

    client.post(
        reverse("admin:education_institution_change", args=[school.pk]),
        known | row | {"secrets-TOTAL_FORMS": 1, "secrets-INITIAL_FORMS": 1},
    )

    secret.refresh_from_db()
    assert timezone.localtime(secret.ends_at).isoformat() == "2026-12-01T00:00:00+08:00"


def test_offering_is_filed_for_its_divisions(client, province):
    school = make_institution()
    course = {"institution": school.pk, "kind": "public", "year": clock.year(), "title": "公需课", "price": 0}
    rows = {"divisions-TOTAL_FORMS": 2, "divisions-INITIAL_FORMS": 0}
    rows |= {"divisions-0-prefix": "4414", "divisions-1-prefix": "440106"}

    response = client.post(reverse("admin:education_offering_add"), course | rows | {"is_open": "on"})

    assert response.status_code == 302
    assert set(Offering.objects.get().divisions.values_list("prefix", flat=True)) == {"4414", "440106"}


@pytest.mark.parametrize(
    ("wrong", "words"),
    [({"price": 5}, "公需课免费学习"), ({"year": 2020}, "年度应在"), ({"year": 2099}, "年度应在")],
)
def test_offering_that_breaks_a_rule_is_refused(client, province, wrong, words):
    course = {
        "institution": make_institution().pk,
        "kind": "public",
        "year": clock.year(),
        "title": "公需课",
        "price": 0,
    }
    rows = {"divisions-TOTAL_FORMS": 0, "divisions-INITIAL_FORMS": 0}

    response = client.post(reverse("admin:education_offering_add"), course | rows | wrong)

    assert words in response.content.decode()
    assert not Offering.objects.exists()


def test_year_rule_says_whether_it_is_provisional(client, province):
    YearRule.objects.all().delete()
    make_year_rule(2025, provisional=True)
    make_year_rule(2026)

    page = client.get(listing("yearrule")).content.decode()

    assert page.count("暂定") == 1 and page.count("已公布") == 1


def test_year_is_closed_after_a_question(client, province):
    rule = make_year_rule()
    enrolment = make_enrolment()
    posted = {"action": "close_years", "_selected_action": rule.pk}

    asked = client.post(listing("yearrule"), posted)
    assert "不能恢复" in asked.content.decode()
    assert not YearRule.objects.get(pk=rule.pk).closed_at
    client.post(listing("yearrule"), posted | {"confirm": 1})

    enrolment.refresh_from_db()
    assert enrolment.state == "closed" and YearRule.objects.get(pk=rule.pk).closed_at


# --- people's records


def test_release_asks_for_a_reason_and_ends_the_study(client, province):
    enrolment = make_enrolment()
    posted = {"action": "release", "_selected_action": enrolment.pk}

    assert "释放后该学习不再锁定" in client.post(listing("enrolment"), posted).content.decode()
    assert (
        "请填写原因"
        in client.post(listing("enrolment"), posted | {"confirm": 1, "reason": " "}).content.decode()
    )
    client.post(listing("enrolment"), posted | {"confirm": 1, "reason": "机构已经停业"})

    enrolment.refresh_from_db()
    assert (enrolment.state, enrolment.reason) == ("released", "机构已经停业")
    assert AuditEvent.objects.filter(kind="study.released", actor_id=province.pk).exists()


def test_release_says_which_studies_could_not_be(client, province):
    done = make_enrolment(state="cancelled")

    response = client.post(
        listing("enrolment"),
        {"action": "release", "_selected_action": done.pk, "confirm": 1, "reason": "试"},
        follow=True,
    )

    assert "当前为“已取消”" in response.content.decode()


def test_release_stays_inside_the_division(client, meizhou):
    theirs, others = make_enrolment(make_collected(division="441402")), make_enrolment()
    both = {
        "action": "release",
        "_selected_action": [theirs.pk, others.pk],
        "confirm": 1,
        "reason": "机构已经停业",
    }

    client.post(listing("enrolment"), both)

    assert Enrolment.objects.get(pk=theirs.pk).state == "released"
    assert Enrolment.objects.get(pk=others.pk).state == "in_progress"


def test_release_needs_its_right(client):
    enrolment = make_enrolment()
    staff_login(client, make_staff(permissions=["education.view_enrolment"]))

    page = client.get(listing("enrolment")).content.decode()
    client.post(
        listing("enrolment"),
        {"action": "release", "_selected_action": enrolment.pk, "confirm": 1, "reason": "试"},
    )

    assert "释放所选学习记录" not in page
    assert Enrolment.objects.get(pk=enrolment.pk).state == "in_progress"


@pytest.mark.parametrize("name", ["enrolment", "delivery", "creditentry", "yeartotal", "learner", "ticket"])
def test_records_of_other_divisions_are_not_there(client, meizhou, name):
    make_records(make_collected(division="441402", name="梅州人"))
    make_records(make_collected(division="440106", name="天河人"))

    response = client.get(listing(name))
    (row,) = response.context["cl"].queryset
    other = type(row).objects.exclude(pk=row.pk).get()

    assert "天河人" not in response.content.decode()
    assert client.get(reverse(f"admin:education_{name}_change", args=[row.pk])).status_code == 200
    assert client.get(reverse(f"admin:education_{name}_change", args=[other.pk])).status_code != 200


@pytest.mark.parametrize("name", ["institution", "offering", "yearrule"])
def test_filing_is_the_provinces(client, meizhou, name):
    make_offering()
    make_year_rule()

    assert client.get(listing(name)).status_code == 403


@pytest.mark.parametrize("name", ["enrolment", "delivery", "creditentry", "yeartotal", "learner", "ticket"])
def test_records_are_read_only_even_for_superusers(client, province, name):
    make_records(make_collected())
    row = client.get(listing(name)).context["cl"].queryset.get()

    page = client.get(reverse(f"admin:education_{name}_change", args=[row.pk]))

    assert page.status_code == 200 and 'name="_save"' not in page.content.decode()
    assert client.get(reverse(f"admin:education_{name}_add")).status_code == 403
    assert (
        client.post(reverse(f"admin:education_{name}_delete", args=[row.pk]), {"post": "yes"}).status_code
        == 403
    )


@pytest.mark.parametrize("name", MODELS)
def test_lists_ask_the_database_as_often_for_one_row_as_for_ten(
    client, province, name, django_assert_max_num_queries
):
    for _ in range(10):
        make_records(make_collected())
        make_offering()
    url = listing(name)
    client.get(url)

    with django_assert_max_num_queries(11):
        client.get(url)


@pytest.mark.parametrize("typed", ["R-77", "T-ARCHIVE", "欧阳", "ouyang"])
def test_enrolments_are_found_by_reference_archive_number_and_name(client, province, typed):
    profile = make_collected(name="欧阳会计", archive_number="T-ARCHIVE")
    profile.accountant.name_pinyin = "ouyangkuaiji"
    profile.accountant.save()
    wanted = make_enrolment(profile, reference="R-77")
    make_enrolment()

    found = client.get(listing("enrolment"), {"q": typed}).context["cl"].queryset

    assert list(found) == [wanted]


def test_deliveries_never_show_their_body(client, province):
    make_records(make_collected())
    Delivery.objects.update(received_at=timezone.now() - timedelta(days=1))
    delivery = Delivery.objects.get()
    delivery.body = '{"name": "机密正文"}'
    delivery.save()

    assert (
        "机密正文"
        not in client.get(reverse("admin:education_delivery_change", args=[delivery.pk])).content.decode()
    )

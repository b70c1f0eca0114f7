"""What the desk refuses to file, in words a clerk can act on, and what it says next."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounting_platform.lib import clock
from education.models import Institution, Offering, YearRule
from education.tests.factories import make_institution, make_offering, make_year_rule
from education.tests.test_admin import NO_SECRETS, SCHOOL
from registration.tests.factories import make_staff, staff_login

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def province(client):
    staff_login(client, make_staff(is_superuser=True))


def add(client, name, values):
    return client.post(reverse(f"admin:education_{name}_add"), values, follow=True).content.decode()


# --- schools


def test_institution_just_filed_is_told_what_comes_next(client):
    page = add(client, "institution", SCHOOL | NO_SECRETS)

    school = Institution.objects.get()
    assert school.service_phone == "020-12345601"
    assert "下一步：" in page and reverse("admin:education_institution_secret", args=[school.pk]) in page


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"service_phone": "没有"}, "客服电话格式不正确"),
        ({"code": "taken"}, "这个机构代码已经用于另一家机构"),
        ({"name": "已有的网校"}, "这家机构已经建立"),
    ],
)
def test_institution_that_cannot_be_filed_is_refused_in_words(client, wrong, words):
    make_institution(code="taken", name="已有的网校")

    assert words in add(client, "institution", SCHOOL | NO_SECRETS | wrong)
    assert Institution.objects.count() == 1


def test_secrets_are_told_apart_by_day_and_last_characters(client):
    school = make_institution(secret="whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5WYZ=")

    page = client.get(reverse("admin:education_institution_change", args=[school.pk])).content.decode()

    assert f"{clock.today().isoformat()} 生成，尾号 5WYZ" in page
    assert "whsec_" not in page


# --- courses


def offering(*prefixes, **changes):
    course = {"kind": "professional", "year": clock.year(), "title": "专业课", "price": 0, "is_open": "on"}
    rows = {"divisions-TOTAL_FORMS": len(prefixes), "divisions-INITIAL_FORMS": 0}
    rows |= {f"divisions-{place}-prefix": prefix for place, prefix in enumerate(prefixes)}
    return course | rows | changes


@pytest.mark.parametrize(
    ("prefixes", "changes", "words"),
    [
        ([], {}, "请至少选择一个备案区划"),
        ([""], {}, "请至少选择一个备案区划"),
        (["44", "4414"], {}, "44 已经包含 4414"),
        (["440106", "4401"], {}, "4401 已经包含 440106"),
        (["4414", "4414"], {}, "同一个备案区划选了不止一次"),
        (["44"], {"max_credits": "60.5"}, "专业课应修的 60 学分"),
        (["44"], {"price": "-1"}, "不能小于 0"),
        (["44"], {"hours": "-1"}, "不能小于 0"),
        (["44"], {"max_credits": "-1"}, "不能小于 0"),
    ],
)
def test_offering_that_makes_no_sense_is_refused_in_words(client, prefixes, changes, words):
    make_year_rule()

    page = add(client, "offering", offering(*prefixes, institution=make_institution().pk, **changes))

    assert words in page
    assert not Offering.objects.exists()


def test_offering_of_the_same_school_year_and_kind_is_refused_in_words(client):
    there = make_offering()

    page = add(client, "offering", offering("44", institution=there.institution_id))

    assert "该机构已有这个年度、这个类别的学习资源" in page
    assert Offering.objects.count() == 1


def test_offering_that_makes_sense_is_filed(client):
    make_year_rule()
    course = offering("4414", "440106", "440000-B", institution=make_institution().pk, max_credits=60)

    add(client, "offering", course)

    assert Offering.objects.get().divisions.count() == 3


def test_offering_never_holds_negative_figures():
    made = make_offering()

    for name in ("hours", "max_credits", "price"):
        with pytest.raises(ValidationError):
            Offering(
                **{"institution": made.institution, "kind": "professional", "year": 2025, "title": "课"}
                | {name: -1}
            ).full_clean()


# --- years

YEAR = {
    "year": 2030,
    "total_min": 90,
    "public_min": 30,
    "professional_min": 60,
    "general_professional_min": 20,
    "credits_per_hour": "2.5",
    "opens_on": "2030-01-01",
    "closes_on": "2031-04-30",
}


def test_year_rule_that_makes_sense_is_kept(client):
    add(client, "yearrule", YEAR)

    assert YearRule.objects.get(year=2030).general_professional_min == 20


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"closes_on": "2029-12-31"}, "截止日期不能早于开始日期"),
        ({"year": 2020}, "年度应在 2021 至 2100 之间"),
        ({"year": 2101}, "年度应在 2021 至 2100 之间"),
        ({"year": 2026}, "这个年度已有规则"),
        ({"public_min": -1}, "学分不能小于 0"),
        ({"public_min": 31}, "总学分不能少于公需课与专业课学分之和"),
        ({"general_professional_min": 61}, "不能超过专业课学分"),
    ],
)
def test_year_rule_that_makes_no_sense_is_refused_in_words(client, wrong, words):
    make_year_rule(2026)
    before = YearRule.objects.count()

    page = add(client, "yearrule", YEAR | wrong)

    assert words in page and "约束" not in page
    assert YearRule.objects.count() == before

"""The conflict coach: every rule of the table with answers that it minds and answers that it leaves alone."""

from dataclasses import dataclass, field
from datetime import date

import pytest
from django.urls import reverse

from collection import coach
from collection.coach_rules import REFUSE, RULES, WARN
from collection.models import Qualification
from collection.sections import SECTION_BY_KEY
from collection.tests.factories import (
    ACCOUNTING,
    AWARD,
    QUALIFICATION,
    SCHOOLING,
    answers_for,
    make_pictures,
    make_profile,
    posted,
)

pytestmark = pytest.mark.django_db
RULE = {rule.key: rule for rule in RULES}
IN_DIVISION, ELSEWHERE = "91440101MA00000156", "91441900MAXX00023N"


@dataclass
class Person:
    """Born in 1980, as make_accountant has them."""

    birth_date: date = date(1980, 1, 1)
    sixteenth_birthday: date = date(1996, 1, 1)
    works_in_guangdong: bool = True
    holds_certificate: bool = False


@dataclass
class Answers:
    """Stand-in for a profile or a row: whatever was not named is not answered."""

    values: dict
    accountant: Person = field(default_factory=Person)

    def __getattr__(self, name):
        return self.values.get(name)


def day(text):
    return date.fromisoformat(text) if text else None


def row(**values):
    return Answers({k: day(v) if k.endswith("_on") else v for k, v in values.items()})


def judged(key, values=(), rows=None, **person):
    """The sentences that one rule has for these answers."""
    profile = Answers(dict(values), Person(**person))
    facts = coach.Facts(profile, profile, rows or {})
    return [one.words for one in coach.findings(RULE[key], facts)]


WORK_CASES = [
    ("start_after_sixteen", {"accounting_since": date(1995, 12, 31)}, {"accounting_since": date(1996, 1, 1)}),
    (
        "position_after_sixteen",
        {"technical_position_since": date(1990, 5, 1)},
        {"technical_position_since": date(2008, 5, 1)},
    ),
    ("years_since_sixteen", {"accounting_years": 32}, {"accounting_years": 31}),
    ("targets_fit_status", {"duty_status": "unemployed"}, {"duty_status": "accounting"}),
    (
        "years_fit_start",
        {"accounting_since": date(2003, 7, 1), "accounting_years": 10},
        {"accounting_since": date(2003, 7, 1), "accounting_years": 22},
    ),
    (
        "position_after_start",
        {"accounting_since": date(2003, 7, 1), "technical_position_since": date(2003, 6, 30)},
        {"accounting_since": date(2003, 7, 1), "technical_position_since": date(2003, 7, 1)},
    ),
    (
        "title_needs_years",
        {"technical_position": "05", "accounting_years": 9},
        {"technical_position": "04", "accounting_years": 9},
    ),
    (
        "post_fits_head",
        {"accounting_post": "01", "admin_position": "01"},
        {"accounting_post": "01", "admin_position": "03"},
    ),
    (
        "head_has_title",
        {"admin_position": "03", "technical_position": "02", "accounting_years": 2},
        {"admin_position": "03", "technical_position": "02", "accounting_years": 3},
    ),
    (
        "employer_in_division",
        {"credit_code": ELSEWHERE, "division": "440106"},
        {"credit_code": IN_DIVISION, "division": "440103"},
    ),
    (
        "employer_in_division",
        {"credit_code": "91310000MA", "division": "440106"},
        {"credit_code": "11100000MA", "division": "440106"},
    ),
    ("credit_code_inside", {"credit_code": "91440101MA00000257"}, {"credit_code": IN_DIVISION}),
]


@pytest.mark.parametrize(("key", "odd", "fine"), WORK_CASES, ids=[case[0] for case in WORK_CASES])
def test_a_rule_of_the_work_step_minds_what_it_should(at, key, odd, fine):
    at("2026-11-23 10:00")

    assert len(judged(key, odd)) == 1
    assert judged(key, fine) == judged(key, {}) == []


BACHELOR = {"education_level": "21", "entered_on": "2000-09-01", "graduated_on": "2004-07-01", "school": "甲"}
MASTER = {"education_level": "14", "entered_on": "2004-09-01", "graduated_on": "2007-07-01", "school": "乙"}
JUNIOR = {"type": "accounting", "level": "junior", "method": "exam"}
MIDDLE = {"type": "accounting", "level": "intermediate", "method": "exam"}
ROW_CASES = [
    (
        "graduated_after_entry",
        [BACHELOR | {"graduated_on": "2000-09-01"}],
        [BACHELOR, MASTER | {"graduated_on": ""}],
    ),
    ("entered_after_birth", [{"entered_on": "1984-12-01"}], [{"entered_on": "1986-09-01"}]),
    (
        "level_has_degrees",
        [{"education_level": "31", "degree": "402"}],
        [{"education_level": "31", "degree": "X00"}, {"education_level": "21", "degree": "402"}],
    ),
    (
        "degree_fits_level",
        [{"education_level": "21", "degree": "312"}],
        [{"education_level": "21", "degree": "X02"}, {"education_level": "14", "degree": "1"}],
    ),
    ("young_at_university", [BACHELOR | {"entered_on": "1992-09-01"}], [BACHELOR]),
    ("one_full_time_at_once", [BACHELOR, MASTER | {"entered_on": "2003-09-01"}], [BACHELOR, MASTER]),
    ("levels_in_order", [BACHELOR, MASTER | {"graduated_on": "2003-07-01"}], [BACHELOR, MASTER]),
    ("schooling_once", [BACHELOR, BACHELOR], [BACHELOR, BACHELOR | {"entered_on": "1999-09-01"}]),
    ("obtained_after_sixteen", [{"obtained_on": "1995-05-01"}], [{"obtained_on": "1996-01-01"}]),
    (
        "usual_method",
        [MIDDLE | {"method": "review"}],
        [MIDDLE, {"type": "other", "level": "junior", "method": "review"}],
    ),
    (
        "qualifications_in_order",
        [JUNIOR | {"obtained_on": "2010-05-01"}, MIDDLE | {"obtained_on": "2009-09-01"}],
        [JUNIOR | {"obtained_on": "2008-05-01"}, MIDDLE | {"obtained_on": "2009-09-01"}],
    ),
    ("qualification_once", [MIDDLE, MIDDLE], [MIDDLE, MIDDLE | {"name": "会计师"}]),
    ("selected_after_sixteen", [{"selected_year": 1995}], [{"selected_year": 1996}]),
    (
        "graduated_after_selection",
        [{"selected_year": 2015, "graduation_year": 2014}],
        [{"selected_year": 2015, "graduation_year": 2015}],
    ),
    (
        "long_training",
        [{"selected_year": 2017, "state": "in_training"}],
        [{"selected_year": 2018, "state": "in_training"}, {"selected_year": 2000, "state": "graduated"}],
    ),
    ("award_once", [AWARD, AWARD], [AWARD, AWARD | {"level": "national"}]),
]


@pytest.mark.parametrize(("key", "odd", "fine"), ROW_CASES, ids=[case[0] for case in ROW_CASES])
def test_a_rule_of_rows_minds_what_it_should(at, key, odd, fine):
    at("2026-11-23 10:00")
    (of, *_others) = RULE[key].lists

    assert len(judged(key, rows={of: [row(**one) for one in odd]})) == 1
    assert judged(key, rows={of: [row(**one) for one in fine]}) == []


@pytest.mark.parametrize(
    ("key", "values", "odd", "fine"),
    [
        ("student_is_studying", {"duty_status": "student"}, BACHELOR, BACHELOR | {"graduated_on": ""}),
        ("position_has_qualification", {"technical_position": "03"}, JUNIOR, MIDDLE),
    ],
)
def test_a_rule_across_steps_minds_what_it_should(key, values, odd, fine):
    of = "full_time" if key == "student_is_studying" else "qualifications"

    assert len(judged(key, values, {of: [row(**odd)]})) == 1
    assert judged(key, values, {of: [row(**fine)]}) == judged(key, {}, {of: [row(**odd)]}) == []


def test_a_certificate_told_of_before_is_asked_for():
    assert judged("certificate_is_named", holds_certificate=True)
    assert not judged(
        "certificate_is_named", rows={"qualifications": [row(**MIDDLE)]}, holds_certificate=True
    )


def test_every_rule_has_its_case_a_reason_and_a_field_of_its_section():
    tried = {case[0] for case in WORK_CASES + ROW_CASES}
    tried |= {"student_is_studying", "position_has_qualification", "certificate_is_named"}

    assert {rule.key for rule in RULES} == tried
    for rule in RULES:
        section = SECTION_BY_KEY[rule.section]
        assert rule.reason and rule.effect in (REFUSE, WARN)
        assert set(rule.lists) <= {one.key for one in section.lists}
        assert section.name_of(rule.field, next(iter(rule.lists), ""))


# --- where it is said


@pytest.fixture
def enter(client):
    def log_in(profile):
        make_pictures(profile)
        client.force_login(profile.accountant.user)
        return client

    return log_in


def step(key):
    return reverse("collection:section", args=[key])


def test_a_refusal_stands_at_its_field_and_keeps_the_step_open(enter):
    profile = make_profile(complete_sections=["personal"])
    answers = posted("full_time", SCHOOLING | {"degree": "402"})

    page = enter(profile).post(step("education"), answers)

    assert page.status_code == 400
    assert "大专学历没有学位" in page.text and 'href="#id_full_time-0-degree"' in page.text
    profile.refresh_from_db()
    assert profile.complete_sections == ["personal"]


def test_a_warning_is_shown_once_at_its_field_and_the_next_press_goes_on(enter):
    client = enter(make_profile(complete_sections=["personal", "education"]))
    answers = answers_for("accounting", "work", accounting_years="5")

    asked = client.post(step("work"), answers)
    page = client.get(asked.url)
    confirmed = page.context["confirmed"]

    assert asked.url == f"{step('work')}?check"
    assert "已保存，请核对后继续" in page.text and "确认无误，下一步" in page.text
    assert 'id="id_accounting_years_notice"' in page.text
    assert client.post(step("work"), answers | {"confirmed": confirmed}).url == step("professional")
    other = answers | {"accounting_years": "6", "confirmed": confirmed}
    assert client.post(step("work"), other).url == f"{step('work')}?check"


def test_the_check_page_lists_what_is_odd_across_steps_with_the_way_to_it(enter):
    profile = make_profile(technical_position="04")
    Qualification.objects.create(profile=profile, **QUALIFICATION)

    page = enter(profile).get(reverse("collection:review"))

    assert "有 1 处请再核对" in page.text
    assert f"{step('professional')}#id_qualifications" in page.text
    assert "去核对“专业技术资格信息”" in page.text


def test_nothing_odd_is_no_list(enter):
    profile = make_profile(technical_position="02")

    page = enter(profile).get(reverse("collection:review"))

    assert "请再核对" not in page.text


def test_a_graduation_year_is_not_paired_with_an_older_selection():
    profile = make_profile()
    profile.talentprogramme_set.create(
        type="high_end", selected_year=2015, state="graduated", graduation_year=2018
    )
    typed = {"type": "high_end", "selected_year": "", "state": "graduated", "graduation_year": "2012"}
    section = SECTION_BY_KEY["professional"]
    row_id = profile.talentprogramme_set.get().pk

    answers = section.form_for(profile, posted("talent_programmes", typed | {"id": str(row_id)}))
    answers.store_valid()

    kept = profile.talentprogramme_set.get()
    assert (kept.selected_year, kept.graduation_year) in ((None, 2012), (2015, None))
    assert ACCOUNTING["accounting_since"] == "2003-07"

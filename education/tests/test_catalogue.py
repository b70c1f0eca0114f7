"""学习资源 and the page before leaving for a school."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from accounting_platform.lib import clock
from education.choices import CourseKind, EnrolmentState
from education.learning import catalogue
from education.tests.factories import (
    make_collected,
    make_enrolment,
    make_institution,
    make_offering,
    make_year_rule,
)
from registration.tests.factories import make_accountant

pytestmark = pytest.mark.django_db
PROFESSIONAL = {"kind": "professional"}


@pytest.fixture
def person(client):
    profile = make_collected()
    client.force_login(profile.accountant.user)
    make_year_rule()
    return profile


def listed(client, **asked):
    """The names of the schools on the page, in its order."""
    response = client.get(reverse("education:catalogue"), {**PROFESSIONAL, **asked})
    assert response.status_code == 200
    return [offering.institution.name for offering in response.context["page"].offerings]


def test_catalogue_lists_open_offerings_of_the_own_division_by_pinyin(client, person):
    for name, fields in {
        "珠江财会云课堂": {},
        "岭南会计网校": {"divisions": ("4401",)},
        "北江继续教育中心": {"divisions": ("440106",)},
        "梅州专校": {"divisions": ("4414",)},
        "关闭的网校": {"is_open": False},
    }.items():
        make_offering(make_institution(name=name), **fields)
    make_offering(make_institution(name="未备案网校", filed=False))

    assert listed(client) == ["北江继续教育中心", "岭南会计网校", "珠江财会云课堂"]


def test_catalogue_separates_kinds_and_years(client, person):
    make_offering(make_institution(name="专业今年"))
    make_offering(make_institution(name="专业去年"), year=clock.year() - 1)
    make_offering(make_institution(name="公需今年"), kind=CourseKind.PUBLIC)

    assert listed(client) == ["专业今年"]
    assert listed(client, year=clock.year() - 1) == ["专业去年"]
    assert listed(client, kind="public") == ["公需今年"]


@pytest.mark.parametrize("typed", ["珠江", "zhujiang", "Zhu Jiang", "zjck", " 财会 "])
def test_catalogue_finds_a_school_by_name_pinyin_and_initials(client, person, typed):
    make_offering(make_institution(name="珠江财会云课堂"))
    make_offering(make_institution(name="岭南网校"))

    assert listed(client, q=typed) == ["珠江财会云课堂"]


@pytest.mark.parametrize("typed", ["政府会计", "zhengfu", "zfkjzz"])
def test_catalogue_finds_a_course_by_title_pinyin_and_initials(client, person, typed):
    make_offering(make_institution(name="珠江财会云课堂"), title="政府会计准则")
    make_offering(make_institution(name="岭南网校"), title="税务实务")

    assert listed(client, q=typed) == ["珠江财会云课堂"]


def test_catalogue_says_where_a_course_is_filed_and_how_soon_credits_come(client):
    client.force_login(make_collected(division="440000-B").accountant.user)
    make_offering(make_institution(name="甲网校", return_minutes=6))
    make_offering(make_institution(name="乙网校"), divisions=("440000-B", "4401"))
    make_offering(make_institution(name="丙网校"), divisions=("4401",))

    page = client.get(reverse("education:catalogue"), PROFESSIONAL).content.decode()

    assert "备案范围：全省" in page and "备案范围：省本级、广州市" in page and "丙网校" not in page
    assert "学分一般 6 分钟内回传" in page and page.count("已备案") >= 2


@pytest.mark.parametrize("rows", [1, 23])
def test_catalogue_asks_the_database_as_often_for_one_school_as_for_many(
    client, person, rows, django_assert_max_num_queries
):
    first = make_offering(make_institution(name="阿"))
    for number in range(rows):
        make_offering(make_institution(name=f"网校{number}"), divisions=("4401", "440106"))

    asked = PROFESSIONAL | {"after": first.public_id}
    client.get(reverse("education:catalogue"), asked)

    # session, user with profile; the key to go on from, offerings, their divisions
    with django_assert_max_num_queries(5):
        client.get(reverse("education:catalogue"), asked)


@pytest.mark.parametrize("fields", [None, ["name"], ["name", "intro"]])
def test_institution_pinyin_follows_its_name(fields):
    school = make_institution(name="岭南网校")
    school.name = "珠江网校"

    school.save(update_fields=fields)

    school.refresh_from_db()
    assert school.name_pinyin == "zhujiangwangxiao zjwx"


def test_catalogue_shows_what_a_person_chooses_by(client, person):
    now = timezone.now()
    school = make_institution(name="珠江财会云课堂", service_phone="020-1234 5601", last_delivery_at=now)
    offering = make_offering(
        school, title="政府会计准则", intro="案例讲解", max_credits=60, hours=24, price="199.50"
    )
    make_enrolment(person, offering=offering)

    page = client.get(reverse("education:catalogue"), PROFESSIONAL).content.decode()

    for words in ("政府会计准则", "案例讲解", "最高 60 学分", "24 学时", "199.5 元", "我正在学习"):
        assert words in page
    assert f"机构最近回传时间 今天 {timezone.localtime(now):%H:%M}" in page
    assert "客服 020-1234 5601" in page
    assert f'id="offering-{offering.public_id}"' in page
    assert reverse("education:leave", args=[offering.public_id]) in page


def test_catalogue_marks_public_courses_free_and_late_schools_late(client, person):
    long_ago = timezone.now() - timedelta(days=3)
    make_offering(make_institution(last_delivery_at=long_ago), kind=CourseKind.PUBLIC)

    page = client.get(reverse("education:catalogue"), {"kind": "public"}).content.decode()

    assert "免费</li>" in page
    assert "学分可能晚到" in page


def test_catalogue_an_ended_study_is_not_marked_as_going_on(client, person):
    offering = make_offering()
    make_enrolment(person, offering=offering, state=EnrolmentState.CANCELLED)
    make_enrolment(offering=offering)

    response = client.get(reverse("education:catalogue"), PROFESSIONAL)

    assert [one.studied for one in response.context["page"].offerings] == [False]
    assert "我正在学习" not in response.content.decode()


def test_catalogue_pages_by_key_and_keeps_what_was_asked(client, person):
    for number in range(catalogue.PAGE_SIZE + 3):
        make_offering(make_institution(name=f"同名网校{number}"))
    url = reverse("education:catalogue")
    seen, asked = [], "?kind=professional&q=tongming"
    while asked:
        response = client.get(url + asked)
        assert len(response.context["page"].offerings) <= catalogue.PAGE_SIZE
        seen += [offering.pk for offering in response.context["page"].offerings]
        following = response.context["next"]
        assert not following or escape(f"?{following}") in response.content.decode()
        asked = following and f"?{following}"

    assert len(seen) == len(set(seen)) == catalogue.PAGE_SIZE + 3
    assert "回到第一页" in response.content.decode()


def test_catalogue_empty_list_says_what_to_do(client, person):
    assert "还没有向" in client.get(reverse("education:catalogue")).content.decode()
    page = client.get(reverse("education:catalogue"), {"q": "<b>没有的"}).content.decode()
    assert "没有找到名称含“&lt;b&gt;没有的”的机构" in page
    assert "查看全部机构" in page


@pytest.mark.parametrize(
    "asked",
    [
        "kind=x",
        "year=1999",
        "year=2099",
        "year=abc",
        "after=17",
        "q=%00",
        "q=%ff%fe",
        "year=2021&year=x",
        "q=" + "长" * 99,
    ],
)
def test_catalogue_senseless_values_count_as_not_asked(client, person, asked):
    make_offering(kind=CourseKind.PUBLIC)

    response = client.get(f"{reverse('education:catalogue')}?{asked}")

    assert response.status_code == 200
    assert response.context["year"] == clock.year()


def test_catalogue_offers_every_year_since_2021(client, person, at):
    at("2026-11-23 10:00")
    response = client.get(reverse("education:catalogue"), {"year": 2021})

    assert [value for value, _label in response.context["form"].fields["year"].choices] == [
        *range(2026, 2020, -1)
    ]
    assert '<option value="2021" selected>' in response.content.decode()


def test_catalogue_of_a_past_year_warns(client, person):
    make_year_rule(
        2024, opens_on=clock.today() - timedelta(days=9), closes_on=clock.today() - timedelta(days=1)
    )

    page = client.get(reverse("education:catalogue"), {"year": 2024}).content.decode()

    assert "现在学习不再计入学分" in page


@pytest.mark.parametrize("rows", [1, 30])
def test_catalogue_asks_the_database_as_often_for_one_row_as_for_thirty(
    client, person, rows, django_assert_max_num_queries
):
    for _ in range(rows):
        make_enrolment(person, offering=make_offering())
    client.get(reverse("education:catalogue"), PROFESSIONAL)

    # session, user, accountant; then profile, offerings, studies, rule
    with django_assert_max_num_queries(7):
        client.get(reverse("education:catalogue"), PROFESSIONAL)


@pytest.mark.parametrize("name", ["catalogue", "my", "credits"])
def test_pages_are_for_people_who_have_collected(client, name):
    visitor = client.get(reverse(f"education:{name}"))
    client.force_login(make_accountant().user)
    uncollected = client.get(reverse(f"education:{name}"))

    assert visitor.status_code == 302 and reverse("registration:login") in visitor.url
    assert uncollected.status_code == 302 and uncollected.url.startswith(reverse("collection:status"))


# --- leaving


def test_leave_names_the_school_and_lets_the_form_lead_there(client, person):
    school = make_institution(
        name="珠江财会云课堂",
        launch_url="https://study.zj.example/in?from=kj",
        hosts="study.zj.example www.zj.example",
    )
    offering = make_offering(school)

    response = client.get(reverse("education:leave", args=[offering.public_id]))
    page = response.content.decode()

    for words in ("您将离开本平台，", "前往 珠江财会云课堂", "（已备案）", "study.zj.example", "去学习"):
        assert words in page
    assert f'action="{reverse("education:launch", args=[offering.public_id])}"' in page
    policy = dict(part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";"))
    assert policy["form-action"] == "'self' https://study.zj.example https://www.zj.example"


def test_leave_leads_back_to_the_place_in_the_list(client, person):
    offering = make_offering(make_institution(name="珠江网校"))
    listing = client.get(reverse("education:catalogue"), {**PROFESSIONAL, "q": "珠江"})
    query = listing.context["here"]

    response = client.get(f"{reverse('education:leave', args=[offering.public_id])}?{query}")

    assert (
        response.context["back"] == f"{reverse('education:catalogue')}?{query}#offering-{offering.public_id}"
    )


@pytest.mark.parametrize("change", [{"divisions": ("4414",)}, {"is_open": False}])
def test_leave_is_404_for_what_the_person_may_not_choose(client, person, change):
    offering = make_offering(**change)

    response = client.get(reverse("education:leave", args=[offering.public_id]))

    assert response.status_code == 404
    assert "该学习机构不可用" in response.content.decode()

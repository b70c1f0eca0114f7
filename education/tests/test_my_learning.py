"""我的学习 and the ledger page."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounting_platform.lib import clock
from education.choices import CourseKind, CreditSource, EnrolmentState
from education.ledger.entries import book
from education.models import CreditEntry
from education.tests.factories import (
    make_collected,
    make_dispute,
    make_enrolment,
    make_exemption,
    make_institution,
    make_year_rule,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(client):
    profile = make_collected(accounting_since=date(2015, 7, 1))
    client.force_login(profile.accountant.user)
    make_year_rule()
    return profile


def earn(enrolment, credits, **fields):
    """A completed study with its ledger entry."""
    enrolment.state, enrolment.credits = EnrolmentState.COMPLETED, credits
    enrolment.save()
    entry = CreditEntry(
        profile=enrolment.profile,
        year=enrolment.year,
        kind=enrolment.kind,
        credits=credits,
        institution=enrolment.institution,
        enrolment=enrolment,
        **{"finished_at": timezone.now(), "source": CreditSource.STUDY} | fields,
    )
    book([entry])
    return entry


def page_of(client, name="my", **asked):
    response = client.get(reverse(f"education:{name}"), asked)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(
    ("state", "tag", "goes_on"),
    [
        ("in_progress", "未完成", True),
        ("completed", "已完成", False),
        ("closed", "已截止", False),
        ("cancelled", "已取消", False),
        ("released", "已释放", True),
    ],
)
def test_my_shows_each_state_and_whether_it_can_go_on(client, person, state, tag, goes_on):
    enrolment = make_enrolment(person, state=state, credits=30, title="企业会计准则")
    make_year_rule(closes_on=clock.today() + timedelta(days=9), opens_on=clock.today() - timedelta(days=9))

    page = page_of(client)
    row = page[page.index(f'id="study-{enrolment.public_id}"') :].split("</li>\n", 1)[0]

    assert tag in row and "企业会计准则" in page
    assert (reverse("education:relaunch", args=[enrolment.public_id]) in page) == goes_on


def test_my_lists_unfinished_studies_first_with_one_main_button(client, person):
    done = make_enrolment(person, institution=make_institution(name="已学完的网校"))
    earn(done, 30)
    make_enrolment(person, institution=make_institution(name="先报名的网校"))
    make_enrolment(person, institution=make_institution(name="后报名的网校"))
    earn(make_enrolment(person, kind=CourseKind.PUBLIC), 30)

    response = client.get(reverse("education:my"))
    names = [row.enrolment.institution.name for row in response.context["rows"]]

    assert names[:2] == ["后报名的网校", "先报名的网校"] and names[3] == "已学完的网校"
    assert response.content.decode().count("btn btn-primary") == 1


def test_my_shows_standing_ruler_and_sheet(client, person):
    earn(make_enrolment(person, kind=CourseKind.PUBLIC), 30)
    earn(make_enrolment(person), 30)

    page = page_of(client)

    assert f"{clock.year()} 年度还差 30 学分" in page
    assert 'aria-label="已完成 60 学分，共需 90 学分"' in page
    assert '<rect class="a" x="30" y="6" width="30" height="14"/>' in page
    assert "公需课 30 / 30" in page and "专业课 30 / 60" in page
    assert f"{clock.year()} 年度学分账页" in page
    assert "学完了，学分没有显示？" in page
    assert "style=" not in page


def test_my_never_shows_others(client, person):
    make_enrolment(institution=make_institution(name="别人的网校"))
    make_enrolment(person, institution=make_institution(name="我的网校"))

    page = page_of(client)

    assert "我的网校" in page and "别人的网校" not in page


def test_my_shows_another_year_and_links_the_rest(client, person):
    last_year = clock.year() - 1
    make_year_rule(last_year, opens_on=date(2021, 1, 1), closes_on=clock.today() - timedelta(days=1))
    make_enrolment(person, year=last_year, state="closed", institution=make_institution(name="去年的网校"))

    assert "去年的网校" not in page_of(client)
    page = page_of(client, year=last_year)
    assert "去年的网校" in page and f"{last_year} 年度还差 90 学分" in page
    assert f'href="?year={clock.year()}"' in page


def test_my_without_studies_says_what_will_be_here(client, person):
    page = page_of(client)

    assert "在学习机构报名成功后，课程会显示在这里" in page
    assert f"{reverse('education:catalogue')}?year={clock.year()}" in page


def test_my_lets_the_buttons_lead_to_the_schools_shown(client, person):
    school = make_institution(launch_url="http://127.0.0.1:8001/launch/zj", hosts="127.0.0.1:8001")
    make_enrolment(person, institution=school)

    response = client.get(reverse("education:my"))

    assert "form-action 'self' http://127.0.0.1:8001" in response["Content-Security-Policy"]


def test_my_a_school_no_longer_filed_offers_no_button(client, person):
    make_enrolment(person, institution=make_institution(filed=False))

    page = page_of(client)

    assert "该机构已不在备案名单" in page and "/study/" not in page


@pytest.mark.parametrize("rows", [1, 30])
def test_my_asks_the_database_as_often_for_one_row_as_for_thirty(
    client, person, rows, django_assert_max_num_queries
):
    person.accounting_since = None
    person.save()
    for _ in range(rows):
        make_dispute(make_enrolment(person))
        make_exemption(person, year=2000 + _)

    page_of(client)

    # session, user with profile; studies, the years' record; year rules are kept
    with django_assert_max_num_queries(4):
        page_of(client)


# --- credits


def test_credits_show_each_entry_with_its_provenance_and_the_sum(client, person):
    school = make_institution(name="珠江财会云课堂")
    finished = datetime(2026, 6, 1, 1, 5, tzinfo=UTC)
    booked = datetime(2026, 6, 1, 1, 6, tzinfo=UTC)
    earn(
        make_enrolment(person, institution=school, year=2026, title="政府会计"),
        60,
        finished_at=finished,
        booked_at=booked,
        general_professional=20,
    )
    earn(make_enrolment(person, year=2026, kind=CourseKind.PUBLIC), 30)

    page = page_of(client, "credits", year=2026)

    for words in ("专业课　珠江财会云课堂", "政府会计", "学习机构回传", "其中专业通识 20 学分"):
        assert words in page
    assert "2026 年 6 月 1 日 09:05 完成" in page and "2026 年 6 月 1 日 09:06 入账" in page
    assert page.split("<tfoot>")[1].split("</tfoot>")[0].count("90") == 1


def test_credits_of_an_empty_year_say_what_will_be_here(client, person):
    earn(make_enrolment(), 30)

    assert "还没有入账的学分" in page_of(client, "credits")


@pytest.mark.parametrize("rows", [1, 30])
def test_credits_ask_the_database_as_often_for_one_row_as_for_thirty(
    client, person, rows, django_assert_max_num_queries
):
    for _ in range(rows):
        earn(make_enrolment(person), 1)

    with django_assert_max_num_queries(7):
        page_of(client, "credits")


def test_my_and_the_ledger_say_why_not_everything_counts(client, person):
    make_year_rule(general_professional_min=20)
    earn(make_enrolment(person), 60)

    for name in ("my", "credits"):
        assert "账上共 60 学分，计入本年度要求的是 40 学分" in page_of(client, name)
    assert "其中专业通识" in page_of(client)

"""One step as a browser uses it: saving, rearranging without a script, two pages open at once."""

import pytest
from django.urls import reverse

from collection.choices import DutyStatus
from collection.models import Award, Schooling
from collection.tests.factories import AWARD, SCHOOLING, answers_for, make_pictures, make_profile, posted
from registration.models import AuditEvent
from registration.tests.factories import make_accountant

pytestmark = pytest.mark.django_db
STATUS, REVIEW = reverse("collection:status"), reverse("collection:review")


def step(key):
    return reverse("collection:section", args=[key])


@pytest.fixture
def enter(client):
    """enter(profile): the client logged in as its owner."""

    def log_in(profile):
        client.force_login(profile.accountant.user)
        return client

    return log_in


# --- saving


def test_section_saves_and_leads_to_the_next_open_one(enter):
    accountant = make_accountant(works_in_guangdong=False)
    profile = make_profile(accountant=accountant, complete_sections=["personal", "education"])
    make_pictures(profile, "student_proof")
    answers = answers_for(DutyStatus.STUDENT, "work")

    response = enter(profile).post(step("work"), answers)

    assert response.url == step("professional")
    profile.refresh_from_db()
    assert (profile.duty_status, profile.school_name) == ("student", "广州某某学院")
    detail = AuditEvent.objects.get(kind="collection.section_saved").detail
    assert detail["section"] == "work"
    assert {"duty_status", "school_name", "employer_name"} <= set(detail["fields"])


def test_section_with_errors_keeps_what_was_typed_and_links_to_each_field(enter):
    profile = make_profile(complete_sections=["personal", "education"])
    answers = answers_for(DutyStatus.OTHER_WORK, "work", employer_phone="12", employer_address="")

    page = enter(profile).post(step("work"), answers)

    assert "有 2 处需要修改" in page.text
    assert 'href="#id_employer_phone"' in page.text
    assert "请填写单位地址" in page.text
    assert 'value="12"' in page.text
    assert "其余内容已保存" in page.text
    profile.refresh_from_db()
    assert (profile.duty_status, profile.employer_phone) == ("other_work", "020-83330000")
    assert "work" not in profile.complete_sections
    assert f'name="version" value="{profile.version}"' in page.text


def test_next_from_a_changed_section_returns_to_its_panel_of_the_check_page(enter):
    profile = make_profile()

    response = enter(profile).post(step("awards"), posted("awards", AWARD))

    assert response.url == f"{REVIEW}#awards"


def test_leaving_keeps_each_valid_answer_and_names_the_others(enter):
    profile = make_profile(complete_sections=["personal", "education"])
    answers = answers_for(DutyStatus.OTHER_WORK, "work", employer_phone="12", school_name="", leave="1")

    page = enter(profile).post(step("work"), answers, follow=True)

    assert page.redirect_chain[-1][0] == STATUS
    assert "已保存，下次登录可以从这里继续填写" in page.text
    assert "以下内容有误，没有保存，请下次补正：单位电话" in page.text
    profile.refresh_from_db()
    assert (profile.duty_status, profile.employer_phone) == ("other_work", "020-83330000")
    assert "work" not in profile.complete_sections


def test_saved_time_is_shown(enter, at):
    at("2026-11-23 14:32:00")
    profile = make_profile()
    client = enter(profile)
    client.post(step("awards"), {"leave": "1"})

    assert "已保存 14:32" in client.get(step("awards")).text


# --- without a script


def test_add_draws_one_more_row_and_keeps_what_was_typed(enter):
    profile = make_profile()
    typed = posted("full_time", SCHOOLING | {"school": "刚刚写下的学校"})

    page = enter(profile).post(step("education"), typed | {"add": "full_time"})

    assert page.text.count('data-row="0"') == 1
    assert 'name="full_time-1-school"' in page.text
    assert "刚刚写下的学校" in page.text
    assert "处需要修改" not in page.text
    assert Schooling.objects.get().school == SCHOOLING["school"]


def test_remove_takes_the_row_off_the_page_only(enter):
    profile = make_profile()
    typed = posted("awards", AWARD, AWARD | {"name": "第二个奖励"})

    page = enter(profile).post(step("awards"), typed | {"remove": "awards-0"})

    assert 'name="awards-0-name"' not in page.text
    assert "第二个奖励" in page.text


@pytest.mark.parametrize(("status", "shown"), [("unemployed", "home_address"), ("student", "school_name")])
def test_refresh_draws_the_fields_of_the_posted_status_without_errors(enter, status, shown):
    profile = make_profile()

    page = enter(profile).post(step("work"), {"duty_status": status, "division": "440106", "refresh": "1"})

    assert f'name="{shown}"' in page.text
    assert 'name="employer_name"' not in page.text
    assert "处需要修改" not in page.text
    profile.refresh_from_db()
    assert profile.duty_status == "accounting"


def test_refresh_fills_the_counties_of_the_chosen_city(enter):
    answers = {
        "duty_status": "unemployed",
        "division_city": "441400",
        "division_county": "440106",
        "refresh": "division",
    }

    page = enter(make_profile()).post(step("work"), answers)

    assert '<option value="441402">梅江区</option>' in page.text
    assert 'value="440106"' not in page.text


# --- two pages open at once


def test_an_older_page_gets_409_and_keeps_what_was_typed(enter):
    profile = make_profile(version=5)

    answers = answers_for(DutyStatus.UNEMPLOYED, "work", version="4", home_address="刚刚写下的地址 8 号")
    page = enter(profile).post(step("work"), answers)

    assert page.status_code == 409
    assert "页面已更新，请刷新后重试" in page.text
    assert "刚刚写下的地址 8 号" in page.text
    assert 'name="version" value="5"' in page.text
    profile.refresh_from_db()
    assert profile.duty_status == "accounting"


def test_the_same_page_sent_twice_is_no_conflict(enter):
    profile = make_profile(complete_sections=["personal", "education", "work", "professional"])
    client = enter(profile)
    answers = answers_for(DutyStatus.ACCOUNTING, "awards", version="1")

    assert [client.post(step("awards"), answers).status_code for _ in range(2)] == [302, 302]
    assert Award.objects.count() == 1


# --- finding a division


def test_divisions_are_found_by_pinyin_with_the_parts_of_the_picker(enter):
    found = enter(make_profile()).get(reverse("collection:divisions"), {"q": "mz mj"}).json()

    assert found == {
        "divisions": [{"code": "441402", "name": "广东省梅州市梅江区", "city": "441400", "county": "441402"}]
    }


def test_nothing_is_found_in_shenzhen(enter):
    assert enter(make_profile()).get(reverse("collection:divisions"), {"q": "深圳"}).json() == {
        "divisions": []
    }

"""采集状态, the notice, the steps and the check page as a browser sees them."""

import pytest
from django.urls import reverse

from collection.choices import AttachmentState, DutyStatus
from collection.models import Award, Profile
from collection.tests.factories import (
    answers_for,
    make_draft,
    make_pictures,
    make_profile,
)
from registration.tests.factories import make_accountant, make_staff

pytestmark = pytest.mark.django_db
STATUS, NOTICE, REVIEW = (reverse(f"collection:{name}") for name in ("status", "notice", "review"))


def step(key):
    return reverse("collection:section", args=[key])


@pytest.fixture
def enter(client):
    """enter(profile): the client logged in as its owner."""

    def log_in(profile):
        client.force_login(profile.accountant.user)
        return client

    return log_in


# --- 采集状态


def test_status_of_a_newcomer_leads_to_the_notice_and_writes_nothing(client):
    client.force_login(make_accountant().user)

    page = client.get(STATUS)

    assert "您还没有开始信息采集" in page.text
    assert f'href="{NOTICE}"' in page.text
    assert not Profile.objects.exists()


def test_status_of_a_draft_names_the_next_step(enter):
    profile = make_profile(complete_sections=["personal"])

    page = enter(profile).get(STATUS)

    assert "下一步是第 4 步：学历信息，共 8 步" in page.text
    assert f'href="{step("education")}">继续填写' in page.text


def test_status_of_a_finished_draft_leads_to_the_check_page(enter):
    page = enter(make_profile()).get(STATUS)

    assert "还差提交" in page.text
    assert f'href="{REVIEW}">检查并提交' in page.text


def test_status_after_submission_shows_the_number_and_what_comes_next(enter):
    profile = make_profile(submitted=True)

    page = enter(profile).get(STATUS)

    assert "您已完成信息采集" in page.text
    assert profile.archive_number in page.text
    assert reverse("education:catalogue") in page.text


def test_status_says_why_education_has_to_wait(enter):
    assert "完成信息采集后即可学习" in enter(make_profile()).get(f"{STATUS}?from=education").text


def test_members_pages_send_visitors_to_the_log_in_and_hide_from_staff(client):
    pages = [STATUS, NOTICE, REVIEW, step("work")]
    assert {client.get(page).url.split("?")[0] for page in pages} == {reverse("registration:login")}

    client.force_login(make_staff())
    assert {client.get(page).status_code for page in pages} == {404}


# --- 阅读须知


def test_notice_begins_the_draft_once_the_promise_is_given(client):
    accountant = make_accountant()
    client.force_login(accountant.user)

    refused = client.post(NOTICE, {})
    assert "请勾选“承诺填写信息的真实性”" in refused.text
    assert not Profile.objects.exists()

    assert client.post(NOTICE, {"promise": "on"}).url == step("personal")
    assert accountant.profile.notice_accepted_at is not None


def test_notice_names_the_required_attachments_in_the_manuals_words(client):
    client.force_login(make_accountant().user)

    assert "必上传附件只有身份证和个人头像，若是在校学生需上传学生证附件" in client.get(NOTICE).text


# --- the order of steps


@pytest.mark.parametrize("url", [step("personal"), step("awards"), REVIEW])
def test_every_step_waits_for_the_notice(enter, url):
    response = enter(make_draft()).get(url, follow=True)

    assert response.redirect_chain[-1][0] == NOTICE
    assert "请先完成第 2 步：阅读须知" in response.text


@pytest.mark.parametrize(("version", "kept"), [("same", "student"), ("none", "accounting")])
def test_what_was_typed_into_a_step_that_closed_meanwhile_is_kept(enter, version, kept):
    profile = make_profile(complete_sections=["personal"], duty_status="accounting")
    answers = {"duty_status": "student"} | ({"version": profile.version} if version == "same" else {})

    response = enter(profile).post(step("work"), answers, follow=True)

    assert response.redirect_chain[-1][0] == step("education")
    assert "请先完成第 4 步：学历信息" in response.text
    profile.refresh_from_db()
    assert profile.duty_status == kept
    assert ("已保存，下次登录" in response.text) == (kept == "student")


def test_later_steps_lead_to_the_first_unfinished_one_with_the_reason(enter):
    client = enter(make_profile(complete_sections=["personal"]))

    for page in (step("work"), step("professional"), step("awards"), REVIEW):
        response = client.get(page, follow=True)
        assert response.redirect_chain[-1][0] == step("education")
        assert "请先完成第 4 步：学历信息" in response.text


def test_a_later_step_cannot_be_posted_either(enter):
    profile = make_profile(complete_sections=["personal"])

    response = enter(profile).post(step("awards"), answers_for(DutyStatus.ACCOUNTING, "awards"))

    assert response.url == step("education")
    assert not Award.objects.exists()


def test_steps_already_done_may_be_opened_again(enter):
    page = enter(make_profile(complete_sections=["personal", "education"])).get(step("personal"))

    assert page.status_code == 200
    assert f'<a href="{step("education")}">' in page.text


def test_an_unknown_step_is_404(enter):
    assert enter(make_profile()).get(step("hobbies")).status_code == 404


def test_wizard_pages_lead_to_the_status_after_submission(enter):
    client = enter(make_profile(submitted=True))

    assert {client.get(page).url for page in (NOTICE, step("work"), REVIEW)} == {STATUS}
    assert client.post(step("work"), answers_for(DutyStatus.STUDENT, "work")).url == STATUS


# --- 检查并提交


def test_check_page_shows_every_answer_and_what_is_open(enter):
    profile = make_profile(email="")

    page = enter(profile).get(REVIEW)

    for words in ("广东省广州市天河区", "广东某某财经学校", "会计学", "2003 年 7 月", "林嘉敏", "未填写"):
        assert words in page.text
    for key in ("personal", "education", "work", "professional", "awards"):
        assert f'href="{step(key)}">修改' in page.text
    assert profile.accountant.document_number not in page.text


def test_submit_asks_for_the_promise(enter):
    profile = make_profile()
    make_pictures(profile)

    page = enter(profile).post(REVIEW, {})

    assert "请勾选“承诺填写信息的真实性”" in page.text
    profile.refresh_from_db()
    assert not profile.is_submitted


def test_submit_makes_the_archive_and_says_so(enter):
    profile = make_profile()
    make_pictures(profile)

    page = enter(profile).post(REVIEW, {"promise": "on"}, follow=True)

    assert page.redirect_chain[-1][0] == STATUS
    assert "提交成功" in page.text
    profile.refresh_from_db()
    assert profile.archive_number in page.text


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (None, "请上传“本人免冠证件照头像”"),
        (AttachmentState.PROCESSING, "正在处理"),
        (AttachmentState.REJECTED, "请重新上传"),
    ],
)
def test_submit_waits_for_the_pictures(enter, state, words):
    profile = make_profile()
    if state:
        make_pictures(profile, "portrait", state=state)

    page = enter(profile).post(REVIEW, {"promise": "on"}, follow=True)

    assert page.redirect_chain[-1][0] == step("personal")
    assert words in page.text

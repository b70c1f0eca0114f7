import pytest
from django.urls import reverse

from collection.models import Profile
from collection.sections import SECTION_BY_KEY
from profile_changes import services
from profile_changes.models import ChangeRequest
from profile_changes.tests.factories import answers_of, make_changeable, make_studying
from registration.tests.factories import make_accountant

pytestmark = pytest.mark.django_db
WORK = reverse("changes:edit", args=["work"])
LIST = reverse("changes:list")


def log_in(client, profile):
    client.force_login(profile.accountant.user)
    return client


def posted(profile, key, **changes):
    return answers_of(profile, SECTION_BY_KEY[key], **changes)


def test_list_shows_sections_values_and_the_immutable_six(client):
    profile = make_changeable()

    page = log_in(client, profile).get(LIST).content.decode()

    for words in (
        "个人信息",
        "学历信息",
        "工作信息",
        "专业技术信息",
        "奖励信息",
        "广东省广州市天河区",
        "不可变更的项目",
    ):
        assert words in page
    assert page.count("不可变更</span>") == 6
    assert page.count("变更信息<span") == 6  # five sections and the phone
    assert profile.accountant.document_number not in page
    assert f'href="{reverse("registration:change_phone")}">变更信息' in page


def test_list_leads_somebody_not_yet_collected_to_the_status(client):
    client.force_login(make_accountant().user)

    assert client.get(LIST).url == reverse("collection:status") + "?from=education"


def test_list_needs_few_queries_whatever_the_history(client, django_assert_max_num_queries):
    profile, _enrolment = make_studying()
    by = profile.accountant.user
    for email in ("a@example.com", "b@example.com", "c@example.com"):
        profile.refresh_from_db()
        data = answers_of(profile, SECTION_BY_KEY["personal"], email=email)
        services.save_change(profile.pk, SECTION_BY_KEY["personal"], data, by=by)
    log_in(client, profile).get(LIST)

    with django_assert_max_num_queries(5):
        client.get(LIST)


def test_list_knows_a_booking_behind_newer_changes(client, django_assert_max_num_queries):
    profile, _enrolment = make_studying()
    by = profile.accountant.user
    services.book(profile.pk, "440203", by=by)
    for email in ("a@example.com", "b@example.com", "c@example.com"):
        profile.refresh_from_db()
        data = answers_of(profile, SECTION_BY_KEY["personal"], email=email)
        services.save_change(profile.pk, SECTION_BY_KEY["personal"], data, by=by)
    log_in(client, profile).get(LIST)

    with django_assert_max_num_queries(5):
        page = client.get(LIST)

    assert page.context["booked"].status == "booked"
    assert [change.pk for change in page.context["recent"]] == list(
        ChangeRequest.objects.order_by("-id").values_list("pk", flat=True)[:3]
    )


def test_edit_saves_and_says_so(client):
    profile = make_changeable()

    response = log_in(client, profile).post(
        WORK, posted(profile, "work", employer_phone="020-12345678"), follow=True
    )

    assert response.redirect_chain == [(LIST, 302)]
    assert "工作信息已变更，马上生效。" in response.content.decode()
    assert Profile.objects.get().employer_phone == "020-12345678"


def test_edit_keeps_what_was_typed_beside_the_error(client):
    profile = make_changeable()

    response = log_in(client, profile).post(WORK, posted(profile, "work", employer_name="", school_name="x"))

    page = response.content.decode()
    assert "请填写工作单位名称" in page and "有 1 处需要修改" in page
    assert not ChangeRequest.objects.exists()


def test_edit_of_a_stale_page_is_409_with_the_typed_text(client):
    profile = make_changeable()
    data = posted(profile, "work", employer_address="新地址 9 号")
    Profile.objects.filter(pk=profile.pk).update(version=7)

    response = log_in(client, profile).post(WORK, data)

    assert response.status_code == 409
    assert "页面已更新，请刷新后重试" in response.content.decode()
    assert "新地址 9 号" in response.content.decode()


def test_edit_shows_the_lock_with_school_and_reason(client):
    profile, enrolment = make_studying()

    page = log_in(client, profile).get(WORK).content.decode()

    assert enrolment.institution.name in page
    assert services.LOCKED in page
    assert "division_city" not in page


def test_edit_of_an_unknown_section_is_404(client):
    assert log_in(client, make_changeable()).get("/changes/nothing/").status_code == 404


def test_add_button_redraws_the_page_with_one_more_row(client):
    profile = make_changeable()
    url = reverse("changes:edit", args=["awards"])

    page = log_in(client, profile).post(url, {"version": profile.version, "add": "awards"}).content.decode()

    assert "awards-0-name" in page
    assert not ChangeRequest.objects.exists()


def test_book_and_withdraw(client):
    profile, _enrolment = make_studying(division="440106")
    log_in(client, profile)

    client.post(reverse("changes:book"), {"division": "440103"})
    assert "已预约变更行政区划，待生效" in client.get(LIST).content.decode()

    client.post(reverse("changes:withdraw"))
    assert ChangeRequest.objects.get().status == "withdrawn"


def test_book_tells_what_is_wrong_at_the_field(client):
    profile, _enrolment = make_studying(division="440106")

    page = log_in(client, profile).post(reverse("changes:book"), {"division": "440106"}).content.decode()

    assert "预约的行政区划与现在的相同" in page


def test_history_shows_what_was_and_what_is_of_nobody_else(client):
    profile, other = make_changeable(), make_changeable()
    for one, address in ((profile, "我的新地址"), (other, "别人的新地址")):
        services.save_change(
            one.pk,
            SECTION_BY_KEY["work"],
            posted(one, "work", employer_address=address),
            by=one.accountant.user,
        )

    page = log_in(client, profile).get(reverse("changes:history")).content.decode()

    assert "广州市天河区示范路 18 号" in page and "我的新地址" in page
    assert "别人的新地址" not in page


@pytest.mark.parametrize("before", ["1", "abc", "-1", "9" * 30, "²"])
def test_history_takes_any_page_key(client, before):
    profile = make_changeable()

    assert log_in(client, profile).get(reverse("changes:history"), {"before": before}).status_code == 200

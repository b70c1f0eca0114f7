"""改回 in the history: the old value comes into the form, and goes through everything a change goes through."""

import pytest
from django.urls import reverse

from collection.choices import DutyStatus
from collection.models import Profile
from collection.sections import SECTION_BY_KEY
from education.tests.factories import make_enrolment
from profile_changes import services
from profile_changes.models import ChangeRequest
from profile_changes.tests.factories import answers_of, make_changeable
from profile_changes.tests.test_services import save

pytestmark = pytest.mark.django_db
WORK, PERSONAL, EDUCATION = (SECTION_BY_KEY[key] for key in ("work", "personal", "education"))


def page_before(client, profile, change, **query):
    client.force_login(profile.accountant.user)
    url = reverse("changes:edit", args=[change.section_key])
    return client.get(url, {"back": change.pk} | query)


def test_the_old_value_stands_in_the_form_and_nothing_is_saved(client):
    profile = make_changeable()
    _answers, change = save(profile, WORK, employer_phone="020-12345678", employer_address="新地址 9 号")

    page = page_before(client, profile, change, field="employer_phone")

    assert page.context["answers"].form["employer_phone"].value() == "020-83330000"
    assert page.context["answers"].form["employer_address"].value() == "新地址 9 号"
    assert "变更前的内容：单位电话。还没有保存" in page.text
    assert 'value="2003-07"' in page.text
    assert Profile.objects.get().employer_phone == "020-12345678"


def test_all_of_a_change_comes_back_at_once_and_is_saved_like_any_change(client):
    profile = make_changeable(technical_position="02")
    before = answers_of(profile, WORK)
    other = {"duty_status": "unemployed", "home_address": "广州市天河区示范路 20 号"}
    found = services.save_change(profile.pk, WORK, before | other, by=profile.accountant.user)[0].findings
    tokens = [one.token for one in found]
    _answers, change = services.save_change(
        profile.pk, WORK, before | other | {"confirmed": tokens}, by=profile.accountant.user
    )

    page = page_before(client, profile, change)
    form = page.context["answers"].form
    typed = {name: form[name].value() for name in form.fields} | {"version": page.context["version"]}
    client.post(reverse("changes:edit", args=["work"]), typed)

    profile.refresh_from_db()
    assert (profile.duty_status, profile.employer_name) == (DutyStatus.ACCOUNTING, "广州市示范纸品有限公司")
    assert ChangeRequest.objects.count() == 2


def test_rows_come_back_with_all_they_said(client):
    profile = make_changeable()
    (row,) = EDUCATION.answers(profile)["full_time"]
    _answers, change = save(profile, EDUCATION, full_time=[row | {"school": "改名后的学校"}])

    page = page_before(client, profile, change)

    (form,) = page.context["answers"].rows("full_time").forms
    assert (form["school"].value(), form.row_id) == ("广东某某财经学校", row["id"])


def test_a_locked_division_is_not_offered(client):
    profile = make_changeable()
    _answers, change = save(profile, WORK, division="440103")
    make_enrolment(profile)
    client.force_login(profile.accountant.user)

    history = client.get(reverse("changes:history"))
    page = page_before(client, profile, change)

    assert "?back=" not in history.text
    assert "这次变更没有可以改回的内容" in page.text
    assert Profile.objects.get().division == "440103"


def test_nobody_elses_change_is_found(client):
    profile, other = make_changeable(), make_changeable()
    _answers, change = save(other, PERSONAL, email="other@example.com")

    assert page_before(client, profile, change).status_code == 404


@pytest.mark.parametrize("given", ["0", "9" * 40, "²", "-1", "x"])
def test_any_text_for_a_change_is_no_fault(client, given):
    profile = make_changeable()
    client.force_login(profile.accountant.user)

    page = client.get(reverse("changes:edit", args=["work"]), {"back": given})

    assert page.status_code in (200, 404)


def test_the_history_leads_there_for_each_answer(client, django_assert_max_num_queries):
    profile = make_changeable()
    _answers, change = save(profile, WORK, employer_phone="020-12345678", employer_address="新地址 9 号")
    client.force_login(profile.accountant.user)
    url = reverse("changes:edit", args=["work"])

    with django_assert_max_num_queries(5):
        page = client.get(reverse("changes:history"))

    assert f'href="{url}?back={change.pk}&amp;field=employer_phone"' in page.text
    assert "这 2 项全部改回" in page.text

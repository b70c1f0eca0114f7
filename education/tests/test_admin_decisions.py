"""Where the desk decides: studies to release, corrections and revocations to confirm or send back."""

import pytest
from django.urls import reverse
from django.utils import timezone

from education.models import Delivery, YearTotal
from education.schools.judge import judge
from education.tests.factories import (
    event,
    make_collected,
    make_enrolment,
    make_offering,
    make_year_rule,
    received,
)
from registration.tests.factories import make_staff, staff_login

pytestmark = pytest.mark.django_db


@pytest.fixture
def province(client):
    user = make_staff(is_superuser=True)
    staff_login(client, user)
    return user


@pytest.fixture
def held():
    """A delivery that asks for 45 credits in place of 60."""
    make_year_rule()
    profile = make_collected(name="欧阳会计", archive_number="T-ARCHIVE")
    study = make_enrolment(profile, offering=make_offering())
    finished = timezone.now().isoformat()
    about = {"enrolment": study.reference}
    done = event("study.completed", credits=60, finished_at=finished, **about)
    corrected = event("credits.corrected", credits=45, reason="学时统计有误", **about)
    judge(study.institution, [received("msg_1", done), received("msg_2", corrected)])
    return Delivery.objects.get(message_id="msg_2")


def page_about(delivery):
    return reverse("admin:education_delivery_decide", args=[delivery.pk])


def test_deliveries_have_chinese_titles_and_lead_to_the_decision(client, province, held):
    page = client.get(reverse("admin:education_delivery_change", args=[held.pk])).content.decode()

    assert str(held) == "学分更正 · msg_2" and str(held) in page
    assert page_about(held) in page
    assert (
        page_about(held)
        not in client.get(
            reverse("admin:education_delivery_change", args=[Delivery.objects.get(message_id="msg_1").pk])
        ).content.decode()
    )


def test_decision_shows_person_reason_and_both_figures(client, province, held):
    page = client.get(page_about(held)).content.decode()

    for words in ("欧阳会计（档案号 T-ARCHIVE）", "学时统计有误", "60，其中专业通识 0", "45，其中专业通识 0"):
        assert words in page


def test_decision_confirms_once(client, province, held):
    first = client.post(page_about(held), {"decision": "confirm"}, follow=True).content.decode()
    second = client.post(page_about(held), {"decision": "confirm"}, follow=True).content.decode()

    assert "已确认，学分账已更新" in first and "已经处理过" in second
    assert YearTotal.objects.get().professional == 45


def test_decision_sends_back_with_a_reason(client, province, held):
    assert "请填写原因" in client.post(page_about(held), {"decision": "refuse"}).content.decode()
    short = client.post(page_about(held), {"decision": "refuse", "reason": "不行"})
    assert "至少写 5 个字" in short.content.decode()

    client.post(page_about(held), {"decision": "refuse", "reason": "请附核实材料"})

    held.refresh_from_db()
    assert (held.outcome, held.reason) == ("refused", "请附核实材料")
    assert YearTotal.objects.get().professional == 60


@pytest.mark.parametrize(("scope", "right"), [("44", "view_delivery"), ("4401", "change_delivery")])
def test_decision_is_the_provinces_and_needs_its_right(client, held, scope, right):
    staff = make_staff(division_scope=scope, permissions=["education.view_delivery", f"education.{right}"])
    staff_login(client, staff)

    assert client.post(page_about(held), {"decision": "confirm"}).status_code == 403
    held.refresh_from_db()
    assert held.outcome == "held"


def test_release_names_the_person_before_and_after(client, province):
    study = make_enrolment(make_collected(name="欧阳会计", archive_number="T-ARCHIVE"))
    done = make_enrolment(make_collected(name="已学完"), state="completed", credits=30)
    url = reverse("admin:education_enrolment_changelist")
    posted = {"action": "release", "_selected_action": [study.pk, done.pk]}

    asked = client.post(url, posted).content.decode()
    after = client.post(url, posted | {"confirm": 1, "reason": "机构已经停业"}, follow=True).content.decode()

    assert "欧阳会计（档案号 T-ARCHIVE）" in asked and f'value="{done.pk}"' not in asked
    assert "只有未完成的学习可以释放" in asked
    assert "欧阳会计（档案号 T-ARCHIVE）" in after and "已释放。" in after


def test_release_asks_for_a_reason_of_some_length(client, province):
    study = make_enrolment()
    posted = {"action": "release", "_selected_action": study.pk, "confirm": 1, "reason": "停业"}

    page = client.post(reverse("admin:education_enrolment_changelist"), posted).content.decode()

    study.refresh_from_db()
    assert "原因至少写 5 个字" in page and study.state == "in_progress"


def test_only_unfinished_studies_can_be_chosen(client, province):
    open_one, done = make_enrolment(), make_enrolment(state="completed", credits=30)

    page = client.get(reverse("admin:education_enrolment_changelist")).content.decode()

    boxes = [f'name="_selected_action" value="{one.pk}"' in page for one in (open_one, done)]
    assert boxes == [True, False]

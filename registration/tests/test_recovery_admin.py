import pytest

from registration import lost_phone
from registration.choices import RecoveryState
from registration.models import AuditEvent
from registration.tests.factories import (
    make_accountant,
    make_recovery_request,
    make_staff,
    staff_login,
)

pytestmark = pytest.mark.django_db
LIST = "/admin/registration/recoveryrequest/"
MAY = ("registration.view_recoveryrequest", "registration.change_recoveryrequest")
WHY = "核对身份证原件和本人一致"


def desk(client, **fields):
    """A client of staff who may decide."""
    staff = make_staff(permissions=fields.pop("permissions", MAY), **fields)
    staff_login(client, staff)
    return staff


def decide(client, request, decision, why=WHY):
    return client.post(f"{LIST}{request.pk}/change/", {"decision": decision, "why": why})


def test_page_shows_masked_numbers_and_the_story(client):
    desk(client)
    request = make_recovery_request()

    page = client.get(f"{LIST}{request.pk}/change/").text

    assert "林嘉敏" in page and request.statement in page
    for hidden in (request.phone, request.accountant.phone, request.accountant.document_number):
        assert hidden not in page


@pytest.mark.parametrize(
    ("decision", "state"), [("approve", RecoveryState.APPROVED), ("refuse", RecoveryState.REFUSED)]
)
def test_staff_decide_with_a_reason(client, decision, state):
    staff = desk(client)
    request = make_recovery_request()

    assert decide(client, request, decision).status_code == 302

    request.refresh_from_db()
    assert (request.state, request.reason, request.decided_by) == (state, WHY, staff)
    event = AuditEvent.objects.get(kind=f"lost_phone.{state}")
    assert (event.actor_id, event.accountant_id) == (staff.pk, request.accountant_id)


@pytest.mark.parametrize("why", ["", "同意", "字" * 201])
def test_decision_needs_a_reason(client, why):
    desk(client)
    request = make_recovery_request()

    response = decide(client, request, "approve", why)

    assert "why" in response.context["adminform"].form.errors
    request.refresh_from_db()
    assert request.state == RecoveryState.WAITING


def test_people_without_a_division_belong_to_the_province(client):
    desk(client, division_scope="440106")
    request = make_recovery_request()

    assert client.get(LIST).context["cl"].result_count == 0
    assert decide(client, request, "approve").status_code == 302
    request.refresh_from_db()
    assert request.state == RecoveryState.WAITING


def test_who_may_only_look_decides_nothing(client):
    desk(client, permissions=MAY[:1])
    request = make_recovery_request()

    assert "decision" not in client.get(f"{LIST}{request.pk}/change/").text
    assert decide(client, request, "approve").status_code == 403


def test_settled_request_is_read_only(client):
    desk(client)
    request = make_recovery_request(state=RecoveryState.OBJECTED)

    assert 'name="decision"' not in client.get(f"{LIST}{request.pk}/change/").text
    assert decide(client, request, "approve").status_code == 403


def test_second_acceptance_is_refused_in_words(client):
    staff = desk(client)
    first = make_recovery_request()
    lost_phone.approve(first.pk, reason=WHY, by=staff)
    second = make_recovery_request(accountant=first.accountant)

    page = client.get(decide(client, second, "approve").url).text

    assert "已有一份同意的申请等待生效" in page and "修改成功" not in page
    assert not AuditEvent.objects.filter(kind="staff.changed").exists()


def test_requests_that_nobody_matched_yet_are_not_shown(client):
    desk(client)
    make_recovery_request(state=RecoveryState.MATCHING, accountant=make_accountant())

    assert client.get(LIST).context["cl"].result_count == 0

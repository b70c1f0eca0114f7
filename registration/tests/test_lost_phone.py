from datetime import timedelta
from functools import partial

import pytest
from django.contrib.auth import get_user
from django.utils import timezone

from accounting_platform.lib.errors import DomainError
from accounting_platform.tests.threads import at_once
from registration import lost_phone, services, sms_codes
from registration.choices import RecoveryState, SmsPurpose
from registration.models import AuditEvent, Message, RecoveryRequest, SmsMessage
from registration.tests.factories import (
    PASSWORD,
    make_accountant,
    make_recovery_request,
    make_staff,
    phone_number,
    resident_id,
    sms_code_of,
)

pytestmark = pytest.mark.django_db
NEW = "13900001234"
STORY = "原号码去年已经注销，可以出示身份证原件"
REASON = "核对身份证原件和本人一致"


def ask(number, name="林嘉敏", phone=NEW):
    """One request as a visitor makes it, seen by the worker."""
    code = sms_code_of(phone, SmsPurpose.LOST, "session")
    request = lost_phone.ask(
        number=number, name=name, phone=phone, statement=STORY, code=code, binding="session"
    )
    lost_phone.match(request.pk)
    return RecoveryRequest.objects.filter(pk=request.pk).first()


def texts(template):
    return list(SmsMessage.objects.filter(template=template))


def kinds():
    return list(AuditEvent.objects.order_by("id").values_list("kind", flat=True))


def test_request_finds_the_person_it_concerns():
    accountant = make_accountant()

    request = ask(f" {accountant.document_number.lower()} ")

    assert (request.accountant, request.state) == (accountant, RecoveryState.WAITING)
    assert kinds() == ["lost_phone.asked", "lost_phone.matched"]


@pytest.mark.parametrize("wrong", ["number", "name", "closed", "own phone"])
def test_request_that_fits_nobody_is_forgotten(wrong):
    accountant = make_accountant(phone=NEW if wrong == "own phone" else phone_number())
    if wrong == "closed":
        accountant.user.is_active = False
        accountant.user.save()
    number = resident_id() if wrong == "number" else accountant.document_number

    assert ask(number, name="陈大文" if wrong == "name" else "林嘉敏") is None
    assert kinds() == ["lost_phone.asked", "lost_phone.unmatched"]


def test_request_costs_and_answers_the_same_for_known_and_unknown(
    client, django_assert_max_num_queries, monkeypatch
):
    monkeypatch.setattr(lost_phone, "ring", lambda pk: None)
    session = client.session
    session.create()
    client.cookies["session"] = session.session_key
    answers = []
    for number in (make_accountant().document_number, resident_id()):
        code = sms_code_of(NEW, SmsPurpose.LOST, session.session_key)
        typed = {"name": "林嘉敏", "document_number": number, "phone": NEW, "sms_code": code}
        with django_assert_max_num_queries(20) as queries:
            response = client.post("/password-reset/lost-phone/", typed | {"statement": STORY})
        page = client.get("/login/").text
        answers.append((response.status_code, response.url, lost_phone.ANSWER in page, len(queries)))

    assert answers[0] == answers[1]
    assert answers[0][:3] == (302, "/login/", True)


def test_request_takes_a_code_from_the_new_phone():
    with pytest.raises(DomainError, match=sms_codes.REFUSAL):
        lost_phone.ask(
            number=resident_id(), name="林嘉敏", phone=NEW, statement=STORY, code="000000", binding="x"
        )
    assert not RecoveryRequest.objects.exists()


def test_one_number_is_asked_for_three_times_a_day():
    number = make_accountant().document_number
    for _ in range(3):
        ask(number, phone=phone_number())

    with pytest.raises(DomainError, match="今天提交申请的次数过多"):
        ask(number, phone=phone_number())


def test_approval_tells_both_phones_and_waits(settings):
    request, staff = make_recovery_request(), make_staff()

    lost_phone.approve(request.pk, reason=REASON, by=staff)
    lost_phone.sweep()

    request.refresh_from_db()
    request.accountant.refresh_from_db()
    assert request.state == RecoveryState.APPROVED and request.decided_by == staff
    assert request.applies_at - request.decided_at == timedelta(hours=72)
    assert request.accountant.phone != request.phone
    assert [text.phone for text in texts("lost_phone_notice")] == [request.accountant.phone]
    assert [text.phone for text in texts("lost_phone_approved")] == [request.phone]
    assert Message.objects.get().title == "有人申请更换您的手机号码"


def test_new_phone_comes_after_the_wait_and_ends_the_old_password(client, at):
    at("2026-03-01 10:00:00")
    request = make_recovery_request()
    accountant, old = request.accountant, request.accountant.phone
    client.force_login(accountant.user)
    lost_phone.approve(request.pk, reason=REASON, by=make_staff())

    at("2026-03-04 10:00:00")
    lost_phone.sweep()
    lost_phone.apply(request.pk)

    accountant.refresh_from_db()
    request.refresh_from_db()
    assert (accountant.phone, request.state) == (request.phone, RecoveryState.APPLIED)
    assert not get_user(client).is_authenticated
    assert not accountant.user.__class__.objects.get(pk=accountant.user_id).check_password(PASSWORD)
    assert [text.phone for text in texts("lost_phone_applied")] == [request.phone]
    assert [text.phone for text in texts("phone_changed")] == [old]


def test_password_comes_back_through_the_new_phone():
    request = make_recovery_request(state=RecoveryState.APPROVED, applies_at=timezone.now())
    lost_phone.apply(request.pk)
    accountant = request.accountant
    code = sms_code_of(request.phone, SmsPurpose.RESET, f"person:{accountant.pk}")

    services.reset_password(
        number=accountant.document_number, phone=request.phone, code=code, new_password="Shao-guan#82"
    )

    accountant.user.refresh_from_db()
    assert accountant.user.check_password("Shao-guan#82")


def test_phone_of_too_many_accounts_is_not_put_in(settings):
    for _ in range(settings.ACCOUNTS_PER_PHONE):
        make_accountant(phone=NEW)
    request = make_recovery_request(phone=NEW, state=RecoveryState.APPROVED, applies_at=timezone.now())

    lost_phone.apply(request.pk)

    request.refresh_from_db()
    assert request.state == RecoveryState.FAILED and request.accountant.phone != NEW
    assert len(texts("lost_phone_failed")) == 1


@pytest.mark.parametrize("state", RecoveryRequest.OPEN)
def test_owner_stops_a_request_with_one_press(client, state):
    request = make_recovery_request(state=state, applies_at=timezone.now())
    client.force_login(request.accountant.user)
    page = client.get("/account/").text
    assert "不是我申请的" in page and request.phone not in page

    client.post("/account/lost-phone/")
    lost_phone.sweep()

    request.refresh_from_db()
    request.accountant.refresh_from_db()
    assert request.state == RecoveryState.OBJECTED and request.accountant.phone != request.phone
    assert "不是我申请的" not in client.get("/account/").text


def test_owner_stops_only_the_own_requests(client):
    request = make_recovery_request()
    client.force_login(make_accountant().user)

    client.post("/account/lost-phone/")

    request.refresh_from_db()
    assert request.state == RecoveryState.WAITING


def test_login_with_the_old_password_tells_of_a_request(client):
    request = make_recovery_request()
    number = request.accountant.document_number

    response = client.post("/login/", {"document_number": number, "password": PASSWORD, "next": "/account/"})

    assert "有人申请更换您的手机号码。如果不是您申请的" in client.get(response.url).text


def test_who_resets_the_password_by_the_old_phone_needs_no_other():
    request = make_recovery_request(state=RecoveryState.APPROVED, applies_at=timezone.now())
    accountant = request.accountant
    code = sms_code_of(accountant.phone, SmsPurpose.RESET, f"person:{accountant.pk}")

    services.reset_password(
        number=accountant.document_number, phone=accountant.phone, code=code, new_password="Shao-guan#82"
    )

    request.refresh_from_db()
    assert (request.state, request.reason) == (RecoveryState.OBJECTED, "本人已用原手机号码办理")


def test_refusal_tells_the_new_phone_without_the_reason():
    request, staff = make_recovery_request(), make_staff()

    lost_phone.refuse(request.pk, reason="照片与本人不一致", by=staff)

    request.refresh_from_db()
    assert (request.state, request.reason) == (RecoveryState.REFUSED, "照片与本人不一致")
    assert [text.context for text in texts("lost_phone_refused")] == [{}]


def test_one_accepted_request_closes_the_others():
    first = make_recovery_request()
    second = make_recovery_request(accountant=first.accountant)

    lost_phone.approve(second.pk, reason=REASON, by=make_staff())

    first.refresh_from_db()
    assert (first.state, first.reason) == (RecoveryState.REFUSED, "另一份申请已获同意")
    third = make_recovery_request(accountant=first.accountant)
    with pytest.raises(DomainError, match="已有一份同意的申请"):
        lost_phone.approve(third.pk, reason=REASON, by=make_staff())


def test_settled_request_is_not_decided_again():
    request = make_recovery_request(state=RecoveryState.REFUSED)

    for decide in (lost_phone.approve, lost_phone.refuse):
        with pytest.raises(DomainError, match="不能再处理"):
            decide(request.pk, reason=REASON, by=make_staff())


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_objection_and_effect_at_once_end_in_one_of_the_two():
    ends = set()
    for _ in range(10):
        request = make_recovery_request(state=RecoveryState.APPROVED, applies_at=timezone.now())
        old = request.accountant.phone

        at_once(
            partial(lost_phone.deny, request.accountant, by=request.accountant.user),
            partial(lost_phone.apply, request.pk),
        )

        request.refresh_from_db()
        request.accountant.refresh_from_db()
        assert (request.state == RecoveryState.APPLIED) == (request.accountant.phone != old)
        ends.add(request.state)
    assert ends <= {RecoveryState.APPLIED, RecoveryState.OBJECTED}

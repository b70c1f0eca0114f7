from datetime import timedelta

import pytest

from accounting_platform.lib.clock import today
from accounting_platform.lib.errors import DomainError
from education import studies
from education.choices import EnrolmentState
from education.models import Enrolment, YearRule
from education.tests.factories import make_collected, make_enrolment, make_year_rule
from registration.models import AuditEvent, Message
from registration.tests.factories import make_staff

pytestmark = pytest.mark.django_db
State = EnrolmentState


def test_in_progress_counts_unfinished_studies_of_one_person():
    profile = make_collected()
    mine = make_enrolment(profile)
    make_enrolment(profile, state=State.COMPLETED, credits=60)
    make_enrolment(profile, state=State.CLOSED)
    make_enrolment()

    assert list(studies.in_progress(profile)) == list(studies.in_progress(profile.pk)) == [mine]


def test_release_ends_a_study_with_a_reason_and_an_audit_row(told):
    enrolment, staff = make_enrolment(), make_staff()

    studies.release(enrolment.pk, by=staff, reason="  机构停止服务 ")

    enrolment.refresh_from_db()
    event = AuditEvent.objects.get(kind="study.released")
    assert (enrolment.state, enrolment.reason) == (State.RELEASED, "机构停止服务")
    assert (event.actor_id, event.accountant_id) == (staff.pk, enrolment.profile.accountant_id)
    assert "机构停止服务" not in str(event.detail)
    assert Message.objects.get().accountant == enrolment.profile.accountant
    assert told == [[enrolment.profile_id]]


@pytest.mark.parametrize(
    ("state", "reason"), [(State.COMPLETED, "理由"), (State.CANCELLED, "理由"), (State.IN_PROGRESS, "  ")]
)
def test_release_refuses_what_is_over_or_without_reason(told, state, reason):
    enrolment = make_enrolment(state=state, credits=60)

    with pytest.raises(DomainError):
        studies.release(enrolment.pk, by=make_staff(), reason=reason)

    enrolment.refresh_from_db()
    assert enrolment.state == state
    assert told == []


def test_close_year_ends_the_unfinished_studies_of_that_year_only(told):
    year = make_year_rule().year
    profile = make_collected()
    two = [make_enrolment(profile), make_enrolment(profile)]
    done = make_enrolment(profile, state=State.COMPLETED, credits=60)
    other_year = make_enrolment(profile, year=year - 1)

    people = studies.close_year(year, by=make_staff())

    states = dict(Enrolment.objects.values_list("pk", "state"))
    assert people == 1
    assert {states[one.pk] for one in two} == {State.CLOSED}
    assert (states[done.pk], states[other_year.pk]) == (State.COMPLETED, State.IN_PROGRESS)
    assert YearRule.objects.get(year=year).closed_at is not None
    assert told == [[profile.pk]]
    assert AuditEvent.objects.get(kind="year.closed").detail == {"year": year}


def test_close_year_goes_on_in_pieces_and_may_be_repeated(told, monkeypatch):
    monkeypatch.setattr(studies, "CHUNK", 2)
    year = make_year_rule().year
    for _ in range(5):
        make_enrolment()

    assert studies.close_year(year, by=None) == 5
    assert studies.close_year(year, by=None) == 0
    assert [len(ids) for ids in told] == [2, 2, 1]
    assert AuditEvent.objects.filter(kind="year.closed").count() == 1


def test_a_year_without_a_rule_cannot_be_closed():
    with pytest.raises(DomainError, match="没有 2099 年度的规则"):
        studies.close_year(2099, by=None)


def test_due_years_are_those_past_their_window_or_closed_by_staff():
    YearRule.objects.all().delete()
    yesterday = today() - timedelta(days=1)
    make_year_rule(2024, opens_on=yesterday - timedelta(days=9), closes_on=yesterday)
    make_year_rule(2025, closed_at=Enrolment._meta.get_field("enrolled_at").get_default())
    make_year_rule(2026, closes_on=today())

    assert set(studies.due_years()) == {2024, 2025}

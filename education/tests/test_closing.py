import pytest

from education import closing, export
from education.choices import EnrolmentState
from education.learning import launch
from education.models import CreditEntry, Enrolment, Ticket
from education.tests.factories import (
    make_collected,
    make_conversion,
    make_dispute,
    make_enrolment,
    make_exemption,
    make_learner,
    make_offering,
    make_year_rule,
)

pytestmark = pytest.mark.django_db


def test_closing_warns_of_a_running_study_and_lets_it_run():
    profile = make_collected()
    study = make_enrolment(profile)
    make_enrolment(profile, state=EnrolmentState.CANCELLED)

    told = closing.warnings(profile.accountant)
    closing.erase(profile.accountant)

    assert told[0].startswith("您还有 1 门课程正在学习。注销后学习机构仍会回传学分")
    assert Enrolment.objects.get(pk=study.pk).state == EnrolmentState.IN_PROGRESS


def test_closing_takes_the_open_tickets_of_one_person():
    make_year_rule()
    offering = make_offering()
    people = [make_collected() for _ in range(2)]
    for profile in people:
        launch.start(profile, offering=offering, by=profile.accountant.user)

    closing.erase(people[0].accountant)

    assert [ticket.profile for ticket in Ticket.objects.all()] == [people[1]]


def test_export_holds_studies_ledger_and_pseudonyms_of_one_person():
    profile, other = make_collected(), make_collected()
    for each in (profile, other):
        study = make_enrolment(each)
        make_learner(each, study.institution)
        make_conversion(each)
        make_exemption(each)
        make_dispute(study)
        CreditEntry.objects.create(
            profile=each,
            year=2026,
            kind=study.kind,
            credits=10,
            finished_at=study.enrolled_at,
            enrolment=study,
        )

    data = export.part(profile.accountant).data

    every = ("学习记录", "学分账", "学分折算", "免学登记", "学分疑问", "学员编号")
    assert {name: len(rows) for name, rows in data.items()} == dict.fromkeys(every, 1) | {"学分证明": 0}
    study = Enrolment.objects.get(profile=profile)
    assert data["学习记录"][0]["机构报名编号"] == study.reference

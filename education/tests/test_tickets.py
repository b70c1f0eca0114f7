import pytest
from django.utils import timezone

from education.learning import launch
from education.models import Learner, Ticket
from education.tests.factories import (
    make_enrolment,
    make_institution,
    make_offering,
    make_year_rule,
    post_signed,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def study():
    make_year_rule()
    return make_enrolment(offering=make_offering())


def ticket_for(profile, **what):
    url = launch.start(profile, by=profile.accountant.user, **what)
    return url.split("ticket=")[1]


def test_a_ticket_tells_once_who_came(client, study):
    ticket = ticket_for(study.profile, offering=study.offering)

    response = post_signed(client, study.institution, "tickets", {"ticket": ticket})
    again = post_signed(client, study.institution, "tickets", {"ticket": ticket})

    accountant = study.profile.accountant
    number = accountant.document_number
    assert response.status_code == 200
    assert response.json() == {
        "learner": Learner.objects.get().public_id,
        "name": accountant.name,
        "document": {"type": "resident_id", "masked": number[:6] + "********" + number[-4:]},
        "division": "440106",
        "kind": "professional",
        "year": study.year,
        "offering": str(study.offering.public_id),
        "enrolment": None,
    }
    assert (again.status_code, again.json()["code"]) == (404, "ticket_unknown")


def test_a_ticket_to_a_known_study_names_it(client, study):
    ticket = ticket_for(study.profile, enrolment=study)

    assert (
        post_signed(client, study.institution, "tickets", {"ticket": ticket}).json()["enrolment"]
        == study.reference
    )


def test_the_learner_is_stable_at_one_school_and_another_at_the_next(client, study):
    other = make_offering()

    def learner(offering):
        ticket = ticket_for(study.profile, offering=offering)
        return post_signed(client, offering.institution, "tickets", {"ticket": ticket}).json()["learner"]

    first, again, elsewhere = learner(study.offering), learner(study.offering), learner(other)

    assert first == again != elsewhere
    assert first.startswith("lrn_")


@pytest.mark.parametrize("what", ["expired", "of another school", "invented", "missing", "no text"])
def test_other_tickets_are_unknown(client, study, what):
    ticket = ticket_for(study.profile, offering=study.offering)
    institution = study.institution
    if what == "expired":
        Ticket.objects.update(expires_at=timezone.now())
    elif what == "of another school":
        institution = make_institution()
    payload = {"invented": {"ticket": "x" * 43}, "missing": {}, "no text": {"ticket": [ticket]}}.get(
        what, {"ticket": ticket}
    )

    response = post_signed(client, institution, "tickets", payload)

    assert (response.status_code, response.json()["code"]) == (404, "ticket_unknown")
    assert not Learner.objects.exists()

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone

from education.choices import EnrolmentState
from education.learning import launch
from education.models import Enrolment, Institution, Offering, OfferingDivision, Ticket
from education.tests.factories import make_collected, make_enrolment, make_institution, make_offering
from registration.models import AuditEvent
from registration.tests.factories import make_accountant, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def profile(client):
    profile = make_collected()
    client.force_login(profile.accountant.user)
    return profile


def go(client, offering, **posted):
    return client.post(reverse("education:launch", args=[offering.public_id]), posted)


def go_on(client, enrolment):
    return client.post(reverse("education:relaunch", args=[enrolment.public_id]))


def test_launch_leads_to_the_schools_address_with_nothing_but_a_ticket(client, profile):
    offering = make_offering()

    response = go(client, offering, url="https://evil.example/", next="https://evil.example/")

    target = urlsplit(response.url)
    assert response.status_code == 302
    assert f"{target.scheme}://{target.netloc}{target.path}" == offering.institution.launch_url
    assert list(parse_qs(target.query)) == ["ticket"]
    assert profile.accountant.name not in response.url


def test_a_ticket_is_kept_as_a_hash_for_sixty_seconds(client, profile):
    offering = make_offering()

    value = go(client, offering).url.split("ticket=")[1]

    ticket = Ticket.objects.get()
    assert len(value) == 43
    assert ticket.ticket_hash == launch.hash_of(value) != value
    assert (ticket.institution, ticket.offering, ticket.profile) == (offering.institution, offering, profile)
    assert timedelta(seconds=58) < ticket.expires_at - timezone.now() <= timedelta(seconds=60)
    assert AuditEvent.objects.filter(kind="study.launched").count() == 1


def test_only_post_launches(client, profile):
    offering, enrolment = make_offering(), make_enrolment(profile)

    assert client.get(reverse("education:launch", args=[offering.public_id])).status_code == 405
    assert client.get(reverse("education:relaunch", args=[enrolment.public_id])).status_code == 405
    assert not Ticket.objects.exists()


def test_launch_needs_a_login_a_member_and_a_finished_collection(client):
    offering = make_offering()
    assert go(client, offering).url.startswith(reverse("registration:login"))

    client.force_login(make_accountant().user)
    assert go(client, offering).url.startswith(reverse("collection:status"))

    client.force_login(make_staff())
    assert go(client, offering).status_code == 404
    assert not Ticket.objects.exists()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda: Offering.objects.update(is_open=False),
        lambda: Institution.objects.update(filed=False),
        lambda: OfferingDivision.objects.update(prefix="4402"),
        lambda: Institution.objects.update(launch_url="http://study.example.org/launch"),
        lambda: Institution.objects.update(hosts="other.example.org"),
        lambda: Institution.objects.update(launch_url="javascript:alert(1)"),
        lambda: Institution.objects.update(launch_url="http://127.0.0.1:9/launch", hosts="127.0.0.1"),
        lambda: Institution.objects.update(
            launch_url="https://x@study.example.org/", hosts="study.example.org"
        ),
    ],
)
def test_what_is_not_filed_open_covered_and_safe_is_unavailable(client, profile, spoil):
    offering = make_offering()
    spoil()

    response = go(client, offering)

    assert response.status_code == 404
    assert "该学习机构不可用" in response.content.decode()
    assert not Ticket.objects.exists()


def test_plain_http_leads_to_loopback_in_the_demo_only(client, profile, settings):
    institution = make_institution(launch_url="http://127.0.0.1:8001/launch", hosts="127.0.0.1:8001")
    settings.DEMO = True

    response = go(client, make_offering(institution))

    assert response.url.startswith("http://127.0.0.1:8001/launch?ticket=")


def test_relaunch_leads_back_after_the_offering_closed_and_the_person_moved(client, profile):
    offering = make_offering()
    enrolment = make_enrolment(profile, offering=offering)
    Offering.objects.update(is_open=False)
    profile.division = "441502"
    profile.save()

    response = go_on(client, enrolment)

    assert response.url.startswith(offering.institution.launch_url + "?ticket=")
    assert Ticket.objects.get().enrolment == enrolment


def test_relaunch_works_for_a_study_outside_the_catalogue_in_any_state(client, profile):
    enrolment = make_enrolment(profile, state=EnrolmentState.RELEASED)

    assert go_on(client, enrolment).status_code == 302


def test_relaunch_is_for_ones_own_studies_at_filed_schools(client, profile):
    foreign, own = make_enrolment(), make_enrolment(profile)
    Institution.objects.filter(pk=own.institution_id).update(filed=False)

    assert go_on(client, foreign).status_code == 404
    assert go_on(client, own).status_code == 404
    assert Enrolment.objects.count() == 2
    assert not Ticket.objects.exists()

"""学分疑问: the pre-filled question of a learner, and the answer of staff."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounting_platform.lib.errors import DomainError
from education import disputes
from education.models import Dispute
from education.tests.factories import make_collected, make_dispute, make_enrolment, make_institution
from registration.models import AuditEvent, Message
from registration.tests.factories import make_staff, staff_login

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(client):
    profile = make_collected()
    client.force_login(profile.accountant.user)
    return profile


def test_a_question_begins_with_what_is_known_and_is_asked_once(client, person):
    school = make_institution(name="珠江网校", service_phone="020-1234 5601")
    study = make_enrolment(person, institution=school, reference="R-77", title="政府会计")
    url = reverse("education:dispute_new", args=[study.public_id])
    page = client.get(url)
    begun = page.context["form"].initial

    response = client.post(url, begun)
    again = client.post(url, begun).content.decode()

    assert "R-77" in begun["words"] and "《政府会计》" in begun["words"] and begun["topic"] == "not_booked"
    assert 'href="tel:02012345601"' in page.content.decode()
    assert response.url == reverse("education:disputes")
    assert "已提过问题" in again and "已提过问题" in client.get(url).content.decode()
    row = Dispute.objects.get()
    assert (row.profile, row.institution, row.enrolment) == (person, school, study)
    assert "待答复" in client.get(response.url).content.decode()
    assert AuditEvent.objects.get(kind="dispute.opened").accountant_id == person.accountant_id


def test_a_question_about_booked_credits_begins_otherwise():
    study = make_enrolment(state="completed", credits=30)

    assert disputes.prefilled(study)["topic"] == "wrong_credits"


def test_nobody_asks_about_or_settles_what_is_somebody_elses(client, person):
    other = make_dispute()

    assert client.get(reverse("education:dispute_new", args=[other.enrolment.public_id])).status_code == 404
    assert client.post(reverse("education:dispute_settle", args=[other.public_id])).status_code == 404


def test_staff_of_the_division_answer_and_the_person_reads_it(client, person):
    row = make_dispute(make_enrolment(person))
    other = make_dispute(make_enrolment(make_collected(division="441402")))
    rights = ["education.view_dispute", "education.change_dispute"]
    staff_login(client, make_staff(division_scope="4401", permissions=rights))
    url = reverse("admin:education_dispute_change", args=[row.pk])

    listed = client.get(reverse("admin:education_dispute_changelist")).context["cl"].result_list
    short = client.post(url, {"reply": "好"})
    client.post(url, {"reply": "已联系机构，学分今天补传。"})

    assert [one.pk for one in listed] == [row.pk] and row.pk != other.pk
    assert short.status_code == 200
    row.refresh_from_db()
    assert (row.state, row.answer) == ("answered", "已联系机构，学分今天补传。")
    assert Message.objects.get().accountant == person.accountant
    client.force_login(person.accountant.user)
    assert "学分今天补传" in client.get(reverse("education:disputes")).content.decode()
    client.post(reverse("education:dispute_settle", args=[row.public_id]))
    row.refresh_from_db()
    assert row.state == "settled"


def test_an_answered_question_is_not_answered_again():
    row, staff = make_dispute(state="settled"), make_staff()

    with pytest.raises(DomainError, match="已解决"):
        disputes.answer(row.pk, words="已经答复过了", by=staff)


def test_my_offers_the_question_when_credits_are_late(client, person):
    school = make_institution(service_phone="020-1234 5601")
    long_ago = timezone.now() - timedelta(days=3, minutes=1)
    late = make_enrolment(person, institution=school, percent=100, last_message_at=long_ago)
    make_dispute(make_enrolment(person, percent=100, last_message_at=long_ago))

    page = client.get(reverse("education:my")).content.decode()
    row = page[page.index(f'id="study-{late.public_id}"') :].split('<li id="study-')[0]

    assert "机构已报完成，学分未到账" in row and "机构报告已学完超过 3 天" in row
    assert reverse("education:dispute_new", args=[late.public_id]) in page
    assert page.count("已提问，等待答复") == 1

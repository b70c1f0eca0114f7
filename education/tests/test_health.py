"""How quickly schools return credits, measured out of the ledger."""

from datetime import timedelta

import pytest
from django.utils import timezone

from education import health
from education.learning.catalogue import usual_return
from education.ledger.entries import book
from education.models import CreditEntry, Institution
from education.tests.factories import make_enrolment, make_institution

pytestmark = pytest.mark.django_db


def returned(school, minutes, **fields):
    study, now = make_enrolment(institution=school), timezone.now()
    entry = CreditEntry(
        profile=study.profile,
        year=study.year,
        kind=study.kind,
        credits=1,
        institution=school,
        enrolment=study,
        finished_at=now - timedelta(minutes=minutes),
        booked_at=now,
        **fields,
    )
    book([entry])


def test_the_median_of_the_last_returns_is_kept(monkeypatch):
    monkeypatch.setattr(health, "SAMPLE", 4)
    school, silent = make_institution(), make_institution()
    returned(school, 9000)
    for minutes in (-5, 6, 90):
        returned(school, minutes)
    returned(school, 9000, source="correction")

    assert health.measure() == Institution.objects.count()

    kept = dict(Institution.objects.values_list("pk", "return_minutes"))
    assert (kept[school.pk], kept[silent.pk]) == (6, None)
    assert Institution.objects.filter(measured_at=None).count() == 0


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(None, ""), (0, "1 分钟内"), (6, "6 分钟内"), (61, "2 小时内"), (1440, "1 天内"), (1500, "2 天内")],
)
def test_the_time_is_told_in_words(minutes, words):
    assert usual_return(Institution(return_minutes=minutes)) == words

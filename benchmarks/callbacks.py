"""One completed study per request: the platform's judge against a bare view with one hand-written statement.

    DATABASE_URL=postgres://… .venv/bin/python benchmarks/callbacks.py [rounds] [events per round]

Both go through the whole stack of middleware in one process, in turns (A B A B), into a database made for the run. The
bare view verifies the signature of the same body and books with a single statement, without any of the rules. A third
figure is a batch of 1,000 events in one request.
"""
# ruff: noqa: E402  Django must be set up before its models can be imported.

import json
import os
import sys
import time
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "accounting_platform.settings_test")

import django

django.setup()

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.http import HttpResponse, JsonResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from accounting_platform import urls
from accounting_platform.lib import signing
from education.models import CreditEntry, Enrolment
from education.schools import rate
from education.tests.factories import event, make_collected, make_institution, make_offering, make_year_rule

BATCH = 1000
BOOK = """
WITH study AS (
    UPDATE education_enrolment SET state = 'completed', credits = %(credits)s, ended_at = now()
    WHERE institution_id = %(institution)s AND reference = %(reference)s AND state = 'in_progress'
    RETURNING id, profile_id, year, kind
), delivery AS (
    INSERT INTO education_delivery (public_id, institution_id, message_id, event_type, digest, outcome, code, reason,
                                    enrolment_id, received_at, repeats)
    SELECT gen_random_uuid(), %(institution)s, %(id)s, 'study.completed', '', 'accepted', '', '', id, now(), 0
    FROM study RETURNING id
), entry AS (
    INSERT INTO education_creditentry (profile_id, year, kind, source, credits, general_professional, institution_id,
                                       enrolment_id, delivery_id, finished_at, booked_at)
    SELECT profile_id, year, kind, 'study', %(credits)s, 0, %(institution)s, study.id, delivery.id, now(), now()
    FROM study, delivery
)
INSERT INTO education_yeartotal (profile_id, year, public, professional, general_professional)
SELECT profile_id, year, 0, %(credits)s, 0 FROM study
ON CONFLICT (profile_id, year) DO UPDATE SET professional = education_yeartotal.professional + excluded.professional
"""


@csrf_exempt
def bare(request):
    """The limit: one secret known beforehand, one statement, no rules."""
    if not signing.verify([SCHOOL.plain_secret], request.headers, request.body, time.time()):
        return HttpResponse(status=401)
    data = json.loads(request.body)["data"]
    values = {"institution": SCHOOL.pk, "id": request.headers["webhook-id"], "reference": data["enrolment"]}
    with connection.cursor() as cursor:
        cursor.execute(BOOK, values | {"credits": data["credits"]})
    return JsonResponse({"status": "accepted"})


urlpatterns = [*urls.urlpatterns, path("bare", bare)]


def requests_for(studies, address):
    """Signed requests, made before the clock starts."""
    factory = RequestFactory()
    for study in studies:
        finished = timezone.now().isoformat()
        content = event("study.completed", enrolment=study.reference, credits=30, finished_at=finished)
        yield signed(factory, address, content, f"msg_{study.pk}")


def signed(factory, address, content, message_id):
    body, sent_at = json.dumps(content).encode(), int(time.time())
    headers = {
        "webhook-id": message_id,
        "webhook-timestamp": str(sent_at),
        "webhook-signature": signing.sign(SCHOOL.plain_secret, message_id, sent_at, body),
    }
    return factory.post(address, body, content_type="application/json", headers=headers).environ


def run(requests):
    """Requests a second through the whole stack, and milliseconds of our own CPU for each."""
    requests, statuses = list(requests), []
    started, spent = time.perf_counter(), time.process_time()
    for environ in requests:
        list(HANDLER(environ, lambda status, headers: statuses.append(status)))
    seconds, spent = time.perf_counter() - started, time.process_time() - spent
    assert set(statuses) == {"200 OK"}, set(statuses)
    return len(requests) / seconds, 1000 * spent / len(requests)


def make_studies(number):
    people = [PEOPLE[n % len(PEOPLE)] for n in range(number)]
    first = Enrolment.objects.count()
    common = {"institution": SCHOOL, "offering": OFFERING, "kind": OFFERING.kind, "year": OFFERING.year}
    return Enrolment.objects.bulk_create(
        Enrolment(profile=profile, reference=f"R{first + n}", **common) for n, profile in enumerate(people)
    )


def batch_of(studies):
    finished = timezone.now().isoformat()
    items = [
        {"id": f"b_{study.pk}"}
        | event("study.completed", enrolment=study.reference, credits=30, finished_at=finished)
        for study in studies
    ]
    return signed(RequestFactory(), f"{ADDRESS}/batch", {"events": items}, f"batch_{studies[0].pk}")


def prepare():
    """A school with people who study there, and everything that is only slow the first time."""
    global SCHOOL, OFFERING, PEOPLE, HANDLER, ADDRESS
    settings.ROOT_URLCONF = __name__
    rate.LIMIT = 10**9
    make_year_rule()
    SCHOOL = make_institution()
    OFFERING = make_offering(SCHOOL)
    PEOPLE = [make_collected() for _ in range(200)]
    HANDLER = WSGIHandler()
    ADDRESS = f"/api/v1/institutions/{SCHOOL.code}/events"
    run(requests_for(make_studies(50), ADDRESS))
    run(requests_for(make_studies(50), "/bare"))


def one_round(size):
    """(requests/s, CPU ms) of the judge and of the bare view, then events/s of a batch."""
    ours = run(requests_for(make_studies(size), ADDRESS))
    limit = run(requests_for(make_studies(size), "/bare"))
    return ours, limit, BATCH * run([batch_of(make_studies(BATCH))])[0]


def line(name, ours, limit, batch):
    return (
        f"{name}: judge {ours[0]:5.0f}/s {ours[1]:.2f} ms CPU, bare {limit[0]:5.0f}/s {limit[1]:.2f} ms CPU, "
        f"ratio {ours[0] / limit[0]:.2f}, batch {batch:5.0f} events/s"
    )


def main(rounds=7, size=300):
    prepare()
    results = []
    for number in range(1, rounds + 1):
        results.append(one_round(size))
        print(line(f"round {number}", *results[-1]), flush=True)
    assert CreditEntry.objects.count() == Enrolment.objects.count()
    ours, limits, batches = zip(*results, strict=True)
    middle = [[median(column) for column in zip(*rows, strict=True)] for rows in (ours, limits)]
    print(line("median ", *middle, median(batches)))
    requests = list(requests_for(make_studies(1), ADDRESS))
    with CaptureQueriesContext(connection) as queries:
        run(requests)
    print(f"median of the rounds' ratios {median(a[0] / b[0] for a, b, _ in results):.2f}")
    print(f"statements of one event, BEGIN and COMMIT included: {len(queries)}")


if __name__ == "__main__":
    if connection.vendor != "postgresql":
        sys.exit("Set DATABASE_URL to a PostgreSQL: the bare statement is written for it.")
    own_name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0)
    try:
        main(*map(int, sys.argv[1:3]))
    finally:
        connection.creation.destroy_test_db(own_name, verbosity=0)

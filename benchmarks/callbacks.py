"""One completed study per request: the platform's judge against a bare view with one hand-written statement.

    DATABASE_URL=postgres://… .venv/bin/python benchmarks/callbacks.py [rounds] [events per round]

Both are served by one gunicorn as deployed and take turns (A B A B), in a database made for the run. The bare view
(bare_callback.py) verifies the signature of the same body and writes the same rows, without any of the rules. Further
figures: each event sent a second time, and batches of 1,000 events. CPU is that of the web workers and of the
database's processes for them, which says more than requests a second on a machine that does other things as well.
"""

import sys
from collections import Counter
from statistics import median

from loopback import connection, gunicorn, hammer, scratch_database, signed  # isort: skip

from django.utils import timezone

from education.models import CreditEntry, Enrolment
from education.tests.factories import event, make_collected, make_institution, make_offering, make_year_rule

BATCH = 1000


class World:
    """A school with people who study there, and requests for them, made before the clock starts."""

    def __init__(self):
        make_year_rule()
        self.school = make_institution()
        self.offering = make_offering(self.school)
        self.people = [make_collected() for _ in range(200)]
        self.address = f"/api/v1/institutions/{self.school.code}/events"
        self.studies = 0

    def make_studies(self, number):
        common = {"institution": self.school, "offering": self.offering, "title": self.offering.title}
        common |= {"kind": self.offering.kind, "year": self.offering.year}
        self.studies += number
        return Enrolment.objects.bulk_create(
            Enrolment(profile=self.people[n % len(self.people)], reference=f"R{n}", **common)
            for n in range(self.studies - number, self.studies)
        )

    def requests(self, number, address=None):
        studies = self.make_studies(number)
        return [
            signed(self.school, address or self.address, completion(study), f"msg_{study.pk}")
            for study in studies
        ]

    def batches(self, number):
        return [
            signed(
                self.school,
                f"{self.address}/batch",
                {
                    "events": [
                        {"id": f"b_{study.pk}"} | completion(study) for study in self.make_studies(BATCH)
                    ]
                },
                f"batch_{n}",
            )
            for n in range(number)
        ]


def completion(study):
    return event(
        "study.completed", enrolment=study.reference, credits=30, finished_at=timezone.now().isoformat()
    )


def timed(server, requests, *, lines=8):
    """(requests a second, CPU ms of the web, CPU ms of the database) over all requests, and what they said."""
    web, database = server.cpu_seconds()
    began = timezone.now()
    answers = hammer(server.port, requests, lines=lines)
    seconds = (timezone.now() - began).total_seconds()
    web, database = (
        after - before for after, before in zip(server.cpu_seconds(), (web, database), strict=True)
    )
    assert Counter(answer.status for answer in answers) == {200: len(requests)}, answers[0]
    return [len(requests) / seconds, 1000 * web / len(requests), 1000 * database / len(requests)], answers


def one_round(server, world, size):
    first = world.requests(size)
    bare = world.requests(size, f"/api/bare/{world.school.code}")
    results = {}
    results["judge"], answers = timed(server, first)
    assert all(b'"accepted"' in answer.body for answer in answers)
    results["bare"], _ = timed(server, bare)
    results["again"], answers = timed(server, first)
    assert all(b'"duplicate"' in answer.body for answer in answers)
    results["batch"], _ = timed(server, world.batches(2), lines=1)
    return results


def line(results):
    parts = []
    for name, (rate, web, database) in results.items():
        times = BATCH if name == "batch" else 1
        parts.append(f"{name} {rate * times:5.0f}/s, CPU {web / times:.2f} + {database / times:.2f} ms")
    return "; ".join(parts)


def ratio(results, name="judge", beside="bare"):
    """(by requests a second, by CPU) of two figures of one round."""
    one, other = results[name], results[beside]
    return one[0] / other[0], sum(other[1:]) / sum(one[1:])


def main(rounds=7, size=400):
    world, rounds_of = World(), []
    with gunicorn() as server:
        one_round(server, world, 50)
        for number in range(1, rounds + 1):
            rounds_of.append(one_round(server, world, size))
            print(f"round {number}: {line(rounds_of[-1])}", flush=True)
    assert CreditEntry.objects.count() == Enrolment.objects.count()
    middle = {
        name: [median(column) for column in zip(*(r[name] for r in rounds_of), strict=True)]
        for name in rounds_of[0]
    }
    print(f"median: {line(middle)}")
    for name, beside in (("judge", "bare"), ("again", "judge")):
        ratios = [ratio(results, name, beside) for results in rounds_of]
        rate, cpu = (median(column) for column in zip(*ratios, strict=True))
        print(f"{name} beside {beside}: {rate:.2f} by requests a second, {cpu:.2f} by CPU")


if __name__ == "__main__":
    with scratch_database():
        main(*map(int, sys.argv[1:3]))
    connection.close()

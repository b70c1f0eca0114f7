"""kill -9 of web, worker, Redis and PostgreSQL during a stream of callbacks: what was acknowledged is there, once.

    .venv/bin/python benchmarks/faults.py [rounds]

Everything is started in a temporary folder on ports of its own (kept_alive.py), with durable commits. Four schools send
completions all the while, each message again under its id until it is taken. In each round (3) every part is killed
once: the web's workers, the web, the worker, Redis, PostgreSQL. Serving again means that a message sent after the kill
was taken. Ends with 1 when an acknowledged message is missing or doubled, or serving again takes 30 s.
"""
# ruff: noqa: E402  Django can be set up only once the services run.

import itertools
import json
import os
import signal
import sys
import threading
import time

from kept_alive import KeptAlive

MOST_SECONDS = 30
SCHOOLS, STUDIES = 4, 1500


class Stream:
    """One school's program: sends one completion after the other, each until it is taken; notes when."""

    def __init__(self, school, studies, port):
        from loopback import Line

        self.school, self.studies, self.line = school, studies, Line(port)
        # message id: when the try began that was acknowledged
        self.acknowledged, self.ending = {}, threading.Event()
        self.thread = threading.Thread(target=self.send_all, daemon=True)

    def send_all(self):
        for study in self.studies:
            if self.ending.is_set():
                return
            self.send(study)

    def send(self, study):
        from callbacks import completion
        from loopback import signed

        content, message_id = completion(study), f"msg_{study.pk}"
        while not self.ending.is_set():
            began = time.monotonic()
            address = f"/api/v1/institutions/{self.school.code}/events"
            try:
                answer = self.line.ask(signed(self.school, address, content, message_id))
            except OSError:
                time.sleep(0.1)
                continue
            if answer.status == 200:
                self.acknowledged[message_id] = began
                # Well below the rate that a school may send at.
                return time.sleep(0.03)
            assert answer.status in {429, 503}, (answer.status, answer.body)
            time.sleep(0.2)


def make_streams(port):
    from education.models import Enrolment
    from education.tests.factories import make_collected, make_institution, make_offering, make_year_rule

    make_year_rule()
    people, streams = [make_collected() for _ in range(20)], []
    for _ in range(SCHOOLS):
        school = make_institution()
        offering = make_offering(school)
        about = {"institution": school, "offering": offering, "kind": offering.kind, "year": offering.year}
        studies = Enrolment.objects.bulk_create(
            Enrolment(profile=person, reference=f"R{number}", **about)
            for number, person in zip(range(STUDIES), itertools.cycle(people), strict=False)
        )
        streams.append(Stream(school, studies, port))
    return streams


def kill(parts, name):
    """kill -9, and wait until it is gone."""
    if name == "web workers":
        for pid in parts.web_workers():
            os.kill(pid, signal.SIGKILL)
        return
    child = parts.children[name]
    os.kill(child.pid, signal.SIGKILL)
    parts.wait_for_death(child)


def seconds_until_serving(parts, streams, since):
    """How long until a message was taken whose sending began after the kill, with all parts running."""
    while time.monotonic() - since < MOST_SECONDS:
        newest = max(max(stream.acknowledged.values(), default=0) for stream in streams)
        if newest > since and all(child.alive for child in parts.children.values()):
            break
        time.sleep(0.02)
    return time.monotonic() - since


def wrong_after(streams):
    """Acknowledged messages that are not there exactly once, and credits that nobody can account for."""
    from django.db import connection

    from education.models import CreditEntry, Delivery, YearTotal

    connection.close()
    known = set(Delivery.objects.filter(outcome="accepted").values_list("institution_id", "message_id"))
    acknowledged = {(stream.school.pk, one) for stream in streams for one in stream.acknowledged}
    entries = CreditEntry.objects.count()
    deliveries, totals = (
        Delivery.objects.count(),
        sum(YearTotal.objects.values_list("professional", flat=True)),
    )
    print(f"acknowledged {len(acknowledged)}, deliveries {deliveries}, credits {entries}, sum {totals}")
    doubled = deliveries - len(known) + abs(entries - len(known)) + (totals != 30 * entries)
    return len(acknowledged - known) + doubled


def main(rounds=3):
    with KeptAlive() as parts:
        wait_for_database(parts)
        import loopback  # noqa: F401  (sets Django up)
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", interactive=False, verbosity=0)
        streams = make_streams(parts.port)
        connection.close()
        parts.serve()
        for stream in streams:
            stream.thread.start()
        seconds_until_serving(parts, streams, time.monotonic())
        slowest = 0
        for name in ("web workers", "web", "worker", "redis", "postgresql") * rounds:
            time.sleep(0.3)
            kill(parts, name)
            # A message that began before the blow may still be answered after it.
            since = time.monotonic()
            seconds = seconds_until_serving(parts, streams, since)
            slowest = max(slowest, seconds)
            print(f"{name} killed: serving again after {seconds:.1f} s", flush=True)
        for stream in streams:
            stream.ending.set()
            stream.thread.join()
        # What a killed server had begun, an orphan of it may have ended: the new one may only just be starting.
        wait_for_database(parts)
        wrong = wrong_after(streams)
    right = not wrong and slowest < MOST_SECONDS
    print(json.dumps({"rounds": rounds, "slowest": round(slowest, 1), "wrong": wrong, "as_promised": right}))
    return 0 if right else 1


def wait_for_database(parts):
    import psycopg2

    until = time.monotonic() + MOST_SECONDS
    while True:
        try:
            return psycopg2.connect(parts.database).close()
        except psycopg2.OperationalError:
            if time.monotonic() > until:
                sys.exit(parts.children["postgresql"].last_lines())
            time.sleep(0.05)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:2])))

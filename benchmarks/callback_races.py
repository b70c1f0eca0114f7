"""Callbacks that meet: one event many times at once, and batches that overlap in opposite order.

    DATABASE_URL=postgres://… .venv/bin/python benchmarks/callback_races.py [rounds]

Each round (1,000) sends one completed study forty times at the same moment, every other round under forty ids, over
forty lines to gunicorn as deployed: one is accepted, the others are duplicates, one credit is booked. After that four
clients send the same thousand events in batches of 250, two of them from the other end. A 503 is repeated as a school
would. Ends with 1 when a credit is missing or doubled, or an answer is neither of these.
"""

import json
import random
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from callbacks import World, completion
from loopback import Line, connection, gunicorn, scratch_database, signed

from education.models import CreditEntry, Enrolment, YearTotal

AT_ONCE, CLIENTS, PIECE, REPORT_EVERY = 40, 4, 250, 100


def ask_until_taken(line, request, tries=50):
    """A school's program: the same message again while the server is busy or ended the line, as a web worker does that
    is replaced after 20,000 requests; how often that was, and the answer."""
    for again in range(tries):
        try:
            answer = line.ask(request)
        except OSError:
            continue
        if answer.status != 503:
            return again, answer
    raise TimeoutError(f"not taken after {tries} tries")


def one_race(world, lines, pool, study, *, same_id):
    """What forty at once were told, and how often one had to come again."""
    content, start = completion(study), Barrier(AT_ONCE)

    def send(number):
        message_id = f"race_{study.pk}" if same_id else f"race_{study.pk}_{number}"
        request = signed(world.school, world.address, content, message_id)
        start.wait()
        return ask_until_taken(lines[number], request)

    told = list(pool.map(send, range(AT_ONCE)))
    return Counter(json.loads(answer.body)["status"] for _, answer in told), sum(busy for busy, _ in told)


def races(world, port, rounds):
    wrong, busy, lines = 0, 0, [Line(port) for _ in range(AT_ONCE)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for number, study in enumerate(world.make_studies(rounds), 1):
            statuses, again = one_race(world, lines, pool, study, same_id=number % 2)
            credited = CreditEntry.objects.filter(enrolment=study).count()
            wrong += statuses != {"accepted": 1, "duplicate": AT_ONCE - 1} or credited != 1
            busy += again
            if number % REPORT_EVERY == 0 or number == rounds:
                print(f"{number} races of {AT_ONCE}: {wrong} wrong, {busy} told to come again", flush=True)
    return wrong


def opposite_batches(world, port):
    """Four clients, the same events in other orders: how many answers were not 200, and how many credits are wrong."""
    studies = world.make_studies(1000)
    items = [{"id": f"o_{study.pk}"} | completion(study) for study in studies]

    def client(number):
        mine = items if number % 2 else items[::-1]
        line, told = Line(port), []
        for start in range(0, len(mine), PIECE):
            piece = mine[start : start + PIECE]
            random.Random(number * 1000 + start).shuffle(piece)
            request = signed(world.school, f"{world.address}/batch", {"events": piece}, f"o_{number}_{start}")
            told.append(line.ask(request))
        return told

    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = [answer for told in pool.map(client, range(CLIENTS)) for answer in told]
    results = Counter(
        result["status"]
        for answer in answers
        if answer.status == 200
        for result in json.loads(answer.body)["results"]
    )
    print(f"opposite batches: {dict(Counter(answer.status for answer in answers))}, {dict(results)}")
    booked = CreditEntry.objects.filter(enrolment__in=studies).count()
    return sum(answer.status != 200 for answer in answers) + abs(booked - len(studies))


def main(rounds=1000):
    world = World()
    with gunicorn(WEB_THREADS="20") as server:
        wrong = races(world, server.port, rounds)
        wrong += sum(opposite_batches(world, server.port) for _ in range(3))
    entries = CreditEntry.objects.count()
    totals = sum(YearTotal.objects.values_list("professional", flat=True))
    wrong += entries != Enrolment.objects.count() or totals != 30 * entries
    print("as promised" if not wrong else f"NOT as promised: {wrong}")
    return 1 if wrong else 0


if __name__ == "__main__":
    with scratch_database():
        failed = main(*map(int, sys.argv[1:2]))
    connection.close()
    sys.exit(failed)

"""Callbacks at twice the rate the server can take: how long anybody waits, and what the excess is told.

    DATABASE_URL=postgres://… .venv/bin/python benchmarks/overload.py [seconds] [lines]

First the saturation: as fast as eight lines are answered. Then twice as many a second for so many seconds (10), sent
when they are due whether or not earlier ones were answered, over up to 256 kept-alive lines to gunicorn as deployed on
loopback. Times run from the moment a request was due. Ends with 1 when an answer is neither 200 nor 429 nor 503 with
Retry-After, when an accepted event is missing or doubled, or when the 99th percentile reaches a second.
"""

import asyncio
import sys
import time
from collections import Counter

from callbacks import World, timed
from loopback import LENGTH, connection, gunicorn, scratch_database

from education.models import CreditEntry

MOST = 8000


async def ask(line, request):
    """Send over one line, a pair of streams; the status, the head and the body of the answer."""
    reader, writer = line
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    body = await reader.readexactly(int(LENGTH.search(head)[1]))
    return int(head[9:12]), head, body


async def flood(port, requests, rate, lines):
    """(status, seconds, head) for each request, sent when it is due."""
    free, answers, began = asyncio.Queue(), [], time.perf_counter()
    for _ in range(lines):
        free.put_nowait(await asyncio.open_connection("127.0.0.1", port))

    async def one(number, request):
        due = began + number / rate
        line = await free.get()
        status, head, _ = await ask(line, request)
        answers.append((status, time.perf_counter() - due, head))
        if b"connection: close" in head.lower():
            line[1].close()
            line = await asyncio.open_connection("127.0.0.1", port)
        free.put_nowait(line)

    began, tasks = time.perf_counter(), []
    for number, request in enumerate(requests):
        await asyncio.sleep(max(0, began + number / rate - time.perf_counter()))
        tasks.append(asyncio.create_task(one(number, request)))
    await asyncio.gather(*tasks)
    while not free.empty():
        free.get_nowait()[1].close()
    return answers


def percentile(seconds, part):
    return sorted(seconds)[min(len(seconds) - 1, int(len(seconds) * part))]


def report(title, seconds):
    if seconds:
        middle, late = percentile(seconds, 0.5), percentile(seconds, 0.99)
        print(
            f"{title}: {len(seconds)}, median {middle:.3f} s, 99 % within {late:.3f} s, longest {max(seconds):.3f} s"
        )


def main(seconds=10, lines=256):
    world = World()
    with gunicorn() as server:
        timed(server, world.requests(200))
        (saturation, *_), _ = timed(server, world.requests(600))
        print(f"saturation {saturation:.0f}/s; now {2 * saturation:.0f}/s for {seconds} s")
        requests = world.requests(min(MOST, int(2 * saturation * seconds)))
        booked = CreditEntry.objects.count()
        answers = asyncio.run(flood(server.port, requests, 2 * saturation, lines))
    statuses = Counter(status for status, *_ in answers)
    print(f"answers {dict(statuses)}")
    report("all", [seconds for _, seconds, _ in answers])
    for status in sorted(statuses):
        report(str(status), [seconds for known, seconds, _ in answers if known == status])
    told = all(b"retry-after" in head.lower() for status, _, head in answers if status != 200)
    kept = CreditEntry.objects.count() - booked == statuses[200]
    right = told and kept and set(statuses) <= {200, 429, 503}
    right = right and percentile([seconds for _, seconds, _ in answers], 0.99) < 1
    print("as promised" if right else "NOT as promised")
    return 0 if right else 1


if __name__ == "__main__":
    with scratch_database():
        failed = main(*map(int, sys.argv[1:3]))
    connection.close()
    sys.exit(failed)

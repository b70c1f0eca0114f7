"""How many requests a second one institution may send, counted in the database, ten at a time; and when there is no
room for any."""

import threading
import time
from datetime import timedelta

from django.db import transaction
from django.db.models import Case, F, When
from django.utils import timezone

from education.schools.refusals import Refusal
from registration.models import AttemptCount

LIMIT = 50
# What a process may not yet have told the others; so the limit is not exact, and costs a write every tenth request.
STEP = 10
NAME = "callbacks"
# So many requests of a process may wait for a thread: what waits behind them would wait longer than a school does.
MOST_WAITING = 16
SECOND = timedelta(seconds=1)

_lock = threading.Lock()
# institution code: [second, requests known of all processes, requests of this process not written yet]
_counts = {}


def count(code):
    """Count one request; Refusal (429) when the institution has sent more than LIMIT within this second."""
    second = int(time.time())
    with _lock:
        counted = _counts.setdefault(code, [second, 0, 0])
        if counted[0] != second:
            counted[:] = [second, 0, 0]
        counted[2] += 1
        share = counted[2] if counted[2] >= STEP else 0
        counted[1:] = [counted[1] + share, counted[2] - share]
    if share:
        known = add(code, share)
        with _lock:
            counted[1] = max(counted[1], known)
    if counted[1] + counted[2] > LIMIT:
        raise Refusal("rate", retry_after=1)


def make_room(request):
    """Refusal (503) when the server has more before it than it answers at once: a school's program comes again."""
    if request.META.get("platform.waiting", 0) > MOST_WAITING:
        raise Refusal("unavailable", retry_after=2)


@transaction.atomic
def add(code, share):
    """Add to the count of all processes, which begins anew each second; returns it."""
    now = timezone.now()
    rows = AttemptCount.objects.filter(limit=NAME, key=code, window="")
    over = When(expires_at__lte=now, then=share)
    found = rows.update(
        count=Case(over, default=F("count") + share),
        expires_at=Case(When(expires_at__lte=now, then=now + SECOND), default=F("expires_at")),
    )
    if not found:
        AttemptCount.objects.get_or_create(
            limit=NAME, key=code, window="", defaults={"count": share, "expires_at": now + SECOND}
        )
    return rows.values_list("count", flat=True).get()

"""The breaker of each SMS provider, kept in the database so that every process sees the same one.

Closed: nothing is noted. 20 failures within a minute open it for a minute; then a single message tries the provider
for all. That one decides: it closes the breaker, or another minute passes.
"""

import logging

from django.conf import settings
from django.utils import timezone

from accounting_platform.lib import sms
from accounting_platform.lib.errors import DomainError
from registration import audit, limits
from registration.models import AttemptCount

FAILURES, OPEN = "sms_failures", "sms_open"
KEY_LENGTH = 64
logger = logging.getLogger(__name__)


class DatabaseBreaker(sms.Breaker):
    """What lib.sms asks before and tells after each try."""

    def lets(self, path):
        """Whether a message may go to this provider; of those that come after a bad minute, one."""
        if not openings([path]).exists():
            return True
        try:
            # Counted by one statement, so one process out of all of them gets through.
            limits.count(OPEN, key_of(path))
        except DomainError:
            return False
        return True

    def note(self, path, *, failed):
        """Count a failure, or close the breaker after a success."""
        if not failed:
            openings([path]).delete()
            return
        if limits.add(FAILURES, key_of(path)) == limits.LIMITS[FAILURES].most:
            open_for_a_minute(path)


def open_for_a_minute(path):
    limits.add(OPEN, key_of(path))
    limits.clear(FAILURES, key_of(path))
    name = path.rpartition(".")[2]
    logger.error("SMS breaker open: %s failed too often", name)
    audit.record("sms.breaker", actor=None, result="refused", detail={"backend": name})


def is_open():
    """Whether no provider at all may be asked at this moment."""
    paths = settings.SMS_BACKENDS
    running = openings(paths).filter(expires_at__gt=timezone.now())
    return running.count() == len(set(paths))


def openings(paths):
    """The rows of open breakers; one whose minute is over lets a single message through."""
    return AttemptCount.objects.filter(limit=OPEN, key__in=[key_of(path) for path in paths])


def key_of(path):
    return path[-KEY_LENGTH:]

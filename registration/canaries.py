"""Whether the configured keys are those that sealed what is there: one canary a key, looked at before the first request.

A wrong sealing key would make every person's data unreadable, a wrong look-up key would let everybody register twice.
"""

from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.utils import timezone

from accounting_platform.lib.encryption import fingerprint, keyed_hash, known_keys, sealing_now
from registration.choices import KeyUse
from registration.models import KeyCanary

# The one look-up key has no name of its own.
LOOKUP = "lookup"
OTHER_BYTES = "SEALING_KEYS: key {!r} is not the key of that name that sealed the data here; put it back"
MISSING = (
    "SEALING_KEYS lacks key {!r}, which may still seal data here: put it back behind the first one and run "
    "manage.py rotate_keys, which says when it can go"
)
OTHER_LOOKUP = "LOOKUP_KEY or LOOKUP_ALGORITHM is not what people are found by here; put it back"


def check():
    """Refuse (ImproperlyConfigured naming the key) keys that do not fit this database; note keys seen first."""
    # Before the first migrate there is nothing that another key could have sealed.
    if KeyCanary._meta.db_table in connection.introspection.table_names():
        check_known()
        check_complete()


def check_known():
    """Every key that is configured is the one that was used under its name."""
    wanted = {(KeyUse.SEALING, key_id): fingerprint(key_id) for key_id in known_keys()}
    wanted[KeyUse.LOOKUP, LOOKUP] = keyed_hash("canary", LOOKUP)
    there = proofs()
    if new := [pair for pair in wanted if pair not in there]:
        # Several processes start together: the first one writes, and all of them look at what it wrote.
        rows = [KeyCanary(use=use, key_id=key_id, proof=wanted[use, key_id]) for use, key_id in new]
        KeyCanary.objects.bulk_create(rows, ignore_conflicts=True)
        there = proofs()
    for (use, key_id), proof in wanted.items():
        if there[use, key_id] != proof:
            raise ImproperlyConfigured(OTHER_BYTES.format(key_id) if use == KeyUse.SEALING else OTHER_LOOKUP)


def check_complete():
    """No key is missing that may still seal something; the key that seals now counts as one of them again."""
    active = KeyCanary.objects.filter(use=KeyUse.SEALING, key_id=sealing_now().key_id)
    if active.exclude(retired_at=None).exists():
        active.update(retired_at=None)
    for key_id in in_use().exclude(key_id__in=known_keys()).values_list("key_id", flat=True):
        raise ImproperlyConfigured(MISSING.format(key_id))


def retire_all_but(key_ids):
    """Note that other keys than these seal nothing any more: a start without them is fine from now on."""
    in_use().exclude(key_id__in=key_ids).update(retired_at=timezone.now())


def in_use():
    """The sealing keys that may still seal something."""
    return KeyCanary.objects.filter(use=KeyUse.SEALING, retired_at=None).order_by("pk")


def proofs():
    return {(row.use, row.key_id): row.proof for row in KeyCanary.objects.all()}

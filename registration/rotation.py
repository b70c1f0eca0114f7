"""Sealing anew what another key or algorithm than the active one sealed, while the platform runs.

The state is in the data: every seal names its key, so a rotation that was broken off goes on where it stood. Rows are
locked in short transactions, and what is written back is what was read under the lock, so nobody's save is undone.
Rows that somebody else holds are left for the next pass.
"""

import time
from collections import Counter
from dataclasses import dataclass, field

from accounting_platform.lib.encryption import SealedWith, SealError, known_keys, sealed_with, sealing_now
from registration import canaries, sealed_places

PASSES, SECONDS_BETWEEN_PASSES = 5, 1
SAY_EVERY_SECONDS = 5
NOBODY_KNOWS = SealedWith("unknown", "unknown")


@dataclass
class Report:
    """What came of it: `left` and `broken` count (place, key id, algorithm) of what is sealed with something else."""

    looked_at: int = 0
    sealed_anew: int = 0
    # In somebody's hands, or gone by itself within a day, or only counted.
    left: Counter = field(default_factory=Counter)
    # Does not open: its key is missing, or it was touched.
    broken: Counter = field(default_factory=Counter)

    @property
    def keys_left(self):
        """Ids of the keys, other than the active one, that still seal something."""
        used = {key_id for _place, key_id, _algorithm in [*self.left, *self.broken]}
        return used - {sealing_now().key_id}

    @property
    def keys_to_remove(self):
        """Ids of configured keys that seal nothing any more."""
        return [key_id for key_id in known_keys()[1:] if key_id not in self.keys_left]


def rotate(*, batch=500, dry_run=False, say=print):
    """Seal everything anew that needs it; the Report. Passes are made until one finds nothing more to do."""
    canaries.check_known()
    sealed_anew, report = 0, Report()
    for _ in range(1 if dry_run else PASSES):
        if report.left:
            # Whoever held a row has let go by then.
            time.sleep(SECONDS_BETWEEN_PASSES)
        report = one_pass(batch, dry_run, say)
        sealed_anew += report.sealed_anew
        if not report.sealed_anew and not report.left:
            break
    report.sealed_anew = sealed_anew
    if not dry_run:
        canaries.retire_all_but([sealing_now().key_id, *report.keys_left])
    return report


def one_pass(batch, dry_run, say):
    report = Report()
    for place in sealed_places.everywhere():
        walk(place, report, batch, dry_run, say)
    return report


def walk(place, report, batch, dry_run, say):
    """One way through one place, batch by batch in the order of primary keys."""
    after, looked_at, said_at = None, 0, time.monotonic()
    while rows := place.heads(after, batch):
        after, looked_at = rows[-1][0], looked_at + len(rows)
        stale = {key: found for key, heads in rows if (found := stale_seals(heads))}
        only_counted = dry_run or place.goes_by_itself
        done, broken = place.seal_anew(list(stale)) if stale and not only_counted else ((), ())
        for key in stale.keys() - done:
            tally = report.broken if key in broken else report.left
            tally.update((place.name, *seal) for seal in stale[key])
        report.sealed_anew += len(done)
        if time.monotonic() - said_at > SAY_EVERY_SECONDS:
            said_at = time.monotonic()
            say(f"{place.name}: {looked_at} looked at")
    report.looked_at += looked_at
    if looked_at:
        say(f"{place.name}: {looked_at} looked at, all of them")


def stale_seals(heads):
    """What sealed these, where it is not what seals now."""
    return [seal for seal in map(seal_of, heads) if seal != sealing_now()]


def seal_of(head):
    try:
        return sealed_with(head)
    except SealError:
        return NOBODY_KNOWS

"""规则试算: how many people a changed rule would move between 已达标 and 未达标, counted on the totals as they are.

Nothing but the trial's own row is written. The people counted are those with credits in the year's ledger.
"""

import logging
from collections import Counter
from datetime import timedelta
from decimal import Decimal
from functools import partial

from django.db import transaction
from django.db.models import Count, Exists, F, Max, OuterRef, Q
from django.db.models.functions import Substr
from django.utils import timezone

from accounting_platform.lib.errors import DomainError
from education.choices import TrialState
from education.models import Exemption, RuleTrial, YearTotal
from registration import audit

logger = logging.getLogger(__name__)
CREDITS = ("total_min", "public_min", "professional_min", "general_professional_min")
CHUNK = 50_000
MAX_TRIES = 3
STUCK_AFTER = timedelta(minutes=10)
PROVINCIAL = "440000-B"
FIGURES = ("people", "done_before", "done_after", "gained", "lost")


def begin(rule, *, after, by):
    """Have a changed rule tried on the real totals; returns the RuleTrial. Raises DomainError."""
    if RuleTrial.objects.filter(rule=rule, state__in=(TrialState.WAITING, TrialState.RUNNING)).exists():
        raise DomainError("这个年度正在试算，请等它完成。")
    with transaction.atomic():
        trial = RuleTrial.objects.create(rule=rule, after=after, before=values_of(rule), by=by)
        audit.record("year_rule.tried", actor=by, subject=trial, detail={"year": rule.year})
        transaction.on_commit(partial(ring, trial.pk))
    return trial


def values_of(rule):
    """A rule's demands as a trial keeps them."""
    demands = {name: str(getattr(rule, name)) for name in CREDITS}
    return demands | {"exempt_statuses": list(rule.exempt_statuses)}


def ring(trial_id):
    """Tell a worker; where the broker is away the sweep finds the row."""
    # tasks stands above this module and calls back into it.
    from education import tasks

    try:
        tasks.try_rule.delay(trial_id)
    except Exception as error:
        # Whatever the broker raises: the trial was asked for, and its row is safe.
        logger.warning("broker away, trial %s waits for the sweep: %s", trial_id, type(error).__name__)


def run(trial_id):
    """Count a waiting trial; safe to repeat, only one worker ever does it."""
    waiting = RuleTrial.objects.filter(pk=trial_id, state=TrialState.WAITING)
    if not waiting.update(state=TrialState.RUNNING, tries=F("tries") + 1, changed_at=timezone.now()):
        return
    trial = RuleTrial.objects.select_related("rule").get(pk=trial_id)
    try:
        trial.result = count(trial)
    except Exception:
        state = TrialState.WAITING if trial.tries < MAX_TRIES else TrialState.FAILED
        RuleTrial.objects.filter(pk=trial.pk).update(state=state)
        raise
    trial.state, trial.percent = TrialState.DONE, 100
    trial.save(update_fields=["result", "state", "percent", "changed_at"])


def count(trial):
    """[{"division", figures}] by city, in pieces by profile, with progress on the row."""
    last = YearTotal.objects.aggregate(last=Max("profile_id"))["last"] or 0
    found = {}
    for first in range(0, last + 1, CHUNK):
        for division, *figures in piece(trial, first):
            city = found.setdefault(city_of(division), Counter())
            city.update(dict(zip(FIGURES, figures, strict=True)))
        percent = min(99, (first + CHUNK) * 100 // (last + 1))
        RuleTrial.objects.filter(pk=trial.pk).update(percent=percent, changed_at=timezone.now())
    return [{"division": city} | {name: found[city][name] for name in FIGURES} for city in sorted(found)]


def piece(trial, first):
    """One statement over the totals of some people: (division, figures) by the first six of the code."""
    rows = YearTotal.objects.filter(year=trial.rule.year, profile_id__gte=first, profile_id__lt=first + CHUNK)
    # Whom a row exempts, both rules leave out; whom a duty status exempts, each rule says.
    exempt = Exemption.objects.filter(profile=OuterRef("profile"), year=trial.rule.year, ended_at=None)
    rows = rows.exclude(Exists(exempt)).annotate(code=Substr("profile__division", 1, 8))
    before, after = (met(values, trial.rule) for values in (trial.before, trial.after))
    figures = {
        "people": Count("pk"),
        "done_before": Count("pk", filter=before),
        "done_after": Count("pk", filter=after),
        "gained": Count("pk", filter=~before & after),
        "lost": Count("pk", filter=before & ~after),
    }
    return rows.order_by().values("code").annotate(**figures).values_list("code", *FIGURES)


def met(values, rule):
    """The condition under which a total fulfils these demands."""
    total, public, professional, general = (Decimal(values[name]) for name in CREDITS)
    enough = Q(public__gte=public, professional__gte=professional, general_professional__gte=general)
    enough &= Q(public__gte=total - F("professional"))
    free = values["exempt_statuses"] if rule.closed_at is None else []
    return enough | Q(profile__duty_status__in=free) if free else enough


def city_of(division):
    """The city of a code as the table lists it; 省本级 stands for itself."""
    return PROVINCIAL if division.endswith("-B") else division[:4]


def sweep():
    """Ring again for trials whose bell was lost or whose worker went away."""
    old = timezone.now() - STUCK_AFTER
    stuck = RuleTrial.objects.filter(state=TrialState.RUNNING, changed_at__lt=old)
    stuck.filter(tries__gte=MAX_TRIES).update(state=TrialState.FAILED)
    stuck.update(state=TrialState.WAITING)
    for key in RuleTrial.objects.filter(state=TrialState.WAITING).values_list("pk", flat=True):
        ring(key)

"""Work of continuing education outside requests: nightly, periodic, and pictures and trials as they come."""

from datetime import timedelta

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.utils import timezone

from accounting_platform.lib.errors import DomainError
from education import health, proofs, studies
from education.choices import DeliveryOutcome
from education.ledger import trials
from education.models import Delivery, Ticket

KEEP_TICKETS = timedelta(days=1)
KEEP_BODIES = timedelta(days=90)
CHUNK = 2000
PICTURE_SECONDS = 10


@shared_task
def close_years():
    """Close the years whose window is over; also ends studies that slipped into a closed year."""
    for year in studies.due_years():
        studies.close_year(year, by=None)


@shared_task
def purge():
    """Forget spent tickets, and the contents of deliveries older than 90 days; their digests stay.

    What staff have yet to decide keeps its content, or nobody would know what was asked for.
    """
    now = timezone.now()
    Ticket.objects.filter(expires_at__lt=now - KEEP_TICKETS).delete()
    old = Delivery.objects.filter(received_at__lt=now - KEEP_BODIES, body__isnull=False)
    old = old.exclude(outcome=DeliveryOutcome.HELD)
    while ids := list(old.order_by("received_at").values_list("pk", flat=True)[:CHUNK]):
        Delivery.objects.filter(pk__in=ids).update(body=None)


@shared_task(
    acks_late=True,
    ignore_result=True,
    soft_time_limit=PICTURE_SECONDS,
    time_limit=PICTURE_SECONDS + 2,
    autoretry_for=(OSError, DomainError),
    retry_backoff=True,
    max_retries=3,
)
def process_proof(proof_id):
    """Make the kept picture of one proof. Where the storage refuses, it is tried again, and the sweep rings too."""
    try:
        proofs.process(proof_id)
    except SoftTimeLimitExceeded:
        proofs.give_up(proof_id)


@shared_task(ignore_result=True)
def try_rule(trial_id):
    """Count what a changed rule would do."""
    trials.run(trial_id)


@shared_task(ignore_result=True)
def sweep():
    """Pictures and trials whose doorbell got lost."""
    proofs.sweep()
    trials.sweep()


@shared_task(ignore_result=True)
def measure_health():
    """Keep how quickly each school returns credits."""
    health.measure()

"""Nightly work of continuing education."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from education import studies
from education.choices import DeliveryOutcome
from education.models import Delivery, Ticket

KEEP_TICKETS = timedelta(days=1)
KEEP_BODIES = timedelta(days=90)
CHUNK = 2000


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

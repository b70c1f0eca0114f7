"""Doorbells of the changes."""

from celery import shared_task

from profile_changes.models import ChangeRequest
from profile_changes.receivers import apply_one


@shared_task
def sweep_booked():
    """Apply booked moves that were left behind: the study ended and nobody applied them."""
    booked = ChangeRequest.objects.filter(status=ChangeRequest.Status.BOOKED)
    for profile_id in booked.order_by("pk").values_list("profile_id", flat=True)[:1000]:
        apply_one(profile_id)

"""What follows here when continuing education says that studies ended."""

import logging

from django.db import transaction
from django.dispatch import receiver

from accounting_platform.lib.prepared import Prepared, Slot
from collection.signals import picture_replaced
from education.signals import studies_ended
from profile_changes import services
from profile_changes.models import ChangeRequest

logger = logging.getLogger(__name__)


@Prepared
def booked():
    waiting = ChangeRequest.objects.filter(status=ChangeRequest.Status.BOOKED)
    return waiting.filter(profile__pk__any_of=Slot("profiles")).order_by("profile").values_list("profile_id")


@receiver(studies_ended)
def apply_booked_moves(sender, profile_ids, **kwargs):
    """Apply the booked moves of these people, each in its own savepoint. Never raises: the school's credit stands."""
    for (profile_id,) in booked(profiles=profile_ids):
        apply_one(profile_id)


def apply_one(profile_id):
    try:
        with transaction.atomic():
            services.apply_booked(profile_id)
    except Exception:
        # The sweep tries again every ten minutes; the log says why it was needed.
        logger.exception("a booked move of profile %s was not applied", profile_id)


@receiver(picture_replaced)
def keep_picture_change(sender, attachment, **kwargs):
    """A picture changed after submission takes effect at once: note it in the history. Never raises."""
    try:
        with transaction.atomic():
            services.note_picture(attachment)
    except Exception:
        logger.exception("the change of picture %s was not noted", attachment.pk)

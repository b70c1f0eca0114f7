"""The outbox of text messages: rows written in the request's transaction, sent by the worker after commit."""

import logging
from functools import partial

from django.db import transaction

from registration.models import Accountant, SmsMessage

logger = logging.getLogger(__name__)


def put(phone, template, /, **context):
    """One text to be sent after commit; `template` names templates/sms/<template>.txt."""
    phone_key = Accountant.key_of_phone(phone)
    message = SmsMessage.objects.create(phone=phone, phone_key=phone_key, template=template, context=context)
    transaction.on_commit(partial(ring, message.pk))
    return message


def ring(message_id, *, after=None):
    """Tell a worker, now or after so many seconds; where the broker is away the sweep finds the row."""
    # tasks stands above this module and rings through it again.
    from registration import tasks

    try:
        tasks.send_message.apply_async((message_id,), countdown=after)
    except Exception as error:
        # Whatever the broker raises: the request was served, and its row is safe.
        logger.warning("broker away, message %s waits for the sweep: %s", message_id, type(error).__name__)

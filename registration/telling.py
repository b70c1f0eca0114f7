"""Telling an accountant something: by text message, or on the platform itself."""

from registration import outbox
from registration.models import Message


def send_message(accountant, template, /, **context):
    """One text to an accountant's phone, sent after commit; returns the outbox row, None for a closed account."""
    return outbox.put(accountant.phone, template, **context) if accountant.phone else None


def notify(accountant, title, body):
    """One 站内消息 for an accountant."""
    return Message.objects.create(accountant=accountant, title=title, body=body)

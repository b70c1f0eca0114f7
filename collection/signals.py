"""What collection tells those above it."""

from django.dispatch import Signal

# Sent inside the transaction with `attachment`: it took the place of a picture that counted. Receivers never raise.
picture_replaced = Signal()

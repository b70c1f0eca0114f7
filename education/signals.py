"""What continuing education tells those above it."""

from django.dispatch import Signal

# Sent once per transaction, inside it, with `profile_ids`: people of whom a study ended. Receivers never raise.
studies_ended = Signal()

# Sent inside the transaction with `pairs` of (profile id, year) from which the ledger took credits.
credits_fell = Signal()

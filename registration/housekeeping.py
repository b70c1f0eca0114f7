"""What is forgotten, and when."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.utils import timezone

from registration.choices import SmsState
from registration.models import AttemptCount, RecoveryRequest, SmsCode, SmsMessage, SpentProof

CODES_KEPT = timedelta(days=1)
# Shown to staff when somebody asks where a text went.
MESSAGES_KEPT = timedelta(days=30)
# Requests for a new phone are kept as long as the audit at least.
REQUESTS_KEPT = timedelta(days=180)


def purge():
    """Delete ended counts, spent codes and proofs, old sessions, settled messages and requests."""
    now = timezone.now()
    AttemptCount.objects.filter(expires_at__lt=now).delete()
    SmsCode.objects.filter(created_at__lt=now - CODES_KEPT).delete()
    settled = SmsMessage.objects.exclude(state__in=[SmsState.WAITING, SmsState.SENDING])
    settled.filter(created_at__lt=now - MESSAGES_KEPT).delete()
    # The last text to an account that was closed: the phone is not kept any longer than it takes to send it.
    settled.filter(template="account_closed").delete()
    ended = RecoveryRequest.objects.exclude(state__in=RecoveryRequest.OPEN)
    ended.filter(settled_at__lt=now - REQUESTS_KEPT).delete()
    SpentProof.objects.filter(expires_at__lt=now).delete()
    Session.objects.filter(expire_date__lt=now).delete()

"""What the worker does with the outbox."""

import logging
import re
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.template.loader import get_template
from django.utils import timezone

from accounting_platform.lib import sms
from accounting_platform.lib.clock import SHANGHAI
from registration import breaker, limits, recovery, volume
from registration.choices import SmsState
from registration.models import SmsMessage

# A worker that died while sending leaves its row here; sending again could reach a person twice.
STUCK_AFTER = timedelta(minutes=2)
# A code that could not be handed over for so long is of no use to anyone; a notice still is the next day.
CODE_GIVEN_UP_AFTER, NOTICE_GIVEN_UP_AFTER = timedelta(minutes=5), timedelta(days=1)
# Seconds between two tries double up to these.
LONGEST_WAIT_FOR_CODE, LONGEST_WAIT_FOR_NOTICE = 60, 600
# The bell of a second try may ring on a worker whose clock is a little slow.
EARLY = timedelta(seconds=1)
PLACEHOLDER = re.compile(r"\{\{ *(\w+) *\}\}")
logger = logging.getLogger(__name__)


def waiting(limit=500):
    """Ids of messages that are due and that nobody has taken yet, oldest first."""
    return list(due().order_by("pk").values_list("pk", flat=True)[:limit])


def due():
    now = timezone.now()
    return SmsMessage.objects.filter(Q(due_at=None) | Q(due_at__lte=now + EARLY), state=SmsState.WAITING)


def deliver(message_id):
    """Send one waiting message and note the outcome; safe to repeat, only one worker ever sends it.

    Returns after how many seconds to come again, None when there is nothing left to do.
    """
    taken = due().filter(pk=message_id).update(state=SmsState.SENDING, taken_at=timezone.now())
    if not taken:
        return None
    message = SmsMessage.objects.get(pk=message_id)
    if message.created_at < timezone.now() - given_up_after(message):
        settle(message, SmsState.REFUSED, "超过有效时间，未发送")
    elif message.template == recovery.TEMPLATE:
        answer(message)
    elif is_code(message) and volume.is_used_up():
        settle(message, SmsState.REFUSED, "当日短信额度已用完，未发送")
    else:
        return hand_over(message)
    return None


@transaction.atomic
def answer(message):
    """Answer one question of 找回密码; question and answer are settled together or not at all."""
    settle(message, SmsState.SENT, recovery.answer(message))


def hand_over(message):
    """Give one text to the gateways. Certainly not sent: the row waits, and the seconds until the next try come back."""
    template = get_template(f"sms/{message.template}.txt")
    names = dict.fromkeys(PLACEHOLDER.findall(template.template.source))
    values = {name: str(message.context.get(name, "")) for name in names}
    try:
        outcome = sms.send(
            message.phone,
            template.render(message.context).strip(),
            template=message.template,
            values=values,
            breaker=breaker.DatabaseBreaker(),
        )
    except sms.GatewayError:
        return put_back(message)
    settle(message, SmsState(outcome.status), outcome.detail, outcome.backend)
    if outcome.status != "refused":
        volume.count_text()
    return None


def put_back(message):
    """Let a message that certainly was not sent wait for its next try; the seconds until then."""
    longest = LONGEST_WAIT_FOR_CODE if is_code(message) else LONGEST_WAIT_FOR_NOTICE
    tries = message.tries + 1
    seconds = min(2**tries, longest)
    logger.warning("SMS %s not sent at try %s, next one in %s s", message.pk, tries, seconds)
    SmsMessage.objects.filter(pk=message.pk, state=SmsState.SENDING).update(
        state=SmsState.WAITING, tries=tries, due_at=timezone.now() + timedelta(seconds=seconds)
    )
    return seconds


@transaction.atomic
def settle(message, state, detail, backend=""):
    """Note the outcome, forget the text, and give a definitely refused code back to its phone."""
    settled = SmsMessage.objects.filter(pk=message.pk, state=SmsState.SENDING).update(
        state=state, outcome=detail[:200], backend=backend[:40], settled_at=timezone.now(), context={}
    )
    # Once: a row that was settled meanwhile keeps its outcome, and its count.
    if settled and state == SmsState.REFUSED and is_code(message):
        day = timezone.localdate(message.created_at, SHANGHAI)
        limits.give_back("sms_day", message.phone_key, day=day)
        limits.clear("sms_pause", message.phone_key)


def settle_stuck():
    """Close messages whose worker died while sending: nobody knows whether they went out, so they count as sent.

    A question of 找回密码 was not answered then, and is asked again.
    """
    rows = SmsMessage.objects.filter(state=SmsState.SENDING, taken_at__lt=timezone.now() - STUCK_AFTER)
    rows.filter(template=recovery.TEMPLATE).update(state=SmsState.WAITING)
    return rows.update(state=SmsState.UNKNOWN, outcome="发送进程中断", settled_at=timezone.now(), context={})


def given_up_after(message):
    asks = message.template == recovery.TEMPLATE
    return CODE_GIVEN_UP_AFTER if asks or is_code(message) else NOTICE_GIVEN_UP_AFTER


def is_code(message):
    return message.template.startswith("code_")

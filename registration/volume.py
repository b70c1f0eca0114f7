"""How many texts in all: the day's budget and the minute's ceiling, and who hears of it.

An alarm is one log line and one audit row. The counters go up by one and each number is given out once, so each alarm
sounds once, whichever process is told the number.
"""

import logging

from django.conf import settings

from registration import audit, limits
from registration.limits import PLATFORM

ALARMS = (50, 75, 100)
logger = logging.getLogger(__name__)


def count_text():
    """Count one text that went out, or may have, towards the day's budget."""
    number = limits.add("sms_budget", PLATFORM)
    reached = [percent for percent in ALARMS if number == threshold(percent)]
    if reached:
        alarm("sms.budget", "SMS budget of the day: %s %% used", reached[-1])


def count_send():
    """Count one code that was asked for towards the minute's ceiling."""
    if limits.add("sms_minute", PLATFORM) == settings.SMS_PER_MINUTE:
        alarm("sms.minute", "SMS ceiling of the minute reached (%s %%), everybody proves some work", 100)


def alarm(kind, words, percent):
    logger.log(logging.ERROR if percent >= 100 else logging.WARNING, words, percent)
    audit.record(kind, actor=None, detail={"percent": percent})


def threshold(percent):
    """The number of texts at which so many percent of the budget are used, rounded up."""
    return -(-settings.SMS_DAILY_BUDGET * percent // 100)


def is_used_up():
    """Whether the day's budget is gone: no more codes then, while notices to owners still go out."""
    return limits.reached("sms_budget", PLATFORM)


def used_today():
    """How many texts went out today."""
    return limits.used("sms_budget", PLATFORM)

"""The Celery app and the timetable of periodic tasks."""

import os
import sys

from celery import Celery
from celery.schedules import crontab
from celery.signals import worker_init
from django.core.exceptions import ImproperlyConfigured
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "accounting_platform.settings")

TRANSPORT_ALIASES["filesystem"] = "accounting_platform.lib.broker:Transport"

app = Celery("accounting_platform")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "send what is waiting": {"task": "registration.tasks.sweep_messages", "schedule": 30},
    "settle new phones and exports": {"task": "registration.tasks.sweep_accounts", "schedule": 60},
    "forget spent codes and counts": {"task": "registration.tasks.purge", "schedule": crontab(minute=17)},
    "chain the audit": {"task": "registration.tasks.chain_audit", "schedule": 60},
    "process what is waiting": {"task": "collection.tasks.sweep_attachments", "schedule": 30},
    "go on with imports": {"task": "collection.tasks.sweep_imports", "schedule": 60},
    "close years": {"task": "education.tasks.close_years", "schedule": crontab(hour=0, minute=20)},
    "find proofs and trials": {"task": "education.tasks.sweep", "schedule": 60},
    "measure how schools return credits": {
        "task": "education.tasks.measure_health",
        "schedule": crontab(minute="*/15"),
    },
    "forget tickets and old bodies": {
        "task": "education.tasks.purge",
        "schedule": crontab(hour=3, minute=40),
    },
    "apply booked moves": {"task": "profile_changes.tasks.sweep_booked", "schedule": crontab(minute="*/10")},
}


@worker_init.connect
def check_before_work(**_):
    """A worker with wrong keys ends before it takes a task; Celery itself would only log what its signals raise."""
    from accounting_platform import start

    try:
        start.check()
    except ImproperlyConfigured as refusal:
        sys.exit(f"worker not started: {refusal}")

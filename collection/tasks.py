"""Work after the request: pictures."""

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded

from accounting_platform.lib.errors import DomainError
from collection import attachments

# Seconds for one picture. They hold in worker pools of processes (`celery worker --pool prefork`); the count of tries
# on the row stands in where a pool cannot interrupt.
TIME_LIMIT = 10


@shared_task(
    acks_late=True,
    ignore_result=True,
    soft_time_limit=TIME_LIMIT,
    time_limit=TIME_LIMIT + 2,
    autoretry_for=(OSError,),
    retry_backoff=True,
    max_retries=3,
)
def process_attachment(attachment_id):
    """Make the kept picture of one upload. Where the storage refuses, the sweep rings again."""
    try:
        attachments.process(attachment_id)
    except SoftTimeLimitExceeded:
        attachments.give_up(attachment_id)
    except DomainError:
        return


@shared_task(ignore_result=True)
def sweep_attachments():
    """Find pictures whose doorbell got lost and files that nothing names."""
    attachments.sweep()

"""Work after the request: pictures, imports of employers."""

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded

from accounting_platform.lib.errors import DomainError
from collection import attachments, employer_import, picture_sweep

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
    picture_sweep.sweep()


@shared_task(acks_late=True, ignore_result=True)
def import_employers(import_id):
    """Check or write one import of employers. One that fails is begun again by the sweep, three times at most."""
    employer_import.work(import_id)


@shared_task(ignore_result=True)
def sweep_imports():
    """Imports that wait, got stuck or were never confirmed."""
    employer_import.sweep()

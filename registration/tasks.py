"""Doorbells: each takes an id or nothing, calls one function and may run twice unharmed."""

from celery import shared_task

from registration import chain, dispatch, export, housekeeping, lost_phone, outbox, papers, shares


@shared_task
def send_message(message_id):
    """Send one outbox message; one that certainly was not sent is rung for again later."""
    seconds = dispatch.deliver(message_id)
    if seconds:
        outbox.ring(message_id, after=seconds)


@shared_task
def sweep_messages():
    """Ring again for messages whose bell was lost."""
    dispatch.settle_stuck()
    for message_id in dispatch.waiting():
        outbox.ring(message_id)


@shared_task
def chain_audit():
    """Chain the audit rows of the last minutes."""
    chain.extend()


@shared_task
def purge():
    """Forget codes, counts, sessions and sent messages that serve nothing any more."""
    housekeeping.purge()


@shared_task
def match_lost_phone(request_id):
    """Find whom a request for a new phone concerns."""
    lost_phone.match(request_id)


@shared_task
def make_export(export_id):
    """Make the file of one data export. One that fails is begun again by the sweep, three times at most."""
    export.make(export_id)


@shared_task(soft_time_limit=60, time_limit=70)
def make_paper(paper_id):
    """Make one PDF. One that fails is begun again by the sweep, three times at most."""
    papers.PAPERS.make(paper_id)


@shared_task
def sweep_accounts():
    """Requests for new phones whose time has come; files that wait, got stuck or have expired; shares that ended."""
    lost_phone.sweep()
    export.sweep()
    papers.PAPERS.sweep()
    shares.sweep()

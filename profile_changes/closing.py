"""What closing an account does to the record of changes: addresses go out of it, a booked move is withdrawn."""

from collection.closing import ERASED, GONE, locked
from profile_changes.models import ChangeRequest
from profile_changes.services import booked_of


def warnings(accountant):
    """A booked move, if there is one, will not happen."""
    waiting = ChangeRequest.objects.filter(
        profile__accountant=accountant, status=ChangeRequest.Status.BOOKED
    ).exists()
    return ["您预约的行政区划变更会撤回。"] if waiting else []


def erase(accountant):
    """Withdraw what is booked, and put the deleted answers out of all changes."""
    profile = locked(accountant)
    if profile is None:
        return
    for change in booked_of(profile):
        change.settle(ChangeRequest.Status.WITHDRAWN, "账号已注销")
    for change in ChangeRequest.objects.filter(profile=profile):
        if change.differences.keys() & set(ERASED):
            change.differences = {name: gone(name, pair) for name, pair in change.differences.items()}
            change.save(update_fields=["differences"])


def gone(name, pair):
    return [GONE if value else value for value in pair] if name in ERASED else pair


def reopen(accountant):
    """Nothing is booked any more; the record of changes was never away."""

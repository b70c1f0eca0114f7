"""登录 of accountants by document number and password; every failure looks and lasts the same."""

from django.contrib import auth

from accounting_platform.lib import context
from accounting_platform.lib.errors import DomainError
from registration import accounts, audit, limits, proof
from registration.models import Accountant, User

REFUSAL = "证件号码或密码不正确"
BACKEND = "registration.backends.AccountBackend"
# From this many failures on, the page offers 找回密码.
OFFER_RECOVERY_AFTER = 3


def log_in(request, number, password):
    """Log the session in and return the user, or raise DomainError: 400 for wrong answers, 429 while the number is
    locked or a proof of work is missing."""
    address, keys = limits.address_key(context.client_address()), accounts.keys_of_number(number)
    failures, people = accounts.users_of_keys(keys, counted=limits.query("login_address", address))
    if takes_proof(address, failures):
        proof.spend(request)
    key = accounts.attempts_key(number)
    try:
        # Counted before the password is looked at, so tries at once are not more tries; a success clears it.
        remaining = limits.count("login", key)
    except DomainError:
        audit.record("login.refused", actor=None, result="locked")
        raise
    user = proven(people, password, hashes=max(1, len(keys)))
    if user is None:
        count_address()
        kind = "login.locked" if remaining == 0 else "login.failed"
        audit.record(kind, actor=None, subject=person_of(people[0]) if people else None, result="refused")
        raise DomainError(REFUSAL, code="login")
    auth.login(request, user, backend=BACKEND)
    audit.record("login.ok", actor=user, subject=person_of(user), after=limits.clearing("login", key))
    return user


def person_of(user):
    """The accountant of a user as far as the audit needs it, without reading it."""
    return Accountant.from_db(None, ["id"], [user.accountant_key])


def proven(people, password, *, hashes):
    """The one of these users whose password this is. A refusal takes `hashes` hashes, however many accounts there are."""
    for user in people:
        if user.check_password(password) and user.is_active:
            return user
    for _ in range(hashes - len(people)):
        User().set_password(password)
    return None


def offers_recovery(number):
    """Whether this number has failed so often that 找回密码 should be offered; the same for unknown numbers."""
    limit = limits.LIMITS["login"]
    return limit.maximum - limits.left("login", accounts.attempts_key(number)) >= OFFER_RECOVERY_AFTER


def proof_wanted():
    """Whether so many log-ins from this client address failed that the next one takes a proof of work."""
    address = limits.address_key(context.client_address())
    return bool(address) and takes_proof(address, limits.used("login_address", address))


def takes_proof(address, failures):
    """Whether a log-in from an address of so many failures takes a proof; one that tells nothing has none."""
    return bool(address) and failures > limits.LIMITS["login_address"].most


def count_address():
    """Count one failure of this client address."""
    key = limits.address_key(context.client_address())
    if key:
        limits.add("login_address", key)

"""The two steps of the staff log-in: the password opens a short wait, the code ends it and logs in."""

import time

import django_otp
from django.contrib import auth
from django.utils.crypto import constant_time_compare

from accounting_platform.lib.errors import DomainError
from registration import audit, limits
from registration.models import User

BACKEND = "registration.backends.AccountBackend"
# Where the session keeps who has shown a password and no code yet. Until then nobody is logged in.
WAITING = "staff_login"
WAITING_SECONDS = 600


def begin(request, user, *, target):
    """Note that this account's password was shown; `target` is where the log-in leads to."""
    request.session.cycle_key()
    request.session[WAITING] = {
        "user": user.pk,
        "password": user.get_session_auth_hash(),
        "since": int(time.time()),
        "target": target,
    }


def waiting_user(request):
    """The account whose password was shown in this session less than ten minutes ago, else None."""
    told = request.session.get(WAITING)
    if not told or time.time() - told["since"] > WAITING_SECONDS:
        return None
    user = User.objects.filter(pk=told["user"], is_active=True).first()
    if user is None or not user.is_staff:
        return None
    # A password changed meanwhile ends the wait.
    return user if constant_time_compare(told["password"], user.get_session_auth_hash()) else None


def finish(request, user, device):
    """Log in with both proofs and return where to go."""
    told = request.session.pop(WAITING, {})
    auth.login(request, user, backend=BACKEND)
    django_otp.login(request, device)
    audit.record("login.ok", actor=user, subject=user, detail={"site": "staff"})
    return told.get("target", "")


def check_password(user, typed):
    """Refuse a wrong current password of somebody logged in; five wrong ones close this way for a quarter of an hour."""
    key = f"staff:{user.pk}"
    limits.count("password", key)
    if not user.check_password(typed):
        raise DomainError("当前密码不正确，请重新输入", field="password", code="password")
    limits.clear("password", key)

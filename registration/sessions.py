"""How long a log-in lasts: half an hour without use (a setting), twelve hours in all."""

import time

from django.conf import settings
from django.contrib.auth.models import update_last_login
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver

SINCE, SEEN = "since", "seen"
WRITE_EVERY = 60


# In the place of Django's own receiver, which would write last_login of everybody: it is shown of staff alone.
@receiver(user_logged_in, dispatch_uid="update_last_login")
def begin(sender, request, user, **kwargs):
    """Start both clocks at every log-in, whichever page it came from."""
    request.session[SINCE] = request.session[SEEN] = int(time.time())
    if user.is_staff:
        update_last_login(sender, user)


def is_over(session):
    """Whether this log-in has gone unused too long, or has lasted its time."""
    now = time.time()
    unused, lasted = now - session.get(SEEN, 0), now - session.get(SINCE, 0)
    return unused > settings.SESSION_IDLE_SECONDS or lasted > settings.SESSION_COOKIE_AGE


def touch(session):
    """Note the use, at most once a minute, so that pages stay free of writes."""
    now = int(time.time())
    if now - session.get(SEEN, 0) >= min(WRITE_EVERY, settings.SESSION_IDLE_SECONDS // 4):
        session[SEEN] = now


def seconds_left(session):
    """Until when this log-in lasts if nothing more is done, in seconds from now."""
    seen, since = session.get(SEEN, 0), session.get(SINCE, 0)
    ends = min(seen + settings.SESSION_IDLE_SECONDS, since + settings.SESSION_COOKIE_AGE)
    return max(0, int(ends - time.time()))


def not_a_use(view):
    """Mark a view that pages ask by themselves: being asked is no sign that somebody sits before the screen."""
    view.is_no_use = True
    return view

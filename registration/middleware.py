"""Ends log-ins that have lasted too long."""

from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout

from registration import sessions

EXPIRED = "登录已超时，请重新登录"


class SessionAgeMiddleware:
    """Logs out after the idle or the absolute time; member pages then lead to the log-in page by themselves.

    Pages find in `request.session_seconds` how long the log-in lasts, None for visitors.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.login_expired, request.session_seconds = False, None
        if SESSION_KEY in request.session and sessions.is_over(request.session):
            logout(request)
            request.login_expired = True
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        # Only here does the message storage exist, and is known what was asked for.
        if request.login_expired:
            messages.warning(request, EXPIRED)
        elif SESSION_KEY in request.session:
            if not getattr(view_func, "is_no_use", False):
                sessions.touch(request.session)
            request.session_seconds = sessions.seconds_left(request.session)

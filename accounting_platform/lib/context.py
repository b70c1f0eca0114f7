"""Which request is being served: its number and the client's address, for audit rows, logs and error pages.

Set by RequestContextMiddleware; outside a request (tasks, commands) both are empty.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class RequestContext:
    """What every line written during one request has in common."""

    request_id: str = ""
    address: str = ""


OUTSIDE = RequestContext()
_current = ContextVar("request_context", default=OUTSIDE)


def current():
    """The context of the request being served, an empty one outside of requests."""
    return _current.get()


def request_id():
    """The number a caller can quote on the phone."""
    return _current.get().request_id


def client_address():
    """The client's address as far as the configured proxies can be trusted."""
    return _current.get().address


@contextmanager
def bound(context):
    """Serve under this context, then restore the one before."""
    token = _current.set(context)
    try:
        yield context
    finally:
        _current.reset(token)

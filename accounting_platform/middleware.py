"""What happens around every request: its number, headers, methods, size, caching, and what went wrong."""

import ipaddress
import re
import uuid
from functools import cached_property

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import UnreadablePostError

from accounting_platform import views
from accounting_platform.lib import context
from accounting_platform.lib.errors import DomainError

MAX_BODY = 13 * 1024 * 1024
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
UTF_8 = ("utf-8", "utf8")
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")
SESSION_KEY = re.compile(r"[a-z0-9]{32}")
# Said again where Django's own middleware says it, since an answer may be made before that is reached.
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Permitted-Cross-Domain-Policies": "none",
}


def client_address(meta, proxies):
    """The address seen by the outermost of our own proxies; whatever others wrote into the header counts for nothing."""
    peer = meta.get("REMOTE_ADDR", "")
    forwarded = [part.strip() for part in meta.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    if 0 < proxies <= len(forwarded):
        peer = forwarded[-proxies]
    try:
        return str(ipaddress.ip_address(peer.strip("[]")))
    except ValueError:
        return ""


def announced_length(meta):
    """Content-Length as a number; whatever is none counts as nothing, as it does for Django."""
    told = meta.get("CONTENT_LENGTH") or "0"
    if not (told.isascii() and told.isdecimal()):
        return 0
    return int(told) if len(told) < 20 else MAX_BODY + 1


class RequestContextMiddleware:
    """Numbers the request, notes who calls, and puts the headers that hold everywhere on every answer."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        current = context.RequestContext(
            request_id=uuid.uuid4().hex[:16],
            address=client_address(request.META, settings.TRUSTED_PROXIES),
        )
        request.request_id = current.request_id
        with context.bound(current):
            response = self.get_response(request)
        response["X-Request-ID"] = current.request_id
        for name, value in HEADERS.items():
            response.setdefault(name, value)
        return response


class PolicyMiddleware(CSPMiddleware):
    """django-csp's, with the policy of nearly all pages put together once instead of for every answer."""

    OF_ITS_OWN = ("_csp_config", "_csp_update", "_csp_replace", "_csp_exempt")

    @cached_property
    def policy(self):
        return build_policy()

    def process_response(self, request, response):
        if any(name in vars(response) for name in self.OF_ITS_OWN):
            return super().process_response(request, response)
        response.setdefault(HEADER, self.policy)
        return response


class MethodMiddleware:
    """405 for methods that no page has, and words instead of a blank page wherever a method does not fit."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method not in METHODS:
            return views.not_allowed(request, METHODS)
        response = self.get_response(request)
        if response.status_code == 405 and not response.streaming and self.is_plain(request, response):
            return views.not_allowed(request, response.headers.get("Allow", "").split(", "))
        return response

    def is_plain(self, request, response):
        """An empty page, or under /api/ one that is no problem document."""
        kind = response.headers.get("Content-Type", "")
        return not response.content or request.path.startswith("/api/") and "problem" not in kind


class SessionCookieMiddleware:
    """Drops a session cookie that this server cannot have issued, so that nothing odd is ever looked up."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        name = settings.SESSION_COOKIE_NAME
        if name in request.COOKIES and not SESSION_KEY.fullmatch(request.COOKIES[name]):
            del request.COOKIES[name]
        return self.get_response(request)


class BodyMiddleware:
    """Refuses a body over 13 MiB by its announced length, before a byte of it is read; one in a foreign character
    set, and one that never comes."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if announced_length(request.META) > MAX_BODY:
            return views.too_large(request)
        foreign = request.content_params.get("charset", "utf-8").lower() not in UTF_8
        # The schools' interface reads bytes and has an answer of its own (415) for them; forms are read by Django.
        if foreign and (request.content_type in FORM_TYPES or not request.path.startswith("/api/")):
            return views.bad_request(request)
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        # Read before the CSRF check, which would take a form that stops half-way for one without a token.
        if request.method == "POST" and request.content_type in FORM_TYPES:
            try:
                request.POST  # noqa: B018  (reading is the point)
            except UnreadablePostError:
                return views.bad_request(request)
        return None


class FaultMiddleware:
    """What a view could not go on with, as an answer: a refusal, a body that broke off, a missing database."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if isinstance(exception, views.DATABASE_ERRORS):
            return views.unavailable(request, exception)
        if isinstance(exception, DomainError):
            return views.refused(request, exception)
        if isinstance(exception, UnreadablePostError):
            return views.bad_request(request)
        return None


class NoStoreMiddleware:
    """Keeps pages of anyone with a session out of every cache, unless the view decided otherwise."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        name = settings.SESSION_COOKIE_NAME
        if name in request.COOKIES or name in response.cookies:
            response.setdefault("Cache-Control", "no-store")
        return response

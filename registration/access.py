"""Who may see or do what: members, members who have finished 信息采集, staff of a division."""

from functools import wraps
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from registration.choices import UserKind

PROVINCE = "44"


def accountant_required(view):
    """For members' pages: visitors go to the log-in page and come back, other kinds of account get 404.

    The view finds the person in `request.accountant`.
    """

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not request.user.is_authenticated:
            return to_login(request)
        accountant = getattr(request.user, "accountant", None)
        if request.user.kind != UserKind.ACCOUNTANT or accountant is None:
            raise Http404("this page belongs to accountants")
        request.accountant = accountant
        return view(request, *args, **kwargs)

    return guarded


def collected_required(view):
    """For members who have finished 信息采集; the others are led to where it is finished."""

    @wraps(view)
    @accountant_required
    def guarded(request, *args, **kwargs):
        if not request.accountant.is_collected:
            return redirect(resolve_url(settings.LOGIN_REDIRECT_URL) + "?from=education")
        return view(request, *args, **kwargs)

    return guarded


def to_login(request):
    """The log-in page with the way back. A fragment request moves the whole page there."""
    if request.headers.get("HX-Request"):
        try:
            page = urlsplit(request.headers.get("HX-Current-URL", "")).path or "/"
        except ValueError:
            page = "/"
        return HttpResponse(headers={"HX-Redirect": redirect_to_login(page).url})
    # What was posted cannot be repeated after the log-in, so the page alone is.
    return redirect_to_login(request.get_full_path() if request.method == "GET" else request.path)


def own_path(target):
    """A way back that somebody gave, when it is a path on this host; else "": whole addresses are dropped."""
    safe = target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return target if safe else ""


def covers(scope, division):
    """Whether staff of `scope` (44, 4401, 440106, 440000-B) are in charge of a division code."""
    if scope == PROVINCE:
        return True
    return bool(scope) and bool(division) and division.startswith(scope)


def prefixes(division):
    """The scopes that cover a division, widest first: 440106 -> 44, 4401, 440106."""
    if not division:
        return []
    if division.endswith("-B"):
        return [division[:2], division]
    parts = [division[:2], division[:4], division]
    return list(dict.fromkeys(parts))


def scope_of(user):
    """The division code prefix a staff account is in charge of; superusers without one have the province."""
    return user.division_scope or (PROVINCE if user.is_superuser else "")


class DivisionScoped:
    """Admin mixin: staff see and touch only rows of their own division; `division_path` leads to its code.

    With `division_path` None the rows belong to no division and only the province sees them.
    """

    division_path = None

    def get_queryset(self, request):
        scope = scope_of(request.user)
        rows = super().get_queryset(request)
        if scope == PROVINCE:
            return rows
        if not scope or self.division_path is None:
            return rows.none()
        return rows.filter(Q(**{f"{self.division_path}__startswith": scope}))

"""What staff search for is somebody's number more often than not: the box posts it, and addresses carry it sealed."""

import base64
import binascii

from django.contrib.admin.views.main import PAGE_VAR, SEARCH_VAR, ChangeList
from django.shortcuts import redirect
from django.utils.http import urlencode

from accounting_platform.lib.encryption import SealError, seal, unseal

MARK, CONTEXT, LONGEST = "~", "admin.search", 100
# Filters beside the search; an address has its limits.
MOST_KEPT = 20
NOT_KEPT = {SEARCH_VAR, PAGE_VAR, "csrfmiddlewaretoken"}


class QuietSearch:
    """Admin mixin: a posted search leads to a list whose address tells nothing of it."""

    def get_changelist(self, request, **kwargs):
        return QuietChangeList

    def changelist_view(self, request, extra_context=None):
        if request.method == "POST" and SEARCH_VAR in request.POST:
            asked = ((name, value) for name, value in request.POST.items() if name not in NOT_KEPT)
            kept = {name: value for name, value in list(asked)[:MOST_KEPT] if len(name + value) <= LONGEST}
            if term := request.POST[SEARCH_VAR].strip()[:LONGEST]:
                kept[SEARCH_VAR] = sealed_term(term)
            return redirect(f"{request.path}?{urlencode(kept)}")
        return super().changelist_view(request, extra_context)


class QuietChangeList(ChangeList):
    """A list that searches for what its address holds sealed, and shows it in the box."""

    def get_queryset(self, request, **options):
        self.query = opened_term(self.query)
        return super().get_queryset(request, **options)


def sealed_term(term):
    return MARK + base64.urlsafe_b64encode(seal(term.encode(), CONTEXT)).decode()


def opened_term(query):
    """What was searched for; nothing when the address was touched or its key has gone."""
    if not query.startswith(MARK):
        return query
    try:
        return unseal(base64.urlsafe_b64decode(query.removeprefix(MARK)), CONTEXT).decode()
    except (binascii.Error, ValueError, SealError):
        return ""

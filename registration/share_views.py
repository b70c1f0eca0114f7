"""分享与核验: a member's own shares, and the public page to which their links lead."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST, require_safe

from accounting_platform.lib import context, pdf, qr
from accounting_platform.lib.errors import DomainError
from registration import limits, papers, shares
from registration.access import accountant_required
from registration.models import Share
from registration.share_forms import ShareForm
from registration.views import answer, page, posted, refuse


@require_GET
@accountant_required
def share_list(request):
    """我的分享: what is shown to others now, and what was."""
    found = {"live": shares.live(request.accountant), "ended": shares.ended(request.accountant)}
    return render(request, "registration/shares.html", found)


@page
@accountant_required
def new_share(request, kind):
    """Choose what of one paper becomes public, and until when."""
    sheet = papers.find(request.accountant, kind, request.GET.get("of", ""))
    form = ShareForm(sheet, posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            share = shares.create(request.accountant, sheet, **form.cleaned_data)
        except DomainError as refusal:
            refuse(form, refusal)
            return answer(request, "registration/share_new.html", form, status=refusal.status, sheet=sheet)
        return redirect("registration:share", share.pk)
    return answer(request, "registration/share_new.html", form, sheet=sheet)


@require_GET
@accountant_required
def share(request, pk):
    """One share: its link and QR code, what it shows, how often it was looked at, 撤销."""
    found = get_object_or_404(Share, pk=pk, accountant=request.accountant)
    found.accountant = request.accountant
    sheets = papers.sheet_class(found.kind)
    facts = {
        "share": found,
        "sheets": sheets,
        "standing": shares.standing(found),
        "titles": sheets.titles(found.groups),
        "qr": qr.picture(found.url) if found.is_live else "",
        "has_pdf": pdf.is_available(),
    }
    return render(request, "registration/share.html", facts)


@require_POST
@accountant_required
def revoke_share(request, pk):
    """撤销分享, at once."""
    found = get_object_or_404(Share, pk=pk, accountant=request.accountant)
    shares.revoke(found, by=request.user)
    messages.success(request, "分享已撤销，链接和二维码不再显示任何内容")
    return redirect("registration:shares")


# --- the public page


@require_safe
def verify(request, token):
    """核验: what the owner shares, and how it stands; for whoever has the link, without a log-in."""
    refuse_guessing(key := limits.address_key(context.current().address))
    found = shares.by_token(token)
    if found is None and key:
        limits.add("verify", key)
    standing = found and shares.standing(found)
    if standing and standing.shows and request.method == "GET" and not is_owner(request, found):
        shares.count_view(found)
    facts = {"share": found, "standing": standing, "sheets": found and papers.sheet_class(found.kind)}
    response = render(request, "registration/verify.html", facts, status=200 if found else 404)
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


def refuse_guessing(key):
    """429 for an address from which too many links led nowhere."""
    if key and limits.reached("verify", key):
        raise limits.refusal(limits.LIMITS["verify"], key)


def is_owner(request, found):
    return request.user.pk == found.accountant.user_id

"""Pictures going up and down, and the search for an employer."""

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST, require_safe

from accounting_platform.lib.errors import DomainError
from collection import attachments, employers, picture_rules
from collection.choices import AttachmentState
from collection.models import Attachment, Profile
from registration.access import accountant_required


@accountant_required
@require_POST
def upload(request):
    """One picture of one kind, or 不换了: a script gets the slot back, a plain form goes back to its page."""
    profile = own_profile(request)
    kind = known_kind(profile, request.POST.get("kind"))
    if "withdraw" in request.POST:
        attachments.withdraw_new(profile, kind)
        return slot_answer(request, profile, kind) if request.htmx else redirect(way_back(request, kind))
    try:
        if "file" not in request.FILES:
            raise DomainError("请先选择一张照片。", field="file")
        attachments.receive(profile, kind, request.FILES["file"], by=request.user)
    except DomainError as error:
        return slot_answer(request, profile, kind, error=error.message, status=error.status)
    if request.htmx:
        return slot_answer(request, profile, kind)
    return redirect(way_back(request, kind))


@accountant_required
@require_GET
def attachment_state(request, kind):
    """The slot of one kind as it stands now; polled while a picture is being processed."""
    profile = own_profile(request)
    found = attachments.slot(profile, known_kind(profile, kind))
    if found.pending and str(found.pending.pk) == request.GET.get("seen"):
        # Nothing new: the page keeps what it shows.
        return HttpResponse(status=204)
    return slot_answer(request, profile, kind)


@accountant_required
@require_safe
def attachment(request, pk):
    """One picture, for its owner alone."""
    owned = Attachment.objects.filter(profile__accountant=request.accountant)
    found = get_object_or_404(owned, pk=pk, state=AttachmentState.READY, replaced_at=None)
    try:
        return picture_response(found)
    except FileNotFoundError:
        raise Http404("这张照片暂时找不到，请重新上传。") from None


def picture_response(found):
    """A picture as it may be handed out: never cached, never run, under a name of ours."""
    response = HttpResponse(attachments.read(found), content_type="image/jpeg")
    response["Content-Disposition"] = f'inline; filename="{found.kind}.jpg"'
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@accountant_required
@require_GET
def employer_search(request):
    """At most ten employers for `?q=`, with what the form can fill in."""
    found = employers.find(request.GET.get("q", "")[:100])
    return JsonResponse({"employers": [employer_facts(employer) for employer in found]})


def employer_facts(employer):
    return {
        "name": employer.name,
        "credit_code": employer.credit_code,
        "industry": employer.industry,
        "economic_type": employer.economic_type,
        "address": employer.address,
        "phone": employer.phone,
    }


# --- parts


def own_profile(request):
    return get_object_or_404(Profile.objects.select_related("accountant"), accountant=request.accountant)


def known_kind(profile, kind):
    if kind not in picture_rules.acceptable(profile):
        raise Http404("没有这种照片。")
    return kind


def slot_answer(request, profile, kind, *, error="", status=200):
    """The slot alone for a script, on a page of its own otherwise."""
    context = {"slot": attachments.slot(profile, kind), "error": error, "back": way_back(request, kind)}
    template = "collection/_picture_slot.html" if request.htmx else "collection/picture.html"
    return render(request, template, context, status=status)


def way_back(request, kind):
    """The page the form stood on, else the step that asks for this picture."""
    given = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(given, {request.get_host()}, require_https=request.is_secure()):
        return given
    return reverse("collection:section", args=[picture_rules.RULES[kind].section])

"""What the page of a section's form needs, in the wizard and in 信息变更 alike, and how an answer to it goes on."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render, resolve_url

from collection import attachments, conflicts
from collection.wizard import Wizard

CONFLICT_TEMPLATE = "collection/conflict.html"


def go(request, to):
    """On to another page; in_place.js, which posted in the background, is told where that is."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": resolve_url(to)})
    return redirect(to)


def way_instead(request, profile, key):
    """Where somebody belongs who may not open this step now, else None."""
    if profile.is_submitted:
        return go(request, "collection:status")
    wizard = Wizard(profile)
    if wizard.may_open(key):
        return None
    messages.info(request, wizard.reason)
    return go(request, wizard.next_url)


def form_context(answers, data=None, *, errors=(), rearranged=False):
    """The form of a section as stored, or as typed in `data`; a page only rearranged stays as old as it was."""
    profile = answers.original
    is_old = rearranged and data is not None
    confirmed = data.getlist("confirmed") if hasattr(data, "getlist") else []
    return {
        "section": answers.section,
        "answers": answers,
        "errors": errors,
        "profile": profile,
        "version": data.get("version", "") if is_old else profile.version,
        "drawn": data.get("drawn", "") if is_old else conflicts.drawn(answers),
        "confirmed": [*confirmed, *(one.token for one in answers.findings)],
        "slots": answers.slots or attachments.slots(profile, answers.section, duty_status=answers.status),
    }


def conflict(request, section, profile, *, button, back, locked=(), **more):
    """409: what is saved beside what was typed, to be chosen answer by answer; nothing is lost meanwhile."""
    page = section.form_for(profile, request.POST, locked=locked)
    context = {
        "section": section,
        "version": profile.version,
        "versions": conflicts.versions(page, request.POST),
        "typed": conflicts.typed_pairs(request.POST),
        "button": button,
        "back": back,
    }
    return render(request, CONFLICT_TEMPLATE, context | more, status=409)

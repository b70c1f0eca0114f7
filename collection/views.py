"""采集状态, 阅读须知, 检查并提交; the steps between are in section_views.py."""

from django import forms
from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounting_platform.lib.errors import DomainError
from collection import archive, attachments, coach, codes, pages, services
from collection.preload import preload
from collection.sections import SECTION_BY_KEY, SECTIONS
from collection.wizard import KEYS, NOTICE, REVIEW, Wizard, standing
from registration.access import accountant_required

PROMISE = "我承诺填写信息的真实性，并对所填内容负责"


class PromiseForm(forms.Form):
    """承诺填写信息的真实性: of the notice before, and of the check page after."""

    promise = forms.BooleanField(label=PROMISE, error_messages={"required": "请勾选“承诺填写信息的真实性”"})

    def __init__(self, *args, **kwargs):
        super().__init__(*args, use_required_attribute=False, **kwargs)


@accountant_required
@require_safe
def status(request):
    """采集状态: one sentence, one button; after submission the number and what comes next."""
    profile = services.profile_of(request.accountant)
    context = {
        "profile": profile,
        "standing": standing(profile),
        "for_education": request.GET.get("from") == "education" and not profile.is_submitted,
        "steps": None if profile.is_submitted else Wizard(profile).steps(None),
    }
    return render(request, "collection/status.html", context)


@accountant_required
@require_http_methods(["GET", "HEAD", "POST"])
def notice(request):
    """Step 2: the notice and the promise. The draft begins here."""
    profile = services.profile_of(request.accountant)
    if profile.is_submitted:
        return redirect("collection:status")
    initial = {"promise": Wizard(profile).is_done(NOTICE)}
    form = PromiseForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        draft = services.open_profile(request.accountant)
        draft = services.accept_notice(draft.pk, by=request.user)
        return pages.go(request, Wizard(draft).next_url)
    context = {"form": form, "steps": Wizard(profile).steps(NOTICE)}
    return render(request, "collection/notice.html", context, status=400 if form.is_bound else 200)


@accountant_required
@require_http_methods(["GET", "HEAD", "POST"])
def review(request):
    """Step 8: every answer once more, the promise, 提交."""
    profile = services.profile_of(request.accountant)
    if elsewhere := pages.way_instead(request, profile, REVIEW):
        return elsewhere
    form = PromiseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return submit(request, profile)
    wizard = Wizard(profile)
    preload(profile)
    panels = archive.panels(profile)
    context = {
        "form": form,
        "parts": [review_part(panel, profile) for panel in panels],
        "odd": findings_of(profile),
        "unanswered": unanswered(panels),
        "steps": wizard.steps(REVIEW),
        "previous_url": wizard.previous_url(REVIEW),
    }
    return render(request, "collection/review.html", context, status=400 if form.is_bound else 200)


def findings_of(profile):
    """What looks odd in all answers together, each with its section and the way to the field."""
    steps = [section.key for section in SECTIONS]
    found = sorted(coach.warnings(profile, profile_rows(profile)), key=lambda one: steps.index(one.section))
    return [
        {"words": one.short, "name": name_of(one), "url": f"{Wizard.url(one.section)}#{one.place}"}
        for one in found
    ]


def profile_rows(profile):
    """{list key: stored rows} of all lists."""
    return {key: rows for one in SECTIONS for key, rows in one.saved_rows(profile).items()}


def name_of(finding):
    return SECTION_BY_KEY[finding.section].name_of(finding.rule.field, finding.list_key)


def review_part(panel, profile):
    """A panel with the way back to its step and its pictures; who somebody is has neither."""
    asked = SECTION_BY_KEY.get(panel.key)
    pictures = attachments.ready(profile, asked.attachment_kinds(profile)) if asked else []
    return {"panel": panel, "pictures": pictures, "url": Wizard.url(panel.key) if asked else None}


def unanswered(panels):
    """The labels of what was left open; all of it is optional, or the step would not be done."""
    return list(
        dict.fromkeys(row.label for panel in panels for row in panel.rows if row.value == archive.EMPTY)
    )


def submit(request, profile):
    """Make the archive, or lead to what is still missing."""
    try:
        services.submit(profile.pk, by=request.user)
    except DomainError as error:
        messages.error(request, error.message)
        return pages.go(request, Wizard.url(error.field) if error.field in KEYS else "collection:status")
    messages.success(request, "提交成功，您的会计人员信息档案已自动生成")
    return pages.go(request, "collection:status")


@accountant_required
@require_safe
def division_search(request):
    """At most ten divisions for `?q=` in Chinese, pinyin, initials or code, with the parts of the picker."""
    found = codes.search_divisions(request.GET.get("q", "")[:40])
    parts = [(code, name, *codes.division_parts(code)) for code, name in found]
    names = ("code", "name", "city", "county")
    return JsonResponse({"divisions": [dict(zip(names, part, strict=True)) for part in parts]})

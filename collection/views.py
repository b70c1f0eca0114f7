"""采集状态, 阅读须知, the sections, 检查并提交."""

from django import forms
from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounting_platform.lib import clock
from accounting_platform.lib.errors import DomainError
from collection import archive, attachments, codes, notices, services
from collection.answers import REARRANGING
from collection.preload import preload
from collection.sections import SECTION_BY_KEY
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
        return redirect(Wizard(draft).next_url)
    context = {"form": form, "steps": Wizard(profile).steps(NOTICE)}
    return render(request, "collection/notice.html", context, status=400 if form.is_bound else 200)


@accountant_required
@require_http_methods(["GET", "HEAD", "POST"])
def section(request, key):
    """Steps 3 to 7: show one section; once it is saved, go to the first one still open."""
    asked = SECTION_BY_KEY.get(key)
    if asked is None:
        raise Http404(f"no section {key!r}")
    profile = services.profile_of(request.accountant)
    if elsewhere := way_instead(request, profile, key):
        return elsewhere
    if request.method != "POST":
        return draw_section(request, asked.form_for(profile))
    if REARRANGING & request.POST.keys():
        return draw_section(request, asked.form_for(profile, request.POST).rearranged(request.POST))
    return save_section(request, profile, asked)


def save_section(request, profile, asked):
    """Answer to 下一步 and 保存并退出."""
    leave = "leave" in request.POST
    try:
        answers = services.save_section(profile.pk, asked, request.POST, by=request.user, leave=leave)
    except DomainError as error:
        if error.code != "stale":
            messages.error(request, error.message)
            return redirect("collection:status")
        return draw_conflict(request, asked, error)
    if leave:
        tell_what_was_kept(request, answers)
        return redirect("collection:status")
    if not answers.is_valid():
        return draw_section(request, answers, errors=answers.summary, status=400)
    url = Wizard(answers.profile).next_url
    # Who came from the check page to mend something returns to the place; who arrives there reads from the top.
    came_back = asked.key in profile.complete_sections and url == reverse("collection:review")
    return redirect(f"{url}#{asked.key}" if came_back else url)


def draw_section(request, answers, *, errors=(), status=200, **more):
    """One section's page, as stored or as typed."""
    wizard = Wizard(answers.original)
    key = answers.section.key
    context = {
        "section": answers.section,
        "answers": answers,
        "errors": errors,
        "profile": answers.original,
        "steps": wizard.steps(key),
        "previous_url": wizard.previous_url(key),
        "saved": saved_words(answers.original.saved_at),
        "slots": answers.slots
        or attachments.slots(answers.original, answers.section, duty_status=answers.status),
        "back": wizard.url(key),
    }
    return render(request, "collection/section.html", context | more, status=status)


def saved_words(moment):
    """14:32, with the day where that was not today."""
    if moment is None:
        return ""
    moment = timezone.localtime(moment)
    day = "" if moment.date() == clock.today() else f"{moment.year} 年 {moment.month} 月 {moment.day} 日 "
    return f"已保存 {day}{moment:%H:%M}"


def draw_conflict(request, asked, error):
    """409: what was typed is kept on the page, beside what is stored; saving again is a choice made knowingly."""
    profile = request.accountant.profile
    profile.refresh_from_db()
    answers = asked.form_for(profile, request.POST)
    differing = answers.differing_labels
    return draw_section(
        request, answers.quiet(), status=error.status, conflict=error.message, differing=differing
    )


def tell_what_was_kept(request, answers):
    messages.success(request, "已保存，下次登录可以从这里继续填写")
    if answers.refused_labels:
        messages.warning(request, f"以下内容有误，没有保存，请下次补正：{'、'.join(answers.refused_labels)}")


def way_instead(request, profile, key):
    """Where somebody belongs who may not open this step now, else None."""
    if profile.is_submitted:
        return redirect("collection:status")
    wizard = Wizard(profile)
    if wizard.may_open(key):
        return None
    messages.info(request, wizard.reason)
    return redirect(wizard.next_url)


@accountant_required
@require_http_methods(["GET", "HEAD", "POST"])
def review(request):
    """Step 8: every answer once more, the promise, 提交."""
    profile = services.profile_of(request.accountant)
    if elsewhere := way_instead(request, profile, REVIEW):
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
        "unanswered": unanswered(panels),
        "steps": wizard.steps(REVIEW),
        "previous_url": wizard.previous_url(REVIEW),
    }
    return render(request, "collection/review.html", context, status=400 if form.is_bound else 200)


def review_part(panel, profile):
    """A panel with what looks odd in it and the way back to its step; who somebody is has none."""
    asked = SECTION_BY_KEY.get(panel.key)
    odd = notices.for_section(asked, profile, asked.saved_rows(profile)) if asked else []
    return {"panel": panel, "notices": odd, "url": Wizard.url(panel.key) if asked else None}


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
        return redirect(Wizard.url(error.field) if error.field in KEYS else reverse("collection:status"))
    messages.success(request, "提交成功，您的会计人员信息档案已自动生成")
    return redirect("collection:status")


@accountant_required
@require_safe
def division_search(request):
    """At most ten divisions for `?q=` in Chinese, pinyin, initials or code, with the parts of the picker."""
    found = codes.search_divisions(request.GET.get("q", "")[:40])
    parts = [(code, name, *codes.division_parts(code)) for code, name in found]
    names = ("code", "name", "city", "county")
    return JsonResponse({"divisions": [dict(zip(names, part, strict=True)) for part in parts]})

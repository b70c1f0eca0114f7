"""Steps 3 to 7: one section's page, saving it, and what is said about it."""

from contextlib import suppress

from django.contrib import messages
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounting_platform.lib import clock
from accounting_platform.lib.errors import DomainError
from collection import conflicts, pages, services
from collection.answers import REARRANGING
from collection.sections import SECTION_BY_KEY, SECTIONS
from collection.wizard import REVIEW, Wizard
from registration.access import accountant_required


@accountant_required
@require_http_methods(["GET", "HEAD", "POST"])
def section(request, key):
    """Show one section; once it is saved, go to the first one still open."""
    asked = SECTION_BY_KEY.get(key)
    if asked is None:
        raise Http404(f"no section {key!r}")
    profile = services.profile_of(request.accountant)
    if elsewhere := pages.way_instead(request, profile, key):
        if request.method == "POST":
            keep_what_was_typed(request, profile, asked)
        return elsewhere
    if request.method != "POST":
        return show(request, asked.form_for(profile))
    if REARRANGING & request.POST.keys():
        answers = asked.form_for(profile, request.POST).rearranged(request.POST)
        return draw(request, answers, rearranged=True)
    return save(request, profile, asked)


def keep_what_was_typed(request, profile, asked):
    """A new 在岗状态 may ask more of an earlier step while this one's page is open: what was typed there is kept."""
    if profile.is_submitted or request.POST.get("version") != str(profile.version):
        return
    with suppress(DomainError):
        answers = services.save_section(profile.pk, asked, request.POST, by=request.user, leave=True)
        tell_what_was_kept(request, answers)


def show(request, answers):
    """The section as stored; what looks odd in it is said, and after 下一步 asked about."""
    if answers.section.key in answers.original.complete_sections:
        answers.coach()
    return draw(request, answers, asks="check" in request.GET and answers.findings)


def save(request, profile, asked):
    """Answer to 下一步 and 保存并退出."""
    data = conflicts.merged(asked, profile, request.POST) if "merge" in request.POST else request.POST
    leave = "leave" in data
    try:
        answers = services.save_section(profile.pk, asked, data, by=request.user, leave=leave)
    except DomainError as error:
        if error.code != "stale":
            messages.error(request, error.message)
            return pages.go(request, "collection:status")
        return draw_conflict(request, asked)
    if leave:
        tell_what_was_kept(request, answers)
        return pages.go(request, "collection:status")
    if not answers.is_valid():
        return draw(request, answers, errors=answers.summary, status=400)
    return go_on(request, profile, answers)


def go_on(request, profile, answers):
    """After 下一步: to the next open step, unless something looks odd and was not looked at yet."""
    key = answers.section.key
    if answers.coach(request.POST):
        return pages.go(request, f"{Wizard.url(key)}?check")
    url = Wizard(answers.profile).next_url
    # Who came from the check page to mend something returns to the place; who arrives there reads from the top.
    came_back = url == Wizard.url(REVIEW) and (key in profile.complete_sections or key != SECTIONS[-1].key)
    return pages.go(request, f"{url}#{place_on_review(answers)}" if came_back else url)


def place_on_review(answers):
    """The row of the first answer that was changed, else the section's panel."""
    section = answers.section
    single = [name for name in section.fields_for(answers.profile.duty_status) if name in answers.changed]
    return "-".join([section.key, *single[:1]])


def draw(request, answers, *, errors=(), status=200, rearranged=False, asks=False):
    """One section's page, as stored or as typed."""
    wizard = Wizard(answers.original)
    key = answers.section.key
    data = request.POST if request.method == "POST" else None
    context = pages.form_context(answers, data, errors=errors, rearranged=rearranged)
    context |= {
        "asks": asks,
        "steps": wizard.steps(key),
        "previous_url": wizard.previous_url(key),
        "saved": saved_words(answers.original.saved_at),
        "back": wizard.url(key),
    }
    return render(request, "collection/section.html", context, status=status)


def draw_conflict(request, asked):
    """409: the page was drawn before the profile's last save."""
    profile = request.accountant.profile
    profile.refresh_from_db()
    wizard = Wizard(profile)
    more = {"steps": wizard.steps(asked.key), "heading": asked.heading}
    return pages.conflict(request, asked, profile, button="下一步", back=wizard.url(asked.key), **more)


def saved_words(moment):
    """14:32, with the day where that was not today."""
    if moment is None:
        return ""
    moment = timezone.localtime(moment)
    day = "" if moment.date() == clock.today() else f"{moment.year} 年 {moment.month} 月 {moment.day} 日 "
    return f"已保存 {day}{moment:%H:%M}"


def tell_what_was_kept(request, answers):
    messages.success(request, "已保存，下次登录可以从这里继续填写")
    if answers.refused_labels:
        messages.warning(request, f"以下内容有误，没有保存，请下次补正：{'、'.join(answers.refused_labels)}")

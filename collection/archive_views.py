"""会计人员信息档案: the owner's own archive, today's or that of a past day."""

from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from accounting_platform.lib.clock import today
from collection import archive as archives
from collection import attachments, services
from collection.choices import AttachmentKind
from collection.preload import preload
from registration.access import accountant_required


@accountant_required
@require_safe
def archive(request):
    """The whole archive, nothing masked; `?on=2026-03-18` shows it as it stood on that day."""
    profile = services.profile_of(request.accountant)
    if not profile.is_submitted:
        return redirect("collection:status")
    context = {
        "profile": profile,
        "today": today(),
        "latest": profile.archiveversion_set.order_by("-id").first(),
    }
    return render(
        request, "collection/archive.html", context | chosen_day(profile, request.GET.get("on", ""))
    )


def chosen_day(profile, typed):
    """The panels of the day asked for: today's unless another one is named."""
    day = read_day(typed)
    if typed.strip() and (day is None or day > today()):
        return current(profile) | refused(typed, "请选择今天或以前的日期")
    if day is None or day == today():
        return current(profile)
    version = archives.version_on(profile, day)
    if version is None:
        return current(profile) | refused(typed, "这一天还没有档案，请选择提交信息采集以后的日期")
    return {
        "panels": archives.version_panels(version, full=True),
        "version": version,
        "day": day,
        "typed": typed,
    }


def refused(typed, words):
    return {"typed": typed, "error": words, "errors": [(words, "id_on")]}


def current(profile):
    """Today's archive, with the portrait: pictures of the past are not kept."""
    preload(profile)
    portrait = attachments.current(profile, AttachmentKind.PORTRAIT)
    return {"panels": archives.panels(profile, full=True), "portrait": portrait}


def read_day(typed):
    try:
        return parse_date(typed.strip())
    except ValueError:
        return None

"""会计人员信息档案: the owner's own archive, today's or that of a past day."""

from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounting_platform.lib import pdf
from accounting_platform.lib.clock import today
from collection import services
from collection.archive_paper import archive_on, read_day
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
        "has_pdf": pdf.is_available(),
    }
    return render(
        request, "collection/archive.html", context | chosen_day(profile, request.GET.get("on", ""))
    )


def chosen_day(profile, typed):
    """The archive of the day asked for, today's unless another one is named."""
    day = read_day(typed)
    if typed.strip() and (day is None or day > today()):
        return of_day(profile, today()) | refused(typed, "请选择今天或以前的日期")
    shown = of_day(profile, day or today())
    if shown is None:
        words = "这一天还没有档案，请选择提交信息采集以后的日期"
        return of_day(profile, today()) | refused(typed, words)
    return shown | ({"typed": typed} if day else {})


def of_day(profile, day):
    """What the page shows of one day, None before there was an archive."""
    shown = archive_on(profile, day)
    if shown is None:
        return None
    facts = {"panels": shown.panels, "version": shown.version, "portrait": shown.portrait}
    return facts | {"day": day, "reference": day.isoformat()}


def refused(typed, words):
    return {"typed": typed, "error": words, "errors": [(words, "id_on")]}

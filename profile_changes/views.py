"""信息变更: the sections with today's answers, one section's form, a booked move, the history."""

from django.contrib import messages
from django.db.models import Case, Q, When
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounting_platform.lib.errors import DomainError
from collection import archive, coach, codes, conflicts, pages
from collection.answers import REARRANGING
from collection.preload import preload
from collection.sections import SECTION_BY_KEY
from collection.services import profile_of
from education import studies
from profile_changes import diff, forms, restoring, services
from profile_changes.models import ChangeRequest
from registration.access import collected_required

PAGE = 20
RECENT = 3
TAGS = {"applied": "ok", "booked": "wait", "withdrawn": "plain", "failed": "bad"}


def own_profile(request):
    """The submitted profile of the person who asks."""
    return profile_of(request.accountant)


@collected_required
@require_safe
def change_list(request):
    """Every section with its values and 变更信息; the six immutable items last; the lock where it concerns."""
    profile = own_profile(request)
    preload(profile)
    identity, *panels = archive.panels(profile)
    changes, booked = latest_and_booked(profile)
    context = {
        "panels": panels,
        "immutable": [row for row in identity.rows if row.frozen],
        "phone": next(row.value for row in identity.rows if row.field == "phone"),
        "recent": changes,
    }
    return render(request, "profile_changes/change_list.html", context | lock_context(profile, booked))


def latest_and_booked(profile):
    """The last changes, newest first, and the booked one or None: one question, for which the booked one comes first."""
    is_booked = Q(status=ChangeRequest.Status.BOOKED)
    rows = ChangeRequest.objects.filter(profile=profile).order_by(
        Case(When(is_booked, then=0), default=1), "-id"
    )
    found = list(rows[: RECENT + 1])
    booked = next((change for change in found if change.status == ChangeRequest.Status.BOOKED), None)
    return sorted(found, key=lambda change: -change.pk)[:RECENT], booked


def lock_context(profile, booked):
    """What holds the division, and where it would go."""
    held = list(studies.in_progress(profile).select_related("institution").order_by("enrolled_at"))
    division = codes.division_name(booked.differences["division"][1]) if booked else ""
    return {"studies": held, "booked": booked, "booked_division": division}


@collected_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, key):
    """The form of one section; 保存 puts it into effect at once."""
    if key not in SECTION_BY_KEY:
        raise Http404(f"no section {key!r}")
    section, profile = SECTION_BY_KEY[key], own_profile(request)
    locked = services.lock_reasons(profile) if key == services.WORK.key else {}
    if request.method != "POST":
        if request.GET.get("back", "").isdecimal():
            return put_back(request, profile, section, locked)
        answers = section.form_for(profile, locked=locked)
        answers.coach()
        return draw_edit(request, answers)
    if REARRANGING & request.POST.keys():
        answers = section.form_for(profile, request.POST, locked=locked).rearranged(request.POST)
        return draw_edit(request, answers, rearranged=True)
    return save(request, profile, section, locked)


def put_back(request, profile, section, locked):
    """改回: the form with what stood there before one change; nothing is saved yet."""
    own = ChangeRequest.objects.filter(profile=profile, section_key=section.key)
    change = get_object_or_404(own, pk=request.GET["back"][:18])
    only = request.GET.get("field", "")
    answers, names = restoring.form_before(change, profile, only=only, locked=locked)
    labels = [answers.label(name) for name in names]
    return draw_edit(request, answers, put_back=labels, put_back_at=change.created_at)


def save(request, profile, section, locked):
    """Answer to 保存: in effect at once, or what is wrong, what looks odd, what somebody else saved meanwhile."""
    data = conflicts.merged(section, profile, request.POST) if "merge" in request.POST else request.POST
    try:
        answers, change = services.save_change(profile.pk, section, data, by=request.user)
    except DomainError as error:
        if error.code != "stale":
            messages.error(request, error.message)
            return pages.go(request, "changes:list")
        return draw_conflict(request, profile, section, locked)
    if not answers.is_valid():
        return draw_edit(request, answers, errors=answers.summary, status=400)
    if change is None and answers.findings:
        return draw_edit(request, answers, asks=True)
    messages.success(
        request, f"{section.title}已变更，马上生效。" if change else f"{section.title}没有改动。"
    )
    return pages.go(request, "changes:list")


def draw_edit(request, answers, *, errors=(), status=200, rearranged=False, **more):
    """One section's page, as stored or as typed."""
    section, profile = answers.section, answers.original
    data = request.POST if request.method == "POST" else None
    context = pages.form_context(answers, data, errors=errors, rearranged=rearranged)
    context |= {"back": reverse("changes:edit", args=[section.key])}
    if section.key == services.WORK.key:
        context |= lock_context(profile, services.booked_of(profile).first())
    return render(request, "profile_changes/edit.html", context | more, status=status)


def draw_conflict(request, profile, section, locked):
    """409: the page was drawn before the last change."""
    profile.refresh_from_db()
    back = reverse("changes:edit", args=[section.key])
    heading = f"变更{section.title}"
    return pages.conflict(request, section, profile, button="保存", back=back, locked=locked, heading=heading)


@collected_required
@require_http_methods(["GET", "HEAD", "POST"])
def book(request):
    """预约变更行政区划, for as long as a study holds the division."""
    profile = own_profile(request)
    posted = request.POST if request.method == "POST" else None
    form = forms.BookingForm(posted, initial={"division": profile.division}, status=profile.duty_status)
    is_final = posted is not None and not REARRANGING & posted.keys()
    odd = []
    if is_final and form.is_valid():
        confirmed = posted.getlist("confirmed")
        try:
            services.book(profile.pk, form.cleaned_data["division"], by=request.user, confirmed=confirmed)
        except coach.Unconfirmed as question:
            odd = question.findings
        except DomainError as error:
            form.add_error("division", str(error))
        else:
            messages.success(request, "已预约，全部学习结束后自动生效。")
            return pages.go(request, "changes:list")
    status = 400 if is_final and not odd else 200
    if posted is not None and not is_final:
        # Only the list of counties is being changed: not a word about what is missing.
        form._errors = {}
    context = {"form": form, "odd": odd} | lock_context(profile, services.booked_of(profile).first())
    return render(request, "profile_changes/book.html", context, status=status)


@collected_required
@require_POST
def withdraw(request):
    """撤回预约."""
    try:
        services.withdraw(own_profile(request).pk, by=request.user)
        messages.success(request, "预约已撤回。")
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("changes:list")


@collected_required
@require_safe
def history(request):
    """My changes, newest first, with what was and what is; pages by key."""
    profile = own_profile(request)
    changes = ChangeRequest.objects.filter(profile=profile).order_by("-id")
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        changes = changes.filter(pk__lt=int(before))
    shown = list(changes[: PAGE + 1])
    more, shown = len(shown) > PAGE, shown[:PAGE]
    locked = services.lock_reasons(profile) if shown else {}
    for change in shown:
        change.lines, change.tag = diff.lines(change), TAGS[change.status]
        change.restorable = restoring.restorable(change, locked)
    context = {"changes": shown, "next_before": shown[-1].pk if more else None}
    return render(request, "profile_changes/history.html", context)

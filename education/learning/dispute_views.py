"""我的提问: what a learner asked about studies, and asking about one of them."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounting_platform.lib.errors import DomainError
from education import disputes
from education.choices import DisputeState
from education.learning.case_forms import DisputeForm
from education.models import Dispute, Enrolment
from registration.access import collected_required

TAGS = {DisputeState.OPEN: "wait", DisputeState.ANSWERED: "ok", DisputeState.SETTLED: "plain"}
MOST_SHOWN = 50


@require_safe
@collected_required
def listing(request):
    """All questions of the person, newest first, with their answers."""
    rows = own(request).select_related("institution", "enrolment").order_by("-pk")[:MOST_SHOWN]
    return render(request, "education/disputes.html", {"rows": [(row, TAGS[row.state]) for row in rows]})


@require_http_methods(["GET", "HEAD", "POST"])
@collected_required
def new(request, public_id):
    """Ask about one of one's studies; the form begins with what is known."""
    studies = Enrolment.objects.filter(profile=request.accountant.profile).select_related("institution")
    study = get_object_or_404(studies, public_id=public_id)
    form = DisputeForm(initial=disputes.prefilled(study))
    if request.method == "POST":
        form = DisputeForm(request.POST)
        if form.is_valid():
            try:
                disputes.ask(study, **form.cleaned_data, by=request.user)
            except DomainError as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
            else:
                messages.success(request, "问题已提交，答复后会以站内消息告知")
                return redirect("education:disputes")
    waiting = Dispute.objects.filter(enrolment=study, state=DisputeState.OPEN).exists()
    context = {"form": form, "study": study, "waiting": waiting}
    return render(request, "education/dispute_new.html", context, status=400 if form.errors else 200)


@require_POST
@collected_required
def settle(request, public_id):
    """The learner says that it is settled."""
    row = get_object_or_404(own(request), public_id=public_id)
    try:
        disputes.settle(row.pk, by=request.user)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return redirect("education:disputes")


def own(request):
    return Dispute.objects.filter(profile=request.accountant.profile)

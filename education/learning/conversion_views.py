"""学分折算 as learners see it: their applications, a new one, one of them with its proof."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from accounting_platform.lib.errors import DomainError
from education import conversions, proofs
from education.choices import ConversionState, ProofState
from education.learning.case_forms import ConversionForm, MoreProofForm
from education.models import Conversion, Proof
from registration.access import collected_required

TAGS = {
    ConversionState.WAITING: "wait",
    ConversionState.APPROVED: "ok",
    ConversionState.REFUSED: "bad",
    ConversionState.WITHDRAWN: "plain",
}
# Nobody applies this often.
MOST_SHOWN = 50


@require_safe
@collected_required
def listing(request):
    """All applications of the person, newest first."""
    rows = own(request).select_related("kind").order_by("-pk")[:MOST_SHOWN]
    return render(request, "education/conversions.html", {"rows": [(row, TAGS[row.state]) for row in rows]})


@require_http_methods(["GET", "HEAD", "POST"])
@collected_required
def new(request):
    """Apply, with proof."""
    form = ConversionForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        form = ConversionForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                made = apply(request, form.cleaned_data)
            except DomainError as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
            else:
                messages.success(request, "申请已提交，审核结果会以站内消息告知")
                return redirect("education:conversion", made.public_id)
    context = {"form": form, "kinds": form.fields["kind"].queryset}
    return render(request, "education/conversion_new.html", context, status=400 if form.errors else 200)


def apply(request, answers):
    return conversions.apply(
        request.accountant.profile,
        kind=answers["kind"],
        quantity=answers["quantity"],
        obtained_on=answers["obtained_on"],
        words=answers["words"],
        uploads=answers["files"],
        by=request.user,
    )


@require_safe
@collected_required
def one(request, public_id):
    """One application: what was handed in, how it stands, and what can still be done."""
    return show(request, found(request, public_id), MoreProofForm())


def show(request, row, form, status=200):
    waits = row.state == ConversionState.WAITING
    proofs_of_row = list(row.proofs.all())
    context = {
        "row": row,
        "tag": TAGS[row.state],
        "waits": waits,
        "proofs": proofs_of_row,
        "processing": any(proof.state == ProofState.PROCESSING for proof in proofs_of_row),
        "form": form,
    }
    return render(request, "education/conversion.html", context, status=status)


@require_POST
@collected_required
def add_proofs(request, public_id):
    """More pictures while the application waits."""
    row = found(request, public_id)
    form = MoreProofForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            conversions.add_proofs(row.pk, form.cleaned_data["files"], by=request.user)
        except DomainError as refusal:
            form.add_error("files", refusal.message)
        else:
            return redirect("education:conversion", row.public_id)
    return show(request, row, form, status=400)


@require_POST
@collected_required
def withdraw(request, public_id):
    """Take an application back while it waits."""
    try:
        conversions.withdraw(found(request, public_id).pk, by=request.user)
        messages.success(request, "申请已撤回")
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return redirect("education:conversion", public_id)


@require_GET
@collected_required
def proof(request, pk):
    """One picture of proof, for its owner alone."""
    owned = Proof.objects.filter(conversion__profile=request.accountant.profile, state=ProofState.READY)
    try:
        content = proofs.read(get_object_or_404(owned, pk=pk))
    except FileNotFoundError:
        raise Http404("这张图片暂时找不到，请重新上传。") from None
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    headers["Content-Disposition"] = 'inline; filename="proof.jpg"'
    headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return HttpResponse(content, content_type="image/jpeg", headers=headers)


def own(request):
    return Conversion.objects.filter(profile=request.accountant.profile)


def found(request, public_id):
    return get_object_or_404(own(request).select_related("kind__rule"), public_id=public_id)

"""继续教育学分证明: issuing it, and its page."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounting_platform.lib import pdf
from accounting_platform.lib.errors import DomainError
from education.learning.forms import YearForm
from education.ledger import certificates
from education.ledger.certificate_paper import CertificateSheet
from registration.access import collected_required


@require_POST
@collected_required
def issue_certificate(request):
    """开具学分证明 for a year that is done."""
    year = YearForm(request.POST).chosen_year
    try:
        made = certificates.issue(request.accountant.profile, year, by=request.user)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect(f"{reverse('education:credits')}?year={year}")
    return redirect("education:certificate", made.public_id)


@require_safe
@collected_required
def certificate(request, public_id):
    """The certificate as it is printed, how it stands, and what can be done with it."""
    sheet = CertificateSheet.find(request.accountant, str(public_id))
    if sheet is None:
        raise Http404("没有这份证明，请返回学分账重新开具。")
    context = {"sheet": sheet, "certificate": sheet.certificate, "has_pdf": pdf.is_available()}
    return render(request, "education/certificate.html", context)

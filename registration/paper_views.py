"""PDF of an archive or certificate, for its owner: begun here, watched while a worker makes it, fetched."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST

from accounting_platform.lib.errors import DomainError
from registration import papers, sessions
from registration.access import accountant_required
from registration.models import PaperFile, Share


@require_POST
@accountant_required
def new_paper(request, kind):
    """Begin the PDF of one paper, with the code of a share where one is named."""
    sheet = papers.find(request.accountant, kind, request.POST.get("of", ""))
    try:
        row = papers.request(request.accountant, sheet, share=chosen_share(request, sheet))
    except DomainError as refusal:
        messages.warning(request, refusal.message)
        return redirect(sheet.url)
    return redirect("registration:paper", row.pk)


def chosen_share(request, sheet):
    """The person's own share of this paper that the post names, None without one."""
    key = request.POST.get("share", "")
    rows = Share.objects.filter(accountant=request.accountant, kind=sheet.kind, reference=sheet.reference)
    return next((row for row in rows if str(row.pk) == key), None) if key else None


@require_GET
@accountant_required
def paper(request, pk):
    """How far one PDF is, then the button that fetches it."""
    return render(request, "registration/paper.html", facts(own_paper(request, pk)))


@sessions.not_a_use
@require_GET
@accountant_required
def paper_state(request, pk):
    """The part of the page that changes; it asks for it while the file is being made, and keeps what it shows on 204."""
    row = own_paper(request, pk)
    if request.GET.get("seen") == f"{row.state}-{row.percent}":
        return HttpResponse(status=204)
    return render(request, "registration/_paper_state.html", facts(row))


@require_GET
@accountant_required
def paper_file(request, pk):
    """The PDF, for its owner alone, under a name of ours."""
    row = own_paper(request, pk)
    if not row.is_ready:
        raise Http404("这份 PDF 已过期，请重新生成。")
    try:
        content = papers.PAPERS.read(row)
    except FileNotFoundError:
        raise Http404("这份 PDF 暂时找不到，请重新生成。") from None
    papers.fetched(row, by=request.user)
    name = content_disposition_header(True, f"{row.label.replace(' ', '')}.pdf")
    headers = {"Cache-Control": "no-store", "Content-Disposition": name}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def own_paper(request, pk):
    return get_object_or_404(PaperFile, pk=pk, accountant=request.accountant)


def facts(row):
    sheets = papers.sheet_class(row.kind)
    return {"paper": row, "sheets": sheets, "back": sheets.page(row.reference)}

"""Members' own data: 登录记录, 谁查看过我的信息, 导出我的数据, 注销账号."""

from django.contrib import auth, messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from accounting_platform.lib.errors import DomainError
from registration import closing, export, history, sessions
from registration.access import accountant_required
from registration.account_forms import CloseForm, ExportForm
from registration.choices import SmsPurpose
from registration.models import DataExport
from registration.views import after_sending, answer, page, posted, refuse


@require_GET
@accountant_required
def logins(request):
    """登录记录."""
    found = history.logins(request.accountant, history.key(request.GET.get("before", "")))
    return render(request, "registration/logins.html", {"logins": found})


@require_GET
@accountant_required
def looks(request):
    """谁查看过我的信息."""
    found = history.looks(request.accountant, history.key(request.GET.get("before", "")))
    return render(request, "registration/looks.html", {"looks": found})


# --- 导出我的数据


@page
@accountant_required
@sensitive_post_parameters()
def export_data(request):
    """导出我的数据: how far the file is, and the form that begins one."""
    template, form = "registration/export.html", ExportForm(posted(request))
    context = {"export": export.latest(request.accountant)}
    if request.method == "POST" and form.is_valid():
        try:
            export.request(request.accountant, current=form.cleaned_data["current"])
        except DomainError as refusal:
            return answer(request, template, refuse(form, refusal), status=refusal.status, **context)
        return redirect("registration:export")
    return answer(request, template, form, **context)


@sessions.not_a_use
@require_GET
@accountant_required
def export_state(request, pk):
    """How far one export is; the page asks for it while the file is being made, and keeps what it shows on 204."""
    row = own_export(request, pk)
    if request.GET.get("seen") == f"{row.state}-{row.percent}":
        return HttpResponse(status=204)
    return render(request, "registration/_export_state.html", {"export": row})


@require_GET
@accountant_required
def export_file(request, pk):
    """The zip, for its owner alone, under a name of ours."""
    row = own_export(request, pk)
    if not row.is_ready:
        raise Http404("这份数据已过期，请重新导出。")
    try:
        content = export.read(row)
    except FileNotFoundError:
        raise Http404("这份数据暂时找不到，请重新导出。") from None
    export.fetched(row, by=request.user)
    name = f"我的会计人员数据-{timezone.localdate(row.created_at):%Y%m%d}.zip"
    headers = {"Cache-Control": "no-store", "Content-Disposition": content_disposition_header(True, name)}
    return HttpResponse(content, content_type="application/zip", headers=headers)


def own_export(request, pk):
    return get_object_or_404(DataExport, pk=pk, accountant=request.accountant)


# --- 注销账号


@page
@accountant_required
@sensitive_post_parameters()
def close(request):
    """注销账号: what goes and what stays, then the current password and a code."""
    template, purpose = "registration/close.html", SmsPurpose.CLOSE.value
    shown = {"warnings": closing.warnings(request.accountant)}
    if "send_code" in request.POST:
        return after_sending(request, template, CloseForm, purpose, shown=shown)
    form = CloseForm(posted(request))
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        try:
            closing.close(request.accountant, current=answers["current"], code=answers["sms_code"])
        except DomainError as refusal:
            return answer(request, template, refuse(form, refusal), purpose, refusal.status, **shown)
        auth.logout(request)
        messages.success(request, "账号已注销，照片、手机号码、住址和登录信息已经删除")
        return redirect("home")
    return answer(request, template, form, purpose, **shown)


# --- the session itself


@require_POST
def keep_session(request):
    """继续填写: asking is a use, so the log-in lasts as long again; 403 when it is over."""
    if not request.user.is_authenticated:
        return HttpResponse(status=403)
    return HttpResponse(request.session_seconds, content_type="text/plain")

"""Staff's own pages at the desk: the code after the password, binding an authenticator app, and the own account."""

from functools import wraps

import django_otp
from django.contrib import messages
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse, reverse_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounting_platform.lib.errors import DomainError
from registration import staff_codes, staff_login
from registration.models import AuditEvent
from registration.staff_forms import CODE_LABEL, RESCUE_LABEL, CodeForm, ProofForm, StaffPasswordForm

LOGINS_SHOWN = 10
LOGIN_EVENTS = {
    "login.ok": "登录成功",
    "login.failed": "密码不正确",
    "login.code_failed": "验证码不正确",
    "login.locked": "失败次数过多，已锁定",
}


def refuse_members(request):
    """People logged in who are no staff find nothing here."""
    if request.user.is_authenticated and not request.user.is_staff:
        raise Http404("members have no staff pages")


def urls(site):
    """The addresses of these pages. Those under login/ come before the log-in, so they guard themselves."""

    def outside(view, methods=("GET", "HEAD", "POST")):
        @wraps(view)
        def guarded(request):
            refuse_members(request)
            request.current_app = site.name
            return view(site, request)

        kept = sensitive_post_parameters()(csrf_protect(guarded))
        return never_cache(require_http_methods(methods)(kept))

    def inside(view, **options):
        return site.admin_view(outside(view, **options))

    return [
        path("login/code/", outside(code), name="code"),
        path("login/device/", outside(enrol), name="enrol"),
        path("account/", inside(account, methods=("GET", "HEAD")), name="account"),
        path("account/device/", inside(replace_device), name="replace_device"),
        path("account/rescue-codes/", inside(rescue_codes), name="rescue_codes"),
    ]


class PasswordStep(LoginView):
    """User name and password; right, they lead to the code, or the first time to binding an app."""

    def form_valid(self, form):
        user = form.get_user()
        staff_login.begin(self.request, user, target=self.get_redirect_url())
        if staff_codes.device_of(user):
            return redirect("admin:code")
        staff_codes.begin_enrolment(user)
        return redirect("admin:enrol")

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=form.status)


class NewPassword(PasswordChangeView):
    """A new password, for the old one and a code."""

    form_class = StaffPasswordForm
    success_url = reverse_lazy("admin:account")
    template_name = "admin/staff/password.html"

    def form_valid(self, form):
        messages.success(self.request, "密码已修改，其他设备上的登录已退出")
        return super().form_valid(form)

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=400)


def code(site, request):
    """The second step of the log-in: the app's code, or with ?rescue a code from the printed list."""
    user = staff_login.waiting_user(request)
    if user is None or site.has_permission(request):
        return to_the_start(request)
    rescue = "rescue" in request.GET
    form = CodeForm(posted(request), label=RESCUE_LABEL if rescue else CODE_LABEL)
    if form.is_valid():
        try:
            device = staff_codes.check(user, form.cleaned_data["code"])
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            target = staff_login.finish(request, user, device)
            if rescue:
                left = staff_codes.rescue_codes_left(user)
                words = f"您用恢复码登录，还剩 {left} 个。手机已遗失的，请在“我的账号”中更换验证器。"
                messages.warning(request, words)
            return redirect(target or "admin:index")
    context = {"title": "输入恢复码" if rescue else "输入验证码", "rescue": rescue, "who": user}
    return show(site, request, "admin/staff/code.html", form, context)


def enrol(site, request):
    """Bind an authenticator app: at the first log-in, after a reset, or in place of the app in use."""
    inside = site.has_permission(request)
    user = request.user if inside else staff_login.waiting_user(request)
    device = staff_codes.waiting_device(user) if user else None
    if device is None:
        return redirect("admin:account") if inside else to_the_start(request)
    form = CodeForm(posted(request), label=CODE_LABEL)
    if form.is_valid():
        try:
            codes = staff_codes.confirm_enrolment(device, form.cleaned_data["code"])
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            if inside:
                django_otp.login(request, device)
            target = "" if inside else staff_login.finish(request, user, device)
            return show_codes(site, request, codes, target=target)
    context = {
        "title": "绑定验证器",
        "address": staff_codes.address(device),
        "picture": staff_codes.picture(device),
        "secret": staff_codes.secret_in_groups(device),
    }
    return show(site, request, "admin/staff/enrol.html", form, context)


def account(site, request):
    """我的账号: the last log-ins, the device, rescue codes left."""
    logins = AuditEvent.objects.filter(actor_id=request.user.pk, kind__in=LOGIN_EVENTS).order_by("-id")
    logins = list(logins[:LOGINS_SHOWN])
    for login in logins:
        login.name = LOGIN_EVENTS[login.kind]
    context = {
        "title": "我的账号",
        "logins": logins,
        "device": staff_codes.device_of(request.user),
        "codes_left": staff_codes.rescue_codes_left(request.user),
    }
    return show(site, request, "admin/staff/account.html", None, context)


def replace_device(site, request):
    """Begin to bind another app; the one in use works until the new one is confirmed."""
    form = ProofForm(posted(request))
    if form.is_valid():
        try:
            staff_login.check_password(request.user, form.cleaned_data["password"])
            staff_codes.check(request.user, form.cleaned_data["code"])
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            staff_codes.begin_enrolment(request.user)
            return redirect("admin:enrol")
    words = "请先确认是您本人。手机已遗失的，在验证码一栏填写恢复码。新的验证器启用之前，原来的仍然有效。"
    context = {"title": "更换验证器", "words": words, "button": "下一步"}
    return show(site, request, "admin/staff/proof.html", form, context)


def rescue_codes(site, request):
    """Ten new rescue codes in place of the old ones, shown once."""
    form = CodeForm(posted(request))
    if form.is_valid():
        try:
            codes = staff_codes.renew_rescue_codes(request.user, form.cleaned_data["code"])
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            return show_codes(site, request, codes)
    words = "生成新的恢复码后，原来的恢复码全部作废。"
    context = {"title": "重新生成恢复码", "words": words, "button": "生成恢复码"}
    return show(site, request, "admin/staff/proof.html", form, context)


def posted(request):
    return request.POST if request.method == "POST" else None


def to_the_start(request):
    """Back to the password; said in words only to somebody whose wait has ended."""
    if staff_login.WAITING in request.session and not request.user.is_authenticated:
        messages.warning(request, "等待时间过长，请重新登录")
    return redirect("admin:login")


def show_codes(site, request, codes, *, target=""):
    """The rescue codes, this once; the page leads on to where the log-in was going."""
    context = {"title": "请保存恢复码", "codes": codes, "target": target or reverse("admin:index")}
    return show(site, request, "admin/staff/rescue_codes.html", None, context)


def show(site, request, template, form, context):
    """A page of the desk with its frame; a refused form keeps its status."""
    context = {**site.each_context(request), "form": form, **context}
    status = form.status if form is not None and form.is_bound and form.errors else 200
    return TemplateResponse(request, template, context, status=status)

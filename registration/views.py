"""Visitors' pages: 信息采集对象, 用户注册, 获取短信验证码, 登录, 退出, 密码找回, and a notice."""

import base64
from functools import cache

from django.conf import settings
from django.contrib import auth, messages
from django.http import Http404, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from accounting_platform.lib.encryption import SealError, seal, unseal
from accounting_platform.lib.errors import DomainError
from accounting_platform.lib.passwords import rules_for_browsers
from registration import access, consent, login, proof, sending, services
from registration.choices import SmsPurpose
from registration.forms import LoginForm, PasswordResetForm, RegisterForm, TargetsForm, again, ask_again
from registration.panels import current_announcements

page = require_http_methods(["GET", "HEAD", "POST"])
TARGETS, NUMBER = "targets", "login_number"
SECRETS = ("password", "confirmation", "current", "csrfmiddlewaretoken", "send_code")


@page
def targets(request):
    """信息采集对象: whether the collection concerns this person at all."""
    form = TargetsForm(posted(request), initial=yes_no(request.session.get(TARGETS, {})))
    if request.method == "POST" and form.is_valid():
        request.session[TARGETS] = form.answers()
        concerned = any(form.answers().values())
        return redirect("registration:ready" if concerned else "registration:not_needed")
    return answer(request, "registration/targets.html", form)


@require_GET
def ready(request):
    """What to have at hand before the registration."""
    if not any(request.session.get(TARGETS, {}).values()):
        return redirect("registration:targets")
    return render(request, "registration/ready.html")


@require_GET
def not_needed(request):
    """The end of the way for those whom the collection does not concern."""
    return render(request, "registration/not_needed.html")


@page
@sensitive_post_parameters()
def new(request):
    """用户注册."""
    answers = request.session.get(TARGETS, {})
    if not any(answers.values()):
        return redirect("registration:targets")
    template, purpose = "registration/new.html", SmsPurpose.REGISTER.value
    if "send_code" in request.POST:
        return after_sending(request, template, RegisterForm, purpose)
    form = RegisterForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            accountant = form.save(targets=answers, binding=sending.session_binding(request))
        except DomainError as refusal:
            return answer(request, template, refuse(form, refusal), purpose, refusal.status)
        for key in (TARGETS, sending.REMEMBERED):
            request.session.pop(key, None)
        remember_number(request, accountant.document_number)
        messages.success(request, "注册成功")
        return redirect("registration:login")
    return answer(request, template, form, purpose)


@require_POST
@sensitive_post_parameters()
def sms_codes(request):
    """获取短信验证码 from a page with script: the button and the words beside it, for one of the purposes."""
    purpose = request.POST.get("purpose", "")
    if purpose not in sending.SENDERS:
        raise Http404("no such purpose")
    if purpose in sending.MEMBERS_PURPOSES and not request.user.is_authenticated:
        return access.to_login(request)
    result = sending.send(request, purpose)
    return render(request, "registration/_sms_answer.html", {"sending": result}, status=result.status)


@require_GET
def new_proof(request):
    """A challenge for the browser to solve before it sends a code or a log-in that takes a proof of work."""
    try:
        made, status = proof.challenge(request), 200
    except DomainError as refusal:
        made, status = {"message": refusal.message}, refusal.status
    return JsonResponse(made, status=status, headers={"Cache-Control": "no-store"})


@require_safe
@cache_control(public=True, max_age=86400)
def password_rules(request):
    """What pages with a new password judge it by when its field is left: the password itself stays where it is typed."""
    return JsonResponse(rules_for_browsers())


@page
@sensitive_post_parameters()
def log_in(request):
    """登录; the way back in `next` counts only on this host."""
    target = access.own_path(request.POST.get("next") or request.GET.get("next", ""))
    if request.user.is_authenticated:
        return redirect(target or ("admin:index" if request.user.is_staff else settings.LOGIN_REDIRECT_URL))
    form = LoginForm(posted(request), initial={"document_number": remembered_number(request)})
    context = {"target": target}
    if request.method == "POST" and form.is_valid():
        number = form.cleaned_data["document_number"]
        try:
            user = login.log_in(request, number, form.cleaned_data["password"])
        except DomainError as refusal:
            context |= {
                "offers_recovery": login.offers_recovery(number),
                "proof_wanted": login.proof_wanted(),
            }
            refuse(form, refusal)
            return answer(request, "registration/login.html", form, "", refusal.status, **context)
        request.session.pop(NUMBER, None)
        if user.phone_is_asked_for:
            messages.warning(request, "有人申请更换您的手机号码。如果不是您申请的，请到“账号与密码”里停止")
        return HttpResponseRedirect(target or members_page())
    context["proof_wanted"] = login.proof_wanted()
    return answer(request, "registration/login.html", form, **context)


@cache
def members_page():
    """Where a log-in leads to; its address is looked up once."""
    return reverse(settings.LOGIN_REDIRECT_URL)


@require_POST
def log_out(request):
    """退出: the session ends on the server."""
    auth.logout(request)
    messages.success(request, "您已退出登录")
    return redirect(settings.LOGOUT_REDIRECT_URL)


@page
@sensitive_post_parameters()
def password_reset(request):
    """密码找回."""
    template, purpose = "registration/password_reset.html", SmsPurpose.RESET.value
    if "send_code" in request.POST:
        return after_sending(request, template, PasswordResetForm, purpose)
    form = PasswordResetForm(posted(request))
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        try:
            services.reset_password(
                number=answers["document_number"],
                phone=answers["phone"],
                code=answers["sms_code"],
                new_password=answers["password"],
            )
        except DomainError as refusal:
            return answer(request, template, refuse(form, refusal), purpose, refusal.status)
        request.session.pop(sending.REMEMBERED, None)
        remember_number(request, answers["document_number"])
        messages.success(request, "密码已重置，请使用新密码登录")
        return redirect("registration:login")
    return answer(request, template, form, purpose)


@require_GET
def announcement(request, pk):
    """One notice."""
    context = {"announcement": get_object_or_404(current_announcements(), pk=pk)}
    return render(request, "registration/announcement.html", context)


# --- what these pages share


def posted(request):
    """What a form is bound to: an empty post is an answer too."""
    return request.POST if request.method == "POST" else None


def answer(request, template, form, purpose="", status=None, **context):
    """The page with its form: 400 when the form refuses what was posted, else `status` or 200."""
    context |= {"form": form, "consent": consent}
    if purpose:
        context["sending"] = sending.remembered(request, purpose)
        if form.errors:
            ask_again(form)
    return render(request, template, context, status=status or (400 if form.errors else 200))


def after_sending(request, template, form_class, purpose, *, shown=None, **options):
    """The page after its second button 获取短信验证码 (no script): everything typed stays, passwords excepted."""
    result = sending.send(request, purpose)
    typed = {name: value for name, value in request.POST.items() if name not in SECRETS}
    form = form_class(initial=typed, **options)
    for name in set(SECRETS) & set(form.fields):
        if request.POST.get(name):
            form.fields[name].help_text = again(form.fields[name])
    context = (shown or {}) | {"form": form, "consent": consent}
    context |= {"sending": result, "errors": result.errors}
    return render(request, template, context, status=result.status)


def refuse(form, refusal):
    """The form with a service's refusal at the field it is about."""
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
    return form


def yes_no(answers):
    return {name: "yes" if value else "no" for name, value in answers.items()}


def remember_number(request, number):
    """Keep the number for the log-in page: in the session, never in the address, and sealed like every number at rest."""
    request.session[NUMBER] = base64.b64encode(seal(number.encode(), "session.login_number")).decode()


def remembered_number(request):
    kept = request.session.get(NUMBER, "")
    try:
        return unseal(base64.b64decode(kept), "session.login_number").decode() if kept else ""
    except SealError:
        # A key may be taken out while sessions still remember what it sealed.
        return ""

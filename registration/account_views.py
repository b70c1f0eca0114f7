"""Members' own pages: 我的账号, 更换手机号码, 修改密码, messages."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from accounting_platform.lib.errors import DomainError
from registration import history, lost_phone, sending, services
from registration.access import accountant_required
from registration.choices import SmsPurpose
from registration.forms import ChangePasswordForm, ChangePhoneForm
from registration.models import Message
from registration.views import after_sending, answer, page, posted, refuse

SHOWN = 20


@require_GET
@accountant_required
def account(request):
    """我的账号: masked data, messages, the last log-ins, and who of the staff looked at the full values."""
    person, some = request.accountant, history.ON_THE_ACCOUNT_PAGE
    context = {
        "accountant": person,
        "lost_phones": lost_phone.open_requests(person),
        "letters": Message.objects.filter(accountant=person).order_by("-id")[:SHOWN],
        "logins": history.logins(person, count=some),
        "looks": history.looks(person, count=some),
    }
    return render(request, "registration/account.html", context)


@require_POST
@accountant_required
def messages_read(request):
    """Mark all messages as read."""
    Message.objects.filter(accountant=request.accountant, read_at=None).update(read_at=timezone.now())
    return redirect("registration:account")


@page
@accountant_required
@sensitive_post_parameters()
def change_phone(request):
    """更换手机号码: the current password, and a code sent to the new phone."""
    template, purpose = "registration/change_phone.html", SmsPurpose.PHONE.value
    if "send_code" in request.POST:
        return after_sending(request, template, ChangePhoneForm, purpose)
    form = ChangePhoneForm(posted(request))
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        try:
            services.change_phone(
                request.accountant,
                phone=answers["phone"],
                code=answers["sms_code"],
                current=answers["current"],
            )
        except DomainError as refusal:
            return answer(request, template, refuse(form, refusal), purpose, refusal.status)
        # Other sessions end; this one goes on.
        update_session_auth_hash(request, request.accountant.user)
        request.session.pop(sending.REMEMBERED, None)
        messages.success(request, "手机号码已更换，其他设备上的登录已退出")
        return redirect("registration:account")
    return answer(request, template, form, purpose)


@page
@accountant_required
@sensitive_post_parameters()
def change_password(request):
    """修改密码: the current password, and a code sent to the account's phone."""
    template, purpose = "registration/change_password.html", SmsPurpose.PASSWORD.value
    personal = (request.accountant.document_number, request.accountant.phone)
    if "send_code" in request.POST:
        return after_sending(request, template, ChangePasswordForm, purpose, personal=personal)
    form = ChangePasswordForm(posted(request), personal=personal)
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        try:
            services.change_password(
                request.accountant,
                current=answers["current"],
                code=answers["sms_code"],
                new_password=answers["password"],
            )
        except DomainError as refusal:
            return answer(request, template, refuse(form, refusal), purpose, refusal.status)
        # Other sessions end with the old password; this one goes on.
        update_session_auth_hash(request, request.accountant.user)
        request.session.pop(sending.REMEMBERED, None)
        messages.success(request, "密码已修改，其他设备上的登录已退出")
        return redirect("registration:account")
    return answer(request, template, form, purpose)

"""手机号码已停用: the visitor's request, and the owner's objection to one."""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounting_platform.lib.errors import DomainError
from registration import lost_phone, sending
from registration.access import accountant_required
from registration.account_forms import LostPhoneForm
from registration.choices import SmsPurpose
from registration.views import after_sending, answer, page, posted, refuse


@page
@sensitive_post_parameters()
def ask(request):
    """手机号码已停用: who it is, the new phone with a code, and what happened. The answer is the same for everybody."""
    template, purpose = "registration/lost_phone.html", SmsPurpose.LOST.value
    shown = {"wait_hours": settings.RECOVERY_WAIT_HOURS}
    if "send_code" in request.POST:
        return after_sending(request, template, LostPhoneForm, purpose, shown=shown)
    form = LostPhoneForm(posted(request))
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        try:
            lost_phone.ask(
                number=answers["document_number"],
                name=answers["name"],
                phone=answers["phone"],
                statement=answers["statement"],
                code=answers["sms_code"],
                binding=sending.session_binding(request),
            )
        except DomainError as refusal:
            return answer(request, template, refuse(form, refusal), purpose, refusal.status, **shown)
        request.session.pop(sending.REMEMBERED, None)
        messages.success(request, lost_phone.ANSWER)
        return redirect("registration:login")
    return answer(request, template, form, purpose, **shown)


@require_POST
@accountant_required
def deny(request):
    """不是我申请的: the owner stops every open request about this account."""
    if lost_phone.deny(request.accountant, by=request.user):
        messages.success(request, "申请已停止，您的手机号码不会更换。建议您马上修改密码")
    else:
        messages.warning(request, "没有待生效的申请")
    return redirect("registration:account")

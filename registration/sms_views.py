"""What became of a text message, asked by the page that is open."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_GET

from registration import sending


@require_GET
def sms_state(request):
    """The words beside 获取短信验证码 as they stand now, for a purpose that this very session has asked for."""
    purpose = request.GET.get("purpose", "")
    if purpose not in request.session.get(sending.REMEMBERED, {}):
        raise Http404("nothing was sent here")
    return render(request, "registration/_sms_words.html", {"sending": sending.remembered(request, purpose)})

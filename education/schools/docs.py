"""The pages for the schools' engineers: guide, reference, signature checker. All from local files."""

from django.conf import settings
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounting_platform.lib import signing
from education.schools.api import api
from education.schools.guide import read_guide
from education.schools.reference import read_reference

# A secret of nobody, for the example of the checker.
EXAMPLE_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo="
EXAMPLE_BODY = '{"type": "study.progressed", "timestamp": "2026-11-23T14:32:05+08:00", "data": {"enrolment": "R-1", "percent": 40}}'


@require_safe
def docs(request):
    """接入指南, with the samples that our tests run."""
    context = {"guide": read_guide(), "site": site(request), "version": api.version}
    return render(request, "education/api_docs.html", context)


@require_safe
def reference(request):
    """接口参考: every address, field and answer."""
    context = {"operations": read_reference(), "version": api.version}
    return render(request, "education/api_reference.html", context)


@require_safe
def signature(request):
    """签名检查: works in the browser alone, since a secret has no business on the way."""
    example = {
        "id": "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W",
        "secret": EXAMPLE_SECRET,
        "body": EXAMPLE_BODY,
        "tolerance": signing.TOLERANCE_SECONDS,
    }
    return render(request, "education/api_signature.html", {"example": example})


def site(request):
    """The address of this platform as a school's program would use it."""
    return (
        settings.PUBLIC_URL.rstrip("/") if settings.PUBLIC_URL else f"{request.scheme}://{request.get_host()}"
    )

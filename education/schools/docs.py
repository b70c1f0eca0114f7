"""The interface's readable documents: Swagger from local files, for reading, not for sending."""

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from education.schools.api import api

SETTINGS = {
    "layout": "BaseLayout",
    "deepLinking": True,
    # Requests must be signed with the school's secret, which has no place in a browser.
    "supportedSubmitMethods": [],
    "defaultModelsExpandDepth": 0,
}


@require_safe
def docs(request):
    """接口文档 for the schools' engineers, drawn from the OpenAPI document."""
    settings = SETTINGS | {"url": reverse("education-api:openapi-json")}
    return render(request, "education/api_docs.html", {"api": api, "swagger_settings": settings})

from django.urls import path

from education.schools import docs
from education.schools.api import api

urlpatterns = [
    path("v1/", api.urls),
    path("docs/", docs.docs, name="api-docs"),
    path("docs/reference/", docs.reference, name="api-reference"),
    path("docs/signature/", docs.signature, name="api-signature"),
]

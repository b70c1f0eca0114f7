from django.urls import path

from education.schools.api import api
from education.schools.docs import docs

urlpatterns = [
    path("v1/", api.urls),
    path("docs/", docs, name="api-docs"),
]

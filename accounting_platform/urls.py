"""One include per app; the frame's own pages."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from accounting_platform import views

urlpatterns = [
    path("", views.home, name="home"),
    path("help/", views.help_page, name="help"),
    path("display/", views.display, name="display"),
    path("livez", views.livez, name="livez"),
    path("readyz", views.readyz, name="readyz"),
    path("", include("registration.urls")),
    path("collection/", include("collection.urls")),
    path("education/", include("education.urls")),
    path("changes/", include("profile_changes.urls")),
    path("api/", include("education.schools.urls")),
    path("admin/", admin.site.urls),
]
if settings.DEMO:
    urlpatterns += [path("demo/", include("registration.demo_urls"))]

handler400 = "accounting_platform.views.bad_request"
handler403 = "accounting_platform.views.forbidden"
handler404 = "accounting_platform.views.not_found"
handler500 = "accounting_platform.views.server_error"

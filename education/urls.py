from django.urls import path

from education.learning import launch, views
from education.ledger import views as ledger_views

app_name = "education"
urlpatterns = [
    path("", views.catalogue, name="catalogue"),
    path("offerings/<uuid:public_id>/leave/", views.leave, name="leave"),
    path("offerings/<uuid:public_id>/study/", launch.launch, name="launch"),
    path("my/", views.my, name="my"),
    path("my/<uuid:public_id>/study/", launch.relaunch, name="relaunch"),
    path("credits/", views.credits, name="credits"),
    path("credits/certificates/", ledger_views.issue_certificate, name="issue_certificate"),
    path("credits/certificates/<uuid:public_id>/", ledger_views.certificate, name="certificate"),
]

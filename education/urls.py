from django.urls import path

from education.learning import conversion_views, dispute_views, launch, views
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
    path("conversions/", conversion_views.listing, name="conversions"),
    path("conversions/new/", conversion_views.new, name="conversion_new"),
    path("conversions/<uuid:public_id>/", conversion_views.one, name="conversion"),
    path("conversions/<uuid:public_id>/proofs/", conversion_views.add_proofs, name="conversion_proofs"),
    path("conversions/<uuid:public_id>/withdraw/", conversion_views.withdraw, name="conversion_withdraw"),
    path("conversions/proofs/<uuid:pk>/", conversion_views.proof, name="proof"),
    path("questions/", dispute_views.listing, name="disputes"),
    path("questions/<uuid:public_id>/settle/", dispute_views.settle, name="dispute_settle"),
    path("my/<uuid:public_id>/question/", dispute_views.new, name="dispute_new"),
]

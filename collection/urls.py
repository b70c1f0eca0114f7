from django.urls import path

from collection import archive_views, file_views, section_views, views

app_name = "collection"
urlpatterns = [
    path("", views.status, name="status"),
    path("notice/", views.notice, name="notice"),
    path("submit/", views.review, name="review"),
    path("archive/", archive_views.archive, name="archive"),
    path("attachments/", file_views.upload, name="upload"),
    path("attachments/<uuid:pk>/", file_views.attachment, name="attachment"),
    path("attachments/<slug:kind>/state/", file_views.attachment_state, name="attachment_state"),
    path("divisions/", views.division_search, name="divisions"),
    path("employers/", file_views.employer_search, name="employers"),
    path("<slug:key>/", section_views.section, name="section"),
]

from django.urls import path

from profile_changes import views

app_name = "changes"
urlpatterns = [
    path("", views.change_list, name="list"),
    path("history/", views.history, name="history"),
    path("book/", views.book, name="book"),
    path("withdraw/", views.withdraw, name="withdraw"),
    path("<slug:key>/", views.edit, name="edit"),
]

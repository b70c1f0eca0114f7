"""Included in demo mode only."""

from django.urls import path

from registration import demo_views

urlpatterns = [
    path("sms/", demo_views.demo_sms, name="demo_sms"),
    path("codes/", demo_views.demo_codes, name="demo_codes"),
    path("schools/", demo_views.demo_school_keys, name="demo_school_keys"),
]

from django.urls import path

from registration import account_data_views, account_views, lost_phone_views, sms_views, views

app_name = "registration"
urlpatterns = [
    path("registration/", views.targets, name="targets"),
    path("registration/ready/", views.ready, name="ready"),
    path("registration/not-needed/", views.not_needed, name="not_needed"),
    path("registration/new/", views.new, name="new"),
    path("registration/sms-codes/", views.sms_codes, name="sms_codes"),
    path("registration/sms-codes/state/", sms_views.sms_state, name="sms_state"),
    path("registration/proof/", views.new_proof, name="proof"),
    path("registration/password-rules/", views.password_rules, name="password_rules"),
    path("login/", views.log_in, name="login"),
    path("logout/", views.log_out, name="logout"),
    path("password-reset/", views.password_reset, name="password_reset"),
    path("password-reset/lost-phone/", lost_phone_views.ask, name="lost_phone"),
    path("session/", account_data_views.keep_session, name="keep_session"),
    path("account/", account_views.account, name="account"),
    path("account/phone/", account_views.change_phone, name="change_phone"),
    path("account/password/", account_views.change_password, name="change_password"),
    path("account/messages/", account_views.messages_read, name="messages_read"),
    path("account/logins/", account_data_views.logins, name="logins"),
    path("account/looks/", account_data_views.looks, name="looks"),
    path("account/export/", account_data_views.export_data, name="export"),
    path("account/export/<uuid:pk>/state/", account_data_views.export_state, name="export_state"),
    path("account/export/<uuid:pk>/", account_data_views.export_file, name="export_file"),
    path("account/close/", account_data_views.close, name="close"),
    path("account/lost-phone/", lost_phone_views.deny, name="deny_lost_phone"),
    path("announcements/<int:pk>/", views.announcement, name="announcement"),
]

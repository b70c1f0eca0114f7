"""Django's admin with our site in the place of the stock one."""

from django.contrib.admin.apps import AdminConfig


class StaffAdminConfig(AdminConfig):
    default_site = "registration.admin_site.StaffSite"

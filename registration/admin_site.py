"""The desk of the finance departments: who may come in, and how they log in."""

from django.contrib.admin import AdminSite
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from registration import staff_views
from registration.staff_forms import StaffLoginForm
from registration.staff_views import refuse_members


class StaffSite(AdminSite):
    """Open to staff who have shown password and code; visitors get the staff log-in page, everybody else 404."""

    site_title = site_header = "广东省会计信息服务平台管理后台"
    index_title = "业务管理"

    def has_permission(self, request):
        # The middleware of django-otp sets the device of a session that has shown a code, and None otherwise.
        return super().has_permission(request) and getattr(request.user, "otp_device", None) is not None

    def get_urls(self):
        return staff_views.urls(self) + super().get_urls()

    def admin_view(self, view, cacheable=False):
        inner = super().admin_view(view, cacheable)

        def guarded(request, *args, **kwargs):
            refuse_members(request)
            return inner(request, *args, **kwargs)

        return guarded

    @method_decorator(never_cache)
    def login(self, request, extra_context=None):
        """User name and password, the first of two steps."""
        refuse_members(request)
        if self.has_permission(request):
            return redirect("admin:index")
        request.current_app = self.name
        context = {**self.each_context(request), "title": "登录", "app_path": request.get_full_path()}
        view = staff_views.PasswordStep.as_view(
            authentication_form=StaffLoginForm,
            template_name="admin/login.html",
            extra_context=context | (extra_context or {}),
        )
        return view(request)

    def password_change(self, request, extra_context=None):
        """A new password, for the old one and a code."""
        request.current_app = self.name
        context = {**self.each_context(request), "title": "修改密码", **(extra_context or {})}
        return staff_views.NewPassword.as_view(extra_context=context)(request)

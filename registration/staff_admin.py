"""The accounts of staff at the desk: rights, devices, and the reset of a colleague's device."""

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.module_loading import import_string

from registration import staff_codes
from registration.admin_base import CarefulChoices, PlatformAdmin, ReadOnly
from registration.choices import UserKind
from registration.models import RescueCode, StaffDevice, User
from registration.staff_forms import ReasonForm

VERBS = {"view": "查看", "add": "增加", "change": "办理和修改", "delete": "删除"}


class ScopeMixin:
    """Staff are in charge of a division that exists; a slip here would open or close a whole city."""

    def clean_division_scope(self):
        scope = self.cleaned_data["division_scope"].strip().upper()
        if scope and not import_string(settings.SCOPE_NAME)(scope):
            raise forms.ValidationError(
                f"没有代码为“{scope}”的行政区划，请填写：全省 44，市填 4 位（如 4401），县区填 6 位（如 440106）"
            )
        if not scope and self.cleaned_data.get("kind") == UserKind.STAFF and not self.instance.is_superuser:
            raise forms.ValidationError("请填写管辖区划代码，如 4401；不填写的账号看不到任何会计人员")
        return scope


class StaffCreationForm(ScopeMixin, AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("username",)


class StaffChangeForm(ScopeMixin, UserChangeForm):
    class Meta:
        model = User
        fields = "__all__"


@admin.register(User)
class StaffAdmin(PlatformAdmin, UserAdmin):
    """Accounts of staff and institutions; accountants make their own. Only superusers hand out rights, by groups."""

    form, add_form = StaffChangeForm, StaffCreationForm
    # Django's own page has a sentence in English on top; ours stands in the fieldset.
    add_form_template = None
    list_display = ["username", "display_name", "kind", "division_scope", "is_active", "last_login"]
    list_filter = ["is_active"]
    search_fields = ["username__startswith", "display_name__startswith"]
    ordering = ["username"]
    filter_horizontal = []
    readonly_fields = ["last_login", "created_at"]
    fieldsets = [
        (None, {"fields": ["username", "password", "display_name"]}),
        ("身份与管辖", {"fields": ["kind", "division_scope", "is_active"]}),
        ("权限", {"fields": ["groups", "is_superuser"]}),
        ("记录", {"fields": ["last_login", "created_at"]}),
    ]
    add_fieldsets = [
        (
            None,
            {
                "classes": ["wide"],
                "description": "保存后在下一页选择所属的组；没有组的账号只能登录，不能办理事项。",
                "fields": ["username", "display_name", "kind", "division_scope", "password1", "password2"],
            },
        )
    ]

    def get_queryset(self, request):
        rows = super().get_queryset(request).exclude(kind=UserKind.ACCOUNTANT)
        return rows if request.user.is_superuser else rows.none()

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        if db_field.name == "kind":
            kwargs["choices"] = [choice for choice in UserKind.choices if choice[0] != UserKind.ACCOUNTANT]
            kwargs["initial"] = UserKind.STAFF
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request=None, **kwargs):
        field = super().formfield_for_manytomany(db_field, request, form_class=CarefulChoices, **kwargs)
        if db_field.name == "groups":
            field.widget = forms.CheckboxSelectMultiple(choices=field.choices)
            field.help_text = "所属的组决定在管辖区划内能办理哪些事项。"
        return field

    def has_module_permission(self, request):
        return request.user.is_superuser

    has_add_permission = has_module_permission

    def has_view_permission(self, request, obj=None):
        return request.user.is_superuser

    has_change_permission = has_view_permission

    def has_delete_permission(self, request, obj=None):
        # An account is switched off instead, so that the audit keeps its name.
        return False

    def get_urls(self):
        view = self.admin_site.admin_view(self.reset_device_view)
        own = path("<int:object_id>/reset-device/", view, name="registration_user_reset_device")
        return [own, *super().get_urls()]

    def reset_device_view(self, request, object_id):
        """重置验证器 of a colleague who has lost the phone: asks for the reason, then forgets device and rescue codes."""
        user = User.objects.filter(pk=object_id, kind=UserKind.STAFF).first()
        if user is None:
            raise Http404("没有找到这个账号。")
        if not self.has_change_permission(request, user):
            raise PermissionDenied
        if user == request.user:
            messages.info(request, "更换自己的验证器，请用这一页。")
            return redirect("admin:replace_device")
        form = ReasonForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            staff_codes.reset(user, by=request.user, reason=form.cleaned_data["reason"])
            messages.success(request, f"已重置“{user}”的验证器，下次登录时重新绑定。")
            return redirect("admin:registration_user_change", user.pk)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "重置验证器",
            "colleague": user,
            "form": form,
        }
        status = 400 if form.errors else 200
        return TemplateResponse(request, "admin/staff/reset_device.html", context, status=status)


class RightsField(CarefulChoices):
    """The rights of our own apps, in words."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, permission):
        model = permission.content_type.model_class()._meta
        verb = VERBS.get(permission.codename.partition("_")[0], permission.name)
        return f"{model.app_config.verbose_name} · {model.verbose_name} · {verb}"


class GroupForm(forms.ModelForm):
    permissions = RightsField(label="权限", queryset=Permission.objects.none(), required=False)

    class Meta:
        model = Group
        fields = ["name", "permissions"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        models = {model._meta.label_lower for model in admin.site._registry if model is not Group}
        rights = Permission.objects.select_related("content_type").order_by("content_type", "codename")
        known = [
            right.pk
            for right in rights
            if f"{right.content_type.app_label}.{right.content_type.model}" in models
        ]
        self.fields["permissions"].queryset = rights.filter(pk__in=known)


# Django's own page names the rights in English.
admin.site.unregister(Group)


@admin.register(Group)
class RoleAdmin(PlatformAdmin, GroupAdmin):
    """Groups of rights; only superusers hand them out."""

    form = GroupForm
    filter_horizontal = []

    def has_module_permission(self, request):
        return request.user.is_superuser

    has_add_permission = has_module_permission

    def has_view_permission(self, request, obj=None):
        return request.user.is_superuser

    has_change_permission = has_delete_permission = has_view_permission


class SuperusersOnly(ReadOnly):
    """About the log-ins of colleagues; the secrets themselves are on no page."""

    def has_view_permission(self, request, obj=None):
        return request.user.is_superuser

    has_module_permission = has_view_permission


@admin.register(StaffDevice)
class StaffDeviceAdmin(SuperusersOnly, PlatformAdmin):
    list_display = ["user", "confirmed", "created_at", "last_used_at"]
    list_select_related = ["user"]
    ordering = ["-id"]
    fields = list_display


@admin.register(RescueCode)
class RescueCodeAdmin(SuperusersOnly, PlatformAdmin):
    list_display = ["id", "user", "created_at", "used_at"]
    list_select_related = ["user"]
    ordering = ["-id"]
    fields = list_display[1:]

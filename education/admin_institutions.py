"""The desk's pages for schools, their signing secrets and their courses."""

import base64

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html

from accounting_platform.lib.encryption import seal, unseal
from accounting_platform.lib.errors import DomainError
from education import filing
from education.admin_forms import (
    InstitutionForm,
    OfferingDivisionForm,
    OfferingDivisionFormSet,
    OfferingForm,
)
from education.admin_parts import ProvinceDesk, YearFilter
from education.models import Institution, InstitutionSecret, Offering, OfferingDivision
from registration.admin_base import PlatformAdmin

NEW_SECRET = "institution_secret"


class SecretInline(admin.TabularInline):
    """When each secret was made and used; staff set the end of the old one. The secret itself is never shown again."""

    model = InstitutionSecret
    fields = ["state", "created_at", "last_used_at", "ends_at"]
    readonly_fields = ["state", "created_at", "last_used_at"]
    ordering = ["-id"]
    extra = 0
    can_delete = False

    @admin.display(description="状态")
    def state(self, secret):
        return "有效" if secret.is_live else "已失效"

    def has_add_permission(self, request, obj=None):
        return False


def keep_for_once(session, institution_id, secret):
    """Lay a new secret, sealed, where the next page of the same browser finds it."""
    sealed = seal(secret.encode(), f"{NEW_SECRET}:{institution_id}")
    session[NEW_SECRET] = [institution_id, base64.b64encode(sealed).decode()]


def take_once(session, institution_id):
    """The secret just made for this institution, gone afterwards; None when there is none."""
    kept_for, sealed = session.pop(NEW_SECRET, (None, ""))
    if kept_for != institution_id:
        return None
    return unseal(base64.b64decode(sealed), f"{NEW_SECRET}:{institution_id}").decode()


@admin.register(Institution)
class InstitutionAdmin(ProvinceDesk, PlatformAdmin):
    form = InstitutionForm
    inlines = [SecretInline]
    list_display = ["name", "code", "filed", "service_phone", "last_delivery_at"]
    list_filter = ["filed"]
    search_fields = ["name", "name_pinyin", "code"]
    readonly_fields = ["last_delivery_at", "secrets_link"]

    def get_fields(self, request, obj=None):
        # Secrets are made once there is a school to have them.
        return [*InstitutionForm.Meta.fields, *(self.readonly_fields if obj else [])]

    def get_readonly_fields(self, request, obj=None):
        # The code stands in the addresses that the school calls.
        return [*self.readonly_fields, "code"] if obj else []

    @admin.display(description="签名密钥")
    def secrets_link(self, institution):
        url = reverse("admin:education_institution_secret", args=[institution.pk])
        return format_html('<a href="{}">生成密钥</a>', url)

    def get_urls(self):
        view = self.admin_site.admin_view(self.secret_view)
        return [path("<int:pk>/secret/", view, name="education_institution_secret"), *super().get_urls()]

    def response_add(self, request, obj, post_url_continue=None):
        words = '“{}”已建立。下一步：<a href="{}">生成密钥</a>并交给机构，再为其建立学习资源。'
        url = reverse("admin:education_institution_secret", args=[obj.pk])
        self.message_user(request, format_html(words, obj, url), messages.INFO)
        return super().response_add(request, obj, post_url_continue)

    def secret_view(self, request, pk):
        """Ask, make a secret, and show it once: a reload shows the question again and makes nothing."""
        institution = self.get_object(request, str(pk))
        if institution is None or not self.has_change_permission(request, institution):
            raise PermissionDenied
        context = self.admin_site.each_context(request) | {
            "title": f"生成密钥：{institution}",
            "institution": institution,
            "opts": self.opts,
        }
        if request.method == "POST":
            try:
                keep_for_once(request.session, pk, filing.create_secret(pk, by=request.user))
                return redirect("admin:education_institution_secret", pk)
            except DomainError as refusal:
                context["refusal"] = str(refusal)
        else:
            context["secret"] = take_once(request.session, pk)
        return TemplateResponse(
            request, "admin/education/secret.html", context, headers={"Cache-Control": "no-store"}
        )


class DivisionInline(admin.TabularInline):
    model = OfferingDivision
    form = OfferingDivisionForm
    formset = OfferingDivisionFormSet
    extra = 1
    verbose_name_plural = "备案区划（44 全省；也可逐个选择地市、县区）"


@admin.register(Offering)
class OfferingAdmin(ProvinceDesk, PlatformAdmin):
    form = OfferingForm
    inlines = [DivisionInline]
    list_display = ["institution", "year", "kind", "title", "max_credits", "price", "is_open"]
    list_filter = ["kind", YearFilter, "is_open"]
    list_select_related = ["institution"]
    search_fields = ["institution__name", "institution__name_pinyin", "title"]
    autocomplete_fields = ["institution"]
    ordering = ["-year", "institution__name_pinyin", "kind"]

"""Who may log in, what was sent and what was done, at the staff's desk."""

from django.contrib import admin

from accounting_platform.lib.errors import DomainError
from accounting_platform.lib.masking import mask_document, mask_phone
from accounting_platform.lib.validators import clean_phone
from registration import share_admin, staff_admin  # noqa: F401  (they register their pages)
from registration.access import PROVINCE, DivisionScoped, scope_of
from registration.accounts import keys_of_number
from registration.admin_base import PlatformAdmin, ReadOnly
from registration.audit_admin import AuditEventAdmin
from registration.models import (
    Accountant,
    Announcement,
    AttemptCount,
    AuditEvent,
    DataExport,
    KeyCanary,
    Message,
    RecoveryRequest,
    SmsCode,
    SmsMessage,
    SpentProof,
)
from registration.recovery_admin import RecoveryRequestAdmin
from registration.sms_admin import ShowsBudget


def people_matching(rows, term, *, path=""):
    """Rows of people whose document number, phone, or beginning of name or pinyin is `term`; `path` leads to Accountant."""
    term = term.strip()
    # A foreign passport may be all letters on paper; here letters alone are the beginning of a name.
    keys = keys_of_number(term) if any(map(str.isdigit, term)) else []
    try:
        by_phone = Accountant.key_of_phone(clean_phone(term))
    except DomainError:
        by_phone = ""
    if by_phone:
        return rows.filter(**{f"{path}phone_key": by_phone})
    if keys:
        return rows.filter(**{f"{path}document_key__in": keys})
    column = "name_pinyin" if term.isascii() else "name"
    return rows.filter(**{f"{path}{column}__startswith": term.lower() if term.isascii() else term})


class ProvinceOnly(ReadOnly):
    """Logs that belong to no division: the province reads them."""

    def has_view_permission(self, request, obj=None):
        return scope_of(request.user) == PROVINCE and super().has_view_permission(request, obj)


@admin.register(Accountant)
class AccountantAdmin(ProvinceOnly, DivisionScoped, PlatformAdmin):
    """会计人员 as registered. A division belongs to the collected profile, so only the province finds people here."""

    list_display = [
        "name",
        "document_type",
        "masked_document",
        "masked_phone",
        "registered_at",
        "collected_at",
    ]
    list_filter = ["document_type"]
    list_select_related = ["user"]
    search_fields = ["name"]
    search_help_text = "姓名或拼音开头、完整的证件号码、完整的手机号码"
    ordering = ["-id"]
    fields = [
        "name",
        "document_type",
        "masked_document",
        "masked_phone",
        "gender",
        "birth_year",
        "country",
        "works_in_guangdong",
        "holds_certificate",
        "consent_version",
        "consented_at",
        "registered_at",
        "collected_at",
        "closed_at",
    ]

    @admin.display(description="证件号码")
    def masked_document(self, accountant):
        return mask_document(accountant.document_number)

    @admin.display(description="出生年份")
    def birth_year(self, accountant):
        # The day stands in the middle of the document number, which is masked.
        return f"{accountant.birth_date.year} 年" if accountant.birth_date else "—"

    @admin.display(description="手机号码")
    def masked_phone(self, accountant):
        return mask_phone(accountant.phone)

    def get_search_results(self, request, queryset, search_term):
        return (people_matching(queryset, search_term) if search_term.strip() else queryset), False


@admin.register(SmsMessage)
class SmsMessageAdmin(ShowsBudget, ProvinceOnly, PlatformAdmin):
    list_display = [
        "id",
        "template",
        "masked_phone",
        "state",
        "backend",
        "outcome",
        "created_at",
        "settled_at",
    ]
    list_filter = ["state"]
    search_fields = ["phone_key"]
    search_help_text = "完整的手机号码"
    ordering = ["-id"]
    fields = [*list_display[1:], "tries", "due_at", "taken_at"]

    @admin.display(description="手机号码")
    def masked_phone(self, message):
        return mask_phone(message.phone)

    def get_search_results(self, request, queryset, search_term):
        if not search_term.strip():
            return queryset, False
        try:
            return queryset.filter(phone_key=Accountant.key_of_phone(clean_phone(search_term))), False
        except DomainError:
            return queryset.none(), False


@admin.register(SmsCode)
class SmsCodeAdmin(ProvinceOnly, PlatformAdmin):
    list_display = ["id", "purpose", "tries", "created_at", "expires_at", "used_at"]
    list_filter = ["purpose"]
    ordering = ["-id"]
    fields = list_display[1:]


@admin.register(AttemptCount)
class AttemptCountAdmin(ProvinceOnly, PlatformAdmin):
    list_display = ["limit", "window", "count", "expires_at"]
    ordering = ["-id"]
    fields = list_display


@admin.register(SpentProof)
class SpentProofAdmin(ProvinceOnly, PlatformAdmin):
    list_display = ["id", "expires_at"]
    ordering = ["-id"]
    fields = ["nonce", "expires_at"]


@admin.register(KeyCanary)
class KeyCanaryAdmin(ProvinceOnly, PlatformAdmin):
    list_display = ["use", "key_id", "created_at", "retired_at"]
    ordering = ["id"]
    fields = list_display


@admin.register(DataExport)
class DataExportAdmin(ProvinceOnly, PlatformAdmin):
    """That there was an export, never what is in it."""

    list_display = ["id", "accountant", "state", "percent", "created_at", "expires_at"]
    list_filter = ["state"]
    list_select_related = ["accountant"]
    ordering = ["-created_at"]
    fields = ["accountant", "state", "percent", "tries", "size", "created_at", "changed_at", "expires_at"]


@admin.register(Announcement)
class AnnouncementAdmin(PlatformAdmin):
    """通知公告: the home page is everybody's, so the province alone writes on it."""

    list_display = ["title", "published_at", "ends_on"]
    search_fields = ["title"]

    def has_add_permission(self, request):
        return scope_of(request.user) == PROVINCE and super().has_add_permission(request)

    def has_change_permission(self, request, obj=None):
        return scope_of(request.user) == PROVINCE and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return scope_of(request.user) == PROVINCE and super().has_delete_permission(request, obj)


@admin.register(Message)
class MessageAdmin(ProvinceOnly, PlatformAdmin):
    list_display = ["id", "accountant", "title", "created_at", "read_at"]
    list_select_related = ["accountant"]
    search_fields = ["title__startswith"]
    ordering = ["-id"]
    fields = ["accountant", "title", "body", "created_at", "read_at"]


admin.site.register(AuditEvent, AuditEventAdmin)
admin.site.register(RecoveryRequest, RecoveryRequestAdmin)

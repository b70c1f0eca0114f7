"""The desk for what people have told: read, search, look closer for a reason; employers and code lists are kept here."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from accounting_platform.lib.errors import DomainError
from accounting_platform.lib.text import normalise, upper_ascii
from collection import archive, codes, desk
from collection.admin_imports import EmployerImportAdmin
from collection.admin_lists import CodeEntryAdmin, EmployerAdmin
from collection.choices import AttachmentKind, CodeList
from collection.models import (
    ArchiveVersion,
    Attachment,
    Award,
    CodeEntry,
    Employer,
    EmployerImport,
    Profile,
    Qualification,
    Schooling,
    TalentProgramme,
)
from registration.access import PROVINCE, DivisionScoped, scope_of
from registration.admin import people_matching
from registration.admin_base import PlatformAdmin, ReadOnly


class CityFilter(admin.SimpleListFilter):
    """市 of the division, as far as the reader's own scope has several."""

    title, parameter_name = "市", "city"

    def lookups(self, request, model_admin):
        scope = scope_of(request.user)
        return codes.children(CodeList.DIVISION, codes.PROVINCE) if scope == PROVINCE else []

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        prefix = self.value() if self.value().endswith("-B") else self.value()[:4]
        return queryset.filter(division__startswith=prefix)


@admin.register(Profile)
class ProfileAdmin(ReadOnly, DivisionScoped, PlatformAdmin):
    """会计人员信息档案: found by number, name, document, phone or employer; read masked; never written here."""

    division_path = "division"
    list_display = [
        "person",
        "archive_number",
        "masked_document",
        "division_name",
        "duty_status",
        "state",
        "submitted_at",
    ]
    list_display_links = ["person"]
    list_filter = ["state", "duty_status", CityFilter]
    list_select_related = ["accountant"]
    sortable_by = []
    ordering = ["-id"]
    search_fields = ["archive_number"]
    search_help_text = "档案号开头、姓名或拼音开头、完整的证件号码、手机号码或统一社会信用代码"

    @admin.display(description="姓名")
    def person(self, profile):
        return profile.accountant.name

    @admin.display(description="证件号码")
    def masked_document(self, profile):
        return archive.OWNER_MASKS["document_number"](profile.accountant.document_number)

    @admin.display(description="行政区划")
    def division_name(self, profile):
        return codes.division_name(profile.division)

    def get_search_results(self, request, queryset, search_term):
        term = normalise(search_term)
        if not term:
            return queryset, False
        # Archive numbers begin with the city and the year: 4401-2026-…
        if term[:4].isdigit() and "-" in term:
            return queryset.filter(archive_number__startswith=term), False
        if len(term) == 18 and term.isalnum() and term.isascii():
            by_employer = queryset.filter(credit_code=upper_ascii(term))
            return people_matching(queryset, term, path="accountant__") | by_employer, False
        return people_matching(queryset, term, path="accountant__"), False

    def get_urls(self):
        view = self.admin_site.admin_view(self.reveal_view)
        return [path("<int:object_id>/reveal/", view, name="collection_profile_reveal"), *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """One person, masked."""
        return self.person_page(request, self.found(request, object_id))

    @method_decorator(require_POST)
    def reveal_view(self, request, object_id):
        """One value in full or one picture, after a reason was typed; each look is an audit row."""
        profile = self.found(request, object_id)
        field = request.POST.get("field", "")
        try:
            desk.reveal(profile, field, reason=request.POST.get("reason", ""), by=request.user)
        except DomainError as refusal:
            return self.person_page(request, profile, asked=field, refusal=refusal, status=refusal.status)
        return self.person_page(request, profile, shown=(field,))

    def found(self, request, object_id):
        """The profile within the reader's division; a foreign one and a missing one are the same 404."""
        profile = self.get_object(request, str(object_id))
        if profile is None:
            raise Http404("没有找到这份档案。")
        if not self.has_view_permission(request, profile):
            raise PermissionDenied
        return profile

    def person_page(self, request, profile, *, shown=(), asked="", refusal=None, status=200):
        labels = desk.revealable(profile)
        asked = asked or request.GET.get("reveal", "")
        picture = next((field for field in shown if field in AttachmentKind), "")
        context = {
            **self.admin_site.each_context(request),
            **desk.person(profile, self.admin_site, request, shown=shown),
            "opts": self.opts,
            "title": profile.accountant.name,
            "asked": asked if asked in labels else "",
            "asked_label": labels.get(asked, ""),
            "masked": desk.REVEALABLE,
            "picture_label": labels.get(picture, ""),
            "picture": picture and desk.marked_picture(profile, picture, by=request.user),
            "refusal": refusal,
            "reason": request.POST.get("reason", ""),
        }
        template = "admin/collection/profile/person.html"
        return TemplateResponse(
            request, template, context, status=status, headers={"Cache-Control": "no-store"}
        )


class PartAdmin(ReadOnly, DivisionScoped, PlatformAdmin):
    """Rows that belong to a profile."""

    division_path = "profile__division"
    list_select_related = ["profile__accountant"]
    sortable_by = []
    ordering = ["-id"]
    search_fields = ["profile__archive_number"]
    search_help_text = "档案号开头"

    @admin.display(description="姓名")
    def person(self, row):
        return row.profile.accountant.name

    def get_search_results(self, request, queryset, search_term):
        term = normalise(search_term)
        return (queryset.filter(profile__archive_number__startswith=term) if term else queryset), False


@admin.register(Schooling)
class SchoolingAdmin(PartAdmin):
    list_display = ["person", "profile", "mode", "level", "degree_name", "school", "major", "graduated_on"]
    list_filter = ["mode"]
    fields = ["profile", "mode", "level", "degree_name", "school", "major", "entered_on", "graduated_on"]

    @admin.display(description="学历")
    def level(self, row):
        return codes.label(CodeList.EDUCATION_LEVEL, row.education_level)

    @admin.display(description="学位")
    def degree_name(self, row):
        return codes.label(CodeList.DEGREE, row.degree)


@admin.register(Qualification)
class QualificationAdmin(PartAdmin):
    list_display = ["person", "profile", "type", "level", "method", "name", "obtained_on"]
    list_filter = ["type", "level"]
    fields = [*list_display[1:], "certificate_number"]


@admin.register(TalentProgramme)
class TalentProgrammeAdmin(PartAdmin):
    list_display = ["person", "profile", "type", "selected_year", "state", "graduation_year"]
    list_filter = ["type", "state"]
    fields = list_display[1:]


@admin.register(Award)
class AwardAdmin(PartAdmin):
    list_display = ["person", "profile", "name", "level"]
    list_filter = ["level"]
    fields = list_display[1:]


@admin.register(Attachment)
class AttachmentAdmin(PartAdmin):
    """What was uploaded and what came of it; the pictures themselves are shown on the page of their person."""

    list_display = ["person", "profile", "kind", "state", "reason", "created_at", "replaced_at"]
    list_filter = ["kind", "state"]
    ordering = ["-created_at"]
    fields = [
        "profile",
        "kind",
        "state",
        "reason",
        "width",
        "height",
        "size",
        "created_at",
        "processed_at",
        "replaced_at",
    ]


@admin.register(ArchiveVersion)
class ArchiveVersionAdmin(PartAdmin):
    """The archive of past days, masked."""

    list_display = ["id", "person", "profile", "cause", "created_at"]
    list_filter = ["cause"]
    fields = ["profile", "cause", "created_at"]
    change_form_template = "admin/collection/archiveversion/change_form.html"

    def get_queryset(self, request):
        # Only the page of one version opens its seal.
        return super().get_queryset(request).defer("content")

    def render_change_form(self, request, context, *args, **kwargs):
        context["panels"] = archive.version_panels(context["original"], staff=True)
        return super().render_change_form(request, context, *args, **kwargs)


admin.site.register(Employer, EmployerAdmin)
admin.site.register(EmployerImport, EmployerImportAdmin)
admin.site.register(CodeEntry, CodeEntryAdmin)

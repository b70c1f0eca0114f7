"""What several pages of the desk share: quick filters, whose desk it is, the question before an action."""

from django.contrib import admin
from django.template.response import TemplateResponse

from collection import codes
from education.choices import EventType
from education.learning import catalogue
from registration.access import PROVINCE, DivisionScoped, scope_of
from registration.admin import people_matching
from registration.admin_base import PlatformAdmin, ReadOnly


class YearFilter(admin.SimpleListFilter):
    """The years of the platform; asking millions of rows which years they know would take seconds."""

    title, parameter_name = "年度", "year"

    def lookups(self, request, model_admin):
        return [(str(year), str(year)) for year in catalogue.years()]

    def queryset(self, request, queryset):
        # Anything may stand in an address; a year is one of those offered.
        known = self.value() in dict(self.lookup_choices)
        return queryset.filter(year=self.value()) if known else queryset


class EventFilter(admin.SimpleListFilter):
    """What schools report."""

    title, parameter_name = "类型", "event"

    def lookups(self, request, model_admin):
        return EventType.choices

    def queryset(self, request, queryset):
        return queryset.filter(event_type=self.value()) if self.value() else queryset


class ProvinceDesk:
    """Schools, courses and years are filed by the province; nothing of it is ever deleted."""

    def has_view_permission(self, request, obj=None):
        return scope_of(request.user) == PROVINCE and super().has_view_permission(request, obj)

    def has_add_permission(self, request):
        return scope_of(request.user) == PROVINCE and super().has_add_permission(request)

    def has_change_permission(self, request, obj=None):
        return scope_of(request.user) == PROVINCE and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return False


class PeoplesRecords(ReadOnly, DivisionScoped, PlatformAdmin):
    """What belongs to a person: staff read it, inside their own division."""

    division_path = "profile__division"
    person_path = "profile__accountant__"
    list_select_related = ["profile__accountant", "institution"]
    ordering = ["-id"]
    # Millions of rows: no other order is quick.
    sortable_by = ()
    search_fields = ["profile__archive_number"]
    search_help_text = "档案号、姓名或拼音开头、完整的证件号码、完整的手机号码"

    def get_search_results(self, request, queryset, search_term):
        term = search_term.strip()
        if not term:
            return queryset, False
        by_number = queryset.filter(profile__archive_number=term)
        return (
            by_number if by_number.exists() else people_matching(queryset, term, path=self.person_path)
        ), False

    @admin.display(description="会计人员")
    def person(self, record):
        return record.profile.accountant.name

    @admin.display(description="行政区划")
    def division(self, record):
        return codes.division_name(record.profile.division)


def confirm_page(model_admin, request, queryset, title, words, action, form=None):
    """The page between choosing an action and doing it."""
    context = model_admin.admin_site.each_context(request) | {
        "title": title,
        "words": words,
        "rows": [model_admin.row_label(row) for row in queryset[: model_admin.list_per_page]],
        "ids": [row.pk for row in queryset],
        "action": action,
        "reason_form": form,
        "opts": model_admin.opts,
    }
    return TemplateResponse(request, "admin/education/confirm.html", context)

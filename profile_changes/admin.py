"""Staff read the changes of their own division; a booking is its owner's to withdraw."""

from django.contrib import admin
from django.utils.html import format_html_join

from profile_changes import diff
from profile_changes.models import ChangeRequest
from registration.access import DivisionScoped
from registration.admin_base import PlatformAdmin, ReadOnly


@admin.register(ChangeRequest)
class ChangeRequestAdmin(ReadOnly, DivisionScoped, PlatformAdmin):
    """变更记录: who changed what and when; values are shown on the record's own page alone."""

    division_path = "profile__division"
    list_display = ["archive_number", "person", "section_title", "status", "created_at", "settled_at"]
    list_filter = ["status", "section_key"]
    list_select_related = ["profile__accountant"]
    sortable_by = []
    ordering = ["-id"]
    search_fields = ["profile__archive_number"]
    search_help_text = "完整的档案号"
    fields = readonly_fields = [
        "archive_number",
        "person",
        "section_title",
        "lines",
        "status",
        "reason",
        "created_at",
        "settled_at",
    ]

    def get_search_results(self, request, queryset, search_term):
        term = search_term.strip()
        return (queryset.filter(profile__archive_number=term) if term else queryset), False

    @admin.display(description="档案号")
    def archive_number(self, change):
        return change.profile.archive_number

    @admin.display(description="姓名")
    def person(self, change):
        return change.profile.accountant.name

    @admin.display(description="变更栏目")
    def section_title(self, change):
        return change.section.title

    @admin.display(description="改前和改后")
    def lines(self, change):
        found = diff.lines(change, staff=True)
        return format_html_join(
            "",
            "<p>{}：{} → {}</p>",
            ((one.label, one.before or "未填写", one.after or "未填写") for one in found),
        )

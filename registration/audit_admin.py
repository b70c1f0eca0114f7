"""操作审计 at the staff's desk: every row in Chinese, found by what was done; a city reads about its own people."""

from django.conf import settings
from django.contrib import admin

from registration import audit_events
from registration.access import PROVINCE, scope_of
from registration.admin_base import PlatformAdmin, ReadOnly
from registration.choices import UserKind
from registration.models import Accountant, User

RESULTS = {"ok": "成功", "refused": "未通过", "locked": "已锁定", "unknown": "结果未知"}


class EventFilter(admin.SimpleListFilter):
    """By what was done, in the words of the list."""

    title, parameter_name = "事件", "kind"

    def lookups(self, request, model_admin):
        return list(audit_events.names().items())

    def queryset(self, request, queryset):
        return queryset.filter(kind=self.value()) if self.value() in audit_events.names() else queryset


class ActorFilter(admin.SimpleListFilter):
    """By whose hand: members, staff, or nobody who was logged in."""

    title, parameter_name = "操作人", "by"

    def lookups(self, request, model_admin):
        return [*UserKind.choices, ("nobody", "未登录或系统")]

    def queryset(self, request, queryset):
        if self.value() in UserKind.values:
            return queryset.filter(actor_kind=self.value())
        return queryset.filter(actor_kind="") if self.value() == "nobody" else queryset


class AuditEventAdmin(ReadOnly, PlatformAdmin):
    list_display = ["created_at", "event", "actor", "subject", "outcome", "address"]
    list_display_links = ["event"]
    list_filter = [EventFilter, ActorFilter]
    sortable_by = []
    search_fields = ["request_id__exact"]
    search_help_text = "事件名称，如“登录失败”，或完整的请求编号"
    ordering = ["-id"]
    fields = [*list_display, "accountant_id", "subject_id", "detail", "request_id"]

    def get_queryset(self, request):
        """Everything for the province; for the others what concerns the people of their own division."""
        rows, scope = super().get_queryset(request), scope_of(request.user)
        if scope == PROVINCE:
            return rows
        if not scope:
            return rows.none()
        people = Accountant.objects.filter(**{f"{settings.ACCOUNT_DIVISION_PATH}__startswith": scope})
        return rows.filter(accountant_id__in=people.values("pk"))

    def get_search_results(self, request, queryset, search_term):
        term = search_term.strip()
        if not term:
            return queryset, False
        kinds = [kind for kind, name in audit_events.names().items() if term in name]
        return (queryset.filter(kind__in=kinds) if kinds else queryset.filter(request_id=term)), False

    def get_changelist_instance(self, request):
        """The names of those who acted come in one question for the whole page."""
        page = super().get_changelist_instance(request)
        staff = {event.actor_id for event in page.result_list if event.actor_kind != UserKind.ACCOUNTANT}
        names = User.objects.in_bulk(staff - {None})
        for event in page.result_list:
            event.actor_name = str(names.get(event.actor_id, ""))
        return page

    @admin.display(description="事件")
    def event(self, row):
        return audit_events.name_of(row.kind)

    @admin.display(description="操作人")
    def actor(self, row):
        if row.actor_id is None:
            return "未登录或系统"
        kind = dict(UserKind.choices).get(row.actor_kind, "账号")
        return f"{kind} {getattr(row, 'actor_name', '') or row.actor_id}"

    @admin.display(description="对象")
    def subject(self, row):
        return f"{audit_events.subject_name(row.subject_type)} {row.subject_id}".strip()

    @admin.display(description="结果")
    def outcome(self, row):
        return RESULTS.get(row.result, row.result)

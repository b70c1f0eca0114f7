"""The desk for continuing education: schools, courses, years, and what the schools reported."""

from django.contrib import admin, messages

from accounting_platform.lib.errors import DomainError
from education import (  # noqa: F401  (they register their pages)
    admin_certificates,
    admin_conversions,
    admin_deliveries,
    admin_disputes,
    admin_exemptions,
    admin_institutions,
    admin_rules,
    studies,
)
from education.admin_forms import ReasonForm
from education.admin_parts import PeoplesRecords, YearFilter, confirm_page
from education.choices import EnrolmentState
from education.models import (
    CreditEntry,
    Enrolment,
    Learner,
    Ticket,
    YearTotal,
)


@admin.register(Enrolment)
class EnrolmentAdmin(PeoplesRecords):
    list_display = [
        "person",
        "division",
        "year",
        "kind",
        "institution",
        "state",
        "credits",
        "last_message_at",
    ]
    list_filter = ["state", "kind", YearFilter]
    fields = [
        "person",
        "profile",
        "division",
        "institution",
        "reference",
        "year",
        "kind",
        "title",
        "state",
        "credits",
        "hours",
        "percent",
        "enrolled_at",
        "last_message_at",
        "ended_at",
        "reason",
    ]
    search_help_text = f"机构报名编号、{PeoplesRecords.search_help_text}"
    actions = ["release"]

    def get_search_results(self, request, queryset, search_term):
        by_reference = queryset.filter(reference=search_term.strip())
        if search_term.strip() and by_reference.exists():
            return by_reference, False
        return super().get_search_results(request, queryset, search_term)

    def has_release_permission(self, request):
        return request.user.has_perm("education.change_enrolment")

    @admin.action(description="释放所选学习记录", permissions=["release"])
    def release(self, request, queryset):
        """Ask for the reason, then end each of the studies on its own."""
        queryset = self.unfinished(request, queryset)
        if not queryset:
            return None
        form = ReasonForm(request.POST if "confirm" in request.POST else None)
        if not form.is_valid():
            words = "释放后该学习不再锁定本人的行政区划。机构以后仍可回传学分，学分照常入账。"
            return confirm_page(self, request, queryset, "释放学习记录", words, "release", form)
        for enrolment in queryset.order_by("profile_id", "pk"):
            try:
                studies.release(enrolment.pk, by=request.user, reason=form.cleaned_data["reason"])
            except DomainError as refusal:
                self.message_user(request, f"{self.row_label(enrolment)}：{refusal}", messages.ERROR)
            else:
                self.message_user(request, f"{self.row_label(enrolment)}：已释放。", messages.SUCCESS)
        return None

    def unfinished(self, request, queryset):
        """Those of the chosen studies that can be released; the others are named."""
        queryset = queryset.select_related(*self.list_select_related)
        for enrolment in queryset.exclude(state=EnrolmentState.IN_PROGRESS):
            state = enrolment.get_state_display()
            words = f"{self.row_label(enrolment)}：当前为“{state}”，只有未完成的学习可以释放。"
            self.message_user(request, words, messages.WARNING)
        return queryset.filter(state=EnrolmentState.IN_PROGRESS)

    def row_label(self, enrolment):
        profile = enrolment.profile
        return f"{profile.accountant.name}（档案号 {profile.archive_number}）{enrolment}"

    @admin.display(description="选择")
    def action_checkbox(self, enrolment):
        # The one action of this page is for unfinished studies.
        return super().action_checkbox(enrolment) if enrolment.state == EnrolmentState.IN_PROGRESS else ""


@admin.register(CreditEntry)
class CreditEntryAdmin(PeoplesRecords):
    list_display = ["person", "division", "year", "kind", "credits", "source", "institution", "booked_at"]
    list_filter = ["source", "kind", YearFilter]
    fields = ["person", "profile", "year", "kind", "source", "credits", "general_professional", "institution"]
    fields += ["enrolment", "delivery", "conversion", "finished_at", "booked_at"]


@admin.register(YearTotal)
class YearTotalAdmin(PeoplesRecords):
    list_display = ["person", "division", "year", "public", "professional", "general_professional", "sum"]
    list_filter = [YearFilter]
    list_select_related = ["profile__accountant"]
    fields = ["person", "profile", "year", "public", "professional", "general_professional", "sum"]

    @admin.display(description="合计")
    def sum(self, total):
        return total.total


@admin.register(Learner)
class LearnerAdmin(PeoplesRecords):
    list_display = ["person", "institution", "public_id", "created_at"]
    list_filter = ["institution"]
    fields = ["person", "profile", "institution", "public_id", "created_at"]


@admin.register(Ticket)
class TicketAdmin(PeoplesRecords):
    list_display = ["person", "institution", "created_at", "expires_at", "redeemed_at"]
    fields = [
        "person",
        "profile",
        "institution",
        "offering",
        "enrolment",
        "created_at",
        "expires_at",
        "redeemed_at",
    ]

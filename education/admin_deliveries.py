"""The desk's page of 学分回传, and where the province decides about corrections and revocations."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html

from accounting_platform.lib.errors import DomainError
from education import corrections
from education.admin_forms import SendBackForm
from education.admin_parts import EventFilter, PeoplesRecords
from education.choices import DeliveryOutcome, EventType
from education.models import Delivery
from registration.access import PROVINCE, scope_of


@admin.register(Delivery)
class DeliveryAdmin(PeoplesRecords):
    """学分回传 as received. One that was refused may belong to nobody, so only the province sees it."""

    division_path = "enrolment__profile__division"
    list_display = ["received_at", "institution", "event", "outcome", "code", "reason", "repeats"]
    list_filter = ["outcome", EventFilter, "institution"]
    list_select_related = ["institution"]
    # The body is sealed: it may hold what a school wrote about a person.
    fields = [
        "institution",
        "message_id",
        "event",
        "received_at",
        "outcome",
        "code",
        "reason",
        "repeats",
        "enrolment",
        "digest",
        "decision",
    ]
    readonly_fields = ["decision"]
    search_fields = ["message_id"]
    search_help_text = "完整的消息编号"

    @admin.display(description="处理")
    def decision(self, delivery):
        if delivery.outcome != DeliveryOutcome.HELD:
            return "—"
        url = reverse("admin:education_delivery_decide", args=[delivery.pk])
        return format_html('<a href="{}">确认或退回</a>', url)

    def may_decide(self, request):
        return scope_of(request.user) == PROVINCE and request.user.has_perm("education.change_delivery")

    def get_fields(self, request, obj=None):
        fields = super().get_fields(request, obj)
        return fields if self.may_decide(request) else [name for name in fields if name != "decision"]

    def get_urls(self):
        view = self.admin_site.admin_view(self.decide_view)
        return [path("<int:pk>/decide/", view, name="education_delivery_decide"), *super().get_urls()]

    def decide_view(self, request, pk):
        """What the school asks for beside what stands in the ledger; the province confirms it or sends it back."""
        delivery = self.get_object(request, str(pk))
        if delivery is None or not self.may_decide(request):
            raise PermissionDenied
        if delivery.outcome != DeliveryOutcome.HELD:
            self.message_user(request, "这条回传不需要处理，或者已经处理过。", messages.WARNING)
            return redirect("admin:education_delivery_change", pk)
        form = SendBackForm(request.POST if request.POST.get("decision") == "refuse" else None)
        try:
            if request.POST.get("decision") == "confirm":
                corrections.confirm(pk, by=request.user)
                return self.decided(request, f"{delivery}：已确认，学分账已更新，并已告知本人。")
            if form.is_valid():
                corrections.refuse(pk, by=request.user, reason=form.cleaned_data["reason"])
                return self.decided(request, f"{delivery}：已退回，学分不变，并已告知本人。")
        except DomainError as refusal:
            messages.error(request, str(refusal))
        context = self.admin_site.each_context(request) | {
            "title": f"处理{dict(EventType.choices)[delivery.event_type]}申请",
            "delivery": delivery,
            "study": delivery.enrolment,
            "person": delivery.enrolment.profile,
            "change": corrections.change_of(delivery),
            "form": form,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/education/decide.html", context)

    def decided(self, request, words):
        self.message_user(request, words, messages.SUCCESS)
        return redirect("admin:education_delivery_changelist")

    @admin.display(description="类型")
    def event(self, delivery):
        return dict(EventType.choices).get(delivery.event_type, delivery.event_type)

    def get_search_results(self, request, queryset, search_term):
        term = search_term.strip()
        return (queryset.filter(message_id=term) if term else queryset), False

"""The desk's page of 学分疑问: learners of one's own division ask, staff answer."""

from django.contrib import admin

from education import disputes
from education.admin_case_forms import DisputeForm
from education.admin_decisions import DecisionDesk
from education.admin_parts import PeoplesRecords
from education.choices import DisputeState
from education.models import Dispute


@admin.register(Dispute)
class DisputeAdmin(DecisionDesk, PeoplesRecords):
    form = DisputeForm
    list_display = ["person", "division", "institution", "topic", "state", "created_at"]
    list_filter = ["state", "topic", "institution"]
    list_select_related = ["profile__accountant", "institution", "by"]
    facts = ["person", "division", "profile", "institution", "school_phone", "enrolment", "study_state"]
    facts += ["topic", "words", "state", "created_at"]
    outcome = ["answer", "by", "answered_at", "settled_at"]
    decision = ["reply"]

    def is_open(self, row):
        return row.state == DisputeState.OPEN

    def decide(self, request, row, form):
        disputes.answer(row.pk, words=form.cleaned_data["reply"], by=request.user)

    @admin.display(description="机构客服电话")
    def school_phone(self, row):
        return row.institution.service_phone or "—"

    @admin.display(description="学习状态")
    def study_state(self, row):
        study = row.enrolment
        credits = "" if study.credits is None else f"，{study.credits.normalize():f} 学分"
        return f"{study.get_state_display()}{credits}，机构报名编号 {study.reference}"

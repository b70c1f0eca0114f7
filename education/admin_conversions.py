"""The desk's page of 学分折算: read the application and its proof, then decide."""

from django.contrib import admin

from education import conversions
from education.admin_case_forms import APPROVE, ConversionForm
from education.admin_decisions import DecisionDesk
from education.admin_parts import PeoplesRecords, YearFilter
from education.admin_proofs import ProofDesk
from education.choices import ConversionState
from education.models import Conversion


@admin.register(Conversion)
class ConversionAdmin(DecisionDesk, ProofDesk, PeoplesRecords):
    """Applications of one's own division; those that wait come first."""

    form = ConversionForm
    list_display = ["person", "division", "kind", "year", "quantity", "state", "created_at"]
    list_filter = ["state", YearFilter]
    list_select_related = ["profile__accountant", "kind__rule", "by"]
    facts = ["person", "division", "profile", "kind", "evidence", "year", "asked", "obtained_on", "words"]
    facts += ["proofs_button", "state", "created_at"]
    outcome = ["public", "professional", "general_professional", "reason", "by", "decided_at"]
    decision = ["decision", "count_year", "count_public", "count_professional", "general", "why"]
    look_reason = "办理学分折算申请"

    def is_open(self, row):
        return row.state == ConversionState.WAITING

    def decide(self, request, row, form):
        answers = form.cleaned_data
        if answers["decision"] == APPROVE:
            grant = form.grant()
            conversions.approve(row.pk, year=answers["count_year"], grant=grant, by=request.user)
        else:
            conversions.refuse(row.pk, reason=answers["why"], by=request.user)

    @admin.display(description="证明材料要求")
    def evidence(self, row):
        return row.kind.evidence

    @admin.display(description="申请数量")
    def asked(self, row):
        return f"{row.quantity} {row.kind.unit}"

"""The desk's page of 免学登记: granted with reason and proof, ended with a reason."""

from django.contrib import admin, messages

from accounting_platform.lib.errors import DomainError
from education import exemptions
from education.admin_case_forms import ExemptionEndForm, ExemptionForm
from education.admin_decisions import DecisionDesk
from education.admin_parts import PeoplesRecords, YearFilter
from education.admin_proofs import ProofDesk
from education.models import Exemption


@admin.register(Exemption)
class ExemptionAdmin(DecisionDesk, ProofDesk, PeoplesRecords):
    list_display = ["person", "division", "year", "kind", "source", "created_at", "ended_at"]
    list_filter = ["kind", "source", YearFilter]
    list_select_related = ["profile__accountant", "by"]
    facts = ["person", "division", "profile", "year", "kind", "source", "reason", "proofs_button"]
    facts += ["by", "created_at"]
    outcome = ["ended_at", "end_reason"]
    decision = ["why"]
    new = ["archive_number", "year", "kind", "reason", "files"]
    look_reason = "核对免学登记"

    def has_add_permission(self, request):
        return request.user.has_perm("education.add_exemption")

    def is_open(self, row):
        return row.ended_at is None

    def decide(self, request, row, form):
        exemptions.end(row.pk, reason=form.cleaned_data["why"], by=request.user)

    def get_fields(self, request, obj=None):
        return super().get_fields(request, obj) if obj else self.new

    def get_readonly_fields(self, request, obj=None):
        return super().get_readonly_fields(request, obj) if obj else []

    def get_form(self, request, obj=None, change=False, **kwargs):
        kwargs["form"] = ExemptionEndForm if obj else ExemptionForm
        form = super().get_form(request, obj, change=change, **kwargs)
        form.staff = request.user
        return form

    def save_model(self, request, obj, form, change):
        if change:
            super().save_model(request, obj, form, change)
            return
        answers = form.cleaned_data
        told = {name: answers[name] for name in ("year", "kind", "reason")}
        try:
            granted = exemptions.grant(form.profile, **told, uploads=answers["files"], by=request.user)
        except DomainError as refusal:
            # Somebody was quicker: their row is shown.
            self.message_user(request, str(refusal), messages.WARNING)
            granted = Exemption.objects.get(profile=form.profile, year=answers["year"], ended_at=None)
        obj.pk, obj._state.adding = granted.pk, False
        obj.refresh_from_db()

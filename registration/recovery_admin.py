"""Requests for a new phone at the staff's desk: read, and decided with a reason."""

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.shortcuts import redirect
from django.utils import formats, timezone

from accounting_platform.lib.errors import DomainError
from accounting_platform.lib.masking import mask_document, mask_phone
from registration import lost_phone
from registration.access import DivisionScoped
from registration.admin_base import PlatformAdmin
from registration.choices import RecoveryState
from registration.models import RecoveryRequest

APPROVE, REFUSE = "approve", "refuse"


class DecisionForm(forms.ModelForm):
    """同意 or 不同意, and what was shown as proof."""

    decision = forms.ChoiceField(label="处理意见", widget=forms.RadioSelect)
    why = forms.CharField(
        label="处理理由",
        max_length=200,
        help_text="看过什么证明、怎样核实的，5 至 200 个字；不要写证件号码",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    class Meta:
        model = RecoveryRequest
        fields = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [(REFUSE, "不同意")]
        if self.instance.state == RecoveryState.WAITING:
            hours = settings.RECOVERY_WAIT_HOURS
            choices.insert(0, (APPROVE, f"同意（{hours} 小时后生效，期间短信告知原手机）"))
        self.fields["decision"].choices = choices

    def clean_why(self):
        try:
            return lost_phone.clean_reason(self.cleaned_data["why"])
        except DomainError as refusal:
            raise forms.ValidationError(refusal.message) from None


class RecoveryRequestAdmin(DivisionScoped, PlatformAdmin):
    """手机号码停用申请 of one's own division; people without a division are the province's."""

    division_path = f"accountant__{settings.ACCOUNT_DIVISION_PATH}"
    form = DecisionForm
    list_display = ["person", "masked_phone", "state", "created_at", "applies_at"]
    list_display_links = ["person"]
    list_filter = ["state"]
    list_select_related = ["accountant"]
    sortable_by = []
    ordering = ["-created_at"]
    facts = [
        "person",
        "masked_document",
        "registered_at",
        "old_phone",
        "masked_phone",
        "statement",
        "state",
        "created_at",
    ]
    outcome = ["reason", "decided_by", "decided_at", "applies_at", "settled_at"]

    def get_queryset(self, request):
        # What no worker has matched yet concerns nobody.
        rows = super().get_queryset(request).exclude(state=RecoveryState.MATCHING)
        return rows.select_related("accountant", "decided_by")

    def get_fields(self, request, obj=None):
        facts = self.get_readonly_fields(request, obj)
        return [*facts, "decision", "why"] if self.has_change_permission(request, obj) else facts

    def get_readonly_fields(self, request, obj=None):
        return self.facts + [name for name in self.outcome if getattr(obj, name, None)]

    def render_change_form(self, request, context, *args, **kwargs):
        # One decision, one button.
        return super().render_change_form(
            request, context | {"show_save_and_continue": False}, *args, **kwargs
        )

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        may = super().has_change_permission(request, obj)
        return may and (obj is None or obj.is_open)

    def save_model(self, request, obj, form, change):
        decide = lost_phone.approve if form.cleaned_data["decision"] == APPROVE else lost_phone.refuse
        try:
            decide(obj.pk, reason=form.cleaned_data["why"], by=request.user)
        except DomainError as refusal:
            request.refusal = refusal

    def response_change(self, request, obj):
        refusal = getattr(request, "refusal", None)
        if refusal is None:
            return super().response_change(request, obj)
        # Somebody else was quicker; Django's words of success would be wrong.
        self.message_user(request, str(refusal), messages.ERROR)
        return redirect(request.path)

    def log_change(self, request, obj, message):
        if getattr(request, "refusal", None) is None:
            super().log_change(request, obj, message)

    @admin.display(description="姓名")
    def person(self, row):
        return row.accountant.name

    @admin.display(description="证件号码")
    def masked_document(self, row):
        return mask_document(row.accountant.document_number)

    @admin.display(description="注册时间")
    def registered_at(self, row):
        return formats.localize(timezone.localtime(row.accountant.registered_at))

    @admin.display(description="原手机号码")
    def old_phone(self, row):
        return mask_phone(row.accountant.phone)

    @admin.display(description="新手机号码")
    def masked_phone(self, row):
        return mask_phone(row.phone)

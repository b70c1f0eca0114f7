"""学分证明 at the staff's desk: read, and taken out of force with a reason."""

from django.contrib import admin, messages

from accounting_platform.lib.errors import DomainError
from education.admin_forms import ReasonForm
from education.admin_parts import PeoplesRecords, YearFilter, confirm_page
from education.choices import CertificateState
from education.ledger import certificates
from education.models import Certificate


class RevokeForm(ReasonForm):
    """Why a certificate is taken out of force: its owner reads it, others who check it do not."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = "原因会通知本人，并写入审计；核验的人只看到“已撤销”。"


@admin.register(Certificate)
class CertificateAdmin(PeoplesRecords):
    list_display = ["person", "division", "year", "number", "state", "issued_at", "revoked_at"]
    list_filter = ["state", YearFilter]
    list_select_related = ["profile__accountant"]
    fields = ["person", "profile", "division", "year", "number", "state", "issued_at", "revoked_at", "reason"]
    search_help_text = f"证明编号、{PeoplesRecords.search_help_text}"
    actions = ["revoke"]

    def get_search_results(self, request, queryset, search_term):
        by_number = queryset.filter(number=search_term.strip().upper())
        if search_term.strip() and by_number.exists():
            return by_number, False
        return super().get_search_results(request, queryset, search_term)

    def has_revoke_permission(self, request):
        return request.user.has_perm("education.change_certificate")

    @admin.action(description="撤销所选证明", permissions=["revoke"])
    def revoke(self, request, queryset):
        """Ask for the reason, then take each of them out of force."""
        queryset = queryset.filter(state=CertificateState.VALID).select_related(*self.list_select_related)
        if not queryset:
            self.message_user(request, "所选证明都已撤销，请重新选择。", messages.WARNING)
            return None
        form = RevokeForm(request.POST if "confirm" in request.POST else None)
        if not form.is_valid():
            words = (
                "撤销后，已经打印或分享的证明在核验时显示“已撤销”，不能恢复；本人会收到原因，可以重新开具。"
            )
            return confirm_page(self, request, queryset, "撤销证明", words, "revoke", form)
        for certificate in queryset.order_by("profile_id", "pk"):
            self.revoke_one(request, certificate, form.cleaned_data["reason"])
        return None

    def revoke_one(self, request, certificate, reason):
        try:
            certificates.revoke(certificate.pk, by=request.user, reason=reason)
        except DomainError as refusal:
            self.message_user(request, f"{self.row_label(certificate)}：{refusal}", messages.ERROR)
        else:
            self.message_user(request, f"{self.row_label(certificate)}：已撤销。", messages.SUCCESS)

    def row_label(self, certificate):
        return f"{certificate.profile.accountant.name} {certificate}（编号 {certificate.number}）"

    @admin.display(description="选择")
    def action_checkbox(self, certificate):
        return super().action_checkbox(certificate) if certificate.is_valid else ""

"""证明材料 at the desk: looked at by a button that leaves an audit row, marked with who looks and when."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html

from education import proofs
from education.choices import ProofState
from education.models import Proof
from registration.access import PROVINCE, scope_of
from registration.admin_base import PlatformAdmin, ReadOnly


class ProofDesk:
    """Admin mixin for what has proofs: a button among its read-only facts, and the page behind it."""

    look_reason = ""

    def look_name(self):
        return f"{self.opts.app_label}_{self.opts.model_name}_proofs"

    def get_urls(self):
        view = self.admin_site.admin_view(self.proofs_view)
        return [path("<int:pk>/proofs/", view, name=self.look_name()), *super().get_urls()]

    @admin.display(description="证明材料")
    def proofs_button(self, row):
        count = row.proofs.filter(state=ProofState.READY).count()
        waiting = row.proofs.filter(state=ProofState.PROCESSING).count()
        told = f"{count} 张" + (f"，另有 {waiting} 张正在处理" if waiting else "")
        if not count:
            return told if waiting else "没有"
        words = '{}　<button class="button" type="submit" formaction="{}" formtarget="_blank" formnovalidate>查看证明材料</button>（会留下查看记录）'
        return format_html(words, told, reverse(f"admin:{self.look_name()}", args=[row.pk]))

    def proofs_view(self, request, pk):
        """The pictures, in this one answer only."""
        row = self.get_object(request, str(pk))
        if row is None or not self.has_view_permission(request, row):
            raise PermissionDenied
        change = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[pk])
        if request.method != "POST":
            return redirect(change)
        pictures = proofs.look(row, reason=self.look_reason, by=request.user)
        if not pictures:
            self.message_user(request, "证明材料暂时找不到，请稍后再试。", messages.WARNING)
        context = self.admin_site.each_context(request) | {
            "title": f"证明材料：{row.profile.accountant.name}，{row}",
            "pictures": pictures,
            "change": change,
            "opts": self.opts,
        }
        return TemplateResponse(
            request, "admin/education/proofs.html", context, headers={"Cache-Control": "no-store"}
        )


@admin.register(Proof)
class ProofAdmin(ReadOnly, PlatformAdmin):
    """How far the pictures have come; they are looked at where they belong."""

    list_display = ["id", "state", "conversion", "exemption", "created_at"]
    list_filter = ["state"]
    list_select_related = ["conversion__kind", "exemption"]
    fields = ["conversion", "exemption", "state", "reason", "tries", "created_at"]

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows if scope_of(request.user) == PROVINCE else rows.none()

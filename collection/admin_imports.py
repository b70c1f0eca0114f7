"""导入单位 at the desk of the province: upload, look at what would change, confirm."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe

from accounting_platform.lib.errors import DomainError
from collection import employer_import, employer_sheet
from collection.choices import ImportState
from collection.employer_resource import HEADERS, NEEDED
from registration.access import PROVINCE, scope_of
from registration.admin_base import PlatformAdmin

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
UPLOAD = "admin/collection/employerimport/upload.html"
PREVIEW = "admin/collection/employerimport/preview.html"
SHOWN_STATES = {
    ImportState.CHECKING: "wait",
    ImportState.CHECKED: "info",
    ImportState.WRITING: "wait",
    ImportState.DONE: "ok",
    ImportState.REFUSED: "bad",
    ImportState.DROPPED: "plain",
}


class UploadForm(forms.Form):
    file = forms.FileField(
        label="Excel 文件",
        widget=forms.ClearableFileInput(attrs={"accept": f".xlsx,{XLSX}"}),
        error_messages={
            "required": "请选择要导入的 .xlsx 文件",
            "invalid": "请选择要导入的 .xlsx 文件",
            "empty": "文件是空的，请重新选择",
            "missing": "请选择要导入的 .xlsx 文件",
        },
    )


class EmployerImportAdmin(PlatformAdmin):
    """Each import with its counts; its own page is preview, progress and result in one."""

    list_display = [
        "file_name",
        "state",
        *("rows_new", "rows_changed", "rows_unchanged", "rows_refused"),
        "user",
        "created_at",
    ]
    list_filter = ["state"]
    list_select_related = ["user"]
    sortable_by = []
    ordering = ["-id"]

    def has_view_permission(self, request, obj=None):
        return scope_of(request.user) == PROVINCE and super().has_view_permission(request, obj)

    def has_add_permission(self, request):
        return scope_of(request.user) == PROVINCE and super().has_add_permission(request)

    def has_change_permission(self, request, obj=None):
        return scope_of(request.user) == PROVINCE and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        view = self.admin_site.admin_view(self.template_view)
        return [path("template/", view, name="collection_employerimport_template"), *super().get_urls()]

    @method_decorator(require_safe)
    def template_view(self, request):
        """The sheet to fill in."""
        if not self.has_add_permission(request):
            raise Http404("没有这个页面。")
        content = employer_sheet.template(HEADERS, NEEDED)
        return HttpResponse(
            content, XLSX, headers={"Content-Disposition": 'attachment; filename="employers.xlsx"'}
        )

    def add_view(self, request, form_url="", extra_context=None):
        """Upload a sheet; it is checked first and written later."""
        self.refuse(request, self.has_add_permission(request))
        form = UploadForm(request.POST or None, request.FILES or None)
        status = 200
        if request.method == "POST" and form.is_valid():
            try:
                row = employer_import.take(form.cleaned_data["file"], by=request.user)
                return redirect("admin:collection_employerimport_change", row.pk)
            except DomainError as refusal:
                form.add_error("file", refusal.message)
                status = refusal.status
        elif request.method == "POST":
            form = UploadForm({}, request.FILES)
        context = {"form": form, "headers": HEADERS, "needed": NEEDED, "limits": employer_sheet}
        return self.page(request, UPLOAD, "导入单位", context, status=status)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """What one import would change or has changed; posting decides over a checked one."""
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404("没有找到这次导入。")
        self.refuse(request, self.has_view_permission(request, row))
        if request.method == "POST":
            self.refuse(request, self.has_change_permission(request, row))
            return self.decide(request, row)
        context = {"row": row, "tag_kind": SHOWN_STATES[row.state], "kept": employer_import.PROBLEMS_KEPT}
        return self.page(request, PREVIEW, f"导入单位：{row.file_name}", context)

    def decide(self, request, row):
        """确认导入 or 放弃."""
        verbs = {"confirm": employer_import.confirm, "drop": employer_import.drop}
        verb = verbs.get(request.POST.get("decision"))
        try:
            if verb:
                verb(row.pk, by=request.user)
        except DomainError as refusal:
            messages.warning(request, refusal.message)
        return redirect(reverse("admin:collection_employerimport_change", args=[row.pk]))

    def page(self, request, name, title, context, status=200):
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": title, **context}
        return TemplateResponse(request, name, context, status=status)

    @staticmethod
    def refuse(request, allowed):
        if not allowed:
            raise PermissionDenied

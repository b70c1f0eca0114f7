"""The desk's lists that everybody uses: employers and code lists."""

from django.contrib import admin, messages

from collection import codes
from collection.admin_forms import CodeEntryForm, EmployerForm
from collection.choices import CodeList
from collection.pinyin import initials, spelled
from registration.access import PROVINCE, scope_of
from registration.admin_base import PlatformAdmin


class ProvinceKept:
    """Lists that everybody uses: staff of every division read them, the province keeps them; nothing is deleted."""

    def has_add_permission(self, request):
        return scope_of(request.user) == PROVINCE and super().has_add_permission(request)

    def has_change_permission(self, request, obj=None):
        return scope_of(request.user) == PROVINCE and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return False


class EmployerAdmin(ProvinceKept, PlatformAdmin):
    """单位: what people typed, to be mended and confirmed."""

    form = EmployerForm
    list_display = ["name", "credit_code", "industry_name", "economy", "typed_by", "verified"]
    list_filter = ["verified"]
    sortable_by = ["name"]
    ordering = ["-id"]
    search_fields = ["name__prefix", "name_pinyin__prefix", "credit_code__prefix"]
    search_help_text = "单位名称、拼音首字母或统一社会信用代码的开头"
    fields = ["name", "credit_code", "industry", "economic_type", "address", "phone", "verified", "typed_by"]
    readonly_fields = ["typed_by"]
    actions = ["verify_selected"]

    @admin.display(description="所属行业")
    def industry_name(self, employer):
        return codes.label(CodeList.INDUSTRY, employer.industry)

    @admin.display(description="经济类型")
    def economy(self, employer):
        return codes.label(CodeList.ECONOMIC_TYPE, employer.economic_type)

    @admin.action(description="核实所选单位", permissions=["change"])
    def verify_selected(self, request, queryset):
        for employer in queryset.filter(verified=False):
            employer.verified = True
            employer.save(update_fields=["verified"])
            self.log_change(request, employer, [{"changed": {"fields": ["已核实"]}}])
        self.message_user(request, "所选单位已核实。", messages.SUCCESS)


class CodeEntryAdmin(ProvinceKept, PlatformAdmin):
    """代码: a withdrawn one gets an end date and stays."""

    form = CodeEntryForm
    list_display = ["name", "code", "list", "parent_code", "selectable", "ends_on"]
    list_filter = ["list", "selectable"]
    search_fields = ["name", "code__startswith", "pinyin__startswith"]
    search_help_text = "名称、代码开头或拼音开头"
    ordering = ["list", "rank", "code"]
    fields = ["list", "code", "name", "full_name", "parent_code", "selectable", "rank", "ends_on"]

    def get_readonly_fields(self, request, obj=None):
        # Answers name the code: another meaning needs another code.
        return ["list", "code"] if obj else []

    def save_model(self, request, obj, form, change):
        obj.full_name = obj.full_name or obj.name
        obj.pinyin = f"{spelled(obj.name)} {initials(obj.name)}"[:200]
        super().save_model(request, obj, form, change)

"""What the admin pages of every app share: capped counting, reading without writing, an audit row for each change."""

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect

from accounting_platform.lib.paging import CappedPaginator
from registration import audit
from registration.admin_search import QuietSearch


class CarefulAutocomplete(AutocompleteSelect):
    """Django asks the database for whatever was posted; what can be no key is left out here."""

    def optgroups(self, name, value, attr=None):
        keys = [each for each in value if each.isascii() and each.isdecimal() and len(each) < 19]
        return super().optgroups(name, keys, attr)


class CarefulChoices(forms.ModelMultipleChoiceField):
    """Several rows by their keys; a key that no database takes is a wrong choice like every other."""

    def _check_values(self, value):
        odd = [
            each
            for each in value
            if not (str(each).isascii() and str(each).isdecimal() and len(str(each)) < 19)
        ]
        if odd:
            raise forms.ValidationError("请从列出的项目中选择")
        return super()._check_values(value)


class PlatformAdmin(QuietSearch, admin.ModelAdmin):
    """Lists that stay quick over millions of rows; what staff add, change or delete leaves an audit row."""

    show_full_result_count = False
    # Counts beside each filter would be a scan each.
    show_facets = admin.ShowFacets.NEVER
    paginator = CappedPaginator
    list_per_page = 50
    # Deleting many at once is nobody's daily work; each app adds the actions it needs.
    actions = None

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", CarefulAutocomplete(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def log_addition(self, request, obj, message):
        self.record("added", request, obj, message)
        return super().log_addition(request, obj, message)

    def log_change(self, request, obj, message):
        self.record("changed", request, obj, message)
        return super().log_change(request, obj, message)

    def log_deletions(self, request, queryset):
        for obj in queryset:
            self.record("deleted", request, obj, [])
        return super().log_deletions(request, queryset)

    def record(self, what, request, obj, message):
        """One audit row with the names of the fields, never their values."""
        parts = message if isinstance(message, list) else []
        fields = [name for part in parts for name in part.get("changed", {}).get("fields", [])]
        audit.record(
            f"staff.{what}", actor=request.user, subject=obj, detail={"fields": fields} if fields else None
        )


class ReadOnly:
    """Admin mixin: staff read here; what is written goes through services."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

"""What people share and print, at the staff's desk: that they do, never what it shows."""

from django.conf import settings
from django.contrib import admin

from registration.access import DivisionScoped
from registration.admin_base import PlatformAdmin, ReadOnly
from registration.models import PaperFile, Share


class OfPeople(ReadOnly, DivisionScoped, PlatformAdmin):
    """Rows of one accountant each; the staff of their division see them."""

    division_path = f"accountant__{settings.ACCOUNT_DIVISION_PATH}"
    list_select_related = ["accountant"]
    ordering = ["-created_at"]
    # Millions of rows: no other order is quick.
    sortable_by = ()


@admin.register(Share)
class ShareAdmin(OfPeople):
    list_display = ["label", "accountant", "state", "created_at", "expires_at", "views", "last_viewed_at"]
    fields = ["label", "accountant", "kind", "groups", "state", "created_at", "expires_at", "revoked_at"]
    fields += ["views", "last_viewed_at"]

    @admin.display(description="状态")
    def state(self, share):
        if share.revoked_at:
            return "已撤销"
        return "有效" if share.is_live else "已过期"


@admin.register(PaperFile)
class PaperFileAdmin(OfPeople):
    list_display = ["label", "accountant", "state", "created_at", "expires_at"]
    list_filter = ["state"]
    fields = ["label", "accountant", "kind", "state", "percent", "tries", "size", "created_at", "changed_at"]
    fields += ["expires_at"]

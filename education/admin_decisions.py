"""What a page of one case shares at the desk: facts to read, one decision, refusals told."""

from django.contrib import messages
from django.shortcuts import redirect

from accounting_platform.lib.errors import DomainError


class DecisionDesk:
    """Admin mixin: `facts` are read, `decision` fields are asked while `is_open(row)`, `decide(request, row, form)` acts.

    `outcome` are shown once they hold something.
    """

    facts, outcome, decision = [], [], []

    def is_open(self, row):
        raise NotImplementedError

    def decide(self, request, row, form):
        raise NotImplementedError

    def get_fields(self, request, obj=None):
        facts = self.get_readonly_fields(request, obj)
        return [*facts, *self.decision] if self.has_change_permission(request, obj) else facts

    def get_readonly_fields(self, request, obj=None):
        return self.facts + [name for name in self.outcome if getattr(obj, name, None)]

    def has_change_permission(self, request, obj=None):
        may = request.user.has_perm(f"{self.opts.app_label}.change_{self.opts.model_name}")
        return may and (obj is None or self.is_open(obj))

    def render_change_form(self, request, context, *args, **kwargs):
        # One decision, one button.
        return super().render_change_form(
            request, context | {"show_save_and_continue": False}, *args, **kwargs
        )

    def save_model(self, request, obj, form, change):
        try:
            self.decide(request, obj, form)
        except DomainError as refusal:
            request.refusal = refusal

    def response_change(self, request, obj):
        refusal = getattr(request, "refusal", None)
        if refusal is None:
            return super().response_change(request, obj)
        # Django's words of success would be wrong.
        self.message_user(request, str(refusal), messages.ERROR)
        return redirect(request.path)

    def log_change(self, request, obj, message):
        # The service wrote its own audit row; Django's log keeps the names of the fields.
        if getattr(request, "refusal", None) is None:
            super().log_change(request, obj, message)

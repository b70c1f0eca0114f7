"""Choices out of a table, posted by anybody: a key that no database could hold is refused like one that is not there."""

from typing import Any

from django.core.exceptions import ValidationError


class AnyKey:
    """Mixin for ModelChoiceField and ModelMultipleChoiceField."""

    def clean(self, value: Any) -> Any:
        try:
            return super().clean(value)
        except OverflowError:
            message = self.error_messages["invalid_choice"]
            raise ValidationError(message, code="invalid_choice", params={"value": value}) from None

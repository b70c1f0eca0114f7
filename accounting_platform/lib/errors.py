"""Refusals that are shown to a person, in Chinese, saying what to do next."""

from django.core.exceptions import ValidationError


class DomainError(Exception):
    """A rule says no: `message` is shown as it is, `field` names the answer at fault, `status` is the HTTP status."""

    def __init__(self, message: str, *, field: str | None = None, code: str = "", status: int = 400) -> None:
        super().__init__(message)
        self.args = (message,)
        self.message = message
        self.field = field
        self.code = code
        self.status = status

    def __str__(self) -> str:
        return self.message


class InputError(DomainError, ValidationError):
    """One value is refused: Django's forms take it as a ValidationError, services as a DomainError."""

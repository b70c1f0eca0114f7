"""Django's stock error words in the platform's own: each names the field and says what to do. A form's own words stay."""

from django import forms
from django.core.validators import EmailValidator, MaxLengthValidator, MinLengthValidator


def error_words(field):
    """The errors of a bound field as sentences, one each, in order."""
    return (
        [sentence for error in field.errors.as_data() for sentence in sentences(field, error)]
        if field.errors
        else []
    )


def sentences(field, error):
    stock = STOCK.get(error.code)
    if stock and is_stock(field.field, error):
        return [stock(field, error.params or {})]
    return list(error)


def is_stock(form_field, error):
    """Whether the words are Django's own, not those of the form's author."""
    default = {}
    for ancestor in reversed(type(form_field).__mro__):
        default.update(getattr(ancestor, "default_error_messages", {}))
    own = [
        default.get(error.code),
        MaxLengthValidator.message,
        MinLengthValidator.message,
        EmailValidator.message,
    ]
    return any(error.message is words or error.message == words for words in own if words is not None)


def required(field, params):
    widget = field.field.widget
    kind = getattr(widget, "input_type", "")
    if kind == "file":
        return f"请上传{field.label}"
    if kind == "checkbox" and isinstance(widget, forms.CheckboxInput):
        return f"请勾选“{field.label}”"
    chosen = isinstance(widget, forms.widgets.ChoiceWidget)
    return f"请选择{field.label}" if chosen else f"请填写{field.label}"


def too_long(field, params):
    return f"{field.label}最多 {params['limit_value']} 个字，现在是 {params['show_value']} 个"


def too_short(field, params):
    return f"{field.label}至少 {params['limit_value']} 个字，现在是 {params['show_value']} 个"


def not_a_choice(field, params):
    return f"请重新选择{field.label}"


def unreadable(field, params):
    if isinstance(field.field, forms.DateField):
        return f"请按 2026-03-07 的样子填写{field.label}"
    if isinstance(field.field, forms.EmailField):
        return f"请核对{field.label}，应像 name@example.com"
    if isinstance(field.field, forms.IntegerField):
        return f"{field.label}请填写数字"
    return f"请核对{field.label}"


STOCK = {
    "required": required,
    "max_length": too_long,
    "min_length": too_short,
    "invalid_choice": not_a_choice,
    "invalid": unreadable,
}

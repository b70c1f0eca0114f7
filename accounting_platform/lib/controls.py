"""Draws one bound field's control in Python: the same names, values and states as Django's widget templates, several
times cheaper, with the platform's classes. `draw` is the whole interface; a widget with a method
`draw(bound_field, attrs)` draws itself, a widget nobody knows falls back to Django.
"""

import html
from dataclasses import dataclass

from django import forms
from django.forms.widgets import Input
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe


def draw(field):
    """The control of a bound field as HTML, without label, hint and errors."""
    widget = field.field.widget
    if field.field.localize:
        widget.is_localized = True
    attrs = attributes(field)
    if hasattr(widget, "draw"):
        return widget.draw(field, attrs)
    for widget_class, drawer in DRAWERS:
        if isinstance(widget, widget_class):
            return drawer(field, widget, attrs)
    return field.as_widget(attrs={"class": css_class(widget, "form-control")})


def attributes(field):
    """The attributes Django would give the widget; a counted field is never cut by the browser."""
    widget = field.field.widget
    attrs = {**widget.attrs, **field.build_widget_attrs({}, widget)}
    if field.auto_id:
        attrs.setdefault("id", field.auto_id)
    if "data-counter" in attrs:
        attrs.pop("maxlength", None)
    if getattr(field.field, "notice", "") and not field.use_fieldset:
        described = attrs.get("aria-describedby")
        attrs["aria-describedby"] = " ".join(filter(None, (notice_id(field), described)))
    return attrs


def notice_id(field):
    """The id of what looks odd about an answer that was accepted (`field.notice` of the form's field)."""
    return f"{field.auto_id}_notice"


def target_id(field):
    """The id a link to this field must name so that the first control gets the focus."""
    if isinstance(field.field.widget, forms.RadioSelect):  # and its child CheckboxSelectMultiple
        return f"{field.auto_id}_0"
    return field.id_for_label or f"{field.auto_id}_0"


@dataclass(frozen=True)
class Parts:
    """What a field's surroundings depend on: how its label, counter and hint are drawn."""

    label: str  # with the star before required fields and （选填） after optional ones
    several: bool  # several controls under one legend
    check: bool  # one single tick, its label beside it
    counter: str  # the limit shown as 3/30, "" without
    length: int  # code points the field holds now
    password: bool
    rules: bool  # the live list of password rules
    hint_icon: str
    described_by: str  # hint and error, for the fieldset
    notice: str  # what looks odd about the answer, though it was accepted


def parts(field):
    """The surroundings of a bound field, for bootstrap5/field.html."""
    widget = field.field.widget
    attrs = widget.attrs
    kind = getattr(widget, "input_type", "")
    several = widget.use_fieldset and kind != "file"
    check = isinstance(widget, forms.CheckboxInput)
    locked = field.field.disabled
    counter = str(attrs.get("data-counter", ""))
    return Parts(
        label=label(field, required=field.field.required and not locked, optional=not (check or locked)),
        several=several,
        check=check,
        counter=counter,
        length=len(str(field.value() or "")) if counter else 0,
        password=kind == "password",
        rules="data-password-rules" in attrs,
        hint_icon=attrs.get("data-hint-icon", "lock" if locked else ""),
        described_by=described_by(field) if several else "",
        notice=getattr(field.field, "notice", ""),
    )


def described_by(field):
    own = field.aria_describedby or ""
    return f"{notice_id(field)} {own}".strip() if getattr(field.field, "notice", "") else own


def label(field, *, required, optional):
    if required:
        return format_html('<span class="req" aria-hidden="true">*</span>{}', field.label)
    return (
        format_html('{}<span class="opt">（选填）</span>', field.label)
        if optional
        else mark_safe(escaped(field.label))
    )


def escaped(value):
    """conditional_escape for text that is here already: no lazy proxies to look for, so a third of its cost."""
    return value.__html__() if hasattr(value, "__html__") else html.escape(str(value))


def flat(attrs):
    """Attributes as HTML, as Django writes them: True stands alone, False and None are left out."""
    parts = [
        f" {name}" if value is True else f' {name}="{escaped(value)}"'
        for name, value in attrs.items()
        if value is not False and value is not None
    ]
    # Every value above went through escaped(); names come from our own code.
    return mark_safe("".join(parts))


def css_class(widget, name):
    """The control's class beside those the form's author gave it."""
    own = widget.attrs.get("class", "")
    return f"{name} {own}" if own else name


def draw_input(field, widget, attrs):
    value = widget.format_value(field.value())
    if isinstance(widget, forms.PasswordInput) and not widget.render_value:
        value = None
    if not widget.is_hidden:
        attrs["class"] = css_class(widget, "form-control")
    return format_html(
        '<input type="{}" name="{}"{}{}>',
        widget.input_type,
        field.html_name,
        value_attribute(value),
        flat(attrs),
    )


def value_attribute(value):
    return SafeString() if value is None else format_html(' value="{}"', str(value))


def draw_file(field, widget, attrs):
    attrs["class"] = css_class(widget, "form-control")
    if getattr(widget, "allow_multiple_selected", False):
        attrs["multiple"] = True
    return format_html('<input type="file" name="{}"{}>', field.html_name, flat(attrs))


def draw_textarea(field, widget, attrs):
    attrs["class"] = css_class(widget, "form-control")
    value = widget.format_value(field.value())
    # A browser drops the first line break of a text area.
    return format_html(
        '<textarea name="{}"{}>\n{}</textarea>',
        field.html_name,
        flat(attrs),
        "" if value is None else str(value),
    )


def draw_checkbox(field, widget, attrs):
    """Only the input; the field template puts it into its .choice-check box."""
    value = field.value()
    attrs["checked"] = bool(widget.check_test(value))
    return format_html(
        '<input type="checkbox" name="{}"{}{}>',
        field.html_name,
        value_attribute(widget.format_value(value)),
        flat(attrs),
    )


def draw_select(field, widget, attrs):
    attrs["class"] = css_class(widget, "form-select")
    if widget.allow_multiple_selected:
        attrs["multiple"] = True
    parts = []
    for group, options in grouped(field, widget):
        inner = "".join([option(value, label, chosen) for value, label, chosen in options])
        parts.append(f'<optgroup label="{escaped(group)}">{inner}</optgroup>' if group else inner)
    # Labels and values were escaped one by one in option().
    options = mark_safe("".join(parts))
    return format_html('<select name="{}"{}>{}</select>', field.html_name, flat(attrs), options)


def options(choices):
    """Options with nothing chosen, for selects whose choices are the same for everybody."""
    parts = []
    for value, label in choices:
        if isinstance(label, list | tuple):
            inner = "".join([option(code, name, False) for code, name in label])
            parts.append(f'<optgroup label="{escaped(value)}">{inner}</optgroup>')
        else:
            parts.append(option(value, label, False))
    return mark_safe("".join(parts))


def choose(drawn, value):
    """The same options with one of them chosen."""
    before, mark, after = drawn.partition(f'<option value="{escaped(value)}"')
    return mark_safe(f"{before}{mark} selected{after}") if mark else drawn


def option(value, label, chosen):
    selected = " selected" if chosen else ""
    return f'<option value="{escaped(value)}"{selected}>{escaped(label)}</option>'


def draw_choices(field, widget, attrs):
    """Radios or several checks, each a box that can be clicked anywhere."""
    box_id = attrs.pop("id", None)
    kind = "" if widget.input_type == "radio" else " choice-tick"
    rows = []
    number = 0
    for group, options in grouped(field, widget):
        if group:
            rows.append(format_html('<p class="choices-head">{}</p>', group))
        for value, label, chosen in options:
            own = {"id": f"{box_id}_{number}" if box_id else None, "checked": chosen} | attrs
            rows.append(
                format_html(
                    '<label class="choice{}"><input type="{}" name="{}" value="{}"{}><span><span>{}</span></span></label>',
                    kind,
                    widget.input_type,
                    field.html_name,
                    value,
                    flat(own),
                    label,
                )
            )
            number += 1
    rows = format_html_join("", "{}", ((row,) for row in rows))
    return format_html('<div class="choices"{}>{}</div>', flat({"id": box_id}), rows)


def grouped(field, widget):
    """(group label or "", [(value, label, chosen)]) as Django's ChoiceWidget.optgroups selects them."""
    chosen_values = widget.format_value(field.value())
    values = {chosen_values} if isinstance(chosen_values, str) else set(chosen_values)
    single = not widget.allow_multiple_selected
    found = False
    for value, label in widget.choices:
        members = label if isinstance(label, list | tuple) else [(value, label)]
        options = []
        for member, text in members:
            member = "" if member is None else str(member)
            chosen = member in values and not (found and single)
            found = found or chosen
            options.append((member, text, chosen))
        yield (value if members is label else ""), options


DRAWERS = (
    (forms.CheckboxInput, draw_checkbox),
    (forms.RadioSelect, draw_choices),  # and its child CheckboxSelectMultiple
    (forms.Select, draw_select),
    (forms.Textarea, draw_textarea),
    (forms.FileInput, draw_file),
    # MultipleHiddenInput draws several inputs; Django knows how.
    (forms.MultipleHiddenInput, lambda field, widget, attrs: field.as_widget()),
    (Input, draw_input),
)

"""Draws one bound field with all that surrounds it: label, counter, error, notice, control and hint.

In Python like the controls themselves: through a template the surroundings of a field cost five times its control.
"""

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from accounting_platform.lib import controls, wording
from accounting_platform.lib.controls import escaped
from accounting_platform.lib.icons import icon


def draw(field):
    """The whole of a field as HTML; the control alone when it is hidden."""
    if field.is_hidden:
        return controls.draw(field)
    part = controls.parts(field)
    errors = wording.error_words(field)
    tag = "fieldset" if part.several else "div"
    described = f' aria-describedby="{escaped(part.described_by)}"' if part.described_by else ""
    bad = " is-bad" if errors else ""
    inside = "".join(
        (
            heading(field, part),
            error(field, errors),
            notice(field, part),
            control(field, part),
            hint(field, part),
        )
    )
    # Every value above and below goes through escaped(), the rest is our own markup.
    return mark_safe(
        f'<{tag} class="field{bad}" id="{escaped(field.auto_id)}_field"{described}>{inside}</{tag}>'
    )


def heading(field, part):
    """The legend, or the line with label, counter and 显示密码; a single tick has its label beside it."""
    if part.several:
        return f"<legend>{part.label}</legend>"
    if part.check:
        return ""
    key = escaped(field.id_for_label)
    count = f'<span class="count" data-count-of="{key}">{part.length}/{escaped(part.counter)}</span>'
    show = f'<button class="link-touch" type="button" data-show-password="{key}" hidden>显示密码</button>'
    beside = (count if part.counter else "") + (show if part.password else "")
    return f'<div class="field-line"><label class="form-label" for="{key}">{part.label}</label>{beside}</div>'


def error(field, words):
    if not words:
        return ""
    text = escaped("；".join(map(str, words)))
    return f'<p class="invalid-feedback" id="{field.auto_id}_error">{icon("alert")}<span>{text}</span></p>'


def notice(field, part):
    """What looks odd about an answer that was accepted."""
    if not part.notice:
        return ""
    key = escaped(controls.notice_id(field))
    return f'<p class="odd" id="{key}">{icon("info")}<span>{escaped(part.notice)}</span></p>'


def control(field, part):
    drawn = controls.draw(field)
    if part.check:
        drawn = f'<label class="choice choice-check">{drawn}<span><span>{part.label}</span></span></label>'
    rules = render_to_string("bootstrap5/_password_rules.html", {"field": field}) if part.rules else ""
    return drawn + rules


def hint(field, part):
    if not field.help_text:
        return ""
    sign, css = (icon(part.hint_icon), " hang") if part.hint_icon else ("", "")
    return f'<p class="form-text{css}" id="{field.auto_id}_helptext">{sign}{escaped(field.help_text)}</p>'

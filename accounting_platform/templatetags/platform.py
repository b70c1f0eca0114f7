"""Template tags and filters of the platform: icons, controls, error summary, masked values, dates and amounts."""

from datetime import datetime, timedelta
from decimal import Decimal

from django import template
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join

from accounting_platform.lib import clock, controls, field_box, icons, masking, wording

register = template.Library()

TAG_ICONS = {"ok": "check", "wait": "clock", "bad": "alert", "info": "clock", "plain": ""}
MESSAGE_ICONS = {"success": ("ok", "check"), "warning": ("wait", "info"), "error": ("bad", "alert")}


@register.simple_tag
def icon(name, extra_class=""):
    """{% icon "lock" %}: one icon of static/img/icons.svg, inline."""
    return icons.icon(name, extra_class)


@register.simple_tag
def tag(kind, words, icon=None):
    """{% tag "ok" "已完成" %}: the state of one thing; kinds ok, wait, bad, info, plain; icon="lock" for another icon."""
    name = TAG_ICONS[kind] if icon is None else icon
    css = "tag" if kind == "plain" else f"tag tag-{kind}"
    return format_html('<span class="{}">{}{}</span>', css, icons.icon(name) if name else "", words)


@register.filter
def message_style(level_tag):
    """(note class, icon) for a Django message's level."""
    return MESSAGE_ICONS.get(level_tag, ("info", "info"))


# --- forms


@register.simple_tag
def control(field):
    """{% control form.name %}: the control of one field, drawn in Python."""
    return controls.draw(field)


register.filter("parts", controls.parts)


@register.simple_tag(name="field_box")
def draw_field(field):
    """{% field_box form.name %}: one field with its label, error, control and hint."""
    return field_box.draw(field)


@register.simple_tag
def error_summary(form=None, formsets=(), errors=()):
    """The errors of a page as (words, id of the control or ""), once per form: later calls get an empty list."""
    found = []
    for one in [form, *formsets]:
        if one is None or getattr(one, "summary_is_drawn", False) or not hasattr(one, "is_bound"):
            continue
        one.summary_is_drawn = True
        found += form_errors(one)
    found += [tuple(error) if isinstance(error, tuple | list) else (str(error), "") for error in errors or ()]
    return found


def form_errors(form):
    """The errors of a form or formset in the order of its fields."""
    if not form.is_bound:
        return []
    if hasattr(form, "forms"):
        own = [(words, "") for words in form.non_form_errors()]
        return own + [error for one in form.forms for error in form_errors(one)]
    own = [(words, "") for words in form.non_field_errors()]
    for field in form:
        target = "" if field.is_hidden else controls.target_id(field)
        own += [(words, target) for words in wording.error_words(field)]
    return own


# --- values

register.filter("masked_phone", masking.mask_phone)
register.filter("masked_document", masking.mask_document)


def local(moment):
    """A moment in the platform's time zone."""
    return timezone.localtime(moment) if timezone.is_aware(moment) else moment


@register.filter
def when(moment):
    """2026 年 11 月 23 日 14:32; a plain date without the time."""
    if not moment:
        return ""
    return clock.moment_label(moment) if isinstance(moment, datetime) else clock.day_label(moment)


@register.filter
def day(moment):
    """11月20日, in another year 2025年11月20日."""
    if not moment:
        return ""
    moment = local(moment) if isinstance(moment, datetime) else moment
    year = "" if moment.year == timezone.localdate().year else f"{moment.year}年"
    return f"{year}{moment.month}月{moment.day}日"


@register.filter
def recent(moment):
    """今天 14:20, 昨天 18:45, 6月21日 09:12: for lists where the last days matter."""
    if not moment:
        return ""
    moment = local(moment)
    names = {timezone.localdate(): "今天", timezone.localdate() - timedelta(days=1): "昨天"}
    return f"{names.get(moment.date()) or day(moment)} {moment:%H:%M}"


@register.filter
def credits(value):
    """Credits as people write them: 30, 7.5, without trailing zeros."""
    if value is None or value == "":
        return ""
    number = Decimal(str(value))
    whole = number == number.to_integral_value()
    return str(number.quantize(Decimal(1))) if whole else number_format(number.normalize(), use_l10n=False)


@register.simple_tag
def amount(value):
    """{% amount 30 %}: credits in a sheet's columns 百十个, as words for those who listen."""
    text = credits(value)
    if not text.isdigit() or len(text) > 3:
        return format_html('{}<span class="visually-hidden"> 学分</span>', text)
    digits = format_html_join("", "<i>{}</i>", ((digit.strip(),) for digit in text.rjust(3)))
    return format_html(
        '<span class="visually-hidden">{} 学分</span><span class="cells" aria-hidden="true">{}</span>',
        text,
        digits,
    )

"""Form fields of the answers. Labels and lengths come from the models; here, how people may type and what is said to them."""

import unicodedata
from datetime import date
from functools import partial

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from accounting_platform.lib import clock
from accounting_platform.lib.text import has_forbidden_characters, normalise, strip_blanks
from accounting_platform.lib.validators import clean_credit_code, clean_employer_phone
from collection import codes
from collection.choices import CodeList, DutyStatus
from collection.widgets import CodeSelect, DivisionSelect
from collection.wording import ATTRS, CODE_LISTS, HINTS, LABELS, NO_CHOICE_LABELS

NO_CHOICE = ("", "请选择")
YES_NO = (("yes", "是"), ("no", "否"))
EARLIEST_YEAR = 1978
MOST_YEARS = 70


def formfield(column, **kwargs):
    """The form field of one column of the models (a formfield_callback)."""
    name = column.name
    options = {
        "label": LABELS.get(name, column.verbose_name),
        "help_text": HINTS.get(name, ""),
        "required": not column.blank,
    } | kwargs
    field = build(column, options)
    field.widget.attrs |= ATTRS.get(name, {})
    return field


def build(column, options):
    name = column.name
    if name == "division":
        return DivisionField(**options)
    if name in CODE_LISTS:
        return CodeField(list=CODE_LISTS[name], no_choice=NO_CHOICE_LABELS.get(name), **options)
    if name in CLEANERS:
        # No limit on what is typed: the cleaner takes blanks out and knows the length.
        return CleanedTextField(clean_text=CLEANERS[name], **options)
    if name in ("duty_status", "gender"):
        return RadioField(choices=column.choices, **options)
    if name in YEARS:
        return YearField(**options)
    if column.choices:
        return AnswerChoiceField(choices=[NO_CHOICE, *column.choices], **options)
    for kind, field_class in KINDS.items():
        if isinstance(column, kind):
            limit = {"max_length": column.max_length} if column.max_length else {}
            return field_class(**limit | options)
    raise TypeError(f"no form field for {column!r}")


class Worded:
    """Refusals that say what to do; `verb` is what one does with such a field."""

    verb = "填写"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.error_messages = self.error_messages | {
            "required": f"请{self.verb}{self.label}",
            "invalid": f"请核对{self.label}，重新{self.verb}",
            "invalid_choice": f"请重新选择{self.label}",
            "max_length": f"{self.label}最多 %(limit_value)d 个字，现在是 %(show_value)d 个字，请删减",
            "null_characters_not_allowed": f"{self.label}中有无法识别的字符，请删除后重新填写",
        }


class TextField(Worded, forms.CharField):
    """One line of text in NFC; blanks around it do not count."""

    def to_python(self, value):
        value = super().to_python(value)
        if has_forbidden_characters(value):
            raise ValidationError(self.error_messages["null_characters_not_allowed"], code="characters")
        return unicodedata.normalize("NFC", value).strip()


class CleanedTextField(TextField):
    """A number of a fixed shape: its cleaner gives the one written form or says what to mend."""

    def __init__(self, *, clean_text, **kwargs):
        self.clean_text = clean_text
        super().__init__(**kwargs)

    def to_python(self, value):
        value = super().to_python(value)
        return self.clean_text(value) if value else value


class EmailField(Worded, forms.EmailField):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # The validator's own words would come before the field's.
        self.error_messages["invalid"] = "请核对电子邮箱，写成 name@example.com 的样子"

    def to_python(self, value):
        return strip_blanks(normalise(super().to_python(value)))


class NumberField(Worded, forms.IntegerField):
    """A whole number, also in full-width digits or followed by 年."""

    widget = forms.TextInput

    def __init__(self, *args, least=0, most=MOST_YEARS, **kwargs):
        self.least, self.most = least, most
        super().__init__(*args, **kwargs)
        self.widget.attrs |= {"inputmode": "numeric", "class": "num w-num"}

    def to_python(self, value):
        if isinstance(value, str):
            value = strip_blanks(normalise(value)).removesuffix("年")
        if value not in self.empty_values and not str(value).isascii():
            raise ValidationError(self.words(), code="invalid")
        return super().to_python(value)

    def validate(self, value):
        super().validate(value)
        if value is not None and not self.least <= value <= self.most:
            raise ValidationError(self.words(), code="range")

    def words(self):
        return f"{self.label}应为 {self.least} 至 {self.most} 的整数，请核对"

    def widget_attrs(self, widget):
        return {}


class YearField(NumberField):
    """A year that has begun."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, least=EARLIEST_YEAR, most=clock.LATEST_YEAR, **kwargs)

    def validate(self, value):
        super().validate(value)
        if value is not None and value > clock.year():
            raise ValidationError(f"{self.label}不能晚于今年，请核对", code="future")

    def words(self):
        return f"{self.label}请写 4 位数字的年份，如 2019"


class DayField(Worded, forms.DateField):
    """A day, or a month where only that is known (then the first of it); the future is refused."""

    widget = forms.TextInput

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.widget.attrs |= {"class": "num", "autocomplete": "off"}

    def prepare_value(self, value):
        if isinstance(value, date):
            return clock.month_value(value) if value.day == 1 else value.isoformat()
        return value

    def to_python(self, value):
        if value in self.empty_values or isinstance(value, date):
            return value or None
        return clock.parse_day_or_month(str(value)) if str(value).strip() else None

    def validate(self, value):
        super().validate(value)
        if value is not None and value > clock.today():
            raise ValidationError(f"{self.label}不能晚于今天，请核对", code="future")


class AnswerChoiceField(Worded, forms.ChoiceField):
    verb = "选择"


class RadioField(AnswerChoiceField):
    widget = forms.RadioSelect


class YesNoField(Worded, forms.TypedChoiceField):
    """是 or 否, kept as a boolean; nothing chosen is no answer."""

    verb = "选择"
    widget = forms.RadioSelect
    WORDS = {"true": "yes", "1": "yes", "on": "yes", "是": "yes", "false": "no", "0": "no", "否": "no"}

    def __init__(self, **kwargs):
        super().__init__(choices=YES_NO, coerce=lambda value: value == "yes", empty_value=None, **kwargs)

    def prepare_value(self, value):
        return {True: "yes", False: "no"}.get(value, value)

    def to_python(self, value):
        if value in self.empty_values:
            return ""
        return self.WORDS.get(str(value).lower(), str(value))


class CodeField(AnswerChoiceField):
    """One code of a list as it stands today."""

    def __init__(self, *, list, no_choice=None, **kwargs):
        self.list = list
        none = ("", no_choice) if no_choice else NO_CHOICE
        kwargs["widget"] = CodeSelect(list=list, no_choice=none)
        super().__init__(choices=partial(code_choices, list, none), **kwargs)

    def valid_value(self, value):
        return codes.is_open(self.list, value)


def code_choices(list, no_choice=NO_CHOICE):
    """The options of a select: nothing chosen, then the list, in groups where it is long."""
    return [no_choice, *codes.offered_choices(list)]


class DivisionField(Worded, forms.CharField):
    """行政区划 down to the level where it can be chosen; half a choice is told what is missing."""

    verb = "选择"
    widget = DivisionSelect

    def validate(self, value):
        super().validate(value)
        if not value or codes.is_selectable_division(value):
            return
        if codes.children(CodeList.DIVISION, value) and value != codes.PROVINCE:
            raise ValidationError("请选择县（市、区）", code="county")
        raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")

    @staticmethod
    def hint(status):
        """What 行政区划 means for this duty status, in the manual's words."""
        return DutyStatus(status).division_hint if status else "请先选择在岗状态"


CLEANERS = {"credit_code": clean_credit_code, "employer_phone": clean_employer_phone}
YEARS = ("selected_year", "graduation_year")
KINDS = {
    models.EmailField: EmailField,
    models.CharField: TextField,
    models.BooleanField: YesNoField,
    models.DateField: DayField,
    models.PositiveSmallIntegerField: NumberField,
}

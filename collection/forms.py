"""What is asked beside what: one form class per section, one per kind of row. Shapes of single answers are in fields.py,
answers that contradict each other in coach_rules.py."""

from django import forms
from django.core.exceptions import ValidationError

from accounting_platform.lib import clock
from collection import coach, judges_rows
from collection.choices import (
    BELOW_SECONDARY_VOCATIONAL,
    NO_POSITION,
    NO_SCHOOLING,
    DutyStatus,
    TalentState,
)
from collection.fields import DivisionField

LOCKED = "“{label}”现在不能修改，已恢复为原来的内容"
TOO_YOUNG_TO_REGISTER = "会计人员应年满 16 周岁，请核对出生日期"


class AnswerForm(forms.ModelForm):
    """Puts valid answers onto its instance; the tables' constraints are left to the tables."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("use_required_attribute", False)
        super().__init__(*args, **kwargs)

    def _post_clean(self):
        # Not Django's own: it keeps the old value of whatever is not posted, and asks the database about
        # constraints once per row.
        for name, words in self.contradictions():
            self.add_error(name, words)
        for name in self._meta.fields:
            if name in self.cleaned_data:
                setattr(self.instance, name, self.cleaned_data[name])

    def contradictions(self):
        """[(field, sentence)] of answers that are well formed and cannot be true together."""
        return ()

    def not_asked(self, *names):
        """Whatever was typed there does not count: no error, and the column is emptied."""
        for name in names:
            self._errors.pop(name, None)
            self.cleaned_data[name] = self.instance._meta.get_field(name).get_default()


class SectionForm(AnswerForm):
    """The single answers of one section; `locked` maps fields that cannot be changed now to the reason."""

    section_key = ""  # set on the class made for one section

    def __init__(self, *args, locked=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.locked = {name: reason for name, reason in reasons(locked).items() if name in self.fields}
        for name, reason in self.locked.items():
            self.fields[name].disabled = True
            self.fields[name].help_text = reason or self.fields[name].help_text

    def clean(self):
        answers = super().clean()
        for name, reason in self.locked.items():
            if self.is_tampered(name):
                self.add_error(name, reason or LOCKED.format(label=self.fields[name].label))
        return answers

    def contradictions(self):
        return coach.refusals_of_section(self.section_key, self, self.instance)

    def is_tampered(self, name):
        """Whether another value was posted for a locked field."""
        field = self.fields[name]
        if field.widget.value_omitted_from_data(self.data, {}, name):
            return False
        try:
            posted = field.to_python(field.widget.value_from_datadict(self.data, {}, name))
        except ValidationError:
            return True
        return (posted or None) != (self.get_initial_for_field(field, name) or None)


def reasons(locked):
    return locked if isinstance(locked, dict) else dict.fromkeys(locked, "")


class PersonalForm(SectionForm):
    """个人信息; gender, birth date and country are asked here where the document does not tell them."""

    def clean_birth_date(self):
        born = self.cleaned_data["birth_date"]
        today = clock.today()
        if born and (today.year - born.year, today.month, today.day) < (16, born.month, born.day):
            raise ValidationError(TOO_YOUNG_TO_REGISTER, code="age")
        return born


class WorkForm(SectionForm):
    """工作信息: what is asked beside 在岗状态 and 行政区划 depends on the posted status."""

    status = ""  # set on the class made for one duty status

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "division" not in self.locked:
            self.fields["division"].help_text = DivisionField.hint(self.status)
        if self.has_no_position():
            self.fields["technical_position_since"].required = False

    def has_no_position(self):
        """Whether 会计专业技术职务 is 无职务, as typed or else as kept."""
        if "technical_position" not in self.fields:
            return False
        return self["technical_position"].value() == NO_POSITION

    def clean(self):
        answers = super().clean()
        if self.has_no_position():
            self.not_asked("technical_position_since")
        return answers


class RowForm(AnswerForm):
    """One repeated answer of a `profile`; `status` is the duty status that the rest of the answers go by."""

    layout = ()
    list_key = ""  # set on the class made for one list

    def __init__(self, *args, profile=None, status="", **kwargs):
        self.profile, self.status = profile, status
        super().__init__(*args, **kwargs)

    def contradictions(self):
        return coach.refusals_of_row(self.list_key, self, self.profile)

    @property
    def lines(self):
        """The fields as they stand beside each other."""
        return [[self[name] for name in line] for line in self.layout]

    @property
    def is_blank(self):
        """Whether nothing was typed into the row."""
        return not any(str(self[name].data or "").strip() for name in self.fields)


class SchoolingForm(RowForm):
    """学历: how much is asked depends on the level."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("school", "major", "entered_on"):
            self.fields[name].required = True
        # Before step 5 nobody knows who is a 在校生: then 毕业时间 may wait, and is asked for afterwards.
        self.fields["graduated_on"].required = self.status not in ("", DutyStatus.STUDENT)

    def clean(self):
        answers = super().clean()
        level = answers.get("education_level")
        if level == NO_SCHOOLING:
            self.not_asked("degree", "school", "major", "entered_on", "graduated_on")
        elif level in BELOW_SECONDARY_VOCATIONAL:
            self.not_asked("degree", "major")
        return answers


class QualificationForm(RowForm):
    """专业技术资格."""


class TalentProgrammeForm(RowForm):
    """高端会计人才: 毕业年度 belongs to 已毕业 alone."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["graduation_year"].required = True

    def clean(self):
        answers = super().clean()
        if answers.get("state") != TalentState.GRADUATED:
            self.not_asked("graduation_year")
        return answers

    def _post_clean(self):
        super()._post_clean()
        # Where one of the two was refused, the row must not pair it with the other's older value either.
        if judges_rows.graduated_after_selection(self.instance, None):
            self.instance.graduation_year = None


class AwardForm(RowForm):
    """奖励."""

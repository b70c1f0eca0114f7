"""What can be asked of the lists; a value that makes no sense counts as not asked."""

from django import forms

from accounting_platform.lib import clock
from education.choices import CourseKind
from education.learning import catalogue


def year_choices():
    return [(year, str(year)) for year in catalogue.years()]


class YearForm(forms.Form):
    """The year chooser above a list."""

    year = forms.TypedChoiceField(
        label="年度", choices=year_choices, coerce=int, required=False, empty_value=None
    )

    def __init__(self, asked):
        super().__init__(asked, initial={"year": clock.year()})
        self.full_clean()
        # The select shows the year that is listed, also when none or a wrong one was asked for.
        self.data = {**self.data.dict(), "year": str(self.chosen_year)}

    @property
    def chosen_year(self):
        """The year asked for, else the current one."""
        return self.cleaned_data.get("year") or clock.year()


class CatalogueForm(YearForm):
    """Kind, year, name of the school and the place to go on from."""

    kind = forms.ChoiceField(choices=CourseKind, required=False, widget=forms.HiddenInput)
    q = forms.CharField(
        label="机构或课程",
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "名称或拼音", "autocomplete": "off"}),
    )
    after = forms.UUIDField(required=False)

    @property
    def chosen_kind(self):
        """The kind asked for, else 公需课."""
        return CourseKind(self.cleaned_data.get("kind") or CourseKind.PUBLIC)

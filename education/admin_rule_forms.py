"""What staff type in about a year: its rule, its conversion kinds, and a rule to be tried."""

from django import forms

from accounting_platform.lib.model_choices import AnyKey
from collection.choices import DutyStatus
from education.ledger import trials
from education.ledger.rules import FIRST_YEAR
from education.models import ConversionKind, RuleTrial, YearRule

LAST_YEAR = 2100
CREDITS = trials.CREDITS


class ExemptStatuses(forms.MultipleChoiceField):
    """Ticks for the duty statuses that free somebody from a year."""

    def __init__(self, **kwargs):
        words = "年度未关闭时，按本人当前的在岗状态自动免学；关闭年度时逐人登记下来。"
        options = {"label": "免于学习的在岗状态", "required": False, "help_text": words}
        super().__init__(choices=DutyStatus.choices, widget=forms.CheckboxSelectMultiple, **options | kwargs)


def check_credits(form, answers):
    """The figures of a rule must make sense together."""
    for name in CREDITS:
        if (answers.get(name) or 0) < 0:
            form.add_error(name, "学分不能小于 0。")
    total, public, professional, general = (answers.get(name) for name in CREDITS)
    if None not in (total, public, professional) and public + professional > total:
        form.add_error("total_min", "总学分不能少于公需课与专业课学分之和，请核对。")
    if None not in (professional, general) and general > professional:
        form.add_error("general_professional_min", "专业通识学分包含在专业课学分之内，不能超过专业课学分。")


class YearRuleForm(forms.ModelForm):
    """What a year asks for; its figures and dates must make sense together."""

    exempt_statuses = ExemptStatuses()

    class Meta:
        model = YearRule
        fields = "__all__"
        error_messages = {"year": {"unique": "这个年度已有规则，请修改原有的一条。"}}

    def clean_year(self):
        year = self.cleaned_data["year"]
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise forms.ValidationError(f"年度应在 {FIRST_YEAR} 至 {LAST_YEAR} 之间，请核对。")
        return year

    def clean(self):
        answers = super().clean()
        check_credits(self, answers)
        if (answers.get("credits_per_hour") or 1) <= 0:
            self.add_error("credits_per_hour", "每学时学分应大于 0，请核对。")
        opens, closes = answers.get("opens_on"), answers.get("closes_on")
        if opens and closes and closes < opens:
            self.add_error("closes_on", "截止日期不能早于开始日期，请核对。")
        return answers


class ConversionKindForm(forms.ModelForm):
    class Meta:
        model = ConversionKind
        fields = ["name", "unit", "credits", "counts_as", "evidence", "basis", "is_open"]
        widgets = {
            "name": forms.TextInput(attrs={"size": 48}),
            "unit": forms.TextInput(attrs={"size": 4}),
            "evidence": forms.TextInput(attrs={"size": 24}),
        }

    def clean_credits(self):
        credits = self.cleaned_data["credits"]
        if credits <= 0:
            raise forms.ValidationError("学分应大于 0，请核对。")
        return credits


class RuleField(AnyKey, forms.ModelChoiceField):
    pass


class TrialForm(forms.ModelForm):
    """A rule as it might be, for a year that has one."""

    FIELDS = ["rule", *CREDITS, "exempt_statuses"]

    rule = RuleField(label="年度规则", queryset=YearRule.objects.order_by("-year"), empty_label=None)
    total_min = forms.DecimalField(label="总学分", max_digits=5, decimal_places=2)
    public_min = forms.DecimalField(label="公需课学分", max_digits=5, decimal_places=2)
    professional_min = forms.DecimalField(label="专业课学分", max_digits=5, decimal_places=2)
    general_professional_min = forms.DecimalField(label="其中专业通识学分", max_digits=5, decimal_places=2)
    exempt_statuses = ExemptStatuses(help_text="试算只统计人数，不改动任何规则和记录。")

    class Meta:
        model = RuleTrial
        fields = ["rule"]

    def clean(self):
        answers = super().clean()
        check_credits(self, answers)
        return answers

    def demands(self):
        """The demands typed in, as a trial keeps them."""
        answers = self.cleaned_data
        return {name: str(answers[name]) for name in CREDITS} | {
            "exempt_statuses": answers["exempt_statuses"]
        }

"""What staff decide about one person: an application for conversion, an exemption, a question."""

from django import forms

from accounting_platform.lib.errors import DomainError
from collection.models import Profile
from education import conversions, disputes
from education.choices import ExemptionKind
from education.conversions import Grant
from education.learning import catalogue
from education.models import Conversion, Dispute, Exemption, YearRule
from education.proof_fields import PicturesField
from registration import audit
from registration.access import covers, scope_of

APPROVE, REFUSE = "approve", "refuse"
REASON = {"required": "请填写原因。"}


def without_numbers(form, name):
    """A typed reason, refused with somebody's number in it: the audit keeps it for ever."""
    try:
        audit.check_reason(form.cleaned_data[name])
    except DomainError as refusal:
        raise forms.ValidationError(refusal.message) from None
    return form.cleaned_data[name]


class ConversionForm(forms.ModelForm):
    """通过 with credits and year, or 不通过 with a reason."""

    decision = forms.ChoiceField(
        label="处理意见",
        choices=[(APPROVE, "通过，学分入账"), (REFUSE, "不通过")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择通过或不通过。"},
    )
    count_year = forms.TypedChoiceField(label="计入年度", coerce=int)
    count_public = forms.DecimalField(label="公需课学分", max_digits=6, decimal_places=2, min_value=0)
    count_professional = forms.DecimalField(label="专业课学分", max_digits=6, decimal_places=2, min_value=0)
    general = forms.DecimalField(
        label="其中专业通识",
        max_digits=6,
        decimal_places=2,
        min_value=0,
        help_text="已按年度规则和申请数量填好，可以修改。",
    )
    why = forms.CharField(
        label="未通过原因",
        max_length=200,
        required=False,
        help_text="不通过时必填，至少 5 个字；本人会看到。",
        widget=forms.TextInput(attrs={"size": 60}),
    )

    class Meta:
        model = Conversion
        fields = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        years = YearRule.objects.order_by("-year").values_list("year", flat=True)
        self.fields["count_year"].choices = [(year, str(year)) for year in years]
        grant = conversions.suggested(self.instance.kind, self.instance.quantity)
        self.initial |= {"count_year": self.instance.year, "count_public": grant.public}
        self.initial |= {"count_professional": grant.professional, "general": grant.general}

    def clean_why(self):
        return without_numbers(self, "why")

    def clean(self):
        answers = super().clean()
        try:
            if answers.get("decision") == APPROVE and not self.errors:
                conversions.check(self.instance, answers["count_year"], self.grant())
        except DomainError as refusal:
            self.add_error(
                {"year": "count_year", "professional": "count_professional"}.get(
                    refusal.field, refusal.field
                ),
                refusal.message,
            )
        if answers.get("decision") == REFUSE and len(answers.get("why", "").strip()) < conversions.MIN_REASON:
            self.add_error("why", f"请写明未通过的原因，至少 {conversions.MIN_REASON} 个字。")
        return answers

    def grant(self):
        answers = self.cleaned_data
        return Grant(answers["count_public"], answers["count_professional"], answers["general"])


class ExemptionForm(forms.ModelForm):
    """Grants an exemption to somebody of one's own division, found by archive number."""

    staff = None
    archive_number = forms.CharField(label="档案号", max_length=20)
    year = forms.TypedChoiceField(label="年度", coerce=int)
    kind = forms.ChoiceField(label="情形", choices=ExemptionKind)
    reason = forms.CharField(
        label="说明",
        max_length=120,
        widget=forms.TextInput(attrs={"size": 60}),
        help_text="本人会在“我的学习”中看到。不要写证件号码、病情等细节。",
        error_messages=REASON,
    )
    files = PicturesField(label="证明材料", required=False)

    class Meta:
        model = Exemption
        fields = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, str(year)) for year in catalogue.years()]

    def clean_archive_number(self):
        number = self.cleaned_data["archive_number"].strip()
        profile = Profile.objects.select_related("accountant").filter(archive_number=number).first()
        if profile is None or not covers(scope_of(self.staff), profile.division):
            raise forms.ValidationError("本辖区没有这个档案号，请核对。")
        self.profile = profile
        return number

    def clean_reason(self):
        return without_numbers(self, "reason")

    def clean(self):
        answers = super().clean()
        profile, year = getattr(self, "profile", None), answers.get("year")
        if profile and Exemption.objects.filter(profile=profile, year=year, ended_at=None).exists():
            self.add_error("year", f"此人 {year} 年度已登记为免学，不用再登记。")
        return answers


class ExemptionEndForm(forms.ModelForm):
    """Takes an exemption back."""

    why = forms.CharField(
        label="取消原因",
        max_length=120,
        widget=forms.TextInput(attrs={"size": 60}),
        help_text="填写后保存即取消这条免学登记；本人会看到原因。",
        error_messages=REASON,
    )

    class Meta:
        model = Exemption
        fields = ()

    def clean_why(self):
        return without_numbers(self, "why")


class DisputeForm(forms.ModelForm):
    """The answer to a question."""

    reply = forms.CharField(
        label="答复",
        min_length=disputes.SHORTEST,
        max_length=disputes.LONGEST,
        widget=forms.Textarea(attrs={"rows": 5, "cols": 60}),
        help_text="保存后本人会收到站内消息。",
        error_messages={"required": "请填写答复。"},
    )

    class Meta:
        model = Dispute
        fields = ()

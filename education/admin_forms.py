"""What staff type in when they file schools, courses and years."""

import re

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import Http404

from accounting_platform.lib import clock
from accounting_platform.lib.errors import InputError
from accounting_platform.lib.validators import clean_employer_phone
from collection import codes
from education import corrections
from education.choices import CourseKind
from education.learning import launch
from education.ledger.entries import plain
from education.ledger.rules import FIRST_YEAR, rule_for
from education.models import Institution, Offering, OfferingDivision
from registration.access import PROVINCE

HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*(:[0-9]{1,5})?")


class InstitutionForm(forms.ModelForm):
    """The address that 去学习 opens must be https and lie on one of the filed hosts."""

    launch_url = forms.URLField(
        label="学习平台地址", max_length=300, assume_scheme="https", widget=forms.URLInput(attrs={"size": 80})
    )

    class Meta:
        model = Institution
        fields = ["code", "name", "intro", "launch_url", "hosts", "service_phone", "filed"]
        error_messages = {
            "code": {"unique": "这个机构代码已经用于另一家机构，请换一个。"},
            "name": {"unique": "这家机构已经建立，请修改原有的一条。"},
        }
        widgets = {"intro": forms.TextInput(attrs={"size": 80}), "hosts": forms.TextInput(attrs={"size": 80})}

    def clean_hosts(self):
        hosts = self.cleaned_data["hosts"].lower().split()
        wrong = [host for host in hosts if not HOST.fullmatch(host)]
        if wrong:
            raise forms.ValidationError(f"请只填写域名，不带 https:// 和路径：{'、'.join(wrong)}")
        return " ".join(hosts)

    def clean_service_phone(self):
        phone = self.cleaned_data["service_phone"]
        try:
            return clean_employer_phone(phone) if phone else ""
        except InputError:
            words = "客服电话格式不正确，请写区号和号码，如 020-83330000，有分机再写“转801”。"
            raise forms.ValidationError(words) from None

    def clean(self):
        answers = super().clean()
        if "launch_url" in answers and "hosts" in answers:
            try:
                launch.safe_target(Institution(launch_url=answers["launch_url"], hosts=answers["hosts"]))
            except Http404:
                self.add_error("launch_url", "地址须以 https:// 开头，且所在域名已列入备案域名，请核对。")
        return answers


class OfferingForm(forms.ModelForm):
    """A course of one kind and year; public courses are free."""

    class Meta:
        model = Offering
        fields = ["institution", "kind", "year", "title", "intro", "hours", "max_credits", "price", "is_open"]
        repeated = "该机构已有这个年度、这个类别的学习资源，请修改原有的一条。"
        error_messages = {NON_FIELD_ERRORS: {"unique_together": repeated}}

    def clean_year(self):
        year = self.cleaned_data["year"]
        latest = clock.year() + 1
        if not FIRST_YEAR <= year <= latest:
            raise forms.ValidationError(f"年度应在 {FIRST_YEAR} 至 {latest} 之间，请核对。")
        return year

    def clean(self):
        answers = super().clean()
        if answers.get("kind") == CourseKind.PUBLIC and answers.get("price"):
            self.add_error("price", "公需课免费学习，价格请填 0。")
        rule = rule_for(answers.get("year"))
        kind, most = answers.get("kind"), answers.get("max_credits")
        if rule and kind and most is not None and most > rule.minimum(kind):
            asked = f"{rule.year} 年度{CourseKind(kind).label}应修的 {plain(rule.minimum(kind))} 学分"
            self.add_error("max_credits", f"最高学分不能超过{asked}，请核对。")
        return answers


def division_scopes():
    """[(prefix, name)] that a course can be filed for: the province, a city, a county, 省本级."""
    scopes = [("", "请选择"), (PROVINCE, "44 全省")]
    for city, name, counties in codes.division_choices():
        whole = city if city.endswith("-B") else city[:4]
        scopes.append((whole, f"{whole} {name}"))
        scopes += [(county, f"{county} {name}{label}") for county, label in counties]
    return scopes


class OfferingDivisionForm(forms.ModelForm):
    prefix = forms.ChoiceField(label="行政区划", choices=division_scopes)

    class Meta:
        model = OfferingDivision
        fields = ["prefix"]


class OfferingDivisionFormSet(forms.BaseInlineFormSet):
    """An offering is filed somewhere, and nowhere twice: the whole province holds every city already."""

    def clean(self):
        kept = (
            [form for form in self.forms if not form.cleaned_data.get("DELETE")] if self.is_clean() else None
        )
        if kept is None:
            return
        prefixes = [form.cleaned_data["prefix"] for form in kept if form.cleaned_data.get("prefix")]
        if not prefixes:
            raise forms.ValidationError("请至少选择一个备案区划。")
        if len(set(prefixes)) < len(prefixes):
            raise forms.ValidationError("同一个备案区划选了不止一次，请去掉重复的。")
        for inner in prefixes:
            outer = next((one for one in prefixes if one != inner and inner.startswith(one)), None)
            if outer:
                raise forms.ValidationError(f"{outer} 已经包含 {inner}，请去掉其中一个。")

    def is_clean(self):
        return not any(self.errors)


class ReasonForm(forms.Form):
    """Why staff do what cannot be undone."""

    reason = forms.CharField(
        label="原因",
        min_length=corrections.MIN_REASON,
        max_length=200,
        widget=forms.TextInput(attrs={"size": 60}),
        error_messages={"required": "请填写原因。", "min_length": "原因至少写 %(limit_value)d 个字。"},
        help_text="原因会显示在本人的“我的学习”中，并写入审计。",
    )


class SendBackForm(ReasonForm):
    """Why a correction or revocation is not confirmed: the school reads it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = "退回时必填，至少 5 个字；机构在对账时会看到。"
        # Only one of the two buttons needs it.
        self.fields["reason"].widget.is_required = False

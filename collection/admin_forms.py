"""Forms of the desk: codes are chosen by name."""

from django import forms
from django.core.exceptions import ValidationError

from accounting_platform.lib.validators import clean_credit_code
from collection import codes
from collection.choices import CodeList
from collection.models import CodeEntry, Employer


def code_select(list, label):
    return forms.ChoiceField(
        label=label, required=False, choices=lambda: [("", "未填写"), *codes.grouped_choices(list)]
    )


class EmployerForm(forms.ModelForm):
    industry = code_select(CodeList.INDUSTRY, "所属行业")
    economic_type = code_select(CodeList.ECONOMIC_TYPE, "经济类型")

    class Meta:
        model = Employer
        fields = ["name", "credit_code", "industry", "economic_type", "address", "phone", "verified"]

    def clean_credit_code(self):
        return clean_credit_code(self.cleaned_data["credit_code"])


class CodeEntryForm(forms.ModelForm):
    class Meta:
        model = CodeEntry
        fields = ["list", "code", "name", "full_name", "parent_code", "selectable", "rank", "ends_on"]

    def clean_parent_code(self):
        """A parent has to be in the same list, and not below the entry itself."""
        parent = self.cleaned_data["parent_code"]
        list = self.instance.list or self.cleaned_data.get("list")
        if parent and not CodeEntry.objects.filter(list=list, code=parent).exists():
            raise ValidationError("这个代码表里没有这个上级代码，请核对")
        code = self.instance.code or self.cleaned_data.get("code")
        if parent and code in [parent, *codes.path(list, parent)]:
            raise ValidationError("上级代码不能是自己或自己的下级，请核对")
        return parent

"""What people choose when they share a paper."""

from datetime import timedelta

from django import forms

from accounting_platform.lib.clock import today
from registration import shares


class ShareForm(forms.Form):
    """分享: which groups, until when. Nothing is chosen beforehand: what becomes public is decided one by one."""

    groups = forms.MultipleChoiceField(
        label="选择要公开的内容",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="姓名和材料状态总会显示；证件号码、手机号码和住址只显示一部分；照片不会公开",
        error_messages={"invalid_choice": "请在列出的内容中选择"},
    )
    ends_on = forms.DateField(
        label="分享截止日期",
        help_text="到这一天为止，最长一年；您可以随时撤销",
        error_messages={"required": "请选择截止日期", "invalid": "请选择截止日期，写成 2026-12-23 的样子"},
    )

    def __init__(self, sheet, data=None):
        super().__init__(data, use_required_attribute=False)
        self.fields["groups"].choices = [(group.key, group.title) for group in sheet.groups]
        field, now = self.fields["ends_on"], today()
        field.initial = now + timedelta(days=shares.DEFAULT_DAYS)
        bounds = {"min": now + timedelta(days=1), "max": now + timedelta(days=shares.MOST_DAYS)}
        attrs = {"type": "date"} | {name: day.isoformat() for name, day in bounds.items()}
        field.widget = forms.DateInput(format="%Y-%m-%d", attrs=attrs)

    def clean_ends_on(self):
        return shares.clean_end(self.cleaned_data["ends_on"])

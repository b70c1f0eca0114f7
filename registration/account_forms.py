"""What people fill in about an account they have: taking their data along, closing it, a lost phone."""

from django import forms

from accounting_platform.lib.errors import DomainError
from accounting_platform.lib.validators import clean_name
from registration import lost_phone
from registration.forms import PhoneMixin, phone_field, secret, sms_code_field, text


def current_password():
    return secret(
        "当前密码", missing="请填写当前密码", placeholder="请输入当前密码", autocomplete="current-password"
    )


class ExportForm(forms.Form):
    """导出我的数据: whoever asks knows the password."""

    current = current_password()


class CloseForm(PhoneMixin, forms.Form):
    """注销账号: the current password, and a code sent to the account's phone."""

    current = current_password()
    sms_code = sms_code_field()
    understood = forms.BooleanField(
        label="我已了解注销后会删除什么、保留什么",
        error_messages={"required": "请先阅读上面的说明并勾选"},
    )


class LostPhoneForm(PhoneMixin, forms.Form):
    """手机号码已停用: who it is, the new phone, and what happened."""

    name = text("姓名", missing="请填写姓名", placeholder="请输入姓名", length=30, autocomplete="name")
    document_number = text(
        "证件号码",
        missing="请填写证件号码",
        placeholder="请输入证件号码",
        autocomplete="username",
        spellcheck="false",
    )
    phone = phone_field("新手机号码", "请输入现在使用的手机号码")
    sms_code = sms_code_field()
    statement = forms.CharField(
        label="情况说明",
        max_length=1000,
        help_text="原手机号码何时、为什么停用，您能出示什么证明，10 至 300 个字",
        widget=forms.Textarea(
            attrs={"rows": 4, "data-counter": 300, "placeholder": "如：原号码已于去年注销，可出示身份证原件"}
        ),
        error_messages={"required": lost_phone.STATEMENT_WORDS, "max_length": lost_phone.STATEMENT_WORDS},
    )

    def clean_name(self):
        return clean_name(self.cleaned_data["name"])

    def clean_statement(self):
        try:
            return lost_phone.clean_statement(self.cleaned_data["statement"])
        except DomainError as refusal:
            raise forms.ValidationError(refusal.message) from None

"""What staff fill in about themselves: log-in, code, new password, the reason for a reset."""

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm, AdminPasswordChangeForm

from accounting_platform.lib.errors import DomainError
from accounting_platform.lib.text import has_forbidden_characters
from registration import audit, limits, staff_codes, staff_login
from registration.accounts import attempts_key
from registration.choices import UserKind
from registration.models import User

CODE_LABEL, RESCUE_LABEL = "6 位验证码", "恢复码"
EITHER_LABEL = "验证码或恢复码"
# Longer than any password or code; it only stops abuse.
LONGEST = 200


def code_field(label=EITHER_LABEL):
    attrs = {"autocomplete": "one-time-code", "autofocus": True, "class": "vTextField adm-code"}
    attrs |= {"inputmode": "numeric"} if label == CODE_LABEL else {"autocapitalize": "none"}
    return forms.CharField(
        label=label,
        max_length=LONGEST,
        widget=forms.TextInput(attrs=attrs),
        error_messages={"required": f"请填写{label.removeprefix('6 位')}"},
    )


class StaffLoginForm(AdminAuthenticationForm):
    """User name and password under the same lock as everybody's log-in; the code comes after them, on its own page."""

    error_messages = AdminAuthenticationForm.error_messages | {"invalid_login": "用户名或密码不正确"}
    status = 400

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password"].max_length = LONGEST

    def clean(self):
        key = attempts_key("staff:" + self.cleaned_data.get("username", ""))
        try:
            limits.count("login", key)
        except DomainError as refusal:
            self.note("login.locked")
            self.status = refusal.status
            self.add_error(None, str(refusal))
            return self.cleaned_data
        answers = super().clean()
        limits.clear("login", key)
        return answers

    def get_invalid_login_error(self):
        self.note("login.failed")
        return super().get_invalid_login_error()

    def note(self, kind):
        """The account that was tried stands as the actor, so that its owner finds the try among the own log-ins."""
        tried = User.objects.filter(username=self.cleaned_data.get("username", ""), kind=UserKind.STAFF)
        audit.record(kind, actor=tried.first(), detail={"site": "staff"}, result="refused")


class CodeForm(forms.Form):
    """One code of the app, or a rescue code."""

    status = 400

    def __init__(self, data=None, *, label=EITHER_LABEL):
        super().__init__(data)
        self.fields["code"] = code_field(label)

    def refuse(self, refusal):
        """Show a DomainError at its field, or above the form."""
        self.status = refusal.status
        self.add_error(refusal.field if refusal.field in self.fields else None, str(refusal))


class ProofForm(CodeForm):
    """Password and code, before something about the log-in itself is changed."""

    password = forms.CharField(
        label="当前密码",
        max_length=LONGEST,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "class": "vTextField"}),
        error_messages={"required": "请填写当前密码"},
    )


class StaffPasswordForm(AdminPasswordChangeForm):
    """A new password by the platform's rule (AUTH_PASSWORD_VALIDATORS) for somebody who shows the old one and a code."""

    def __init__(self, user, *args, **kwargs):
        super().__init__(user, *args, **kwargs)
        self.fields["code"] = code_field()
        del self.fields["code"].widget.attrs["autofocus"]

    def clean_old_password(self):
        typed = self.cleaned_data["old_password"]
        try:
            staff_login.check_password(self.user, typed)
        except DomainError as refusal:
            raise forms.ValidationError(str(refusal)) from None
        return typed

    def clean(self):
        answers = super().clean()
        # A code works once, so it is asked for only when everything else is well.
        if not self.errors:
            try:
                staff_codes.check(self.user, answers["code"])
            except DomainError as refusal:
                self.add_error("code", str(refusal))
        return answers

    def save(self, commit=True):
        user = super().save(commit)
        audit.record("password.changed", actor=user, subject=user)
        return user


class ReasonForm(forms.Form):
    """Why the device of a colleague is reset."""

    reason = forms.CharField(
        label="理由",
        min_length=5,
        max_length=200,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text="5 至 200 个字，如“手机遗失，本人持工作证到场申请”。理由会写入审计，请不要写入证件号码等个人信息。",
        error_messages={"required": "请填写理由", "min_length": "理由须为 5 至 200 个字"},
    )

    def clean_reason(self):
        reason = self.cleaned_data["reason"]
        if has_forbidden_characters(reason):
            raise forms.ValidationError("理由中含有不能使用的字符，请重新填写")
        try:
            audit.check_reason(reason)
        except DomainError as refusal:
            raise forms.ValidationError(refusal.message) from None
        return reason

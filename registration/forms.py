"""What people fill in on the ground floor: targets, registration, log-in, recovery, phone and password."""

from django import forms
from django.urls import reverse_lazy

from accounting_platform.lib.documents import check_number, normalise_number, offered_types
from accounting_platform.lib.errors import DomainError
from accounting_platform.lib.validators import clean_name, clean_phone, clean_sms_code, validate_password
from registration import consent, services

# Where the page finds what it needs to judge a password by itself.
RULES_URL = reverse_lazy("registration:password_rules")
YES_NO = (("yes", "是"), ("no", "否"))
DIFFERENT = "两次输入的密码不一致，请重新输入"


def text(label, *, missing, placeholder="", length=None, hint="", lock=False, limit=100, **attrs):
    """One line of text with the manual's label and placeholder; `length` shows the counter, `limit` only stops abuse."""
    attrs |= {"placeholder": placeholder} if placeholder else {}
    attrs |= {"data-counter": length} if length else {}
    attrs |= {"data-hint-icon": "lock"} if lock else {}
    widget = forms.TextInput(attrs={name.replace("_", "-"): value for name, value in attrs.items()})
    messages = {"required": missing, "max_length": "内容过长，请核对后重新填写"}
    return forms.CharField(
        label=label, help_text=hint, max_length=limit, widget=widget, error_messages=messages
    )


def secret(label, *, missing, placeholder="", hint="", autocomplete="new-password", **attrs):
    """One password field: never trimmed, pasting allowed."""
    attrs = {"placeholder": placeholder, "autocomplete": autocomplete} | attrs
    widget = forms.PasswordInput(attrs={name.replace("_", "-"): value for name, value in attrs.items()})
    messages = {"required": missing, "max_length": "密码过长，请重新输入"}
    return forms.CharField(
        label=label, help_text=hint, max_length=200, strip=False, widget=widget, error_messages=messages
    )


def phone_field(label="手机号码", placeholder="请输入手机号码"):
    return text(
        label,
        missing="请填写手机号码",
        placeholder=placeholder,
        length=11,
        inputmode="numeric",
        autocomplete="tel-national",
        data_check="phone",
    )


def sms_code_field(hint="短信验证码：验证码一天只能接收5次，超出后，请隔天办理"):
    return text(
        "短信验证码",
        missing="请填写短信验证码",
        placeholder="请输入短信验证码",
        length=6,
        hint=hint,
        inputmode="numeric",
        autocomplete="one-time-code",
        data_check="sms_code",
    )


def new_password_fields(label="密码"):
    """The pair of a new password and its repetition, with the manual's rule as the hint."""
    rule = "密码长度最少为8位，小于20位，必须含有大小写字母、数字和特殊字符混合组成"
    return (
        secret(
            label,
            missing=f"请填写{label}",
            placeholder="请输入密码",
            hint=rule,
            data_password_rules=RULES_URL,
        ),
        secret("确认密码", missing="请再次填写密码", placeholder="请确认密码", data_same_as="id_password"),
    )


def ask_again(form):
    """Of a refused form: passwords are never sent back, so each that was well says at its field that it went."""
    for name, field in form.fields.items():
        if isinstance(field.widget, forms.PasswordInput) and name not in form.errors:
            form.add_error(name, again(field))


def again(field):
    """请重新输入密码; of the repetition 请再次输入密码."""
    return "请再次输入密码" if field.label == "确认密码" else f"请重新输入{field.label}"


class NewPasswordMixin:
    """A form with `password` and `confirmation`; `personal` are the numbers the password may not hold."""

    personal = ()

    def clean(self):
        answers = super().clean()
        password, confirmation = answers.get("password"), answers.get("confirmation")
        if password and confirmation and password != confirmation:
            self.add_error("confirmation", DIFFERENT)
        if password:
            try:
                validate_password(
                    password, personal=[number for number in self.personal_numbers(answers) if number]
                )
            except DomainError as refusal:
                self.add_error("password", refusal.message)
        return answers

    def personal_numbers(self, answers):
        return [answers.get("document_number"), answers.get("phone"), *self.personal]


class PhoneMixin:
    """A form with `phone`, and perhaps `sms_code`, in the form they are kept in."""

    def clean_phone(self):
        return clean_phone(self.cleaned_data["phone"])

    def clean_sms_code(self):
        return clean_sms_code(self.cleaned_data["sms_code"])


class TargetsForm(forms.Form):
    """信息采集对象: the manual's two questions."""

    works_in_guangdong = forms.ChoiceField(
        label="是否在广东省内（除深圳）从事会计工作",
        choices=YES_NO,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择是否在广东省内（除深圳）从事会计工作"},
    )
    holds_certificate = forms.ChoiceField(
        label="是否持有会计专业技术资格证书",
        choices=YES_NO,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择是否持有会计专业技术资格证书"},
    )

    def answers(self):
        """The two answers as True and False, by the names of the columns."""
        return {name: value == "yes" for name, value in self.cleaned_data.items()}


class RegisterForm(NewPasswordMixin, PhoneMixin, forms.Form):
    """用户注册."""

    name = text(
        "姓名",
        missing="请填写姓名",
        placeholder="请输入姓名",
        length=30,
        hint="注册成功后，“姓名”不能修改，请认真填写",
        lock=True,
        autocomplete="name",
        data_check="name",
    )
    document_type = forms.ChoiceField(
        label="证件类型",
        error_messages={"required": "请选择证件类型", "invalid_choice": "请选择证件类型"},
    )
    document_number = text(
        "证件号码",
        missing="请填写证件号码",
        placeholder="请输入证件号码",
        hint="注册成功后，“证件号码”不能修改，请认真填写",
        lock=True,
        autocomplete="username",
        autocapitalize="characters",
        spellcheck="false",
    )
    password, confirmation = new_password_fields()
    phone = phone_field()
    sms_code = sms_code_field()
    consent = forms.BooleanField(label=consent.LABEL, error_messages={"required": consent.REFUSAL})

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        types = [(kind.key, kind.label) for kind in offered_types()]
        self.fields["document_type"].choices = [("", "请选择"), *types]

    def clean_name(self):
        return clean_name(self.cleaned_data["name"])

    def clean_document_number(self):
        """Judged by its type; without one, the type's own message is enough."""
        document_type = self.cleaned_data.get("document_type")
        number = normalise_number(document_type or "", self.cleaned_data["document_number"])
        if document_type:
            try:
                check_number(document_type, number)
            except DomainError as refusal:
                raise forms.ValidationError(refusal.message) from None
        return number

    def save(self, *, targets, binding):
        """Create the account; raises DomainError."""
        answers = self.cleaned_data
        names = ("name", "document_type", "document_number", "password", "phone")
        return services.register(
            **{name: answers[name] for name in names},
            **targets,
            code=answers["sms_code"],
            binding=binding,
            consent_version=consent.VERSION,
        )


class LoginForm(forms.Form):
    """登录: nothing is judged here but that both are there."""

    document_number = text(
        "证件号码",
        missing="请填写证件号码",
        placeholder="请输入证件号码",
        autocomplete="username",
        spellcheck="false",
    )
    password = secret("密码", missing="请填写密码", placeholder="请输入密码", autocomplete="current-password")


class PasswordResetForm(NewPasswordMixin, PhoneMixin, forms.Form):
    """密码找回."""

    document_number = text(
        "证件号码",
        missing="请填写证件号码",
        placeholder="请输入证件号码",
        autocomplete="username",
        spellcheck="false",
    )
    phone = phone_field("预留手机号码", "请输入注册时填写的手机号码")
    sms_code = sms_code_field()
    password, confirmation = new_password_fields("新密码")


class ChangePhoneForm(PhoneMixin, forms.Form):
    """更换手机号码: the code goes to the new phone."""

    phone = phone_field("新手机号码", "请输入新手机号码")
    sms_code = sms_code_field()
    current = secret(
        "当前密码", missing="请填写当前密码", placeholder="请输入当前密码", autocomplete="current-password"
    )


class ChangePasswordForm(NewPasswordMixin, PhoneMixin, forms.Form):
    """修改密码: the code goes to the phone of the account."""

    current = secret(
        "当前密码", missing="请填写当前密码", placeholder="请输入当前密码", autocomplete="current-password"
    )
    sms_code = sms_code_field()
    password, confirmation = new_password_fields("新密码")

    def __init__(self, *args, personal=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.personal = personal

"""What an account is entered with: its password and its phone. Callers hold the transaction and write the audit."""

from django.conf import settings

from accounting_platform.lib.errors import DomainError
from registration import limits
from registration.models import Accountant


def check_password(accountant, password):
    """Refuse a wrong current password; five wrong ones in a quarter of an hour close this way for as long."""
    limits.count("password", str(accountant.pk))
    if not accountant.user.check_password(password):
        raise DomainError("当前密码不正确，请重新输入", field="current", code="password")
    limits.clear("password", str(accountant.pk))


def set_password(accountant, hashed):
    """Store a new password's hash; every session made with the old one ends by it."""
    accountant.user.password = hashed
    accountant.user.save(update_fields=["password"])


def set_phone(accountant, phone):
    """Store a normalised phone and the key it is found by; "" for none."""
    accountant.phone = phone
    accountant.phone_key = Accountant.key_of_phone(phone) if phone else ""
    accountant.save(update_fields=["phone", "phone_key"])


def check_accounts_per_phone(phone_key):
    """Refuse a phone that already serves as many accounts as settings.ACCOUNTS_PER_PHONE allows."""
    people = Accountant.objects.filter(phone_key=phone_key)
    # Locking those that exist makes the next one with this phone wait and count again.
    list(people.select_for_update().values_list("pk", flat=True))
    if people.count() >= settings.ACCOUNTS_PER_PHONE:
        message = f"该手机号码已用于 {settings.ACCOUNTS_PER_PHONE} 个账号，请换一个手机号码"
        raise DomainError(message, field="phone", code="phone_full")

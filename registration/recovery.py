"""密码找回: who asks learns nothing; a code goes out only where number and phone belong together.

The request leaves one sealed row and the worker compares, so match and mismatch cost the caller the same time.
"""

from accounting_platform.lib.encryption import keyed_hash
from accounting_platform.lib.errors import DomainError
from registration import limits, outbox, sms_codes
from registration.accounts import keys_of_number, plain_number
from registration.choices import SmsPurpose
from registration.models import Accountant

# An outbox row of this name is a question to the worker, not a text.
TEMPLATE = "recovery"
ANSWER = "如信息一致，验证码已发送至预留手机"


def request(number, phone):
    """Ask the worker to send a code if this document number and phone are one person's; returns the question's row."""
    sms_codes.check_service()
    limits.count("recovery", keyed_hash("recovery", plain_number(number)))
    sms_codes.count_address()
    return outbox.put(phone, TEMPLATE, number=number)


def answer(message):
    """Send the code one such row asks for; returns a word for the row's outcome."""
    accountant = find(message.context.get("number", ""), message.phone)
    if accountant is None:
        return "信息不一致，未发送"
    try:
        sms_codes.issue(message.phone, SmsPurpose.RESET, binding_of(accountant))
    except DomainError as refusal:
        return str(refusal)
    return "已生成验证码"


def find(number, phone):
    """The accountant with this document number and phone, or None."""
    people = Accountant.objects.select_related("user").filter(
        document_key__in=keys_of_number(number),
        phone_key=Accountant.key_of_phone(phone),
        user__is_active=True,
    )
    return people.first()


def binding_of(accountant):
    """What a recovery code is bound to: the person, so another browser may finish what one began; nobody has none."""
    return f"person:{accountant.pk if accountant else 0}"

"""The least that is valid: accountants, staff and what happens to them, for the tests of every app."""

import secrets
from base64 import b32encode
from datetime import date, timedelta
from itertools import count

from django.contrib.auth.models import Permission
from django.utils import timezone
from django_otp import DEVICE_ID_SESSION_KEY

from accounting_platform.lib import clock
from accounting_platform.lib.documents import facts
from registration import shares, sms_codes
from registration.choices import RecoveryState, UserKind
from registration.models import (
    Accountant,
    Announcement,
    DataExport,
    Message,
    PaperFile,
    RecoveryRequest,
    SmsCode,
    StaffDevice,
    User,
)

PASSWORD = "Mei-zhou#1975"
_numbers = count(1)


def resident_id(number=None, *, birth_date=date(1980, 1, 1), division="440106", gender="female"):
    """A valid resident ID; another one at each call unless `number` (0 to 499) is given."""
    if number is None:
        number = next(_numbers)
        # Another region after every 500, never another birthday: tests reckon with it.
        division = str(int(division) + number // 500)
    sequence = number % 500 * 2 + (gender == "male")
    body = f"{division}{birth_date:%Y%m%d}{sequence:03}"
    total = sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(body))
    return body + "10X98765432"[total % 11]


def phone_number():
    """Another valid mobile number at each call."""
    return f"138{next(_numbers):08}"


def make_accountant(*, password=PASSWORD, collected=False, **fields):
    """A registered person who can log in with PASSWORD; `collected=True` has finished 信息采集."""
    number = fields.pop("document_number", None) or resident_id()
    document_type = fields.pop("document_type", "resident_id")
    phone = fields.pop("phone", None) or phone_number()
    known = facts(document_type, number)
    answers = {
        "name": "林嘉敏",
        "name_pinyin": "lin jia min",
        "gender": known.gender or "",
        "birth_date": known.birth_date,
        "country": known.country or "",
        "works_in_guangdong": True,
        "holds_certificate": False,
        "consent_version": "1",
        "consented_at": timezone.now(),
        "collected_at": timezone.now() if collected else None,
    }
    key = Accountant.key_of_document(document_type, number)
    return Accountant.objects.create(
        user=User.objects.create_user(key, password),
        document_type=document_type,
        document_number=number,
        document_key=key,
        phone=phone,
        phone_key=Accountant.key_of_phone(phone),
        **answers | fields,
    )


def make_staff(*, permissions=(), password=PASSWORD, **fields):
    """A finance department's administrator of the whole province; `permissions` like "registration.view_accountant"."""
    fields = {"display_name": "省厅管理员", "division_scope": "44", "kind": UserKind.STAFF} | fields
    user = User.objects.create_user(
        fields.pop("username", None) or f"staff{next(_numbers)}", password, **fields
    )
    for name in permissions:
        app, codename = name.split(".")
        user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    return user


def make_device(user, *, confirmed=True):
    """An authenticator app of one staff account."""
    secret = b32encode(secrets.token_bytes(20)).decode()
    return StaffDevice.objects.create(user=user, secret=secret, confirmed=confirmed)


def code_of(device, *, steps=0):
    """What the app shows now, or some steps of 30 seconds away."""
    clock = device.clock()
    clock.drift += steps
    return f"{clock.token():06}"


def staff_login(client, staff):
    """A client of staff who have shown both password and code."""
    device = StaffDevice.objects.filter(user=staff, confirmed=True).first() or make_device(staff)
    client.force_login(staff)
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = device.persistent_id
    session.save()


def make_announcement(**fields):
    """A notice on the home page."""
    return Announcement.objects.create(
        **{"title": "关于开展会计人员信息采集的通知", "body": "请各位会计人员按时办理。"} | fields
    )


def make_message(accountant, **fields):
    """A message to one person."""
    return Message.objects.create(
        accountant=accountant, **{"title": "手机号码已更换", "body": "如非本人操作，请致电。"} | fields
    )


def sms_code_of(phone, purpose, binding):
    """A code that this phone has just got, without a text."""
    phone_key, code = Accountant.key_of_phone(phone), "428571"
    SmsCode.objects.create(
        phone_key=phone_key,
        purpose=purpose,
        binding=binding,
        code_hash=sms_codes.hash_of(phone_key, purpose, binding, code),
        expires_at=timezone.now() + sms_codes.VALID_FOR,
    )
    return code


def make_recovery_request(**fields):
    """A request for a new phone that waits for staff, about somebody with an account."""
    accountant = fields.pop("accountant", None) or make_accountant()
    phone = fields.pop("phone", None) or phone_number()
    answers = {
        "accountant": accountant,
        "document_number": accountant.document_number,
        "name": accountant.name,
        "phone": phone,
        "phone_key": Accountant.key_of_phone(phone),
        "statement": "原号码去年已经注销，可以出示身份证原件",
        "state": RecoveryState.WAITING,
    }
    return RecoveryRequest.objects.create(**answers | fields)


def make_export(accountant, **fields):
    """A data export that waits for its worker."""
    return DataExport.objects.create(accountant=accountant, **fields)


def make_share(accountant, sheet, *, groups=(), days=30):
    """A share of one paper."""
    return shares.create(accountant, sheet, groups=groups, ends_on=clock.today() + timedelta(days=days))


def make_paper(accountant, sheet, **fields):
    """A PDF that waits for its worker."""
    facts = {"kind": sheet.kind, "reference": sheet.reference, "label": sheet.label}
    return PaperFile.objects.create(accountant=accountant, **facts | fields)

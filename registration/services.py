"""Everything that is written about who somebody is."""

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils import timezone
from pypinyin import lazy_pinyin

from accounting_platform.lib.clock import today
from accounting_platform.lib.documents import check_number, facts, normalise_number
from accounting_platform.lib.errors import DomainError
from accounting_platform.lib.masking import mask_phone
from accounting_platform.lib.validators import clean_name, clean_phone, validate_password
from registration import accounts, audit, closing, limits, lost_phone, recovery, sms_codes
from registration.choices import SmsPurpose
from registration.credentials import check_accounts_per_phone, check_password, set_password, set_phone
from registration.models import Accountant, User
from registration.telling import notify, send_message

HOLDS_THE_PHONE = "本人已用原手机号码办理"
TOO_YOUNG = "年满16周岁方可注册，请核对证件号码"


def register(
    *, name, document_type, document_number, password, phone, code, binding, works_in_guangdong, holds_certificate,
    consent_version,
):  # fmt: skip
    """Create the account of one accountant who proved the phone, or open a closed one again; returns the Accountant."""
    accountant = new_accountant(
        name=name,
        document_type=document_type,
        document_number=document_number,
        phone=phone,
        works_in_guangdong=works_in_guangdong,
        holds_certificate=holds_certificate,
        consent_version=consent_version,
    )
    validate_password(password, personal=(accountant.document_number, accountant.phone))
    check_age(accountant)
    # Who is registered is told only to somebody who holds a phone with a right code, once per code.
    sms_codes.consume(accountant.phone, SmsPurpose.REGISTER, binding, code)
    # Asked first only to spare the hash; the unique constraint is what holds.
    earlier = Accountant.objects.filter(document_key=accountant.document_key).first()
    if earlier is not None and not earlier.is_closed:
        raise already_registered()
    hashed = make_password(password)
    if earlier is not None:
        return closing.reopen(earlier.pk, accountant, hashed=hashed)
    user = User(username=accountant.document_key, password=hashed)
    with transaction.atomic():
        check_accounts_per_phone(accountant.phone_key)
        create_account(accountant, user)
        audit.record("account.registered", actor=user, subject=accountant)
    return accountant


def new_accountant(*, name, document_type, document_number, phone, consent_version, **targets):
    """An Accountant not yet saved, with everything normalised and checked and what the document tells."""
    name, phone = clean_name(name), clean_phone(phone)
    number = normalise_number(document_type, document_number)
    check_number(document_type, number)
    known = facts(document_type, number)
    return Accountant(
        name=name,
        name_pinyin=pinyin_key(name),
        document_type=document_type,
        document_number=number,
        document_key=Accountant.key_of_document(document_type, number),
        phone=phone,
        phone_key=Accountant.key_of_phone(phone),
        gender=known.gender or "",
        birth_date=known.birth_date,
        country=known.country or "",
        consent_version=consent_version,
        consented_at=timezone.now(),
        **targets,
    )


def create_account(accountant, user):
    """The user and the accountant together; the unique constraint decides between many at once."""
    try:
        with transaction.atomic():
            user.save(force_insert=True)
            accountant.user = user
            accountant.save(force_insert=True)
    except IntegrityError:
        raise already_registered() from None


def already_registered():
    return DomainError(closing.ALREADY_REGISTERED, field="document_number", code="registered")


def check_age(accountant):
    """16 and older; documents without a birth date are asked for it in 信息采集."""
    birthday = accountant.sixteenth_birthday
    if birthday and birthday > today():
        raise DomainError(TOO_YOUNG, field="document_number", code="too_young")


def pinyin_key(name):
    """What a name is sorted and searched by: its syllables in lower case."""
    return " ".join(lazy_pinyin(name)).lower()[:200]


def reset_password(*, number, phone, code, new_password):
    """Set a new password for the person whom number, phone and code prove; raises DomainError."""
    phone = clean_phone(phone)
    plain = accounts.plain_number(number)
    validate_password(new_password, personal=(plain, phone))
    accountant = recovery.find(number, phone)
    # For nobody the same work is done, so that a refusal lasts as long whether number and phone fit or not.
    sms_codes.consume(phone, SmsPurpose.RESET, recovery.binding_of(accountant), code)
    hashed = make_password(new_password)
    with transaction.atomic():
        set_password(accountant, hashed)
        audit.record("password.reset", actor=accountant.user, subject=accountant)
        send_message(accountant, "password_reset")
        lost_phone.deny(accountant, by=accountant.user, reason=HOLDS_THE_PHONE)
        limits.clear("login", accounts.attempts_key(number))
    return accountant


def change_password(accountant, *, current, code, new_password):
    """A new password for somebody logged in who knows the current one and holds the phone."""
    validate_password(new_password, personal=(accountant.document_number, accountant.phone))
    check_password(accountant, current)
    sms_codes.consume(accountant.phone, SmsPurpose.PASSWORD, recovery.binding_of(accountant), code)
    hashed = make_password(new_password)
    with transaction.atomic():
        set_password(accountant, hashed)
        audit.record("password.changed", actor=accountant.user, subject=accountant)
        send_message(accountant, "password_changed")


def change_phone(accountant, *, phone, code, current):
    """Move the account to a new phone that got the code; the old phone is told, other sessions end."""
    phone = clean_phone(phone)
    if phone == accountant.phone:
        raise DomainError("新手机号码与现在的相同，请填写另一个", field="phone", code="phone_same")
    check_password(accountant, current)
    sms_codes.consume(phone, SmsPurpose.PHONE, recovery.binding_of(accountant), code)
    # The same password under a new salt: whoever still uses the account elsewhere has to log in again.
    hashed = make_password(current)
    with transaction.atomic():
        check_accounts_per_phone(Accountant.key_of_phone(phone))
        send_message(accountant, "phone_changed", phone=mask_phone(phone))
        set_phone(accountant, phone)
        set_password(accountant, hashed)
        lost_phone.deny(accountant, by=accountant.user, reason=HOLDS_THE_PHONE)
        audit.record("phone.changed", actor=accountant.user, subject=accountant, detail={"fields": ["phone"]})
        notify(
            accountant,
            "手机号码已更换",
            f"您的手机号码已更换为 {mask_phone(phone)}。如非本人操作，请立即致电服务电话。",
        )


def complete_identity(accountant, *, by, **answers):
    """Keep gender, birth date and country of somebody whose document does not tell them; final once collected."""
    known = facts(accountant.document_type, accountant.document_number)
    told = {name for name in ("gender", "birth_date", "country") if getattr(known, name) is not None}
    changed = {name: value for name, value in answers.items() if getattr(accountant, name) != value}
    if not changed:
        return
    if accountant.is_collected or told & changed.keys():
        raise DomainError("性别、出生日期和所属国家不能变更，如有错误请致电服务电话", code="immutable")
    for name, value in changed.items():
        setattr(accountant, name, value)
    check_age(accountant)
    accountant.save(update_fields=changed.keys())
    audit.record("accountant.identity_told", actor=by, subject=accountant, detail={"fields": sorted(changed)})


def mark_collected(accountant, at):
    """Note when somebody finished 信息采集 for the first time; later calls change nothing."""
    if Accountant.objects.filter(pk=accountant.pk, collected_at=None).update(collected_at=at):
        accountant.collected_at = at
    else:
        accountant.refresh_from_db(fields=["collected_at"])

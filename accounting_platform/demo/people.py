"""The people of the demo: invented, with numbers that are right by rule; each stands at another point of the way."""

from dataclasses import dataclass, field
from io import BytesIO

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from PIL import Image, ImageDraw

from collection import attachments
from collection import services as collection_services
from collection.models import Employer
from collection.sections import SECTIONS
from registration import services as registration_services
from registration.choices import UserKind
from registration.consent import VERSION
from registration.models import Accountant, StaffDevice, User

PASSWORD = "Maple7-River"
STAFF_PASSWORD = "Maple7-Desk-Demo"
DESK_APPS = ("registration", "collection", "education", "profile_changes")


@dataclass(frozen=True)
class Person:
    """One accountant of the demo and what is told about them."""

    who: str
    name: str
    document_number: str
    phone: str
    collected: bool = False
    studies: bool = False
    work: dict = field(default_factory=dict)


EMPLOYER = {
    "employer_name": "广州市示范纸品有限公司",
    "credit_code": "91440101MA00000156",
    "industry": "22",
    "economic_type": "173",
    "employer_address": "广州市天河区示范路 18 号",
    "employer_phone": "020-83330000",
}
POST = {
    "duty_status": "accounting",
    "division": "440106",
    "accounting_post": "08",
    "admin_position": "02",
    "accounting_since": "2003-07",
    "accounting_years": "23",
    "technical_position": "03",
    "technical_position_since": "2008-12",
}
PEOPLE = (
    Person("会计人员，尚未信息采集 (accountant before collection)", "陈小梅", "440106199208080027", "13800138001"),
    Person(
        "会计人员，已完成信息采集 (collected)", "林嘉敏", "110101197001010083", "13800138002", True, work=POST | EMPLOYER
    ),
    Person(
        "会计人员，正在学习 (a study in progress)", "黄志强", "440103198503170013", "13800138003", True, True,
        work=POST | EMPLOYER | {"accounting_since": "2008-07", "accounting_years": "18"},
    ),
)  # fmt: skip
STAFF = (
    ("省财政厅管理员 (province administrator)", "province", "省财政厅 李管理员", "44", True),
    ("广州市财政局管理员 (city administrator)", "guangzhou", "广州市财政局 陈管理员", "4401", False),
)
# The authenticator apps of the two: known, so that everybody can try the desk.
STAFF_SECRETS = {
    "province": "DEMOPROVINCEDEMOPROVINCEDEMOPROV",
    "guangzhou": "DEMOGUANGZHOUDEMOGUANGZHOUDEMOGU",
}
ANSWERS = {
    "personal": {"ethnic_group": "01", "political_status": "13", "email": "demo@example.com"},
    "education": {
        "full_time": [
            {
                "education_level": "31",
                "school": "广东某某财经学校",
                "major": "会计学",
                "entered_on": "2000-09",
                "graduated_on": "2003-07",
            }
        ]
    },
    "professional": {
        "is_cpa": "no",
        "is_tax_adviser": "no",
        "is_asset_appraiser": "no",
        "abacus_grade": "",
        "qualifications": [
            {"type": "accounting", "level": "intermediate", "method": "exam", "obtained_on": "2008-10"}
        ],
    },
    "awards": {"awards": [{"name": "先进会计工作者", "level": "city"}]},
}


def make_person(person):
    """The account of one person, and the archive of those who have one; nothing twice. Returns the Accountant."""
    key = Accountant.key_of_document("resident_id", person.document_number)
    accountant = Accountant.objects.filter(document_type="resident_id", document_key=key).first()
    if accountant is None:
        accountant = registration_services.new_accountant(
            name=person.name,
            document_type="resident_id",
            document_number=person.document_number,
            phone=person.phone,
            consent_version=VERSION,
            works_in_guangdong=True,
            holds_certificate=True,
        )
        user = User(username=key, password=make_password(PASSWORD), kind=UserKind.ACCOUNTANT)
        registration_services.create_account(accountant, user)
    if person.collected and not accountant.is_collected:
        collect(accountant, person)
    return accountant


@transaction.atomic
def collect(accountant, person):
    """Walk through the steps with this person's answers, pictures included."""
    by = accountant.user
    profile = collection_services.open_profile(accountant)
    collection_services.accept_notice(profile.pk, by=by)
    for section in SECTIONS:
        for kind in section.attachment_kinds(profile):
            picture = attachments.receive(profile, kind, draw_picture(kind), by=by)
            attachments.process(picture.pk)
        answers = collection_services.save_section(
            profile.pk, section, ANSWERS.get(section.key) or person.work, by=by
        )
        if not answers.is_valid():
            raise ValueError(f"{section.key}: {answers.problems}")
    collection_services.submit(profile.pk, by=by)


def draw_picture(kind):
    """A drawing in place of a photograph: a head, or a card with lines."""
    portrait = kind == "portrait"
    width, height = (716, 882) if portrait else (1200, 760)
    image = Image.new("RGB", (width, height), "#dfe7ee")
    pen = ImageDraw.Draw(image)
    if portrait:
        pen.ellipse((60, 640, 656, 1100), fill="#39495e")
        pen.rectangle((290, 560, 426, 700), fill="#e2bfa3")
        pen.ellipse((190, 150, 526, 470), fill="#2b2f38")
        pen.ellipse((208, 210, 508, 610), fill="#ecccb2")
    else:
        pen.rounded_rectangle((40, 40, width - 40, height - 40), 32, fill="#eef3f4")
        for line in range(6):
            pen.rectangle((110, 120 + 90 * line, 420 + 60 * (line % 3), 150 + 90 * line), fill="#b9c7cf")
        pen.rectangle((860, 120, 1090, 440), fill="#a9bac5")
    file = BytesIO()
    image.save(file, "JPEG", quality=88)
    return SimpleUploadedFile(f"{kind}.jpg", file.getvalue(), "image/jpeg")


EMPLOYERS = (
    ("梅州市梅江区示范纸品有限公司", "91441900MAXX00023N", "22", "159", "梅州市梅江区示范路 18 号", "0753-2200000"),
    ("广州市示范会计师事务所（特殊普通合伙）", "92442000MA0000031X", "72", "172", "广州市越秀区示范路 6 号", "020-83330001"),
    ("广东省示范职业学校", "12440000000000051C", "83", "110", "广州市白云区示范大道 100 号", "020-83330002"),
)  # fmt: skip


def make_employers():
    """A few confirmed employers, so that the search has something to find."""
    for name, code, industry, economic_type, address, phone in EMPLOYERS:
        values = {"name": name, "industry": industry, "verified": True}
        values |= {"economic_type": economic_type, "address": address, "phone": phone}
        Employer.objects.get_or_create(credit_code=code, defaults=values)


def make_staff():
    """A province and a city administrator with the rights of their desk."""
    desk = Group.objects.get_or_create(name="财政部门管理员")[0]
    desk.permissions.set(Permission.objects.filter(content_type__app_label__in=DESK_APPS))
    for _who, username, display_name, scope, all_rights in STAFF:
        user = User.objects.filter(username=username).first()
        if user is None:
            user = User.objects.create_user(
                username,
                STAFF_PASSWORD,
                kind=UserKind.STAFF,
                display_name=display_name,
                division_scope=scope,
                is_superuser=all_rights,
            )
        user.groups.add(desk)
        StaffDevice.objects.get_or_create(
            user=user, confirmed=True, defaults={"secret": STAFF_SECRETS[username]}
        )


def logins():
    """Who can log in, as the demo prints it."""
    people = [
        {
            "who": one.who,
            "name": one.name,
            "document_number": one.document_number,
            "password": PASSWORD,
            "collected": one.collected,
        }
        for one in PEOPLE
    ]
    staff = [
        {
            "who": who,
            "username": name,
            "password": STAFF_PASSWORD,
            "totp_secret": STAFF_SECRETS[name],
            "note": "在 /admin/ 登录，验证码每 30 秒一换，见 /demo/codes/ (codes change, look there)",
        }
        for who, name, *_ in STAFF
    ]
    return people + staff

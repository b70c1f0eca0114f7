"""The sections: the one description of the wizard's steps, and equally of the topics of a change request.

Whoever shows, judges, stores or compares answers reads it: wizard, check page, archive, changes, admin.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache

from django.forms import modelform_factory

from accounting_platform.lib import documents
from collection.answers import SectionAnswers
from collection.choices import AttachmentKind, DutyStatus
from collection.fields import formfield
from collection.forms import PersonalForm, SectionForm, WorkForm
from collection.models import Profile
from collection.row_lists import AWARDS, FULL_TIME, PART_TIME, QUALIFICATIONS, TALENT_PROGRAMMES
from collection.rows import RowList, load, plain
from collection.wording import LABELS
from registration.models import Accountant

PASSPORTS = ("passport_cn", "passport_foreign")
IDENTITY = ("gender", "birth_date", "country")


@dataclass(frozen=True)
class Group:
    """Fields that stand together under a heading, one tuple for each line."""

    legend: str
    lines: tuple[tuple[str, ...], ...]


def no_pictures(profile, status):
    """Most sections ask for none."""
    return ()


@dataclass(frozen=True, eq=False)
class Section:
    """A step of the wizard, and equally a topic of a change request."""

    key: str
    title: str
    heading: str
    form: type[SectionForm] = SectionForm
    fields: tuple[str, ...] = ()
    extra: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    groups: tuple[Group, ...] = ()
    lists: tuple[RowList, ...] = ()
    pictures: Callable[..., tuple[AttachmentKind, ...]] = no_pictures
    asks_identity: bool = False
    intro: str = ""

    @property
    def columns(self):
        """Every column of Profile that belongs here, whatever the duty status."""
        return self.fields + tuple(dict.fromkeys(name for names in self.extra.values() for name in names))

    def fields_for(self, status):
        """The columns asked of somebody with this duty status."""
        return self.fields + self.extra.get(status, ())

    def identity_for(self, profile):
        """Which facts of the accountant are asked here: those the document does not tell, until submission."""
        if not self.asks_identity or profile.is_submitted:
            return ()
        accountant = profile.accountant
        known = documents.facts(accountant.document_type, accountant.document_number)
        return tuple(name for name in IDENTITY if getattr(known, name) is None)

    def attachment_kinds(self, profile, status=None):
        """The pictures asked of this person, in order; `status` when another one than the saved is shown."""
        return self.pictures(profile, profile.duty_status if status is None else status)

    def status_of(self, profile, data=None):
        """The duty status that decides what is asked: the posted one, else the stored one."""
        posted = data.get("duty_status") if data is not None and "duty_status" in self.fields else None
        return posted if posted in DutyStatus.values else profile.duty_status

    def saved_rows(self, profile):
        """{list key: stored rows}."""
        return load(profile, self.lists)

    def answers(self, profile, saved=None):
        """What is stored, as plain values that form_for takes and JSON keeps; lists of rows under their keys."""
        saved = self.saved_rows(profile) if saved is None else saved
        single = {name: plain(getattr(profile, name)) for name in self.fields_for(profile.duty_status)}
        identity = {name: plain(getattr(profile.accountant, name)) for name in self.identity_for(profile)}
        return identity | single | {one.key: [one.value(row) for row in saved[one.key]] for one in self.lists}

    def name_of(self, column, list_key=""):
        """What an answer is called, after the title of its list."""
        one = next((one for one in self.lists if one.key == list_key), None)
        model = one.model if one else Profile
        own = column and (LABELS.get(column) or str(model._meta.get_field(column).verbose_name))
        return "，".join(filter(None, (one and one.title, own)))

    def form_class(self, status, identity=()):
        """The class of this section's form for one duty status, made once."""
        return form_class(self, status, identity)

    def form_for(self, profile, data=None, *, locked=(), saved=None):
        """The answers as stored, or as posted in `data`, over a copy of the profile; it is never touched itself."""
        return SectionAnswers(self, profile, data, locked=locked, saved=saved)

    def accepts(self, profile):
        """Whether the form that takes the answers accepts the stored ones (pictures apart)."""
        saved = self.saved_rows(profile)
        return self.form_for(profile, self.answers(profile, saved), saved=saved).is_valid()


@cache
def form_class(section, status, identity=()):
    asked = {name: formfield(Accountant._meta.get_field(name), required=True) for name in identity}
    fields = section.fields_for(status)
    base = type(section.form)(
        section.form.__name__,
        (section.form,),
        {"status": status, "section_key": section.key, "field_order": (*identity, *fields)} | asked,
    )
    return modelform_factory(Profile, form=base, fields=fields, formfield_callback=formfield)


# --- who is asked what

ACC, OTHER, IDLE, STUDENT = DutyStatus
# The manual's table (2.2, step 5): 16 rows by 在岗状态. What is not named for a status is neither shown nor kept.
WORK_MATRIX = (
    ("division", (ACC, OTHER, IDLE, STUDENT)),
    ("accounting_post", (ACC,)),
    ("admin_position", (ACC,)),
    ("accounting_since", (ACC,)),
    ("accounting_years", (ACC,)),
    ("technical_position", (ACC,)),
    ("technical_position_since", (ACC,)),
    ("employer_name", (ACC, OTHER)),
    ("credit_code", (ACC, OTHER)),
    ("industry", (ACC, OTHER)),
    ("economic_type", (ACC, OTHER)),
    ("employer_address", (ACC, OTHER)),
    ("employer_phone", (ACC, OTHER)),
    ("home_address", (IDLE,)),
    ("school_name", (STUDENT,)),
    (AttachmentKind.STUDENT_PROOF, (STUDENT,)),
)
EVERYBODY = ("duty_status", "division")


def columns_of_matrix(status):
    names = (name for name, asked in WORK_MATRIX if status in asked)
    return tuple(name for name in names if name not in EVERYBODY and not isinstance(name, AttachmentKind))


def personal_pictures(profile, status):
    """Portrait and both sides of the document; of a passport the data page alone."""
    if profile.accountant.document_type in PASSPORTS:
        return (AttachmentKind.PORTRAIT, AttachmentKind.ID_FRONT)
    return (AttachmentKind.PORTRAIT, AttachmentKind.ID_FRONT, AttachmentKind.ID_BACK)


def work_pictures(profile, status):
    return tuple(name for name, asked in WORK_MATRIX if isinstance(name, AttachmentKind) and status in asked)


def picture_title(accountant, kind):
    """What a picture is called: the ID card's two sides become those of whatever document this person has."""
    if accountant.document_type == "resident_id" or kind not in (
        AttachmentKind.ID_FRONT,
        AttachmentKind.ID_BACK,
    ):
        return AttachmentKind(kind).label
    if accountant.document_type in PASSPORTS:
        return "护照资料页"
    return "证件人像面" if kind == AttachmentKind.ID_FRONT else "证件反面"


SECTIONS = (
    Section(
        key="personal",
        title="个人信息",
        heading="填写个人信息",
        form=PersonalForm,
        fields=("ethnic_group", "political_status", "email"),
        groups=(
            Group(
                "基本信息",
                (("gender", "birth_date"), ("country",), ("ethnic_group", "political_status"), ("email",)),
            ),
        ),
        pictures=personal_pictures,
        asks_identity=True,
    ),
    Section(
        key="education",
        title="学历信息",
        heading="填写学历信息",
        lists=(FULL_TIME, PART_TIME),
        intro="请填写真实学历信息。有多段学历的，请逐段新增。",
    ),
    Section(
        key="work",
        title="工作信息",
        heading="填写工作信息",
        form=WorkForm,
        fields=EVERYBODY,
        extra={status.value: columns_of_matrix(status) for status in DutyStatus},
        groups=(
            Group("岗位和行政区划", (("duty_status",), ("division",))),
            Group(
                "会计工作",
                (
                    ("accounting_post", "admin_position"),
                    ("accounting_since", "accounting_years"),
                    ("technical_position", "technical_position_since"),
                ),
            ),
            Group(
                "工作单位",
                (
                    ("employer_name",),
                    ("credit_code", "employer_phone"),
                    ("industry", "economic_type"),
                    ("employer_address",),
                ),
            ),
            Group("居住地址", (("home_address",),)),
            Group("学校", (("school_name",),)),
        ),
        pictures=work_pictures,
    ),
    Section(
        key="professional",
        title="专业技术信息",
        heading="填写专业技术信息",
        fields=("is_cpa", "is_tax_adviser", "is_asset_appraiser", "abacus_grade"),
        groups=(
            Group("专业技术认证", (("is_cpa", "is_tax_adviser"), ("is_asset_appraiser", "abacus_grade"))),
        ),
        lists=(QUALIFICATIONS, TALENT_PROGRAMMES),
    ),
    Section(
        key="awards",
        title="奖励信息",
        heading="填写奖励信息",
        lists=(AWARDS,),
    ),
)
SECTION_BY_KEY = {section.key: section for section in SECTIONS}
ALL_LISTS = tuple(one for section in SECTIONS for one in section.lists)

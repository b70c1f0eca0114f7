"""Sections as others use them: stored answers, overlays, differences, valid parts."""

import json
from datetime import date

import pytest

from collection.choices import AttachmentKind, DutyStatus
from collection.models import Award, Profile
from collection.sections import ALL_LISTS, SECTION_BY_KEY, SECTIONS, picture_title
from collection.tests.factories import (
    AWARD,
    answers_for,
    make_draft,
    make_passport_holder,
    make_profile,
    posted,
)
from registration.tests.factories import make_accountant

pytestmark = pytest.mark.django_db
WORK = SECTION_BY_KEY["work"]


def test_sections_are_the_manuals_in_order():
    assert [(section.key, section.title) for section in SECTIONS] == [
        ("personal", "个人信息"),
        ("education", "学历信息"),
        ("work", "工作信息"),
        ("professional", "专业技术信息"),
        ("awards", "奖励信息"),
    ]


def test_every_answer_of_a_profile_belongs_to_one_section():
    bookkeeping = {
        "id", "accountant", "state", "version", "complete_sections", "notice_accepted_at", "created_at", "saved_at",
        "submitted_at", "archive_number", "employer",
    }  # fmt: skip
    columns = [name for section in SECTIONS for name in section.columns]

    assert sorted(columns) == sorted({field.name for field in Profile._meta.concrete_fields} - bookkeeping)


def test_every_field_has_its_place_on_the_page():
    for section in SECTIONS:
        placed = [name for group in section.groups for line in group.lines for name in line]
        assert set(section.columns) <= set(placed)
    for one in ALL_LISTS:
        assert sorted(one.columns) == sorted(name for line in one.lines for name in line)


@pytest.mark.parametrize("status", DutyStatus)
@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.key)
def test_stored_answers_pass_the_form_that_took_them(section, status):
    profile = make_profile(duty_status=status)

    assert section.accepts(profile)
    assert section.form_for(profile, section.answers(profile)).differences() == {}


def test_answers_are_plain_values():
    profile = make_profile()

    assert json.loads(json.dumps(WORK.answers(profile)))["accounting_since"] == "2003-07-01"
    assert SECTION_BY_KEY["education"].answers(profile)["part_time"] == []


def test_new_answers_laid_over_the_stored_ones_are_judged_together():
    profile = make_profile()

    overlaid = WORK.form_for(profile, WORK.answers(profile) | {"division": "441900"})

    assert overlaid.is_valid()
    assert overlaid.differences() == {"division": ["440106", "441900"]}


def test_differences_can_be_laid_over_again():
    profile = make_profile()
    Award.objects.create(profile=profile, name="一", level="city")
    awards = SECTION_BY_KEY["awards"]
    differences = awards.form_for(profile, posted("awards", AWARD)).differences()

    new = {name: pair[1] for name, pair in json.loads(json.dumps(differences)).items()}
    awards.form_for(profile, awards.answers(profile) | new).store_all()

    assert list(profile.award_set.values_list("name", flat=True)) == [AWARD["name"]]


def test_a_new_status_names_what_it_empties():
    differences = WORK.form_for(make_profile(), answers_for(DutyStatus.UNEMPLOYED, "work")).differences()

    assert differences["duty_status"] == ["accounting", "unemployed"]
    assert differences["accounting_since"] == ["2003-07-01", None]
    assert differences["employer_name"][1] == ""
    assert "division" not in differences


def test_form_for_never_touches_the_profile_it_is_given():
    profile = make_profile()

    answers = WORK.form_for(profile, answers_for(DutyStatus.STUDENT, "work"))
    answers.differences()

    assert (profile.duty_status, profile.school_name) == ("accounting", "")
    assert answers.profile.duty_status == "student"


def test_store_valid_keeps_the_rest_as_it_was():
    profile = make_profile()
    answers = WORK.form_for(
        profile, answers_for(DutyStatus.ACCOUNTING, "work", credit_code="1", accounting_years="5")
    )

    answers.store_valid()

    stored = Profile.objects.get()
    assert (stored.credit_code, stored.accounting_years) == (profile.credit_code, 5)
    assert answers.refused_labels == ["统一社会信用代码"]


def test_store_all_takes_valid_answers_only():
    with pytest.raises(ValueError, match="valid"):
        WORK.form_for(make_profile(), {"duty_status": "student"}).store_all()


def test_store_raises_the_version_and_writes_its_own_columns_only():
    profile = make_profile()
    Profile.objects.update(email="meanwhile@example.com")

    WORK.form_for(profile, answers_for(DutyStatus.UNEMPLOYED, "work")).store_all()

    stored = Profile.objects.get()
    assert (stored.version, stored.email) == (2, "meanwhile@example.com")
    assert stored.saved_at is not None


def test_form_classes_are_made_once_per_status():
    one, two = make_profile(), make_profile()

    assert type(WORK.form_for(one).form) is type(WORK.form_for(two).form)
    assert type(WORK.form_for(one, {"duty_status": "student"}).form) is not type(WORK.form_for(one).form)


def test_identity_is_asked_until_submission():
    profile = make_draft(make_passport_holder(gender="male", birth_date=date(1980, 1, 2), country="USA"))
    personal = SECTION_BY_KEY["personal"]
    assert personal.answers(profile) | {"birth_date": "1980-01-02", "country": "USA"} == personal.answers(
        profile
    )

    profile.state = "submitted"

    assert personal.identity_for(profile) == ()


def test_pictures_go_by_document_and_status():
    resident, passport = make_profile(), make_draft(make_passport_holder())
    personal = SECTION_BY_KEY["personal"]

    assert personal.attachment_kinds(resident) == ("portrait", "id_front", "id_back")
    assert personal.attachment_kinds(passport) == ("portrait", "id_front")
    assert WORK.attachment_kinds(resident) == ()
    assert WORK.attachment_kinds(resident, "student") == ("student_proof",)


@pytest.mark.parametrize(
    ("document", "titles"),
    [
        ("resident_id", ["身份证人像面", "身份证国徽面"]),
        ("hk_mo_permit", ["证件人像面", "证件反面"]),
        ("passport_foreign", ["护照资料页", "护照资料页"]),
    ],
)
def test_pictures_are_called_by_the_document(document, titles):
    accountant = make_accountant()
    accountant.document_type = document

    assert [
        picture_title(accountant, kind) for kind in (AttachmentKind.ID_FRONT, AttachmentKind.ID_BACK)
    ] == titles

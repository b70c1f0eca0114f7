import pytest
from django.apps import apps
from django.contrib.admin import site
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from collection import codes
from collection.choices import CodeList, DutyStatus, VersionCause
from collection.models import Award, CodeEntry, Employer
from collection.services import store_version
from collection.tests.factories import CREDIT_CODE, make_pictures, make_profile, make_submitted
from registration.models import AuditEvent
from registration.tests.factories import make_accountant, make_staff, staff_login

LIST = reverse("admin:collection_profile_changelist")
MODELS = ["profile", "schooling", "qualification", "talentprogramme", "award", "attachment", "archiveversion"]
RIGHTS = [f"collection.view_{model}" for model in MODELS]
REASON = "本人来电核对证件号码"


@pytest.fixture
def province(client):
    staff = make_staff(permissions=RIGHTS)
    staff_login(client, staff)
    return staff


@pytest.fixture
def tianhe(client):
    """Somebody who is in charge of 广州市天河区 alone."""
    staff = make_staff(permissions=RIGHTS, division_scope="440106")
    staff_login(client, staff)
    return staff


def page(client, address, **query):
    return client.get(address, query).content.decode()


def person_url(profile):
    return reverse("admin:collection_profile_change", args=[profile.pk])


def reveal(client, profile, field="document_number", reason=REASON):
    address = reverse("admin:collection_profile_reveal", args=[profile.pk])
    return client.post(address, {"field": field, "reason": reason})


@pytest.mark.django_db
def test_list_masks_numbers(client, province):
    profile = make_submitted()

    shown = page(client, LIST)

    number = profile.accountant.document_number
    assert profile.archive_number in shown and "广东省广州市天河区" in shown
    assert number not in shown and f"{number[:6]}********{number[-4:]}" in shown


@pytest.mark.django_db
@pytest.mark.parametrize(
    "term",
    ["林嘉", "lin jia", "document", "phone", CREDIT_CODE, CREDIT_CODE.lower(), "archive"],
)
def test_search_finds_the_person(client, province, term):
    wanted = make_submitted()
    other = make_submitted(
        accountant=make_accountant(name="陈大文", name_pinyin="chen da wen", collected=True), credit_code=""
    )
    person = wanted.accountant
    terms = {"document": person.document_number, "phone": person.phone, "archive": wanted.archive_number}

    shown = page(client, LIST, q=terms.get(term, term))

    assert wanted.archive_number in shown and other.archive_number not in shown


@pytest.mark.django_db
def test_list_takes_the_same_number_of_queries_for_one_and_for_three(client, province):
    make_submitted()
    page(client, LIST)
    with CaptureQueriesContext(connection) as for_one:
        page(client, LIST)

    make_submitted()
    make_submitted()
    with CaptureQueriesContext(connection) as for_three:
        page(client, LIST)

    assert len(for_three) == len(for_one) <= 7


@pytest.mark.django_db
@pytest.mark.parametrize("model", MODELS)
def test_staff_of_a_district_see_their_own_people_alone(client, tianhe, model):
    ours, theirs = make_submitted(division="440106"), make_submitted(division="441900")
    for profile in (ours, theirs):
        make_pictures(profile)
        Award.objects.create(profile=profile, name="先进会计工作者", level="city")
        profile.qualification_set.create(type="accounting", level="senior", method="exam")
        profile.talentprogramme_set.create(type="high_end", selected_year=2012, state="in_training")
        store_version(profile, cause=VersionCause.SUBMITTED, by=None)

    shown = page(client, reverse(f"admin:collection_{model}_changelist"))

    assert ours.archive_number in shown
    assert theirs.archive_number not in shown


@pytest.mark.django_db
def test_foreign_and_missing_people_are_the_same_404(client, tianhe):
    foreign = make_submitted(division="441900")

    answers = [
        client.get(person_url(foreign)),
        client.get(person_url(foreign).replace(str(foreign.pk), "999999")),
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert reveal(client, foreign).status_code == 404
    assert not AuditEvent.objects.filter(kind="person.viewed").exists()


@pytest.mark.django_db
def test_person_page_is_masked_and_offers_to_look_closer(client, province):
    profile = make_submitted(duty_status=DutyStatus.UNEMPLOYED)

    shown = page(client, person_url(profile))

    hidden = [profile.accountant.document_number, profile.accountant.phone, profile.home_address]
    assert [value for value in hidden if value in shown] == []
    assert [
        field for field in ("document_number", "phone", "home_address") if f"?reveal={field}" not in shown
    ] == []


@pytest.mark.django_db
def test_reveal_shows_one_value_and_leaves_an_audit_row(client, province):
    profile = make_submitted()

    response = reveal(client, profile)

    shown = response.content.decode()
    assert profile.accountant.document_number in shown and profile.accountant.phone not in shown
    assert "no-store" in response["Cache-Control"]
    event = AuditEvent.objects.get(kind="person.viewed")
    assert (event.actor_id, event.accountant_id) == (province.pk, profile.accountant_id)
    assert event.detail == {"fields": ["document_number"], "reason": REASON}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "reason"), [("document_number", "核对"), ("phone", "因" * 201), ("password", REASON)]
)
def test_reveal_needs_a_reason_and_a_known_field(client, province, field, reason):
    profile = make_submitted()

    response = reveal(client, profile, field, reason)

    assert response.status_code == 400
    assert profile.accountant.document_number not in response.content.decode()
    assert not AuditEvent.objects.filter(kind="person.viewed").exists()


@pytest.mark.django_db
def test_reveal_by_get_is_refused(client, province):
    address = reverse("admin:collection_profile_reveal", args=[make_submitted().pk])

    assert client.get(address, {"field": "phone", "reason": REASON}).status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize("model", MODELS)
def test_nothing_of_a_person_is_added_changed_or_deleted_here(rf, model):
    request = rf.get("/")
    request.user = make_staff(is_superuser=True)
    desk = site._registry[apps.get_model("collection", model)]

    may = [
        desk.has_add_permission(request),
        desk.has_change_permission(request),
        desk.has_delete_permission(request),
    ]

    assert (desk.has_view_permission(request), may) == (True, [False, False, False])


@pytest.mark.django_db
def test_version_page_shows_the_panels_masked(client, province):
    profile = make_submitted()
    version = store_version(profile, cause=VersionCause.SUBMITTED, by=None)

    shown = page(client, reverse("admin:collection_archiveversion_change", args=[version.pk]))

    assert "广州市示范纸品有限公司" in shown
    assert profile.accountant.document_number not in shown


@pytest.mark.django_db
def test_person_page_takes_a_fixed_number_of_queries(client, province, django_assert_max_num_queries):
    profile = make_submitted()
    for _ in range(3):
        Award.objects.create(profile=profile, name="先进会计工作者", level="city")
        store_version(profile, cause=VersionCause.CHANGED, by=None)
    make_pictures(profile)
    page(client, person_url(profile))

    with django_assert_max_num_queries(16):
        page(client, person_url(profile))


@pytest.mark.django_db
def test_employer_is_mended_by_the_province(client):
    staff_login(client, make_staff(permissions=["collection.view_employer", "collection.change_employer"]))
    employer = Employer.objects.create(name="广州某某公司", credit_code=CREDIT_CODE, typed_by=1)
    address = reverse("admin:collection_employer_change", args=[employer.pk])
    answers = {"name": "广州示范纸品有限公司", "credit_code": CREDIT_CODE, "industry": "22", "verified": "on"}

    client.post(address, answers)

    employer.refresh_from_db()
    assert (employer.name, employer.name_pinyin, employer.industry) == (
        "广州示范纸品有限公司",
        "gzsfzpyxgs",
        "22",
    )
    assert (employer.verified, employer.typed_by) == (True, 1)
    assert AuditEvent.objects.get(kind="staff.changed").subject_id == str(employer.pk)


@pytest.mark.django_db
def test_employer_is_only_read_by_a_district(client):
    rights = ["collection.view_employer", "collection.change_employer"]
    staff_login(client, make_staff(permissions=rights, division_scope="440106"))
    employer = Employer.objects.create(name="广州某某公司", credit_code=CREDIT_CODE)
    address = reverse("admin:collection_employer_change", args=[employer.pk])

    assert client.get(address).status_code == 200
    assert client.post(address, {"name": "别的", "credit_code": CREDIT_CODE}).status_code == 403


@pytest.mark.django_db
def test_code_is_withdrawn_by_its_end_date(client):
    staff_login(client, make_staff(permissions=["collection.view_codeentry", "collection.change_codeentry"]))
    entry = CodeEntry.objects.get(list=CodeList.ABACUS_GRADE, code="B6")
    address = reverse("admin:collection_codeentry_change", args=[entry.pk])

    client.post(
        address,
        {"name": "普通六级", "full_name": "", "selectable": "on", "rank": 12, "ends_on": "2020-01-01"},
    )

    assert ("B6", "普通六级") not in codes.choices(CodeList.ABACUS_GRADE)
    assert codes.label(CodeList.ABACUS_GRADE, "B6") == "普通六级"
    codes.forget()


@pytest.mark.django_db
def test_code_cannot_stand_below_itself(client):
    staff_login(client, make_staff(permissions=["collection.view_codeentry", "collection.change_codeentry"]))
    entry = CodeEntry.objects.get(list=CodeList.DIVISION, code="440100")
    address = reverse("admin:collection_codeentry_change", args=[entry.pk])

    response = client.post(address, {"name": "广州市", "parent_code": "440106", "rank": 3})

    assert "上级代码不能是自己或自己的下级" in response.content.decode()
    entry.refresh_from_db()
    assert entry.parent_code == "440000"


@pytest.mark.django_db
def test_drafts_without_a_division_are_the_provinces(client, tianhe):
    draft = make_profile(division="")

    assert client.get(person_url(draft)).status_code == 404
    staff_login(client, make_staff(permissions=RIGHTS))
    assert client.get(person_url(draft)).status_code == 200

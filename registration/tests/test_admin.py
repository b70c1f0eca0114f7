import pytest
from django.contrib import admin
from django.urls import reverse

from registration.models import AuditEvent, User
from registration.tests.factories import (
    PASSWORD,
    make_accountant,
    make_announcement,
    make_staff,
    resident_id,
    staff_login,
)

pytestmark = pytest.mark.django_db
OURS = [model for model in admin.site._registry if model._meta.app_label == "registration"]


@pytest.fixture
def chief(client):
    staff_login(client, make_staff(is_superuser=True))
    return client


def people(client, term):
    page = client.get(reverse("admin:registration_accountant_changelist"), {"q": term})
    return [accountant.pk for accountant in page.context["cl"].result_list]


def test_visitors_get_the_staff_login_and_members_404(client):
    path = reverse("admin:registration_accountant_changelist")
    assert client.get(path).url.startswith("/admin/login/")

    client.force_login(make_accountant().user)

    for each in (path, "/admin/", "/admin/login/", "/admin/jsi18n/", "/admin/nothing/"):
        assert client.get(each).status_code == 404


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_every_list_opens_without_counting_everything(chief, model, django_assert_max_num_queries):
    make_announcement()
    with django_assert_max_num_queries(12):
        page = chief.get(reverse(f"admin:registration_{model._meta.model_name}_changelist"))

    assert page.status_code == 200
    assert not page.context["cl"].show_full_result_count


def test_list_of_people_is_masked(chief):
    accountant = make_accountant(phone="13800005678", document_number=resident_id(1))

    page = chief.get(reverse("admin:registration_accountant_changelist")).text

    assert "138****5678" in page and "440106********" in page
    assert accountant.document_number not in page and accountant.phone not in page


def test_people_are_found_by_name_pinyin_number_and_phone(chief):
    one = make_accountant(name="陈志明", name_pinyin="chen zhi ming")
    make_accountant(name="林嘉敏")

    for term in ("陈志", "chen zhi", one.document_number.lower(), f"+86 {one.phone}"):
        assert people(chief, term) == [one.pk]
    assert people(chief, "13900000000") == []


def test_city_staff_see_no_registrations_or_logs(client):
    make_accountant()
    permissions = ("registration.view_accountant", "registration.view_smsmessage")
    staff_login(client, make_staff(division_scope="4401", permissions=permissions))

    for model in ("accountant", "smsmessage"):
        assert client.get(reverse(f"admin:registration_{model}_changelist")).status_code == 403


def test_logs_and_people_cannot_be_written(chief):
    accountant = make_accountant()
    path = reverse("admin:registration_accountant_change", args=[accountant.pk])

    assert chief.get(path).status_code == 200
    assert chief.post(path, {"name": "改名"}).status_code == 403
    assert chief.get(reverse("admin:registration_accountant_add")).status_code == 403
    assert chief.get(reverse("admin:registration_accountant_delete", args=[accountant.pk])).status_code == 403


def test_superusers_make_staff_with_an_audit_row(chief):
    answers = {
        "username": "gz-office",
        "display_name": "广州市财政局",
        "kind": "staff",
        "division_scope": "4401",
        "usable_password": "true",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }

    response = chief.post(reverse("admin:registration_user_add"), answers)

    user = User.objects.get(username="gz-office")
    assert response.status_code == 302
    assert (user.display_name, user.kind, user.division_scope, user.is_staff) == (
        "广州市财政局",
        "staff",
        "4401",
        True,
    )
    assert AuditEvent.objects.get(kind="staff.added").subject_id == str(user.pk)


@pytest.mark.parametrize(
    ("scope", "refused"),
    [("4499", True), ("440100", True), ("99", True), ("44abcd", True), ("", True), ("1e400", True)]
    + [("44", False), ("4401", False), ("440106", False), ("441900", False), ("440000-b", False)],
)
def test_staff_are_in_charge_of_a_division_that_exists(chief, scope, refused):
    staff = make_staff(division_scope="44")
    path = reverse("admin:registration_user_change", args=[staff.pk])
    answers = {"username": staff.username, "kind": "staff", "is_active": "on", "division_scope": scope}

    response = chief.post(path, answers)

    staff.refresh_from_db()
    assert (response.status_code, staff.division_scope) == ((200, "44") if refused else (302, scope.upper()))
    if refused:
        (words,) = response.context["adminform"].form.errors["division_scope"]
        assert "4401" in words


@pytest.mark.parametrize("key", ["9" * 20, "-1", "1" * 19, "x"])
def test_group_that_can_be_no_key_is_a_wrong_choice(chief, key):
    staff = make_staff(division_scope="44")
    path = reverse("admin:registration_user_change", args=[staff.pk])
    answers = {"username": staff.username, "kind": "staff", "division_scope": "44", "groups": key}

    response = chief.post(path, answers)

    assert response.status_code == 200 and "groups" in response.context["adminform"].form.errors


def test_form_for_a_new_colleague_is_all_in_chinese(chief):
    page = chief.get(reverse("admin:registration_user_add")).text

    assert "保存后在下一页选择所属的组" in page and "After you" not in page


def test_accountants_are_no_staff_accounts(chief):
    accountant = make_accountant()

    response = chief.get(reverse("admin:registration_user_change", args=[accountant.user_id]))

    assert response.status_code == 302


def test_only_superusers_hand_out_rights(client):
    staff_login(client, make_staff(permissions=["registration.change_user", "registration.view_user"]))

    assert client.get(reverse("admin:registration_user_changelist")).status_code == 403


@pytest.mark.parametrize("model", ["accountant", "announcement"])
def test_a_city_neither_writes_notices_nor_lists_people_without_a_division(client, model):
    make_announcement()
    rights = [f"registration.{verb}_{model}" for verb in ("view", "add", "change", "delete")]
    staff = make_staff(division_scope="4401", permissions=rights)
    staff_login(client, staff)

    listing = client.get(reverse(f"admin:registration_{model}_changelist"))
    adding = client.get(reverse(f"admin:registration_{model}_add"))

    assert listing.status_code == (403 if model == "accountant" else 200)
    assert adding.status_code == 403

import pytest
from django.urls import reverse

from collection.sections import SECTION_BY_KEY
from profile_changes import services
from profile_changes.tests.factories import answers_of, make_changeable
from registration.tests.factories import make_staff, staff_login

pytestmark = pytest.mark.django_db
LIST = reverse("admin:profile_changes_changerequest_changelist")
RIGHTS = ("profile_changes.view_changerequest", "profile_changes.change_changerequest")


def change_of(profile, **changes):
    section = SECTION_BY_KEY["work"]
    data = answers_of(profile, section, **changes)
    return services.save_change(profile.pk, section, data, by=profile.accountant.user)[1]


def test_staff_see_the_changes_of_their_own_division_only(client):
    here, there = make_changeable(division="440106"), make_changeable(division="441900")
    for profile in (here, there):
        change_of(profile, employer_address="新地址")
    staff_login(client, make_staff(division_scope="4401", permissions=RIGHTS))

    page = client.get(LIST).content.decode()

    assert here.archive_number in page
    assert there.archive_number not in page


def test_staff_see_a_home_address_masked(client):
    profile = make_changeable(duty_status="unemployed", home_address="广州市天河区示范路 20 号")
    change = change_of(profile, home_address="广州市越秀区秘密路 3 号 401 房")
    staff_login(client, make_staff(permissions=RIGHTS))

    page = client.get(
        reverse("admin:profile_changes_changerequest_change", args=[change.pk])
    ).content.decode()

    assert "秘密路" not in page
    assert "广州市越秀区******" in page

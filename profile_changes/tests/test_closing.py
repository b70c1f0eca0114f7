import pytest

from collection.choices import DutyStatus
from profile_changes import closing, export, services
from profile_changes.models import ChangeRequest
from profile_changes.services import WORK
from profile_changes.tests.factories import answers_of, make_changeable, make_studying

pytestmark = pytest.mark.django_db
OLD, NEW = "广州市天河区示范路 20 号 301 房", "韶关市武江区示范街 7 号"


def move(profile):
    """The person's address changes."""
    posted = answers_of(profile, WORK, home_address=NEW)
    return services.save_change(profile.pk, WORK, posted, by=profile.accountant.user)[1]


def test_addresses_go_out_of_the_record_of_changes():
    profile = make_changeable(duty_status=DutyStatus.UNEMPLOYED)
    change = move(profile)
    assert change.differences == {"home_address": [OLD, NEW]}

    closing.erase(profile.accountant)

    change.refresh_from_db()
    assert change.differences == {"home_address": ["已随账号注销删除", "已随账号注销删除"]}


def test_booked_move_is_withdrawn():
    profile, _study = make_studying()
    services.book(profile.pk, "440203", by=profile.accountant.user)
    assert closing.warnings(profile.accountant) == ["您预约的行政区划变更会撤回。"]

    closing.erase(profile.accountant)

    assert closing.warnings(profile.accountant) == []
    change = ChangeRequest.objects.get()
    assert (change.status, change.reason) == (ChangeRequest.Status.WITHDRAWN, "账号已注销")


def test_export_holds_each_change_before_and_after():
    profile, other = (make_changeable(duty_status=DutyStatus.UNEMPLOYED) for _ in range(2))
    move(profile)
    move(other)

    (change,) = export.part(profile.accountant).data

    assert (change["栏目"], change["状态"]) == ("工作信息", "已生效")
    assert change["变更"] == [{"项目": "居住地址", "变更前": OLD, "变更后": NEW}]

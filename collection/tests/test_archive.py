from datetime import date

import pytest
from django.urls import reverse

from collection import archive
from collection.choices import DutyStatus, VersionCause
from collection.models import ArchiveVersion, Award, Qualification, TalentProgramme
from collection.tests.factories import ACCOUNTING, make_pictures, make_profile, make_schooling, make_submitted

COMMON = ["在岗状态", "行政区划"]
EMPLOYER = [
    "工作单位名称",
    "统一社会信用代码",
    "工作单位所属行业",
    "工作单位经济类型",
    "单位地址",
    "单位电话",
]
LABELS = {
    DutyStatus.ACCOUNTING: [
        *COMMON,
        "从事会计工作岗位",
        "会计行政职务",
        "开始从事会计工作时间",
        "从事会计工作年限",
        "会计专业技术职务",
        "会计专业技术职务聘任时间",
        *EMPLOYER,
    ],
    DutyStatus.OTHER_WORK: [*COMMON, *EMPLOYER],
    DutyStatus.UNEMPLOYED: [*COMMON, "居住地址"],
    DutyStatus.STUDENT: [*COMMON, "学校名称", "学生证明附件"],
}


def panel(profile, key, **how):
    return next(one for one in archive.panels(profile, **how) if one.key == key)


def values(profile, key, **how):
    return {row.label: row.value for row in panel(profile, key, **how).rows}


def make_version(profile, at, moment, **columns):
    """The archive as stored at a moment, with other answers than today's."""
    at(moment)
    for name, value in columns.items():
        setattr(profile, name, value)
    return ArchiveVersion.objects.create(
        profile=profile, cause=VersionCause.CHANGED, content=archive.content(profile)
    )


@pytest.mark.django_db
@pytest.mark.parametrize("status", DutyStatus)
def test_work_panel_has_what_the_duty_status_asks(status):
    profile = make_profile(duty_status=status)

    assert [row.label for row in panel(profile, "work").rows] == LABELS[status]


@pytest.mark.django_db
def test_values_are_words():
    work = values(make_profile(), "work")

    assert work["行政区划"] == "广东省广州市天河区"
    assert work["开始从事会计工作时间"] == "2003 年 7 月"
    assert work["从事会计工作年限"] == f"{ACCOUNTING['accounting_years']} 年"
    assert work["会计专业技术职务"] == "会计师"
    assert work["工作单位经济类型"] == "私营有限责任（公司）"


@pytest.mark.django_db
def test_appointment_is_left_out_without_a_position():
    profile = make_profile(technical_position="00", technical_position_since=None)

    assert "会计专业技术职务聘任时间" not in values(profile, "work")


@pytest.mark.django_db
def test_numbers_are_masked_everywhere_but_on_the_archive_itself():
    profile = make_profile(duty_status=DutyStatus.UNEMPLOYED)
    number, phone = profile.accountant.document_number, profile.accountant.phone

    full, owner = values(profile, "identity", full=True), values(profile, "identity")

    assert (full["证件号码"], full["手机号码"]) == (number, phone)
    assert (owner["证件号码"], owner["手机号码"]) == (
        f"{number[:6]}********{number[-4:]}",
        f"138****{phone[-4:]}",
    )
    assert values(profile, "work")["居住地址"] == "广州市天河区示范路 20 号 301 房"
    assert values(profile, "work", staff=True)["居住地址"] == "广州市天河区******"
    assert values(profile, "work", staff=True, shown=("home_address",))["居住地址"].endswith("301 房")


@pytest.mark.django_db
def test_six_items_are_frozen():
    frozen = [row.label for row in panel(make_profile(), "identity").rows if row.frozen]

    assert frozen == ["姓名", "证件类型", "证件号码", "性别", "出生日期", "所属国家"]


@pytest.mark.django_db
def test_empty_optional_answers_say_so():
    personal = {row.label: row for row in panel(make_profile(email=""), "personal").rows}

    assert (personal["电子邮箱"].value, personal["电子邮箱"].empty) == ("未填写", True)
    assert (personal["身份证人像面"].value, personal["身份证人像面"].empty) == ("未上传", True)
    assert values(make_profile(), "awards") == {"奖励信息": "未填写"}


@pytest.mark.django_db
def test_several_entries_of_a_list_stand_under_their_own_names():
    profile = make_profile()
    make_schooling(profile, education_level="90", degree="", school="", major="")

    rows = [(row.item, row.label) for row in panel(profile, "education").rows if row.item]

    assert rows[0] == ("全日制教育 1", "学历") and rows[-1] == ("全日制教育 2", "学历")
    assert len(rows) == 7


@pytest.mark.django_db
def test_rows_take_few_queries(django_assert_num_queries):
    profile = make_profile()
    make_pictures(profile)
    for _ in range(3):
        Award.objects.create(profile=profile, name="先进会计工作者", level="city")
        Qualification.objects.create(profile=profile, type="accounting", level="senior", method="exam")
        TalentProgramme.objects.create(
            profile=profile, type="high_end", selected_year=2012, state="in_training"
        )
    archive.panels(profile)

    # Pictures, schooling, qualifications, talent programmes, awards.
    with django_assert_num_queries(5):
        found = archive.panels(profile)

    assert [one.key for one in found] == [
        "identity",
        "personal",
        "education",
        "work",
        "professional",
        "awards",
    ]


@pytest.mark.django_db
def test_stored_version_reads_back_like_the_day_it_was_made(at):
    profile = make_submitted()
    version = make_version(profile, at, "2026-03-18 14:32", employer_name="旧单位")
    profile.refresh_from_db()

    stored = ArchiveVersion.objects.get(pk=version.pk)

    before = {row.label: row.value for one in archive.version_panels(stored) for row in one.rows}
    assert (before["工作单位名称"], values(profile, "work")["工作单位名称"]) == (
        "旧单位",
        "广州市示范纸品有限公司",
    )
    assert before["证件号码"] == values(profile, "identity")["证件号码"]
    assert archive.version_panels(stored, full=True)[0] == panel(profile, "identity", full=True)


@pytest.mark.django_db
def test_version_of_a_day_is_the_last_before_its_midnight(at):
    profile = make_submitted()
    first = make_version(profile, at, "2026-03-18 14:32")
    late = make_version(profile, at, "2026-03-20 23:59")
    make_version(profile, at, "2026-03-21 00:01")

    found = [archive.version_on(profile, date(2026, 3, day)) for day in (17, 18, 19, 20)]

    assert found == [None, first, first, late]


@pytest.mark.django_db
def test_archive_page_shows_everything_in_full(client):
    profile = make_submitted()
    client.force_login(profile.accountant.user)

    page = client.get(reverse("collection:archive")).content.decode()

    expected = [
        profile.archive_number,
        profile.accountant.document_number,
        profile.accountant.phone,
        "会计师",
        "汉族",
    ]
    assert [words for words in expected if words not in page] == []


@pytest.mark.django_db
def test_archive_page_shows_a_past_day(client, at):
    profile = make_submitted()
    client.force_login(profile.accountant.user)
    make_version(profile, at, "2026-03-18 14:32", employer_name="旧单位")
    at("2026-06-01 09:00")

    def page(on):
        return client.get(reverse("collection:archive"), {"on": on}).content.decode()

    client.force_login(profile.accountant.user)
    assert "旧单位" in page("2026-03-19") and "2026 年 3 月 19 日" in page("2026-03-19")
    assert "旧单位" not in page("2026-06-01")
    assert "这一天还没有档案" in page("2026-03-17")
    for typed in ("2027-01-01", "2026-02-30", "gestern"):
        assert "请选择今天或以前的日期" in page(typed)


@pytest.mark.django_db
def test_archive_page_leads_to_the_status_before_submission(client):
    client.force_login(make_profile().accountant.user)

    assert client.get(reverse("collection:archive")).url == reverse("collection:status")

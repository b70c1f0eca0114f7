"""The manual's table of 16 rows by 在岗状态, cell by cell: on the screen, on the server, in the stored row."""

import pytest
from django.urls import reverse

from collection import attachments
from collection.choices import AttachmentKind, DutyStatus
from collection.models import Profile
from collection.sections import SECTION_BY_KEY
from collection.tests.factories import ACCOUNTING, EMPLOYER, WORK, make_pictures, make_profile

pytestmark = pytest.mark.django_db
WORK_SECTION = SECTION_BY_KEY["work"]
STATUSES = (DutyStatus.ACCOUNTING, DutyStatus.OTHER_WORK, DutyStatus.UNEMPLOYED, DutyStatus.STUDENT)
# As printed: column, label, √ or × for the four statuses in order.
TABLE = """
division 行政区划 √√√√
accounting_post 从事会计工作岗位 √×××
admin_position 会计行政职务 √×××
accounting_since 开始从事会计工作时间 √×××
accounting_years 从事会计工作年限 √×××
technical_position 会计专业技术职务 √×××
technical_position_since 会计专业技术职务聘任时间 √×××
employer_name 工作单位名称 √√××
credit_code 统一社会信用代码 √√××
industry 工作单位所属行业 √√××
economic_type 工作单位经济类型 √√××
employer_address 单位地址 √√××
employer_phone 单位电话 √√××
home_address 居住地址 ××√×
school_name 学校名称 ×××√
student_proof 学生证明附件 ×××√
"""
ROWS = [line.split() for line in TABLE.split("\n") if line]
CELLS = [
    pytest.param(column, label, status, marks[place] == "√", id=f"{column}-{status}")
    for column, label, marks in ROWS
    for place, status in enumerate(STATUSES)
]
COLUMNS = [cell for cell in CELLS if cell.values[0] != AttachmentKind.STUDENT_PROOF]
EVERYTHING = {"division": "440106"} | ACCOUNTING | EMPLOYER | WORK["unemployed"] | WORK["student"]


def test_the_table_has_sixteen_rows():
    assert len(ROWS) == 16


@pytest.mark.parametrize(("column", "label", "status", "asked"), COLUMNS)
def test_cell_on_the_screen(client, column, label, status, asked):
    profile = make_profile(duty_status=status)
    client.force_login(profile.accountant.user)

    page = client.get(reverse("collection:section", args=["work"])).text

    assert (f'id="id_{column}_field"' in page) is asked
    # Asked means insisted on.
    assert (f'<span class="req" aria-hidden="true">*</span>{label}<' in page) is asked


@pytest.mark.parametrize(("column", "label", "status", "asked"), COLUMNS)
def test_cell_on_the_server(column, label, status, asked):
    profile = make_profile(
        duty_status=DutyStatus.STUDENT if status != DutyStatus.STUDENT else DutyStatus.OTHER_WORK
    )
    posted = EVERYTHING | {"duty_status": status}
    del posted[column]

    form = WORK_SECTION.form_for(profile, posted).form

    assert (column in form.fields) is asked
    assert (column in form.errors) is asked


@pytest.mark.parametrize(("column", "label", "status", "asked"), COLUMNS)
def test_cell_in_the_stored_row(client, column, label, status, asked):
    profile = make_profile(duty_status=DutyStatus.UNEMPLOYED)
    make_pictures(profile, AttachmentKind.STUDENT_PROOF)
    client.force_login(profile.accountant.user)

    client.post(reverse("collection:section", args=["work"]), EVERYTHING | {"duty_status": status})

    stored = Profile.objects.get()
    assert stored.duty_status == status
    empty = stored._meta.get_field(column).get_default()
    assert (getattr(stored, column) != empty) is asked


@pytest.mark.parametrize("status", STATUSES)
def test_proof_of_study_is_shown_and_insisted_on_for_students_alone(client, status):
    profile = make_profile(duty_status=status, complete_sections=["personal", "education"])
    client.force_login(profile.accountant.user)
    is_student = status == DutyStatus.STUDENT
    url = reverse("collection:section", args=["work"])

    assert ("学生证明附件" in client.get(url).text) is is_student
    answer = client.post(url, EVERYTHING | {"duty_status": status})
    assert ("请上传“学生证明附件”" in answer.text) is is_student


def test_proof_of_study_is_not_kept_once_the_status_is_another(client):
    profile = make_profile(duty_status=DutyStatus.STUDENT)
    make_pictures(profile, AttachmentKind.STUDENT_PROOF, AttachmentKind.PORTRAIT)
    client.force_login(profile.accountant.user)

    client.post(reverse("collection:section", args=["work"]), EVERYTHING | {"duty_status": "unemployed"})

    assert attachments.current(profile, AttachmentKind.STUDENT_PROOF) is None
    assert attachments.current(profile, AttachmentKind.PORTRAIT) is not None


def test_without_a_status_only_status_and_division_are_asked():
    profile = make_profile()
    profile.duty_status = ""

    assert list(WORK_SECTION.form_for(profile).form.fields) == ["duty_status", "division"]

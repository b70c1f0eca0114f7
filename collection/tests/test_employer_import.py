import io
import zipfile

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from accounting_platform.lib.errors import DomainError
from accounting_platform.lib.id_numbers import _CREDIT_ALPHABET, _CREDIT_WEIGHTS
from collection import employer_import, employer_sheet
from collection.employer_resource import HEADERS, NEEDED
from collection.models import Employer, EmployerImport
from registration.models import AuditEvent
from registration.tests.factories import make_staff, staff_login

pytestmark = pytest.mark.django_db
CODE = "91440101MA00000156"


def credit_code(number):
    body = f"91440101MA{number:07}"
    values = {character: value for value, character in enumerate(_CREDIT_ALPHABET)}
    total = sum(values[sign] * weight for sign, weight in zip(body, _CREDIT_WEIGHTS, strict=True))
    return body + _CREDIT_ALPHABET[-total % 31]


def sheet(*rows, headers=HEADERS):
    """The bytes of a sheet with these rows below its header."""
    book = Workbook()
    for row in (headers, *rows):
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def packed(**parts):
    """A zip that says it is a workbook, with these parts (dots written as __)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("xl/workbook.xml", parts.pop("workbook", "<workbook/>"))
        for name, content in parts.items():
            made.writestr(f"xl/{name}.xml", content)
    return buffer.getvalue()


def upload(content, name="单位.xlsx"):
    return SimpleUploadedFile(name, content)


@pytest.fixture
def run(django_capture_on_commit_callbacks):
    """run(content): the import of one file, checked."""

    def take(content):
        with django_capture_on_commit_callbacks(execute=True):
            row = employer_import.take(upload(content), by=make_staff(is_superuser=True))
        return EmployerImport.objects.get(pk=row.pk)

    return take


@pytest.fixture
def confirm(django_capture_on_commit_callbacks):
    def write(row):
        with django_capture_on_commit_callbacks(execute=True):
            employer_import.confirm(row.pk, by=row.user)
        return EmployerImport.objects.get(pk=row.pk)

    return write


def test_the_template_filled_in_is_imported(run, confirm):
    book = load_workbook(io.BytesIO(employer_sheet.template(HEADERS, NEEDED)))
    book.worksheets[0].append(
        ["广州市示范纸品（集团）有限公司", CODE.lower(), "房地产业", "110", "示范路 18 号", "020-83330000"]
    )
    buffer = io.BytesIO()
    book.save(buffer)

    row = run(buffer.getvalue())
    assert (row.state, row.counts, Employer.objects.count()) == (
        "checked",
        {"rows_new": 1, "rows_changed": 0, "rows_unchanged": 0, "rows_refused": 0},
        0,
    ), row.problems
    row = confirm(row)

    employer = Employer.objects.get()
    assert (row.state, row.file, row.percent) == ("done", "", 100)
    assert (employer.name, employer.credit_code, employer.economic_type, employer.phone) == (
        "广州市示范纸品（集团）有限公司",
        CODE,
        "110",
        "020-83330000",
    )
    assert (employer.verified, employer.known_by, employer.name_pinyin) == (True, 0, "gzssfzpjtyxgs")
    kinds = AuditEvent.objects.order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["employers.import_uploaded", "employers.import_confirmed", "employers.import_done"]


def test_known_employers_are_changed_and_empty_cells_leave_what_is_there(run, confirm):
    Employer.objects.create(name="旧名称公司", credit_code=credit_code(1), phone="020-83330000", typed_by=7)
    Employer.objects.create(name="不变公司", credit_code=credit_code(2), verified=True)
    content = sheet(
        ["新名称公司", credit_code(1)], ["不变公司", credit_code(2)], ["另一公司", credit_code(3)]
    )

    row = confirm(run(content))

    assert list(row.counts.values()) == [1, 1, 1, 0]
    known = Employer.objects.get(credit_code=credit_code(1))
    assert (known.name, known.phone, known.typed_by, known.verified) == (
        "新名称公司",
        "020-83330000",
        7,
        True,
    )
    again = run(content)
    assert (again.state, list(again.counts.values())) == ("checked", [0, 0, 3, 0])


def test_what_is_wrong_with_a_row_is_said_at_its_column(run):
    row = run(
        sheet(
            ["好的公司", credit_code(1)],
            ["", credit_code(2)],
            ["少一位公司", "9144010"],
            ["重复公司", credit_code(1)],
            ["=1+1", credit_code(4)],
            ["行业公司", credit_code(5), "没有这种业"],
            ["长公司" * 40, credit_code(6)],
            ["电话公司", credit_code(7), "", "", "", "abc"],
            ["数字公司", 9.14401e17],
        )
    )

    assert list(row.counts.values()) == [1, 0, 0, 8]
    told = {number: (column, words) for number, column, words in row.problems}
    assert told[3] == ("单位名称", "请填写单位名称")
    assert told[4] == ("统一社会信用代码", "统一社会信用代码应为 18 位，现在是 7 位")
    assert told[5] == ("统一社会信用代码", "与第 2 行相同，请只保留一行")
    assert told[6] == ("单位名称", "是公式，请改成文字")
    assert told[7] == ("所属行业", "没有“没有这种业”，请按模板第二页的名称填写")
    assert told[8] == ("单位名称", "最多 100 个字，现在是 120 个字，请删减")
    assert told[9][0] == "单位电话"
    assert told[10] == ("统一社会信用代码", "被当成了数字，请把这一列设为“文本”格式后重新填写")


BOMB = packed(worksheets="0" * (employer_sheet.MAX_UNPACKED + 1))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", employer_sheet.NOT_XLSX),
        (b"name,code\n", employer_sheet.NOT_XLSX),
        (b"\xd0\xcf\x11\xe0" + b"0" * 600, employer_sheet.PROTECTED),
        (b"PK\x03\x04" + b"0" * 600, employer_sheet.BROKEN),
        (BOMB, employer_sheet.TOO_MUCH),
        (packed(**{f"a{number}": "" for number in range(300)}), employer_sheet.TOO_MUCH),
        (packed(workbook='<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), employer_sheet.BROKEN),
        (b"PK\x03\x04" + b"0" * employer_sheet.MAX_BYTES, employer_sheet.TOO_BIG),
    ],
    ids=["empty", "csv", "xls", "garbage", "bomb", "parts", "entities", "size"],
)
def test_a_hostile_file_is_refused_with_a_sentence(content, words):
    with pytest.raises(DomainError) as refusal:
        employer_import.take(upload(content), by=make_staff())

    assert refusal.value.message == words
    assert not EmployerImport.objects.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (packed(), employer_sheet.BROKEN),
        (sheet()[:-400] + b"0" * 400, employer_sheet.BROKEN),
        (sheet(), employer_sheet.EMPTY),
        (sheet(["某公司", CODE], headers=["单位名称", "代码"]), "没有“代码”这一列"),
        (sheet(["某公司"], headers=["单位名称"]), "缺少“统一社会信用代码”这一列"),
        (sheet(["某公司", CODE], headers=["单位名称", "统一社会信用代码", "单位名称"]), "有的列出现了两次"),
    ],
    ids=["hollow", "cut", "empty", "unknown column", "missing column", "twice"],
)
def test_a_file_that_is_no_list_of_employers_ends_in_a_sentence(run, content, words):
    try:
        row = run(content)
    except DomainError as refusal:
        assert words in refusal.message
        return

    assert (row.state, row.file, Employer.objects.count()) == ("refused", "", 0)
    assert words in row.reason


def test_more_rows_than_allowed_end_in_a_sentence(run, monkeypatch):
    monkeypatch.setattr(employer_sheet, "MAX_ROWS", 2)

    row = run(sheet(*(["某公司", credit_code(number)] for number in range(3))))

    assert (row.state, row.reason) == ("refused", employer_sheet.TOO_MANY)


def test_a_thousand_rows_take_two_statements(run, confirm, django_assert_max_num_queries):
    row = run(sheet(*([f"第{number}公司", credit_code(number)] for number in range(300))))

    with django_assert_max_num_queries(25):
        row = confirm(row)

    assert (row.state, Employer.objects.count()) == ("done", 300)


def test_what_nobody_confirms_is_forgotten_and_what_got_stuck_goes_on(run, monkeypatch):
    row = run(sheet(["某公司", CODE]))
    name = row.file
    EmployerImport.objects.update(changed_at="2026-01-01T00:00Z")

    employer_import.sweep()

    row.refresh_from_db()
    assert (row.state, Employer.objects.count(), default_storage.exists(name)) == ("dropped", 0, False)
    EmployerImport.objects.update(
        state="writing", tries=3, started_at="2026-01-01T00:00Z", changed_at="2026-01-01T00:00Z"
    )
    employer_import.sweep()
    row.refresh_from_db()
    assert (row.state, row.reason) == ("refused", employer_import.GAVE_UP)


def test_the_desk_of_the_province_imports_and_a_city_does_not(client, django_capture_on_commit_callbacks):
    staff_login(client, make_staff(is_superuser=True))
    add = reverse("admin:collection_employerimport_add")
    assert "请选择要导入的 .xlsx 文件" in client.post(add).text
    assert employer_sheet.NOT_XLSX in client.post(add, {"file": upload(b"x")}).text

    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(add, {"file": upload(sheet(["某某公司", CODE], ["", CODE]))})
    page = client.get(answer.url)
    assert "确认导入 1 个单位" in page.text and "与第 2 行相同" in page.text
    with django_capture_on_commit_callbacks(execute=True):
        client.post(answer.url, {"decision": "confirm"})
    assert "已写入 1 个单位" in client.get(answer.url).text
    client.post(answer.url, {"decision": "confirm"})
    assert "这次导入现在是“已导入”" in client.get(answer.url).text

    template = client.get(reverse("admin:collection_employerimport_template"))
    assert load_workbook(io.BytesIO(template.content)).worksheets[0]["A1"].value == "*单位名称"
    staff_login(client, make_staff(is_superuser=True, division_scope="4401"))
    assert client.get(add).status_code == client.get(answer.url).status_code == 403

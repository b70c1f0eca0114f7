"""An XLSX of employers as rows of text, read in small bites. Whatever is wrong with the file ends in a sentence.

Nothing in it is believed: not its name, not the sizes it tells, not its formulas.
"""

import io
import zipfile
from datetime import date

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font

from accounting_platform.lib.errors import DomainError
from collection import codes
from collection.choices import CodeList

MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED = 120 * 1024 * 1024
MAX_PARTS = 200
MAX_ROWS = 100_000
MAX_COLUMNS = 30
# Above it a number has lost its last digits before anybody reads it.
EXACT_NUMBERS = 10**15
NOT_XLSX = "这不是 .xlsx 文件，请在 Excel 或 WPS 中另存为“Excel 工作簿（*.xlsx）”后再上传"
PROTECTED = "文件是旧格式（.xls）或者设有打开密码，请去掉密码，另存为“Excel 工作簿（*.xlsx）”后再上传"
BROKEN = "文件打不开，可能已损坏，请用 Excel 或 WPS 重新保存后再上传"
TOO_BIG = f"文件超过 {MAX_BYTES // 1024 // 1024} MB，请分成几个文件上传"
TOO_MUCH = "文件展开后过大，请只保留要导入的工作表，或者分成几个文件上传"
TOO_MANY = f"一次最多导入 {MAX_ROWS} 行，请分成几个文件上传"
EMPTY = "表格中没有数据，请从第 2 行起填写单位"
OLE, ZIP = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"
WIDTHS = (34, 24, 26, 20, 40, 20)


class Formula:
    """Stands where a cell holds no value but something to compute."""


def look(content):
    """Refuse what is no sheet or would be a flood when unpacked; quick, before anything is unpacked. DomainError."""
    if len(content) > MAX_BYTES:
        raise DomainError(TOO_BIG, field="file", status=413)
    if content[:4] == OLE:
        raise DomainError(PROTECTED, field="file")
    if content[:4] != ZIP:
        raise DomainError(NOT_XLSX, field="file")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            look_at_parts(packed, parts)
    except DomainError:
        raise
    except Exception:
        # The zip library raises many kinds of errors over a broken file, each of which means the same here.
        raise DomainError(BROKEN, field="file") from None


def look_at_parts(packed, parts):
    if "xl/workbook.xml" not in {part.filename for part in parts}:
        raise DomainError(NOT_XLSX, field="file")
    if any(part.flag_bits & 1 for part in parts):
        raise DomainError(PROTECTED, field="file")
    # The library never unpacks more of a part than it announced.
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise DomainError(TOO_MUCH, field="file")
    for part in parts:
        if part.filename.endswith((".xml", ".rels")):
            with packed.open(part) as file:
                # Entities, that is; no program that makes sheets writes any.
                if b"<!" in file.read(4096).replace(b"<!--", b""):
                    raise DomainError(BROKEN, field="file")


def read(content, headers, needed):
    """Yield (number of the row, {header: text, or a Formula}) of the first sheet; rows without anything are left out.

    The first row names the columns: those of `needed` must be there, others than `headers` must not. DomainError.
    """
    look(content)
    rows = cells(content)
    names = header_names(next(rows, (0, ()))[1], headers, needed)
    count = 0
    for number, values in rows:
        texts = [text_of(value) for value in values[: len(names)]]
        if not any(texts):
            continue
        count += 1
        if count > MAX_ROWS:
            raise DomainError(TOO_MANY, field="file")
        yield number, {name: text for name, text in zip(names, texts, strict=False) if name}
    if not count:
        raise DomainError(EMPTY, field="file")


def cells(content):
    """(number, values) of every row of the first sheet."""
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        # The size a sheet tells of itself is often wrong and sometimes meant to be.
        sheet.reset_dimensions()
        yield from enumerate(sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True), start=1)
    except (GeneratorExit, MemoryError):
        raise
    except Exception:
        # Whatever a broken part makes the library raise, its name would help nobody.
        raise DomainError(BROKEN, field="file") from None


def text_of(value):
    """A cell as it was meant when somebody typed it."""
    if value is None:
        return ""
    if isinstance(value, str):
        return Formula() if value.startswith("=") else value.strip()
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        whole = float(value).is_integer() and abs(value) < EXACT_NUMBERS
        return str(int(value)) if whole else str(value)
    return value.isoformat() if isinstance(value, date) else Formula()


def header_names(values, headers, needed):
    """The first row as names of columns, "" for an empty one."""
    texts = [text_of(value) for value in values]
    names = ["" if isinstance(text, Formula) else text.lstrip("*＊").strip() for text in texts]
    while names and not names[-1]:
        names.pop()
    wanted = f"第一行应依次为：{'、'.join(headers)}。可以下载模板，照着填写"
    if unknown := [name for name in names if name and name not in headers]:
        raise DomainError(f"没有“{unknown[0][:20]}”这一列。{wanted}", field="file")
    if missing := [name for name in needed if name not in names]:
        raise DomainError(f"缺少“{missing[0]}”这一列。{wanted}", field="file")
    if len(set(filter(None, names))) < len(list(filter(None, names))):
        raise DomainError(f"有的列出现了两次。{wanted}", field="file")
    return names


def template(headers, needed):
    """The bytes of an empty sheet to fill in, with the names of the codes on a second one."""
    book = Workbook()
    sheet = book.active
    sheet.title = "单位"
    sheet.append([f"*{name}" if name in needed else name for name in headers])
    for number, width in enumerate(WIDTHS[: len(headers)], start=1):
        sheet.cell(1, number).font = Font(bold=True)
        column = sheet.column_dimensions[sheet.cell(1, number).column_letter]
        # As text, or Excel rounds codes and drops the zeros of phone numbers.
        column.width, column.number_format = width, "@"
    sheet.freeze_panes = "A2"
    names = book.create_sheet("可填的行业和经济类型")
    names.append(["所属行业", "经济类型"])
    lists = [
        [name for _code, name in codes.choices(each)] for each in (CodeList.INDUSTRY, CodeList.ECONOMIC_TYPE)
    ]
    for number in range(max(map(len, lists))):
        names.append([each[number] if number < len(each) else None for each in lists])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()

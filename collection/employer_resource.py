"""The columns of an import of employers: how they are called, and what each cell becomes. Refusals are sentences."""

import unicodedata

from django.core.exceptions import ValidationError
from import_export import fields, resources, widgets

from accounting_platform.lib.text import has_forbidden_characters, normalise
from accounting_platform.lib.validators import clean_credit_code, clean_employer_phone
from collection import codes
from collection.choices import CodeList
from collection.employer_sheet import Formula
from collection.models import Employer

FORMULA = "是公式，请改成文字"


class Cell(widgets.Widget):
    """Text of one line; what is empty leaves the column as it is."""

    def __init__(self, column=None, make=None):
        super().__init__()
        self.column, self.make = column, make

    def clean(self, value, row=None, **kwargs):
        if isinstance(value, Formula):
            raise ValueError(FORMULA)
        text = normalise(value)
        if not text:
            return None
        try:
            text = self.make(text) if self.make else text
        except ValidationError as refusal:
            raise ValueError("；".join(refusal.messages)) from None
        limit = Employer._meta.get_field(self.column).max_length
        if len(text) > limit:
            raise ValueError(f"最多 {limit} 个字，现在是 {len(text)} 个字，请删减")
        if has_forbidden_characters(text):
            raise ValueError("有无法识别的字符，请删除后重新填写")
        return text


class NameCell(Cell):
    """A name as it is written, not in half-width: brackets belong to it."""

    def clean(self, value, row=None, **kwargs):
        text = super().clean(value, row, **kwargs)
        if text is None:
            raise ValueError("请填写单位名称")
        if len(text) < 2 or text[0] in "+-@":
            raise ValueError("请填写单位全称")
        return unicodedata.normalize("NFC", value).strip()


class CreditCodeCell(Cell):
    """The code by which a row finds its employer."""

    def clean(self, value, row=None, **kwargs):
        if not isinstance(value, Formula) and "e+" in value.lower():
            raise ValueError("被当成了数字，请把这一列设为“文本”格式后重新填写")
        found = super().clean(value, row, **kwargs)
        if found is None:
            raise ValueError("请填写统一社会信用代码")
        return found


class CodeCell(Cell):
    """A code of a list, or its name."""

    def __init__(self, list, column):
        super().__init__(column, self.find)
        self.list = list

    def find(self, text):
        if codes.is_open(self.list, text):
            return text
        found = by_name(self.list).get(text)
        if found is None:
            raise ValidationError(f"没有“{text[:20]}”，请按模板第二页的名称填写")
        return found


@codes.once_a_table
def by_name(list):
    return {normalise(name): code for code, name in codes.choices(list)}


def field(attribute, widget, title=None):
    title = title or Employer._meta.get_field(attribute).verbose_name
    return fields.Field(attribute, title, widget, saves_null_values=False)


class EmployerResource(resources.ModelResource):
    """One row of the sheet put onto an employer: `import_instance(employer, row)` raises ValidationError by column."""

    name = field("name", NameCell("name"))
    credit_code = field("credit_code", CreditCodeCell("credit_code", clean_credit_code))
    industry = field("industry", CodeCell(CodeList.INDUSTRY, "industry"))
    economic_type = field("economic_type", CodeCell(CodeList.ECONOMIC_TYPE, "economic_type"))
    address = field("address", Cell("address"))
    phone = field("phone", Cell("phone", clean_employer_phone))

    class Meta:
        model = Employer
        fields = ("name", "credit_code", "industry", "economic_type", "address", "phone")


RESOURCE = EmployerResource()
COLUMNS = EmployerResource.Meta.fields
HEADERS = tuple(RESOURCE.get_export_headers())
TITLES = dict(zip(COLUMNS, HEADERS, strict=True))
NEEDED = (TITLES["name"], TITLES["credit_code"])

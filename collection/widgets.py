"""Widgets of several parts. They also take the whole value under the plain field name."""

import json

from django import forms
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from accounting_platform.lib import controls
from collection import codes
from collection.choices import CodeList

NO_CITY = ("", "请选择市")
NO_COUNTY = ("", "请选择县（市、区）")


class DivisionSelect(forms.Widget):
    """省 市 县 as three selects. The value is one code, that of the city while the county is still missing."""

    use_fieldset = True

    def value_from_datadict(self, data, files, name):
        """The code posted whole, else county, else city; a county of another city counts as not chosen."""
        city, county = data.get(f"{name}_city"), data.get(f"{name}_county")
        if not city:
            return data.get(name, "")
        return county if county and codes.division_parts(county)[0] == city else city

    def value_omitted_from_data(self, data, files, name):
        return name not in data and f"{name}_city" not in data

    def id_for_label(self, id_, index=None):
        return ""

    def draw(self, field, attrs):
        """The control for `{% control %}`."""
        name, value = field.html_name, field.value() or ""
        if field.field.disabled:
            return format_html(
                '<input class="form-control" readonly id="{}_0" aria-label="{}" value="{}">',
                field.auto_id,
                field.label,
                codes.division_name(value),
            )
        city, county = codes.division_parts(value)
        counties = codes.children(CodeList.DIVISION, city) if city else []
        state = {key: value for key, value in attrs.items() if key.startswith("aria-")}
        return format_html(
            '<div class="pair pair-area" data-area="{}" data-area-search="{}">{}{}{}</div>'
            '<button class="btn btn-plain btn-sm mt-2" type="submit" name="refresh" value="{}" data-area-refresh>'
            "更新县（市、区）列表</button>",
            counties_by_city(),
            reverse("collection:divisions"),
            select(
                "", "省", [(codes.PROVINCE, "广东省")], codes.PROVINCE, {"id": f"{field.auto_id}_province"}
            ),
            select(
                f"{name}_city",
                "市",
                [NO_CITY, *codes.children(CodeList.DIVISION, codes.PROVINCE)],
                city,
                {"id": f"{field.auto_id}_0", "data-city": True} | state,
            ),
            select(
                f"{name}_county",
                "县（市、区）",
                [NO_COUNTY, *counties],
                county,
                {"id": f"{field.auto_id}_1", "data-county": True, "disabled": bool(city) and not counties}
                | state,
            ),
            name,  # area.js takes the button away
        )


def select(name, label, choices, value, attrs):
    """One of the three selects; the label is read out, the first option shows it."""
    attrs = {"class": "form-select", "aria-label": label} | attrs
    named = {"name": name} if name else {}
    options = format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((code, controls.flat({"selected": code == value}), text) for code, text in choices),
    )
    return format_html("<select{}>{}</select>", controls.flat(named | attrs), options)


_drawn = {"table": None, "json": ""}


def counties_by_city():
    """{city: [[county, name]]} as JSON for area.js, made once for each state of the code lists."""
    table = codes.table()
    if _drawn["table"] is not table:
        cities = {city: counties for city, _name, counties in codes.division_choices()}
        _drawn.update(table=table, json=json.dumps(cities, ensure_ascii=False, separators=(",", ":")))
    return _drawn["json"]

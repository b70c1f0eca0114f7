"""Widgets of several parts. They also take the whole value under the plain field name."""

import json
from functools import cache

from django import forms
from django.urls import reverse
from django.utils.html import escape, format_html, format_html_join

from accounting_platform.lib import controls
from collection import codes
from collection.choices import CodeList

NO_CITY = ("", "请选择市")
NO_COUNTY = ("", "请选择县（市、区）")
NOTHING_FOUND = "没有找到，请换一个写法，或者逐级选择"


class DivisionSelect(forms.Widget):
    """省 市 县 as three selects. The value is one code, that of the city while the county is still missing."""

    use_fieldset = True

    def value_from_datadict(self, data, files, name):
        """A hit that was pressed, a search with one hit, the code posted whole, else county, else city.

        A county of another city counts as not chosen.
        """
        pressed = data.get("refresh", "")
        if pressed.startswith(f"{name}="):
            return pressed.partition("=")[2]
        city, county = data.get(f"{name}_city"), data.get(f"{name}_county")
        hits = found(data, name) if pressed == name or not city else []
        if len(hits) == 1:
            return hits[0][0]
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
        has_counties = not city or bool(codes.children(CodeList.DIVISION, city))
        state = {key: value for key, value in attrs.items() if key.startswith("aria-")}
        key = field.auto_id
        return format_html(
            '{}<div class="pair pair-area" data-area="{}" data-area-search="{}">{}{}{}</div>'
            '<button class="btn btn-plain btn-sm mt-2" type="submit" name="refresh" value="{}" data-area-plain>'
            "更新县（市、区）列表</button>",
            finder(field.form.data, name, key),
            counties_by_city(),
            reverse("collection:divisions"),
            select("", "省", province_options(), codes.PROVINCE, {"id": f"{key}_province"}),
            select(f"{name}_city", "市", city_options(), city, {"id": f"{key}_0", "data-city": True} | state),
            select(
                f"{name}_county",
                "县（市、区）",
                county_options(city),
                county,
                {"id": f"{key}_1", "data-county": True, "disabled": not has_counties} | state,
            ),
            name,  # area.js takes the button away
        )


def found(data, name):
    """[(code, full name)] for what was typed into the picker's search."""
    return codes.search_divisions(data.get(f"{name}_find", "")[:40])


def finder(data, name, key):
    """The search above the selects: area.js shows hits while typing, without a script they come as buttons."""
    typed = data.get(f"{name}_find", "")[:40]
    hits = found(data, name) if typed and data.get("refresh") == name else []
    drawn = format_html_join(
        "",
        '<button class="btn btn-plain btn-sm" type="submit" name="refresh" value="{}={}">{}</button>',
        ((name, code, full_name) for code, full_name in hits if len(hits) > 1),
    )
    nothing = typed and data.get("refresh") == name and not hits
    return format_html(
        '<div class="area-find"><label class="form-text" for="{}_find">快速查找行政区划：输入名称、拼音（如 thq）或代码</label>'
        '<div class="area-find-line"><div><input class="form-control" type="text" id="{}_find" name="{}_find" value="{}" '
        'maxlength="40" autocomplete="off" data-area-find></div><button class="btn btn-plain" type="submit" name="refresh" '
        'value="{}" data-area-plain>查找</button></div><div class="area-hits" data-area-plain>{}{}</div></div>',
        key,
        key,
        name,
        "" if len(hits) == 1 else typed,
        name,
        drawn,
        NOTHING_FOUND if nothing else "",
    )


def select(name, label, options, value, attrs):
    """One of the three selects; the label is read out, the first option shows it."""
    attrs = {"class": "form-select", "aria-label": label} | attrs
    named = {"name": name} if name else {}
    return format_html("<select{}>{}</select>", controls.flat(named | attrs), controls.choose(options, value))


@cache
def province_options():
    return controls.options([(codes.PROVINCE, "广东省")])


@codes.once_a_table
def city_options():
    return controls.options([NO_CITY, *codes.children(CodeList.DIVISION, codes.PROVINCE)])


@codes.once_a_table
def county_options(city):
    counties = codes.children(CodeList.DIVISION, city) if city else []
    return controls.options([NO_COUNTY, *counties])


@codes.once_a_table
def counties_by_city():
    """{city: [[county, name]]} as JSON for area.js, escaped for an attribute."""
    cities = {city: counties for city, _name, counties in codes.division_choices()}
    return escape(json.dumps(cities, ensure_ascii=False, separators=(",", ":")))


class CodeSelect(forms.Select):
    """A select over a code list. Hundreds of options that are the same for everybody are drawn once for all."""

    def __init__(self, *args, list="", no_choice=("", ""), **kwargs):
        self.list, self.no_choice = list, no_choice
        super().__init__(*args, **kwargs)

    def use_required_attribute(self, initial):
        # Django would look at every choice for it, and our forms do without the attribute.
        return False

    def draw(self, field, attrs):
        """The control for `{% control %}`."""
        attrs["class"] = controls.css_class(self, "form-select")
        options = controls.choose(drawn_options(self.list, self.no_choice), field.value() or "")
        return format_html('<select name="{}"{}>{}</select>', field.html_name, controls.flat(attrs), options)


@codes.once_a_table
def drawn_options(list, no_choice):
    return controls.options([no_choice, *codes.offered_choices(list)])

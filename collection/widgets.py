"""Widgets of several parts. They also take the whole value under the plain field name."""

import json
from functools import cache

from django import forms
from django.urls import reverse
from django.utils.html import escape, format_html

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
        has_counties = not city or bool(codes.children(CodeList.DIVISION, city))
        state = {key: value for key, value in attrs.items() if key.startswith("aria-")}
        key = field.auto_id
        return format_html(
            '<div class="pair pair-area" data-area="{}" data-area-search="{}">{}{}{}</div>'
            '<button class="btn btn-plain btn-sm mt-2" type="submit" name="refresh" value="{}" data-area-refresh>'
            "更新县（市、区）列表</button>",
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

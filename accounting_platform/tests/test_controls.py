"""Controls drawn in Python are the controls Django would draw, and fields say what they must."""

from datetime import date
from html.parser import HTMLParser

import pytest
from django import forms
from django.template import Context, Template
from django.utils.html import format_html

from accounting_platform.lib import controls

CHOICES = [("", "请选择"), ("a", "甲 & 乙"), ("组", [("b", "丙"), ("c", "<丁>")])]
COMPARED = {
    "type",
    "name",
    "value",
    "checked",
    "selected",
    "multiple",
    "required",
    "disabled",
    "maxlength",
    "min",
    "rows",
}


class Controls(HTMLParser):
    """What a browser would send and refuse: every control with the attributes that matter, and its text."""

    def __init__(self, markup):
        super().__init__()
        self.found, self.text = [], None
        self.feed(str(markup))

    def handle_starttag(self, tag, attrs):
        if tag in {"input", "select", "option", "optgroup", "textarea"}:
            kept = {name: value for name, value in attrs if name in COMPARED | {"label"}}
            self.found.append([tag, kept, ""])
        self.text = tag if tag in {"option", "textarea"} else None

    def handle_data(self, data):
        if self.text:
            self.found[-1][2] += data.strip()

    def handle_endtag(self, tag):
        self.text = None


FIELDS = {
    "text": lambda: forms.CharField(max_length=30),
    "email": lambda: forms.EmailField(required=False),
    "number": lambda: forms.IntegerField(min_value=1),
    "tel": lambda: forms.CharField(widget=forms.TextInput(attrs={"type": "tel"})),
    "password": lambda: forms.CharField(widget=forms.PasswordInput),
    "kept password": lambda: forms.CharField(widget=forms.PasswordInput(render_value=True)),
    "date": lambda: forms.DateField(widget=forms.DateInput(format="%Y-%m-%d")),
    "area": lambda: forms.CharField(widget=forms.Textarea),
    "hidden": lambda: forms.CharField(widget=forms.HiddenInput),
    "hidden list": lambda: forms.MultipleChoiceField(choices=CHOICES, widget=forms.MultipleHiddenInput),
    "tick": lambda: forms.BooleanField(),
    "select": lambda: forms.ChoiceField(choices=CHOICES),
    "several": lambda: forms.MultipleChoiceField(choices=CHOICES),
    "unknown": lambda: forms.NullBooleanField(),
    "radio": lambda: forms.ChoiceField(choices=CHOICES, widget=forms.RadioSelect),
    "ticks": lambda: forms.MultipleChoiceField(choices=CHOICES, widget=forms.CheckboxSelectMultiple),
    "file": lambda: forms.FileField(widget=forms.FileInput),
    "locked": lambda: forms.CharField(disabled=True),
}
VALUES = [None, "", "a", "c", '"><b>', "7", "on", "true", date(1993, 7, 1)]


def make_form(field, **arguments):
    return type("Form", (forms.Form,), {"thing": field})(**arguments)


@pytest.mark.parametrize("value", VALUES, ids=str)
@pytest.mark.parametrize("kind", FIELDS)
def test_control_sends_what_djangos_own_would(kind, value):
    many = kind in {"several", "ticks", "hidden list"}
    value = [value] if many and value is not None else value
    unbound = make_form(FIELDS[kind](), initial={"thing": value})
    bound = make_form(FIELDS[kind](), data={"thing": value} if value is not None else {})

    for form in (unbound, bound):
        form.is_valid()
        assert Controls(controls.draw(form["thing"])).found == Controls(form["thing"]).found


def test_control_names_its_hint_and_error():
    bound = make_form(forms.CharField(help_text="如张三"), data={})["thing"]

    drawn = str(controls.draw(bound))

    assert 'aria-describedby="id_thing_helptext id_thing_error"' in drawn
    assert 'aria-invalid="true"' in drawn


def test_counted_field_is_never_cut_by_the_browser():
    field = forms.CharField(max_length=30, widget=forms.TextInput(attrs={"data-counter": 30}))

    drawn = str(controls.draw(make_form(field)["thing"]))

    assert "maxlength" not in drawn
    assert 'data-counter="30"' in drawn


def test_widget_with_draw_draws_itself():
    class Cascade(forms.TextInput):
        def draw(self, bound_field, attrs):
            return format_html("<x-{} id={}>", bound_field.html_name, attrs["id"])

    assert controls.draw(make_form(forms.CharField(widget=Cascade))["thing"]) == "<x-thing id=id_thing>"


def test_unknown_widget_falls_back_to_django():
    field = forms.DateField(widget=forms.SelectDateWidget(years=[2025, 2026]))
    bound = make_form(field, initial={"thing": date(2026, 3, 7)})["thing"]

    assert Controls(controls.draw(bound)).found == Controls(bound).found


# --- the field around the control


class Person(forms.Form):
    name = forms.CharField(label="姓名", max_length=3, widget=forms.TextInput(attrs={"data-counter": 3}))
    email = forms.EmailField(label="电子邮箱", required=False)
    duty = forms.ChoiceField(
        label="在岗状态", choices=[("1", "待业")], widget=forms.RadioSelect, help_text="选一个"
    )
    promise = forms.BooleanField(label="承诺填写信息的真实性")
    key = forms.CharField(widget=forms.HiddenInput, required=False)


def render(text, **context):
    return Template("{% load platform crispy_forms_filters %}" + text).render(Context(context))


def field(form, name):
    return render('{% include "bootstrap5/field.html" with field=field only %}', field=form[name])


def test_field_marks_required_and_optional():
    form = Person()

    assert '<span class="req" aria-hidden="true">*</span>姓名' in field(form, "name")
    assert '电子邮箱<span class="opt">（选填）</span>' in field(form, "email")
    assert field(form, "key").strip() == '<input type="hidden" name="key" id="id_key">'


def test_field_counts_code_points():
    assert '<span class="count" data-count-of="id_name">2/3</span>' in field(Person({"name": "𠮷㛃"}), "name")


def test_field_puts_the_error_before_the_control():
    drawn = field(Person({"name": "欧阳锋芒"}), "name")

    assert "is-bad" in drawn
    assert 0 < drawn.index("姓名最多 3 个字，现在是 4 个") < drawn.index("<input")


def test_choices_stand_in_a_fieldset_with_legend_and_hint():
    drawn = field(Person({}), "duty")

    assert (
        '<fieldset class="field is-bad" id="id_duty_field" aria-describedby="id_duty_helptext id_duty_error">'
        in drawn
    )
    assert drawn.index("<legend>") < drawn.index("请选择在岗状态") < drawn.index('<label class="choice">')


def test_summary_links_to_every_control_and_comes_once():
    form = Person({"name": "王"})

    page = render('{% include "bootstrap5/errors.html" %}{{ form|crispy }}', form=form)

    assert page.count('role="alert"') == 1
    assert "有 2 处需要修改" in page
    assert '<a href="#id_duty_0">请选择在岗状态</a>' in page
    assert '<a href="#id_promise">请勾选“承诺填写信息的真实性”</a>' in page
    assert 'id="id_duty_0"' in page and 'id="id_promise"' in page


def test_crispy_alone_shows_the_summary_and_every_field():
    page = render("{{ form|crispy }}", form=Person({}))

    assert page.index('class="summary"') < page.index('id="id_name_field"') < page.index('name="key"')
    assert '<div class="summary"' not in render("{{ form|crispy }}", form=Person())


def test_a_forms_own_words_stay():
    form = make_form(forms.CharField(label="姓名", error_messages={"required": "请写上姓名"}), data={})

    assert "请写上姓名" in field(form, "thing")

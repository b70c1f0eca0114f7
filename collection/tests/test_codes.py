import time
from datetime import date, timedelta

import pytest
from django.apps import apps

from collection import code_files, codes
from collection.choices import CodeList
from collection.models import CodeEntry

DIVISION = CodeList.DIVISION


@pytest.fixture(autouse=True)
def fresh_table():
    codes.forget()
    yield
    codes.forget()


@pytest.mark.django_db
def test_code_lists_are_complete():
    counts = {list: len(codes.table()[list].entries) for list in CodeList.values}

    assert counts == {
        "division": 145,
        "country": 249,
        "ethnic_group": 58,
        "political_status": 13,
        "education_level": 8,
        "degree": 60,
        "accounting_post": 11,
        "admin_position": 5,
        "technical_position": 7,
        "industry": 117,
        "economic_type": 34,
        "abacus_grade": 12,
    }


@pytest.mark.django_db
def test_divisions_to_choose_are_leaves_and_none_is_in_shenzhen():
    chosen = {code for code, _name in codes.choices(DIVISION)}

    assert len(chosen) == 116
    assert {"441900", "442000", "440000-B", "440106"} <= chosen
    assert not {code for code in chosen if code.startswith("4403")}
    assert not chosen & {"440000", "440100", "445300"}


@pytest.mark.django_db
def test_children_leave_out_where_nothing_can_be_chosen():
    cities = codes.children(DIVISION, codes.PROVINCE)

    assert cities[:2] == [("440000-B", "省本级"), ("440100", "广州市")]
    assert len(cities) == 21
    assert "440300" not in dict(cities)
    assert codes.children(DIVISION, "441900") == []
    assert ("440106", "天河区") in codes.children(DIVISION, "440100")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "parts", "name"),
    [
        ("440106", ("440100", "440106"), "广东省广州市天河区"),
        ("441900", ("441900", ""), "广东省东莞市"),
        ("440000-B", ("440000-B", ""), "广东省省本级"),
        ("440304", ("440300", "440304"), "广东省深圳市福田区"),
        ("", ("", ""), ""),
        ("999999", ("", ""), "999999"),
    ],
)
def test_division_parts_and_name(code, parts, name):
    assert (codes.division_parts(code), codes.division_name(code)) == (parts, name)


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["天河", "tianhe", "th", "440106", "广州 天河", "gz th", "天河区", "ＴＨ"])
def test_search_divisions_finds_by_name_pinyin_and_code(text):
    assert ("440106", "广东省广州市天河区") in codes.search_divisions(text)


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["", "  ", "深圳", "futian", "440304", "火星"])
def test_search_divisions_finds_nothing_to_choose(text):
    assert codes.search_divisions(text) == []


@pytest.mark.django_db
def test_grouped_choices_put_leaves_under_their_top():
    economy = codes.grouped_choices(CodeList.ECONOMIC_TYPE)
    groups = {
        name: [code for code, _label in members] for name, members in economy if isinstance(members, list)
    }

    assert list(groups) == ["内资", "港、澳、台投资", "国外投资"]
    assert {"110", "141", "151", "175"} <= set(groups["内资"])
    assert "140" not in groups["内资"]
    assert ("900", "其他") in economy


@pytest.mark.django_db
def test_grouped_choices_offer_degree_levels_before_their_subjects():
    degrees = codes.grouped_choices(CodeList.DEGREE)

    assert [entry[1] for entry in degrees[:5]] == ["博士学位", "硕士学位", "学士学位", "双学士", "无学位"]
    assert [name for name, _members in degrees[5:]] == ["博士学位", "硕士学位", "学士学位"]
    assert ("X53", "会计硕士专业学位") in degrees[6][1]


@pytest.mark.django_db
def test_withdrawn_code_keeps_its_name_and_leaves_the_choices():
    entry = CodeEntry.objects.get(list=CodeList.ETHNIC_GROUP, code="97")

    entry.ends_on = date.today() - timedelta(days=1)
    entry.save()

    assert codes.label(CodeList.ETHNIC_GROUP, "97") == "其他"
    assert ("97", "其他") not in codes.choices(CodeList.ETHNIC_GROUP)
    assert not codes.is_open(CodeList.ETHNIC_GROUP, "97")


@pytest.mark.django_db
def test_table_is_read_once(django_assert_num_queries):
    with django_assert_num_queries(1):
        codes.choices(CodeList.COUNTRY)
        codes.label(CodeList.INDUSTRY, "06")
        codes.search_divisions("meizhou")


@pytest.mark.django_db
def test_loading_again_updates_names_and_keeps_end_dates():
    CodeEntry.objects.filter(list="abacus_grade", code="A1").update(name="旧名", ends_on=date(2020, 1, 1))

    started = time.perf_counter()
    code_files.load(apps.get_model("collection", "CodeEntry"), CodeList.values)

    entry = CodeEntry.objects.get(list="abacus_grade", code="A1")
    assert (entry.name, entry.ends_on) == ("能手一级", date(2020, 1, 1))
    assert CodeEntry.objects.count() == 719
    assert time.perf_counter() - started < 2


@pytest.mark.django_db
def test_unloading_removes_what_the_files_brought():
    CodeEntry.objects.create(list="abacus_grade", code="Z9", name="自设")

    code_files.unload(CodeEntry, CodeList.values)

    assert [entry.code for entry in CodeEntry.objects.all()] == ["Z9"]

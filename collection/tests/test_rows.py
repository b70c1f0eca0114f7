"""Repeated answers: which rows count, whose they are, and what is stored of them."""

import pytest

from collection.models import Award, Qualification, Schooling
from collection.preload import preload
from collection.sections import SECTION_BY_KEY
from collection.tests.factories import (
    AWARD,
    CERTIFICATIONS,
    QUALIFICATION,
    SCHOOLING,
    TALENT,
    make_profile,
    make_schooling,
    posted,
)

pytestmark = pytest.mark.django_db
AWARDS = SECTION_BY_KEY["awards"]


def award(profile, name):
    return Award.objects.create(profile=profile, name=name, level="city")


def save(profile, key, data):
    answers = SECTION_BY_KEY[key].form_for(profile, data)
    assert answers.is_valid(), answers.problems
    answers.store_all()
    return answers


def names(profile):
    return list(profile.award_set.values_list("name", flat=True))


def test_rows_are_added_changed_and_removed_and_keep_their_ids():
    profile = make_profile()
    first, second, third = (award(profile, name) for name in ("一", "二", "三"))

    save(
        profile,
        "awards",
        posted(
            "awards",
            AWARD | {"id": first.pk, "name": "一"},
            AWARD | {"id": third.pk, "name": "三改"},
            AWARD | {"name": "四"},
        ),
    )

    assert names(profile) == ["一", "三改", "四"]
    assert list(profile.award_set.values_list("pk", flat=True))[:2] == [first.pk, third.pk]
    assert not Award.objects.filter(pk=second.pk).exists()


def test_an_untouched_blank_row_is_dropped():
    profile = make_profile()

    save(
        profile,
        "awards",
        posted("awards", {"name": "", "level": ""}, AWARD, {"id": "", "name": "  ", "level": ""}),
    )

    assert names(profile) == [AWARD["name"]]


def test_an_id_of_somebody_else_is_ignored():
    victim, thief = make_profile(), make_profile()
    foreign = award(victim, "别人的奖励")

    save(thief, "awards", posted("awards", AWARD | {"id": foreign.pk}))

    assert names(victim) == ["别人的奖励"]
    assert names(thief) == [AWARD["name"]]


def test_an_id_of_the_other_list_is_ignored():
    profile = make_profile()
    full_time = profile.schooling_set.get()

    save(
        profile,
        "education",
        posted("full_time", SCHOOLING | {"id": full_time.pk})
        | posted("part_time", SCHOOLING | {"id": full_time.pk}),
    )

    assert list(profile.schooling_set.values_list("mode", flat=True)) == ["full_time", "part_time"]


@pytest.mark.parametrize("forged", ["0", "-1", "x", "9" * 30, "1' OR 1=1"])
def test_a_nonsense_id_makes_a_new_row(forged):
    profile = make_profile()

    save(profile, "awards", posted("awards", AWARD | {"id": forged}))

    assert names(profile) == [AWARD["name"]]


def test_one_id_counts_once():
    profile = make_profile()
    row = award(profile, "一")

    save(profile, "awards", posted("awards", AWARD | {"id": row.pk}, AWARD | {"id": row.pk, "name": "二"}))

    assert names(profile) == [AWARD["name"], "二"]


def test_the_same_rows_without_ids_are_recognised():
    profile = make_profile()
    data = posted("awards", AWARD, AWARD | {"name": "二"})
    save(profile, "awards", data)
    before = list(Award.objects.values_list("pk", flat=True))

    assert AWARDS.form_for(profile, data).differences() == {}
    save(profile, "awards", data)
    assert list(Award.objects.values_list("pk", flat=True)) == before


def test_the_fixed_values_of_a_list_cannot_be_posted():
    profile = make_profile()

    save(profile, "education", posted("full_time", SCHOOLING | {"mode": "part_time", "profile": "1"}))

    assert Schooling.objects.get().mode == "full_time"


def test_more_rows_than_allowed_are_refused():
    profile = make_profile()
    many = posted("awards", *(AWARD | {"name": f"奖励 {i}"} for i in range(21)))

    answers = AWARDS.form_for(profile, many)

    assert not answers.is_valid()
    assert answers.problems == [("id_awards", "奖励信息", "奖励信息最多填写 20 项，请删减")]


def test_rows_may_come_in_one_piece():
    profile = make_profile()

    save(profile, "awards", {"awards": [AWARD, AWARD | {"name": "二"}]})

    assert names(profile) == [AWARD["name"], "二"]


def test_storing_costs_the_same_for_few_and_many_rows(django_assert_max_num_queries):
    for count in (1, 15):
        profile = make_profile()
        rows = [Qualification.objects.create(profile=profile, **QUALIFICATION) for _ in range(count)]
        changed = [QUALIFICATION | {"id": row.pk, "level": "senior"} for row in rows]
        data = CERTIFICATIONS | posted("qualifications", *changed) | posted("talent_programmes", TALENT)
        answers = SECTION_BY_KEY["professional"].form_for(profile, data)
        with django_assert_max_num_queries(3):
            answers.store_all()
        assert set(profile.qualification_set.values_list("level", flat=True)) == {"senior"}


def rows_of(profile):
    return {
        key: rows for section in SECTION_BY_KEY.values() for key, rows in section.saved_rows(profile).items()
    }


def test_preload_gives_the_same_rows_in_one_query(django_assert_num_queries):
    profile = make_profile()
    make_schooling(profile, mode="part_time", graduated_on=None)
    award(profile, "一")
    expected = rows_of(profile)
    preload(profile)  # the database is asked once what it can do

    with django_assert_num_queries(1):
        preload(profile)
        found = rows_of(profile)

    assert found == expected
    assert found["full_time"][0].entered_on == expected["full_time"][0].entered_on

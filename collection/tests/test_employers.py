import pytest
from django.urls import reverse

from collection import employers
from collection.models import Employer
from collection.tests.factories import make_profile

OTHER_CODE = "92442000MA0000031X"


def make_employer(**fields):
    values = {
        "name": "梅州市梅江区示范纸品有限公司",
        "name_pinyin": "mzsmjqsfzpyxgs",
        "credit_code": OTHER_CODE,
    }
    return Employer.objects.create(**values | {"verified": True} | fields)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    [
        "梅州",
        "示范纸品",
        "纸品",
        "梅江区 示范",
        "mzsmj",
        "MZSMJ",
        "92442000",
        "92442000ma00",
        "９２４４２０００",
    ],
)
def test_find_takes_name_initials_and_code(text):
    employer = make_employer()

    assert employers.find(text) == [employer]


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["", "梅", "m", "zpyxgs", "深圳市", "%%", "__"])
def test_find_takes_nothing_shorter_or_other(text):
    make_employer()

    assert employers.find(text) == []


@pytest.mark.django_db
def test_find_knows_unverified_employers_only_after_three_people():
    employer = make_employer(verified=False, typed_by=2)
    assert employers.find("梅州") == employers.find("纸品") == employers.find(OTHER_CODE) == []

    Employer.objects.update(typed_by=3)

    assert employers.find("梅州") == [employer]


@pytest.mark.django_db
def test_find_gives_ten_at_most_with_names_that_begin_so_first():
    for number in range(12):
        make_employer(name=f"新会示范纸品{number}公司", credit_code=f"code{number}")
    first = make_employer(name="示范纸品总公司")

    found = employers.find("示范纸品")

    assert (len(found), found[0]) == (10, first)


@pytest.mark.django_db
def test_find_puts_who_begins_so_first_and_then_who_more_people_typed():
    holds = make_employer(name="新会示范纸业厂", credit_code="code1", typed_by=90)
    known = make_employer(name="示范纸业二厂", credit_code="code2", typed_by=9)
    begins = make_employer(name="示范纸业一厂", credit_code="code3")

    assert employers.find("示范纸业") == [known, begins, holds]


@pytest.mark.django_db
def test_find_finds_the_same_beyond_the_best_known(monkeypatch):
    holds = make_employer(name="新会示范纸业（集团）厂", credit_code="code1", typed_by=90)
    begins = make_employer(name="示范纸业一厂 A*b", credit_code="code3")
    monkeypatch.setattr(employers.best_known, "load", list)

    assert employers.find("示范") == [begins, holds]
    assert employers.find("示范纸业一厂 A*") == [begins]
    assert employers.find("纸业集团") == [holds]
    assert employers.find("sfzy") == [begins]
    assert employers.find("示范*厂") == []


@pytest.mark.django_db
def test_find_takes_two_statements_at_most(django_assert_max_num_queries):
    for number in range(30):
        make_employer(name=f"新会示范纸品{number}公司", credit_code=f"code{number}")
    employers.find("示范")

    for text in ("示范", "公司", "xhsf", "没有"):
        with django_assert_max_num_queries(2):
            employers.find(text)


@pytest.mark.django_db
def test_the_search_follows_names_that_change_or_go(monkeypatch):
    monkeypatch.setattr(employers.best_known, "load", list)
    employer = make_employer(name="广州旧名厂", credit_code="code1")
    Employer.objects.bulk_create([Employer(name="广州新名厂", credit_code="code2", verified=True)])

    employer.name = "广州改名厂"
    employer.save()
    assert [one.name for one in employers.find("名厂")] == ["广州改名厂", "广州新名厂"]
    assert employers.find("旧名") == []
    assert employers.find("gzgmc") == [employer]

    employer.delete()
    assert [one.name for one in employers.find("名厂")] == ["广州新名厂"]


@pytest.mark.django_db
def test_remember_counts_every_person_once():
    one, two = make_profile(), make_profile(employer_name="别的写法")

    employers.remember(one)
    employers.remember(one)
    employers.remember(two)

    employer = Employer.objects.get()
    assert (employer.name, employer.name_pinyin, employer.typed_by) == (
        "广州市示范纸品有限公司",
        "gzssfzpyxgs",
        2,
    )
    one.refresh_from_db()
    assert one.employer == employer


@pytest.mark.django_db
def test_remember_takes_a_correction_from_its_only_author():
    profile = make_profile()
    employers.remember(profile)

    profile.employer_name, profile.employer_phone = "广州市示范纸业有限公司", "020-88880000"
    employers.remember(profile)

    employer = Employer.objects.get()
    assert (employer.name, employer.phone, employer.typed_by) == ("广州市示范纸业有限公司", "020-88880000", 1)


@pytest.mark.django_db
def test_remember_leaves_verified_employers_as_they_are():
    profile = make_profile()
    make_employer(name="核实的名称", credit_code=profile.credit_code)

    employers.remember(profile)

    employer = Employer.objects.get()
    assert (employer.name, employer.typed_by) == ("核实的名称", 1)


@pytest.mark.django_db
def test_remember_lets_go_of_the_employer_of_somebody_without_one():
    profile = make_profile()
    employers.remember(profile)

    profile.credit_code = ""

    assert employers.remember(profile) is None
    profile.refresh_from_db()
    assert profile.employer is None


@pytest.mark.django_db
def test_search_page_answers_members_in_json_without_people(client):
    profile = make_profile()
    make_employer(industry="22", economic_type="173", address="梅江区一路 1 号", phone="0753-2200000")
    client.force_login(profile.accountant.user)

    response = client.get(reverse("collection:employers"), {"q": "梅州"})

    assert response.json() == {
        "employers": [
            {
                "name": "梅州市梅江区示范纸品有限公司",
                "credit_code": OTHER_CODE,
                "industry": "22",
                "economic_type": "173",
                "address": "梅江区一路 1 号",
                "phone": "0753-2200000",
            }
        ]
    }


@pytest.mark.django_db
def test_search_page_is_not_for_visitors(client):
    assert client.get(reverse("collection:employers"), {"q": "梅州"}).status_code == 302

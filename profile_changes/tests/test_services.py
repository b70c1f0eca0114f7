import pytest

from accounting_platform.lib.errors import DomainError
from collection.models import ArchiveVersion, Profile
from collection.sections import SECTION_BY_KEY
from education import studies
from education.models import Enrolment
from profile_changes import diff, services
from profile_changes.models import ChangeRequest
from profile_changes.tests.factories import answers_of, make_changeable, make_studying
from registration.models import AuditEvent, Message

pytestmark = pytest.mark.django_db
WORK, PERSONAL, AWARDS = SECTION_BY_KEY["work"], SECTION_BY_KEY["personal"], SECTION_BY_KEY["awards"]
ELSEWHERE = "440103"


def save(profile, section, **changes):
    data = answers_of(profile, section, **changes)
    return services.save_change(profile.pk, section, data, by=profile.accountant.user)


def end_study(enrolment):
    studies.release(enrolment.pk, by=None, reason="学习机构停办")


def test_save_change_takes_effect_and_keeps_both_values():
    profile = make_changeable(political_status="13")

    answers, change = save(profile, PERSONAL, political_status="01")

    profile.refresh_from_db()
    assert answers.is_valid()
    assert (profile.political_status, profile.version) == ("01", 2)
    assert (change.status, change.differences) == ("applied", {"political_status": ["13", "01"]})
    assert ArchiveVersion.objects.get(profile=profile).cause == "changed"


def test_save_change_writes_field_names_into_the_audit_and_no_values():
    profile = make_changeable()

    save(profile, PERSONAL, email="new@example.com")

    event = AuditEvent.objects.get(kind="change_request.applied")
    assert event.detail == {"section": "personal", "fields": ["email"]}


def test_save_change_of_nothing_leaves_no_trace():
    profile = make_changeable()

    answers, change = save(profile, PERSONAL)

    assert answers.is_valid() and change is None
    assert not ChangeRequest.objects.exists()


def test_save_change_keeps_rows_as_before_and_after():
    profile = make_changeable()

    _answers, change = save(profile, AWARDS, awards=[{"name": "先进会计工作者", "level": "city"}])

    old, new = change.differences["awards"]
    assert (old, new[0]["name"]) == ([], "先进会计工作者")
    assert profile.award_set.get().level == "city"


def test_save_change_judges_by_all_rules_of_collection():
    profile = make_changeable()

    answers, change = save(profile, WORK, accounting_since="1985-01")

    assert change is None
    assert answers.form.errors == {"accounting_since": ["开始从事会计工作时间应晚于年满16周岁。"]}


def test_save_change_refuses_a_page_from_an_older_version():
    profile = make_changeable()
    Profile.objects.filter(pk=profile.pk).update(version=5)

    with pytest.raises(DomainError) as refusal:
        save(profile, PERSONAL, political_status="01")

    assert (refusal.value.status, refusal.value.code) == (409, "stale")


def test_save_change_refuses_a_draft():
    profile = make_changeable()
    Profile.objects.filter(pk=profile.pk).update(state="draft")

    with pytest.raises(DomainError, match="请先完成信息采集"):
        save(profile, PERSONAL, political_status="01")


def test_save_change_of_status_asks_for_its_picture_and_empties_the_rest():
    profile = make_changeable()

    answers, change = save(profile, WORK, duty_status="student", school_name="广州某某学院")

    assert change is None
    assert "学生证明附件" in "".join(words for words, _target in answers.summary)
    profile.refresh_from_db()
    assert profile.duty_status == "accounting"


def test_division_is_free_without_a_study():
    profile = make_changeable(division="440106")

    _answers, change = save(profile, WORK, division=ELSEWHERE)

    profile.refresh_from_db()
    assert (profile.division, change.status) == (ELSEWHERE, "applied")


def test_division_is_locked_while_a_study_is_in_progress():
    profile, _enrolment = make_studying(division="440106")

    answers, change = save(profile, WORK, division=ELSEWHERE)

    profile.refresh_from_db()
    assert (profile.division, change) == ("440106", None)
    assert answers.form.errors["division"] == [services.LOCKED]


def test_the_rest_of_the_section_saves_while_the_division_is_locked():
    profile, _enrolment = make_studying()

    _answers, change = save(profile, WORK, employer_address="广州市天河区新路 1 号")

    assert list(change.differences) == ["employer_address"]


def test_the_six_immutable_items_never_change_here():
    profile = make_changeable()
    before = [getattr(profile.accountant, name) for name in profile.accountant.IMMUTABLE]

    save(
        profile,
        PERSONAL,
        name="王五",
        gender="male",
        birth_date="1990-01-01",
        country="USA",
        political_status="01",
    )

    profile.accountant.refresh_from_db()
    assert [getattr(profile.accountant, name) for name in profile.accountant.IMMUTABLE] == before


def test_a_booked_move_applies_itself_when_the_study_ends():
    profile, enrolment = make_studying(division="440106")
    change = services.book(profile.pk, ELSEWHERE, by=profile.accountant.user)

    end_study(enrolment)

    profile.refresh_from_db()
    change.refresh_from_db()
    assert (profile.division, change.status) == (ELSEWHERE, "applied")
    assert Message.objects.filter(title="您预约的行政区划变更已生效").get().accountant == profile.accountant


def test_a_booked_move_waits_for_the_last_study():
    profile, first = make_studying(division="440106")
    _other = Enrolment.objects.create(
        profile=profile, institution=first.institution, reference="second", kind="public", year=first.year
    )
    services.book(profile.pk, ELSEWHERE, by=profile.accountant.user)

    end_study(first)

    profile.refresh_from_db()
    assert profile.division == "440106"


def test_a_booked_move_that_no_longer_fits_fails_with_its_reason():
    profile, enrolment = make_studying(division="440106")
    change = services.book(profile.pk, ELSEWHERE, by=profile.accountant.user)
    Profile.objects.filter(pk=profile.pk).update(credit_code="")

    end_study(enrolment)

    change.refresh_from_db()
    assert change.status == "failed"
    assert "统一社会信用代码" in change.reason


def test_a_later_booking_replaces_the_earlier():
    profile, _enrolment = make_studying(division="440106")
    services.book(profile.pk, ELSEWHERE, by=profile.accountant.user)

    services.book(profile.pk, "440104", by=profile.accountant.user)

    assert list(ChangeRequest.objects.order_by("pk").values_list("status", flat=True)) == [
        "withdrawn",
        "booked",
    ]


@pytest.mark.parametrize("division", ["440106", "440305", "999999", ""])
def test_book_refuses_the_same_closed_and_unknown_divisions(division):
    profile, _enrolment = make_studying(division="440106")

    with pytest.raises(DomainError) as refusal:
        services.book(profile.pk, division, by=profile.accountant.user)

    assert refusal.value.field == "division"


def test_book_is_not_for_somebody_who_may_change_at_once():
    profile = make_changeable()

    with pytest.raises(DomainError, match="可以直接变更"):
        services.book(profile.pk, ELSEWHERE, by=profile.accountant.user)


def test_withdraw_takes_the_booking_back_once():
    profile, _enrolment = make_studying()
    services.book(profile.pk, ELSEWHERE, by=profile.accountant.user)

    assert services.withdraw(profile.pk, by=profile.accountant.user).status == "withdrawn"
    with pytest.raises(DomainError, match="没有待生效的预约"):
        services.withdraw(profile.pk, by=profile.accountant.user)


def test_a_picture_replaced_after_submission_is_in_the_history():
    profile = make_changeable()
    attachment = profile.attachment_set.get(kind="portrait")

    services.note_picture(attachment)

    change = ChangeRequest.objects.get()
    assert (change.section_key, change.differences) == ("personal", {"portrait": ["旧照片", "新照片"]})
    assert [(line.label, line.after) for line in diff.lines(change)] == [("本人免冠证件照头像", "新照片")]


def test_a_picture_replaced_in_a_draft_is_no_change():
    profile = make_changeable()
    Profile.objects.filter(pk=profile.pk).update(state="draft")

    services.note_picture(profile.attachment_set.first())

    assert not ChangeRequest.objects.exists()

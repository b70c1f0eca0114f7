"""People who may change their answers: an archive with its pictures, with and without a study in progress."""

from collection.choices import DutyStatus
from collection.tests.factories import make_pictures, make_submitted
from education.tests.factories import make_enrolment

# Registered with the province, so that its people may move between cities without a question.
PROVINCIAL = "91440000MA0000015J"


def make_changeable(**answers):
    """The profile of somebody who has finished 信息采集, pictures included."""
    status = answers.get("duty_status", DutyStatus.ACCOUNTING)
    if status in (DutyStatus.ACCOUNTING, DutyStatus.OTHER_WORK):
        answers.setdefault("credit_code", PROVINCIAL)
    profile = make_submitted(**answers)
    make_pictures(profile)
    return profile


def make_studying(**answers):
    """The same with a study in progress; returns (profile, enrolment)."""
    profile = make_changeable(**answers)
    return profile, make_enrolment(profile)


def answers_of(profile, section, **changes):
    """What the person would post: the stored answers with some changed, and the page's version."""
    return section.answers(profile) | {"version": str(profile.version)} | changes

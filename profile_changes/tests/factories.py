"""People who may change their answers: an archive with its pictures, with and without a study in progress."""

from collection.tests.factories import make_pictures, make_submitted
from education.tests.factories import make_enrolment


def make_changeable(**answers):
    """The profile of somebody who has finished 信息采集, pictures included."""
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

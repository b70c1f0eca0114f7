import pytest

from education import signals


@pytest.fixture
def told():
    """What studies_ended said: one list of profile ids for each time it was sent."""
    heard = []

    def hear(sender, profile_ids, **_):
        heard.append(profile_ids)

    signals.studies_ended.connect(hear)
    yield heard
    signals.studies_ended.disconnect(hear)

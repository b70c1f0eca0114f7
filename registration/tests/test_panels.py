from datetime import timedelta

import pytest
from django.utils import timezone

from registration import panels
from registration.demo_views import newest
from registration.tests.factories import make_announcement


@pytest.mark.django_db
def test_announcements_are_the_current_ones_newest_first():
    now = timezone.now()
    older = make_announcement(published_at=now - timedelta(days=2))
    newer = make_announcement(published_at=now - timedelta(days=1), ends_on=timezone.localdate())
    make_announcement(published_at=now + timedelta(days=1))
    make_announcement(ends_on=timezone.localdate() - timedelta(days=1))

    assert panels.announcements(None) == {"announcements": [newer, older]}


def test_demo_reads_the_newest_texts_first(settings, tmp_path):
    from accounting_platform.lib.sms import FileBackend, Text

    settings.SMS_FILE = tmp_path / "sms.jsonl"
    assert newest(settings.SMS_FILE) == []
    FileBackend().send(Text("13800005678", "【平台】012345 是您的验证码，5 分钟内有效。"))
    FileBackend().send(Text("13800005678", "密码已修改"))

    assert [text["code"] for text in newest(settings.SMS_FILE)] == ["", "012345"]

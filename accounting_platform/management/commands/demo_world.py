"""Makes the demo world; a second run leaves what is there and only writes down where things are."""

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounting_platform.demo import people, schools
from registration.models import Announcement

NOTICES = (
    ("关于做好{year}年度会计人员继续教育工作的通知", "请各位会计人员在“学习资源”中选择备案的学习机构，按时完成公需课和专业课学习。", 3),
    ("公需课学习资源更新：新增数据安全与会计信息化课程", "公需课免费学习，学完后学分由学习机构自动回传，无需自己申报。", 11),
    ("关于开展会计人员信息采集的通知", "在广东省内（除深圳）从事会计工作，或持有会计专业技术资格证书的人员，请先完成信息采集。", 40),
)  # fmt: skip


class Command(BaseCommand):
    help = "Makes schools, courses, people and notices to try the platform with (DEMO=1 only)."

    def handle(self, **options):
        if not settings.DEMO:
            raise CommandError("demo_world is for DEMO=1: it makes accounts with known passwords.")
        schools.make_schools()
        schools.open_this_year()
        for person in people.PEOPLE:
            accountant = people.make_person(person)
            if person.studies:
                schools.begin_study(accountant.profile)
        people.make_employers()
        people.make_staff()
        make_notices()
        schools.write_school_config()
        schools.write_private(Path(settings.VAR_DIR) / "demo_logins.json", people.logins())


def make_notices():
    """Three notices, once."""
    if Announcement.objects.exists():
        return
    now = timezone.now()
    for title, body, days in NOTICES:
        published = now - timedelta(days=days)
        Announcement.objects.create(
            title=title.format(year=f" {published.year} "), body=body, published_at=published
        )

"""The schools of the demo, what they offer, and the one study that has begun."""

import json
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from accounting_platform.lib import clock, signing
from education.choices import CourseKind, EnrolmentState
from education.models import Enrolment, Institution, Learner, Offering, OfferingDivision, YearRule
from education.schools.events import read_event
from education.schools.judge import judge

SINCE = 2021
SCHOOLS = (
    (
        "zhujiang",
        "珠江财会云课堂",
        "zhu jiang cai kuai yun ke tang",
        "企业会计准则、政府会计、税务实务",
        "020-1234 5601",
    ),
    ("lingnan", "岭南会计网校", "ling nan kuai ji wang xiao", "全行业专业课，可手机学习", "020-1234 5602"),
)
COURSES = {
    CourseKind.PUBLIC: ("会计法规与职业道德", 30, 12, 0),
    CourseKind.PROFESSIONAL: ("企业会计准则与财务分析", 60, 24, 180),
}


def make_schools():
    """The schools with a secret and their courses of every year; nothing twice."""
    for code, name, pinyin, intro, phone in SCHOOLS:
        values = {
            "name": name,
            "name_pinyin": pinyin,
            "intro": intro,
            "service_phone": phone,
            "hosts": "127.0.0.1",
        }
        launch = f"http://127.0.0.1:{settings.SCHOOL_PORT}/launch/{code}"
        school, _new = Institution.objects.update_or_create(
            code=code, defaults=values | {"launch_url": launch}
        )
        if not school.secrets.exists():
            school.secrets.create(secret=signing.new_secret())
        for year in range(SINCE, clock.year() + 1):
            make_offerings(school, year)


def make_offerings(school, year):
    for kind, (title, credits, hours, price) in COURSES.items():
        values = {"title": title, "hours": hours, "max_credits": credits, "price": price}
        offering, new = Offering.objects.get_or_create(
            institution=school, kind=kind, year=year, defaults=values
        )
        if new:
            OfferingDivision.objects.create(offering=offering, prefix="44")


def open_this_year():
    """The demo always has a year to study in, whatever the day."""
    today = clock.today()
    rule, _new = YearRule.objects.get_or_create(
        year=today.year,
        defaults={
            "opens_on": today.replace(month=1, day=1),
            "closes_on": today.replace(month=12, day=31),
            "general_professional_min": 20,
            "provisional": True,
            "basis": "演示",
        },
    )
    if not rule.is_open(today):
        rule.opens_on, rule.closes_on = min(rule.opens_on, today), max(rule.closes_on, today)
        rule.closed_at = None
        rule.save()


def begin_study(profile):
    """A professional course this person enrolled for, reported as a school reports it."""
    year = clock.year()
    if Enrolment.objects.filter(profile=profile, state=EnrolmentState.IN_PROGRESS).exists():
        return
    school = Institution.objects.get(code=SCHOOLS[0][0])
    learner, _new = Learner.objects.get_or_create(
        institution=school, profile=profile, defaults={"public_id": f"lrn_demo{profile.pk}"}
    )
    reference = f"DEMO-{profile.pk}-{year}"
    data = {
        "enrolment": reference,
        "learner": learner.public_id,
        "kind": CourseKind.PROFESSIONAL.value,
        "year": year,
    }
    event = {
        "type": "enrolment.created",
        "timestamp": timezone.now().isoformat(timespec="milliseconds"),
        "data": data,
    }
    verdict = judge(school, [read_event(f"msg_demo_{reference}", event)])[0]
    if verdict.refusal:
        raise ValueError(verdict.refusal)


def write_school_config():
    """What the demo school must be told, beside its data; it reads nothing else of ours."""
    folder = Path(settings.VAR_DIR)
    codes = [code for code, *_rest in SCHOOLS]
    schools = [
        {"code": school.code, "name": school.name, "secret": school.secrets.latest("pk").secret}
        for school in Institution.objects.filter(code__in=codes)
    ]
    config = {
        "platform_url": f"http://127.0.0.1:{settings.PORT}",
        "public_url": f"http://127.0.0.1:{settings.SCHOOL_PORT}",
        "port": settings.SCHOOL_PORT,
        "state_file": str(folder / "demo_school_state.json"),
        "schools": schools,
        "operator": True,
    }
    write_private(folder / "demo_school.json", config)


def write_private(path, content):
    """JSON for the owner's eyes."""
    path.touch(mode=0o600)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2), encoding="utf-8")

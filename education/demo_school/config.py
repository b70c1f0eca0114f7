"""What the demo school must be told: where the platform is, and which schools to be with which secrets."""

import json
import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Course:
    """One course: what it is called, what is taught, and what it may bring. The first of a kind is shown first."""

    id: str
    kind: str
    title: str
    lessons: tuple
    credits: tuple
    general_professional: int = 0


COURSES = (
    Course("ethics", "public", "会计职业道德与会计法规", ("会计人员职业道德规范", "新修订的会计法", "内部控制与诚信"), (30,)),
    Course("data", "public", "数据安全与会计信息化", ("数据安全法要点", "电子凭证与电子档案"), (10,)),
    Course(
        "standards", "professional", "企业会计准则与财务分析",
        ("企业会计准则新变化", "收入与租赁的难点", "财务报表分析"), (60, 30), 20,
    ),
    Course("cost", "professional", "成本管理与业财融合", ("作业成本法", "预算管理", "业财数据的打通"), (30,), 10),
    Course("tax", "professional", "税务实务与风险防范", ("增值税实务", "企业所得税汇算清缴"), (20,)),
)  # fmt: skip


@dataclass(frozen=True)
class School:
    """One school as filed with the platform, and what it teaches."""

    code: str
    name: str
    secret: str
    courses: tuple = COURSES

    def of_kind(self, kind):
        return [course for course in self.courses if course.kind == kind]

    def course(self, kind, course_id):
        """A course of this kind by its id, the first one for an id that is none of ours."""
        courses = self.of_kind(kind)
        return next((course for course in courses if course.id == course_id), courses[0])


@dataclass(frozen=True)
class Config:
    """The whole configuration of the program. `operator`: whether its desk is open, which is for demos alone."""

    platform_url: str
    public_url: str
    port: int
    state_file: Path
    schools: dict
    operator: bool = False


def read_config(path):
    """The configuration in a JSON file; `example.json` beside this module shows its shape.

    Addresses that are left out are those of the demo: loopback, ports PORT and SCHOOL_PORT of the environment.
    """
    raw = json.loads(path.read_text(encoding="utf-8"))
    port = int(raw.get("port") or os.environ.get("SCHOOL_PORT", 8001))
    platform_url = raw.get("platform_url") or f"http://127.0.0.1:{os.environ.get('PORT', 8000)}"
    return Config(
        platform_url=platform_url.rstrip("/"),
        public_url=raw.get("public_url", f"http://127.0.0.1:{port}").rstrip("/"),
        port=port,
        state_file=Path(raw.get("state_file") or path.with_name("demo_school_state.json")),
        schools={one["code"]: read_school(one) for one in raw["schools"]},
        operator=bool(raw.get("operator", False)),
    )


def read_school(raw):
    given = [
        Course(one["id"], one["kind"], one["title"], tuple(one["lessons"]), tuple(one["credits"]),
               one.get("general_professional", 0))
        for one in raw.get("courses", [])
    ]  # fmt: skip
    return School(raw["code"], raw["name"], raw["secret"], tuple(given) or COURSES)

"""What the demo school must be told: where the platform is, and which schools to be with which secrets."""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path

COURSES = {
    "public": {
        "title": "会计职业道德与会计法规",
        "lessons": ["会计人员职业道德规范", "新修订的会计法", "数据安全与会计信息化"],
        "credits": [30],
        "general_professional": 0,
    },
    "professional": {
        "title": "企业会计准则与财务分析",
        "lessons": ["企业会计准则新变化", "成本管理与业财融合", "财务报表分析"],
        "credits": [60, 30],
        "general_professional": 20,
    },
}


@dataclass(frozen=True)
class School:
    """One school as filed with the platform, and what it teaches of each kind."""

    code: str
    name: str
    secret: str
    courses: dict = field(default_factory=lambda: COURSES)


@dataclass(frozen=True)
class Config:
    """The whole configuration of the program."""

    platform_url: str
    public_url: str
    port: int
    state_file: Path
    schools: dict


def read_config(path):
    """The configuration in a JSON file; `example.json` beside this module shows its shape.

    Addresses that are left out are those of the demo: loopback, ports PORT and SCHOOL_PORT of the environment.
    """
    raw = json.loads(path.read_text(encoding="utf-8"))
    port = int(raw.get("port") or os.environ.get("SCHOOL_PORT", 8001))
    platform_url = raw.get("platform_url") or f"http://127.0.0.1:{os.environ.get('PORT', 8000)}"
    schools = [
        School(one["code"], one["name"], one["secret"], COURSES | one.get("courses", {}))
        for one in raw["schools"]
    ]
    return Config(
        platform_url=platform_url.rstrip("/"),
        public_url=raw.get("public_url", f"http://127.0.0.1:{port}").rstrip("/"),
        port=port,
        state_file=Path(raw.get("state_file") or path.with_name("demo_school_state.json")),
        schools={school.code: school for school in schools},
    )

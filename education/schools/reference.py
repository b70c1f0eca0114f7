"""The interface field by field, out of the OpenAPI document: what the reference page shows."""

import json
from dataclasses import dataclass
from functools import cache

from education.choices import EventType
from education.schools.api import api
from education.schools.refusals import REFUSALS

TYPES = {
    "string": "文本",
    "number": "数字",
    "integer": "整数",
    "boolean": "是否",
    "object": "对象",
    "array": "数组",
    "null": "null",
}


@dataclass(frozen=True)
class Field:
    name: str
    kind: str
    required: bool
    words: str


@dataclass(frozen=True)
class Shape:
    """Some fields under a heading, with an example."""

    title: str
    words: str
    fields: list
    example: str = ""


@dataclass(frozen=True)
class Answer:
    status: str
    code: str
    words: str


@dataclass(frozen=True)
class Operation:
    anchor: str
    method: str
    path: str
    title: str
    parameters: list
    bodies: list
    result: Shape
    answers: list


@cache
def read_reference():
    """Every operation in the order of the document, drawn once for the life of the process."""
    document = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/"), default=str))
    return Reader(document).operations()


class Reader:
    def __init__(self, document):
        self.models = document["components"]["schemas"]
        self.paths = document["paths"]

    def operations(self):
        return [
            self.operation(path, method, found)
            for path, methods in self.paths.items()
            for method, found in methods.items()
        ]

    def operation(self, path, method, found):
        success = found["responses"]["200"]["content"]["application/json"]["schema"]
        own = [each for each in found["parameters"] if each["in"] == "query"]
        return Operation(
            anchor=path.rpartition("{code}/")[2].replace("/", "-"),
            method=method.upper(),
            path=path,
            title=found["summary"],
            parameters=[self.field(each["name"], each["schema"], each.get("required"), each) for each in own],
            bodies=self.bodies(found.get("requestBody")),
            result=Shape("应答 200", "", self.fields(success)),
            answers=[answer for status in found["responses"] for answer in answers(status, found)],
        )

    def bodies(self, body):
        """What is sent: one shape, or one for each type of event."""
        if body is None:
            return []
        content = body["content"]["application/json"]
        examples = {name: each["value"] for name, each in content.get("examples", {}).items()}
        schema = self.resolved(content["schema"])
        if "oneOf" not in schema:
            ((_name, example),) = examples.items()
            return [Shape("正文", "", self.fields(schema, deep=False), written(example))]
        shapes = []
        for each in map(self.resolved, schema["oneOf"]):
            kind = each["properties"]["type"]["const"]
            data = self.resolved(each["properties"]["data"])
            words = data.get("description", "")
            title = f"{kind} {EventType(kind).label}"
            shown = [written(value) for name, value in examples.items() if name.split()[0] == kind]
            shapes.append(Shape(title, words, self.fields(data, "data."), "\n\n".join(shown)))
        return shapes

    def fields(self, schema, prefix="", deep=True):
        """One line for each field, those inside of objects and lists under their path."""
        schema, lines = self.resolved(schema), []
        required = schema.get("required", [])
        for name, each in schema.get("properties", {}).items():
            lines.append(self.field(prefix + name, each, name in required, each))
            inner = self.plain(each)
            if deep and "items" in inner:
                lines += self.fields(inner["items"], f"{prefix}{name}[].")
            elif deep and "properties" in inner:
                lines += self.fields(inner, f"{prefix}{name}.")
        return lines

    def field(self, name, schema, required, described):
        inner = self.plain(schema)
        words = described.get("description") or inner.get("description") or ""
        return Field(name, self.kind(schema), bool(required), "；".join(filter(None, [words, limits(inner)])))

    def kind(self, schema):
        schema = self.resolved(schema)
        if "anyOf" in schema:
            return " 或 ".join(self.kind(each) for each in schema["anyOf"])
        if schema.get("format") == "date-time":
            return "时间"
        return "日期" if schema.get("format") == "date" else TYPES.get(schema.get("type"), "值")

    def plain(self, schema):
        """The schema of the value itself where it may also be null."""
        schema = self.resolved(schema)
        others = [self.resolved(each) for each in schema.get("anyOf", [])]
        return next((each for each in others if each.get("type") != "null"), schema)

    def resolved(self, schema):
        return self.models[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def limits(schema):
    """What a value may be, in words."""
    found = []
    if "enum" in schema:
        found.append(
            "取值 " + "、".join(map(str, schema["enum"])) if len(schema["enum"]) <= 8 else "见应答码"
        )
    if "maxLength" in schema:
        found.append(f"不超过 {schema['maxLength']} 个字符")
    if "maxItems" in schema:
        found.append(f"不超过 {schema['maxItems']:,} 条")
    if "maximum" in schema:
        found.append(f"不超过 {schema['maximum']:g}")
    return "，".join(found)


def answers(status, operation):
    """The codes of one status, or the status alone."""
    codes = [code for code, (known, _words) in REFUSALS.items() if known == int(status)]
    listed = operation["responses"][status].get("content", {}).get("application/problem+json", {})
    return [Answer(status, code, REFUSALS[code][1]) for code in codes if code in listed.get("examples", {})]


def written(example):
    return json.dumps(example, ensure_ascii=False, indent=2, default=str)

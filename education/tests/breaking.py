"""Compares two OpenAPI documents: what a school's program relied on in the first must hold in the second.

Additions pass. What schools send may only become wider, what they are answered only narrower.
"""

MOST = ("maximum", "exclusiveMaximum", "maxLength", "maxItems")
LEAST = ("minimum", "exclusiveMinimum", "minLength", "minItems")
FIXED = ("pattern", "format", "multipleOf", "const")


def breaking_changes(old, new):
    """What would break a school's program, in sentences; empty when nothing does."""
    return [*Comparison(old, new).paths()]


class Comparison:
    def __init__(self, old, new):
        self.old, self.new = old, new

    def paths(self):
        for path, methods in self.old["paths"].items():
            for method, operation in methods.items():
                found = self.new["paths"].get(path, {}).get(method)
                place = f"{method.upper()} {path}"
                if found is None:
                    yield f"{place} is gone"
                else:
                    yield from self.parameters(place, operation, found)
                    yield from self.bodies(place, operation, found)
                    yield from self.answers(place, operation, found)

    def parameters(self, place, old, new):
        def named(operation):
            return {(each["in"], each["name"]): each for each in operation.get("parameters", [])}

        before, after = named(old), named(new)
        yield from (f"{place}: parameter {name} is gone" for _in, name in before.keys() - after.keys())
        for key, parameter in after.items():
            earlier = before.get(key)
            if parameter.get("required") and not (earlier and earlier.get("required")):
                yield f"{place}: parameter {key[1]} is required"
            if earlier:
                yield from self.schemas(
                    f"{place} {key[1]}", earlier["schema"], parameter["schema"], asked=True
                )

    def bodies(self, place, old, new):
        if "requestBody" not in old:
            if new.get("requestBody", {}).get("required"):
                yield f"{place}: a body is required"
            return
        yield from self.contents(place, old["requestBody"], new.get("requestBody", {}), asked=True)

    def answers(self, place, old, new):
        for status, answer in old["responses"].items():
            found = new["responses"].get(status)
            if found is None:
                yield f"{place}: answer {status} is gone"
                continue
            for name in answer.get("headers", {}).keys() - found.get("headers", {}).keys():
                yield f"{place} {status}: header {name} is gone"
            yield from self.contents(f"{place} {status}", answer, found, asked=False)

    def contents(self, place, old, new, *, asked):
        for kind, content in old.get("content", {}).items():
            found = new.get("content", {}).get(kind)
            if found is None:
                yield f"{place}: {kind} is gone"
                continue
            # Examples of errors are the answer codes of that status.
            gone = () if asked else content.get("examples", {}).keys() - found.get("examples", {}).keys()
            yield from (f"{place}: answer code {code} is gone" for code in gone)
            yield from self.schemas(place, content["schema"], found["schema"], asked=asked)

    # --- schemas

    def schemas(self, place, old, new, *, asked):
        before, after = variants(self.old, old), variants(self.new, new)
        if asked:
            yield from (f"{place}: no {kind} any more" for kind in before.keys() - after.keys())
        else:
            yield from (f"{place}: may be {kind} now" for kind in after.keys() - before.keys())
        for kind in before.keys() & after.keys():
            yield from self.alike(place, before[kind], after[kind], asked)

    def alike(self, place, old, new, asked):
        for value in set(map(str, old.get("enum", []))) - set(map(str, new.get("enum", old.get("enum", [])))):
            yield f"{place}: value {value} is gone"
        if asked and "enum" in new and "enum" not in old:
            yield f"{place}: only some values are taken"
        if asked:
            yield from narrower(place, old, new)
        yield from self.fields(place, old, new, asked)
        if "items" in old and "items" in new:
            yield from self.schemas(f"{place}[]", old["items"], new["items"], asked=asked)

    def fields(self, place, old, new, asked):
        before, after = old.get("properties", {}), new.get("properties", {})
        yield from (f"{place}: field {name} is gone" for name in before.keys() - after.keys())
        required = set(old.get("required", [])), set(new.get("required", []))
        if asked:
            yield from (f"{place}: field {name} is required" for name in required[1] - required[0])
        else:
            lost = (required[0] - required[1]) & after.keys()
            yield from (f"{place}: field {name} may be missing" for name in lost)
        for name in before.keys() & after.keys():
            yield from self.schemas(f"{place}.{name}", before[name], after[name], asked=asked)


def narrower(place, old, new):
    """Bounds that let less through than before."""
    for bound in (*MOST, *LEAST):
        if bound in new:
            before = old.get(bound)
            tighter = before is None or (new[bound] < before if bound in MOST else new[bound] > before)
            if tighter:
                yield f"{place}: {bound} is {new[bound]}"
    for name in FIXED:
        if name in new and new[name] != old.get(name):
            yield f"{place}: {name} is {new[name]}"


def variants(document, schema):
    """The forms that a value may take, by a name that lasts: its JSON type, and for events their `type`."""
    schema = resolved(document, schema)
    found = {}
    for each in schema.get("anyOf") or schema.get("oneOf") or [schema]:
        each = resolved(document, each)
        said = resolved(document, each.get("properties", {}).get("type", {})).get("const")
        found[said or str(each.get("type", "value"))] = each
    return found


def resolved(document, schema):
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema

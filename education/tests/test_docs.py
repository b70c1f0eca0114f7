"""The guide for schools' engineers: complete, and drawn as a page."""

import re

import pytest
from django.conf import settings

from education.schools.guide import draw, read_guide
from education.schools.reference import read_reference
from education.schools.refusals import REFUSALS

GUIDE = settings.BASE_DIR / "docs" / "institutions.md"
SAMPLES = settings.BASE_DIR / "docs" / "samples"


def test_guide_lists_every_code_that_can_be_answered():
    guide = GUIDE.read_text(encoding="utf-8")

    # 429 and 503 stand there by their numbers.
    assert [code for code in REFUSALS if f"`{code}`" not in guide] == ["rate", "unavailable"]


def test_page_shows_the_whole_guide_and_exactly_the_samples_that_are_run(client):
    page = client.get("/api/docs/").text

    titles = re.findall(r"^## (.*)$", GUIDE.read_text(encoding="utf-8"), re.M)
    assert titles == [section.title for section in read_guide().sections] and len(titles) >= 12
    unescaped = page.replace("&quot;", '"').replace("&#x27;", "'").replace("&lt;", "<").replace("&gt;", ">")
    for sample in SAMPLES.iterdir():
        assert sample.read_text(encoding="utf-8").rstrip("\n") in unescaped.replace("&amp;", "&"), sample.name
    assert "**" not in re.sub(r"<code>.*?</code>", "", page, flags=re.S)


@pytest.mark.parametrize(
    ("written", "drawn"),
    [
        ("一行\n两行 `a<b` **粗** [字](/x/)", '<p>一行两行 <code>a&lt;b</code> <strong>粗</strong> <a href="/x/">字</a></p>'),
        ("- 一\n- 二\n  接着", "<ul><li>一</li><li>二接着</li></ul>"),
        ("1. 一\n2. 二", "<ol><li>一</li><li>二</li></ol>"),
        ("| 甲 | 乙 |\n| --- | --- |\n| `1` | 2 |", '<td data-name="甲"><code>1</code></td><td data-name="乙">2</td>'),
        ("```bash\n<b> & $x\n\nlast\n```", "<code>&lt;b&gt; &amp; $x\n\nlast</code>"),
    ],
)  # fmt: skip
def test_markdown_of_the_guide_is_drawn_and_escaped(written, drawn):
    assert drawn in draw(written)


def test_reference_names_every_address_event_field_and_code(client):
    page = client.get("/api/docs/reference/").text

    operations = {one.anchor: one for one in read_reference()}
    assert set(operations) == {
        "tickets", "events", "events-batch", "enrolments", "credits", "deliveries", "summary"
    }  # fmt: skip
    assert len(operations["events"].bodies) == 6
    names = {field.name for body in operations["events"].bodies for field in body.fields}
    assert {"data.enrolment", "data.document.number", "data.general_professional"} <= names
    unanswered = {"not_found", "method"}
    assert [code for code in REFUSALS if f" {code}<" not in page and code not in unanswered] == []

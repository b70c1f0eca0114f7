"""The guide for schools' engineers: docs/institutions.md and docs/samples/ as a page, so that nothing stands twice.

Reads the little Markdown that the guide is written in: headings, paragraphs, lists, tables, fences, code, bold, links.
A list of links to samples becomes the samples themselves.
"""

import re
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.utils.html import format_html, format_html_join

FOLDER = settings.BASE_DIR / "docs"
INLINE = re.compile(r"`([^`]+)`|\*\*(.+?)\*\*|\[([^\]]+)\]\(([^)\s]+)\)")
ITEM = re.compile(r"(-|\d+\.) +(.*)")
SAMPLE = re.compile(r"\[([^\]]+)\]\(samples/([\w.]+)\)")


@dataclass
class Section:
    """One chapter: its number as anchor, its title and its drawn content."""

    anchor: str
    title: str
    content: str


@dataclass(frozen=True)
class Guide:
    title: str
    intro: str
    sections: list


@cache
def read_guide():
    """The whole guide, drawn once for the life of the process."""
    text = (FOLDER / "institutions.md").read_text(encoding="utf-8")
    first, *chapters = re.split(r"^## ", text, flags=re.M)
    title, _, intro = first.removeprefix("# ").partition("\n")
    sections = []
    for chapter in chapters:
        name, _, content = chapter.partition("\n")
        sections.append(Section(f"s{name.split('.')[0]}", name, draw(content)))
    return Guide(title, draw(intro), sections)


@cache
def sample(name):
    """One sample as it lies in docs/samples/."""
    return (FOLDER / "samples" / name).read_text(encoding="utf-8")


def draw(text):
    """Markdown as HTML; whatever is written in it is escaped."""
    return format_html_join("\n", "{}", ((block,) for block in blocks(text.splitlines())))


def blocks(lines):
    lines = list(lines)
    while lines:
        line = lines[0]
        if not line.strip():
            lines.pop(0)
        elif line.startswith("```"):
            lines.pop(0)
            yield code("\n".join(take(lines, lambda each: not each.startswith("```"))))
            lines.pop(0)
        elif line.startswith("|"):
            yield table(take(lines, lambda each: each.startswith("|")))
        elif ITEM.match(line):
            yield listing(line, take(lines, lambda each: ITEM.match(each) or each.startswith("  ")))
        else:
            plain = take(lines, lambda each: each.strip() and not re.match(r"```|\||- |\d+\. ", each))
            yield format_html("<p>{}</p>", inline("".join(map(joined, plain)).strip()))


def take(lines, fits):
    """The lines at the front that fit, taken out."""
    taken = []
    while lines and fits(lines[0]):
        taken.append(lines.pop(0))
    return taken


def joined(line):
    """A line broken in the source: Chinese goes on without a space, Latin letters with one."""
    line = line.strip()
    return line + (" " if line and line[-1].isascii() else "")


def inline(text):
    parts, at = [], 0
    for found in INLINE.finditer(text):
        code_, bold, words, target = found.groups()
        parts.append(format_html("{}", text[at : found.start()]))
        if code_:
            parts.append(format_html("<code>{}</code>", code_))
        elif bold:
            parts.append(format_html("<strong>{}</strong>", inline(bold)))
        else:
            parts.append(format_html('<a href="{}">{}</a>', target, words))
        at = found.end()
    return format_html_join("", "{}", ((part,) for part in [*parts, text[at:]]))


def code(text):
    return format_html('<div class="code" data-copy><pre tabindex="0"><code>{}</code></pre></div>', text)


def table(lines):
    head, _rule, *rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines)
    names = format_html_join("", "<th scope=col>{}</th>", ((inline(cell),) for cell in head))
    drawn = format_html_join("", "<tr>{}</tr>", ((cells(head, row),) for row in rows))
    frame = '<div class="table-scroll"><table class="table-plain"><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>'
    return format_html(frame, names, drawn)


def cells(head, row):
    """On a phone each cell stands under the name of its column."""
    pairs = zip(head, row, strict=True)
    return format_html_join("", '<td data-name="{}">{}</td>', ((name, inline(cell)) for name, cell in pairs))


def listing(first, lines):
    items = []
    for line in lines:
        found = ITEM.match(line)
        if found:
            items.append(joined(found[2]))
        else:
            items[-1] += joined(line)
    samples = [SAMPLE.fullmatch(item.strip()) for item in items]
    if all(samples):
        return format_html_join("", "{}", ((drawn_sample(*found.groups()),) for found in samples))
    drawn = format_html_join("", "<li>{}</li>", ((inline(item.strip()),) for item in items))
    return format_html("<ul>{}</ul>" if first.startswith("-") else "<ol>{}</ol>", drawn)


def drawn_sample(language, name):
    frame = '<details class="sample"><summary><span>{}</span> <code>{}</code></summary>{}</details>'
    return format_html(frame, language, name, code(sample(name)))

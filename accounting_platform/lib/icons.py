"""The icons of static/img/icons.svg as inline SVG, read once. Inline, so that they take the text's colour everywhere."""

from functools import cache
from pathlib import Path
from xml.etree import ElementTree

from django.utils.html import format_html
from django.utils.safestring import mark_safe

SPRITE = Path(__file__).resolve().parents[2] / "static" / "img" / "icons.svg"
SVG = "{http://www.w3.org/2000/svg}"


@cache
def shapes():
    """Icon name -> its shapes as markup."""
    ElementTree.register_namespace("", SVG[1:-1])
    symbols = ElementTree.parse(SPRITE).getroot().iter(f"{SVG}symbol")
    return {symbol.get("id"): "".join(markup(shape) for shape in symbol) for symbol in symbols}


def markup(shape):
    return (
        ElementTree.tostring(shape, encoding="unicode")
        .replace(' xmlns="http://www.w3.org/2000/svg"', "")
        .strip()
    )


@cache
def icon(name, extra_class=""):
    """One icon as inline SVG; it only accompanies words, so assistive technology skips it."""
    css = f"icon {extra_class}".strip()
    # The shapes are our own file's markup.
    return format_html(
        '<svg class="{}" viewBox="0 0 20 20" aria-hidden="true" focusable="false">{}</svg>',
        css,
        mark_safe(shapes()[name]),
    )

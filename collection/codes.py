"""Reading the code lists: names, choices, groups and cascades, out of a table kept in the process.

The whole table (a few hundred rows) is read in one query and kept for a minute; saving or deleting an entry in this
process drops it at once. A withdrawn code keeps its name for old answers and leaves the choices.
"""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, wraps

from accounting_platform.lib.clock import today
from accounting_platform.lib.kept import Kept
from accounting_platform.lib.text import normalise
from collection.choices import CodeList
from collection.models import CodeEntry

PROVINCE = "440000"
SEARCH_HITS = 10
GROUPED_LISTS = {CodeList.INDUSTRY, CodeList.ECONOMIC_TYPE, CodeList.DEGREE}
COLUMNS = ("list", "code", "name", "full_name", "parent_code", "pinyin", "selectable", "ends_on")


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a code list."""

    list: str
    code: str
    name: str
    full_name: str
    parent_code: str
    pinyin: str
    selectable: bool
    ends_on: date | None


@dataclass
class Listing:
    """One code list in its order."""

    entries: dict[str, Entry] = field(default_factory=dict)

    @cached_property
    def open(self):
        """The entries that may be chosen today."""
        day = today()
        return [e for e in self.entries.values() if e.selectable and (e.ends_on is None or e.ends_on >= day)]

    @cached_property
    def choices(self):
        return [(entry.code, entry.name) for entry in self.open]

    @cached_property
    def open_codes(self):
        return {entry.code for entry in self.open}

    @cached_property
    def offered(self):
        """The entries worth showing in a cascade: those to choose, and whatever stands above one."""
        codes = {code for entry in self.open for code in self.path(entry.code)}
        return [entry for entry in self.entries.values() if entry.code in codes]

    @cached_property
    def below(self):
        """{code: [(code, name)]} of the cascade's next level, as far as it is offered."""
        found = {}
        for entry in self.offered:
            found.setdefault(entry.parent_code, []).append((entry.code, entry.name))
        return found

    def path(self, code):
        """The codes from the top of the list down to this one."""
        found = []
        while code in self.entries and code not in found:
            found.insert(0, code)
            code = self.entries[code].parent_code
        return found

    @cached_property
    def grouped(self):
        """Single choices first to last, groups under the name of their top entry; a top that can be chosen
        itself stands among the single choices and its group follows after them."""
        singles, groups = [], {}
        for entry in self.open:
            top = self.entries[self.path(entry.code)[0]]
            if top is entry:
                singles.append((entry.code, entry.name))
            else:
                groups.setdefault(top.code, (top.name, []))[1].append((entry.code, entry.name))
        after = [group for code, group in groups.items() if code in self.open_codes]
        inline = [group for code, group in groups.items() if code not in self.open_codes]
        return inline + singles + after


def table():
    """{list: Listing}, as read at most a minute ago."""
    kept = tables.get()
    if not any(listing.entries for listing in kept.values()):
        # Before the lists are loaded there is nothing worth keeping.
        tables.forget()
    return kept


def read_table():
    lists = {name: Listing() for name in CodeList.values}
    for row in CodeEntry.objects.order_by("list", "rank", "code").values_list(*COLUMNS):
        found = Entry(*row)
        lists[found.list].entries[found.code] = found
    return lists


tables = Kept(read_table, CodeEntry)
forget = tables.forget


def once_a_table(make):
    """Decorator: what is made of the code lists alone is made once for as long as the same table is kept."""
    made = {}

    @wraps(make)
    def kept(*args):
        current = table()
        if made.get("table") is not current:
            made.clear()
            made["table"] = current
        if args not in made:
            made[args] = make(*args)
        return made[args]

    return kept


def entry(list, code):
    """The row of one code, None for a code that never was."""
    return table()[list].entries.get(code)


def label(list, code):
    """The name of a code; an unknown one is shown as it is, an empty one as nothing."""
    found = table()[list].entries.get(code)
    return found.name if found else (code or "")


def choices(list):
    """[(code, name)] that may be chosen today."""
    return [*table()[list].choices]


def grouped_choices(list):
    """Choices for a select with groups: [(code, name) or (group, [(code, name)])]."""
    return [*table()[list].grouped]


def offered_choices(list):
    """What a select of this list offers: in groups where the list is long."""
    return grouped_choices(list) if list in GROUPED_LISTS else choices(list)


def children(list, parent=""):
    """[(code, name)] of the next level of a cascade, as far as there is something to choose below."""
    return [*table()[list].below.get(parent, ())]


def is_open(list, code):
    """Whether a code may be chosen today."""
    return code in table()[list].open_codes


def path(list, code):
    """The codes from the top of a list down to this one, itself last."""
    return table()[list].path(code)


# --- 行政区划


def division_name(code):
    """广东省广州市天河区."""
    found = entry(CodeList.DIVISION, code)
    return found.full_name if found else (code or "")


def division_parts(code):
    """(city, county) of a division: ("440100", "440106"); 东莞市, 中山市 and 省本级 have no county, ("441900", "")."""
    below = [part for part in path(CodeList.DIVISION, code) if part != PROVINCE]
    return (*below, "", "")[:2]


def scope_name(scope):
    """What staff of this scope are in charge of (44, 4401, 440106, 441900, 440000-B); "" when that is no division."""
    if len(scope) in (2, 4) and scope.isascii() and scope.isdecimal():
        found = entry(CodeList.DIVISION, scope.ljust(6, "0"))
        return found.full_name if found else ""
    return division_name(scope) if is_selectable_division(scope) else ""


def is_selectable_division(code):
    """Whether a person may live or work there as far as this platform goes: not a whole city, not 深圳市."""
    return is_open(CodeList.DIVISION, code)


def division_choices():
    """The cascade in one piece: [(city, name, [(county, name)])], 省本级 first."""
    return [
        (city, name, children(CodeList.DIVISION, city))
        for city, name in children(CodeList.DIVISION, PROVINCE)
    ]


def search_divisions(text, limit=SEARCH_HITS):
    """[(code, full name)] found by Chinese, pinyin, initials or code; several words narrow down (梅州 梅江, mz mj)."""
    words = normalise(text).lower().split()
    if not words:
        return []
    listing = table()[CodeList.DIVISION]
    hits = [entry for entry in listing.open if is_hit(listing, entry, words)]
    return [(entry.code, entry.full_name) for entry in hits[:limit]]


def is_hit(listing, entry, words):
    """Whether every word fits the division or what stands above it."""
    above = [listing.entries[code] for code in listing.path(entry.code) if code != PROVINCE]
    return all(any(fits(part, word) for part in above) for word in words)


def fits(entry, word):
    return (
        word in entry.full_name
        or entry.code.lower().startswith(word)
        or any(spelling.startswith(word) for spelling in entry.pinyin.split())
    )

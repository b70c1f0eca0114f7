"""会计人员信息档案 on paper, and for others to check: today's, or as it stood on a past day."""

import base64
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import groupby

from django.urls import reverse
from django.utils.dateparse import parse_date

from accounting_platform.lib.clock import SHANGHAI, day_label, moment_label, today
from collection import archive, attachments
from collection.choices import AttachmentKind, AttachmentState, ProfileState
from collection.models import ArchiveVersion, Attachment, Profile
from collection.preload import preload
from collection.sections import SECTIONS
from registration.papers import Group, Sheet, Standing


@dataclass(frozen=True)
class Shown:
    """The archive as it stood at the end of a day: `version` is None for today, only today's has a portrait."""

    panels: list
    version: ArchiveVersion | None = None
    portrait: Attachment | None = None


def read_day(typed):
    """A day as the date control gives it, None for anything else."""
    try:
        return parse_date(typed.strip())
    except ValueError:
        return None


def archive_on(profile, day):
    """What the archive said at the end of a day, None before the first submission and for days to come."""
    if day == today():
        preload(profile)
        portrait = attachments.current(profile, AttachmentKind.PORTRAIT)
        return Shown(archive.panels(profile, full=True), portrait=portrait)
    version = archive.version_on(profile, day) if day < today() else None
    return version and Shown(archive.version_panels(version, full=True), version)


@dataclass(frozen=True)
class Block:
    """The answers under one heading of the printed archive, two to a line where both are short."""

    title: str
    lines: list


class ArchiveSheet(Sheet):
    kind, title = "archive", "会计人员信息档案"
    template, shared_template = "collection/archive_paper.html", "collection/_shared_archive.html"
    groups = (
        Group(archive.IDENTITY_KEY, "身份信息"),
        *(Group(section.key, section.title) for section in SECTIONS),
    )

    def __init__(self, profile, day, shown):
        self.profile, self.day, self.shown = profile, day, shown
        self.reference = day.isoformat()
        self.owner_name = profile.accountant.name
        self.label = f"{day_label(day)}的信息档案"

    @classmethod
    def find(cls, accountant, reference):
        day = read_day(reference) if reference else today()
        profile = Profile.objects.filter(accountant=accountant, state=ProfileState.SUBMITTED).first()
        if day is None or profile is None:
            return None
        profile.accountant = accountant
        shown = archive_on(profile, day)
        return shown and cls(profile, day, shown)

    @classmethod
    def page(cls, reference):
        address = reverse("collection:archive")
        return address if reference == today().isoformat() else f"{address}?on={reference}"

    def context(self):
        return {
            "profile": self.profile,
            "blocks": [Block(panel.title, lines_of(panel)) for panel in self.shown.panels],
            "portrait": picture(self.shown.portrait),
            "is_past": self.shown.version is not None,
        }

    def shared(self, chosen):
        return {
            "name": self.profile.accountant.name,
            "archive_number": self.profile.archive_number,
            "day": day_label(self.day),
            "panels": shareable(self.shown.panels, chosen),
        }

    @classmethod
    def standing(cls, share):
        """有效, or 内容已更新 once what was shared reads otherwise in the newest version."""
        latest = ArchiveVersion.objects.filter(profile__accountant=share.accountant).order_by("-id").first()
        if latest and latest.created_at > taken_at(share):
            if shareable(archive.version_panels(latest, full=True), share.groups) != share.content["panels"]:
                words = f"本人在此之后更新过档案，最近一次是 {moment_label(latest.created_at)}。以下是更新前的内容。"
                return Standing("wait", "内容已更新", words)
        return Standing("ok", "有效", "以下内容与平台上的信息档案一致。")


def taken_at(share):
    """The moment whose archive a share shows: when it was made, or the end of the past day that was chosen."""
    end = datetime.combine(date.fromisoformat(share.reference) + timedelta(days=1), time(), tzinfo=SHANGHAI)
    return min(share.created_at, end)


def shareable(panels, chosen):
    """These panels as others may see them: numbers and home behind stars, without what only says that a picture exists."""
    hidden, kinds = archive.mask(panels, full=False, staff=True), AttachmentKind.values
    return [
        asdict(
            replace(panel, rows=[replace(row, frozen=False) for row in panel.rows if row.field not in kinds])
        )
        for panel in hidden
        if panel.key in chosen
    ]


def picture(portrait):
    """The portrait as an address that holds the picture itself, "" where there is none to show."""
    if portrait is None or portrait.state != AttachmentState.READY:
        return ""
    try:
        return "data:image/jpeg;base64," + base64.b64encode(attachments.read(portrait)).decode()
    except FileNotFoundError:
        # Replaced since it was looked up: the paper is complete without it.
        return ""


# --- lines of the printed archive

# In Chinese characters; letters and digits take half the room.
SHORT_LABEL, SHORT_VALUE = 12, 13


def lines_of(panel):
    """The rows of a panel for printing: ("item", name) before the entries of a list, else one or two rows."""
    lines = []
    entries = [(item, list(rows)) for item, rows in groupby(panel.rows, key=lambda row: row.item)]
    for item, rows in entries:
        if item and len(entries) > 1:
            lines.append({"item": item})
        lines += in_pairs(rows)
    return lines


def in_pairs(rows):
    """Two short answers share a line, long ones stand alone."""
    lines, waiting = [], None
    for row in rows:
        if not is_short(row):
            lines += [{"rows": [waiting]}] if waiting else []
            lines.append({"rows": [row]})
            waiting = None
        elif waiting:
            lines.append({"rows": [waiting, row]})
            waiting = None
        else:
            waiting = row
    return lines + ([{"rows": [waiting]}] if waiting else [])


def is_short(row):
    return room(row.label) <= SHORT_LABEL and room(row.value) <= SHORT_VALUE


def room(words):
    return sum(0.5 if letter.isascii() else 1 for letter in words)

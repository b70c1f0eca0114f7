"""Somebody on the way through the platform with a browser, and what must hold on every page met."""

import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
PHONE_WIDTH = 600


@dataclass(frozen=True)
class Person:
    """Somebody whom the platform does not know yet."""

    name: str
    document_number: str
    phone: str
    password: str = "Kapok9-Tower"


@dataclass
class Journey:
    """One browser page on its way through the platform; `shots` is a folder for pictures of it, or ""."""

    page: object
    stack: object
    shots: str = ""
    findings: list = field(default_factory=list)
    met: list = field(default_factory=list)

    def __post_init__(self):
        self.width = self.page.viewport_size["width"]
        self.page.context.on("request", self.note_request)

    def note_request(self, request):
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(request.url))
        if origin not in (self.stack.base_url, self.stack.school_url) and request.url[:5] not in (
            "data:",
            "blob:",
        ):
            self.findings.append(f"a request to {origin} from {self.page.url}")

    def arrive(self, name, heading):
        """Wait for a page by its heading and look at it once: width, axe, picture."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(re.compile(heading))
        self.look(name)

    def look(self, name):
        """What must hold for every page as it stands now."""
        self.met.append(name)
        self.page.wait_for_load_state()
        reached = self.page.evaluate("document.documentElement.scrollWidth")
        if reached > self.width:
            self.findings.append(f"{name}: {reached} px wide in a window of {self.width}")
        found = (
            Axe()
            .run(self.page, options={"runOnly": WCAG, "resultTypes": ["violations"]})
            .response["violations"]
        )
        for violation in found:
            places = [node["target"] for node in violation["nodes"]]
            self.findings.append(f"{name}: axe {violation['id']} at {places}")
        if self.shots:
            path = Path(self.shots) / f"{self.width}-{len(self.met):02}-{name}.png"
            self.page.screenshot(path=path, full_page=True)

    # --- what people do

    def press(self, name, scope=None):
        (scope or self.page).get_by_role("button", name=name, exact=True).click()

    def follow(self, name, scope=None):
        (scope or self.page).get_by_role("link", name=name, exact=True).click()

    def menu(self, name):
        """Follow an entry of the main menu, which a phone shows behind 菜单."""
        if self.width < PHONE_WIDTH:
            self.page.get_by_text("菜单", exact=True).click()
            self.follow(name, self.page.locator(".menu-list"))
        else:
            self.follow(name, self.page.get_by_role("navigation", name="主导航"))

    def answer(self, label, value, scope=None):
        """Fill in or choose by the label that people read."""
        control = (scope or self.page).get_by_label(re.compile(rf"^[*\s]*{re.escape(label)}(（选填）)?$"))
        if control.evaluate("control => control.tagName") == "SELECT":
            control.select_option(label=value)
        else:
            control.fill(value)

    def answers(self, scope=None, **values):
        for label, value in values.items():
            self.answer(label, value, scope)

    @contextmanager
    def staying(self):
        """What happens inside must not load the page anew."""
        self.page.evaluate("window.notLoadedAnew = true")
        yield
        assert self.page.evaluate("window.notLoadedAnew === true")

"""What axe finds on a page, and whether the page runs sideways."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Page

AXE = AXE_FILE_PATH.read_text(encoding="utf-8")
RUN = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
SHAPE = Path(__file__).with_name("axe_shape.js").read_text(encoding="utf-8")


@dataclass
class Axe:
    """Remembers which looks of text had contrast enough, and in which shapes of a page the other rules
    found nothing: each is measured once, see axe.js and axe_shape.js.
    """

    passed: set[str] = field(default_factory=set)
    shapes: set[str] = field(default_factory=set)

    def look_at(self, page: Page) -> tuple[int, list[str]]:
        """By how many pixels the page is wider than its window, and what axe finds on it, as sentences."""
        if not page.evaluate("typeof axe === 'object'"):
            page.evaluate(AXE)
        shapes = {hashlib.sha256(part.encode()).hexdigest() for part in page.evaluate(SHAPE)}
        found = page.evaluate(RUN, [list(self.passed), shapes <= self.shapes])
        self.passed.update(found["passed"])
        if not found["violations"]:
            self.shapes |= shapes
        return int(found["sideways"]), list(found["violations"])

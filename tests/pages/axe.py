"""Axe, and how wide a page is: what is wrong with a page for somebody who uses it, and which pages were looked at."""

from pathlib import Path
from urllib.parse import urlsplit

from kinds import route_of
from playwright.async_api import Page

AXE = Path(__file__).resolve().parents[2] / "build" / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS = (360, 768, 1280)
_HEIGHT = 900
_TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_UNSAID = """
[...document.querySelectorAll("main textarea:not([spellcheck=false])")].filter(box => {
  const hints = (box.getAttribute("aria-describedby") ?? "").split(" ").map(id => document.getElementById(id));
  const beside = [...hints, ...document.querySelectorAll("main p, main .govuk-inset-text")];
  return !beside.some(each => each && /\\bread(s|ers)?\\b|\\bpublic\\b/i.test(each.textContent));
}).map(box => `nobody says who reads ${box.name}`)
"""
"""Boxes for free words of which neither their own hint nor the page says who reads them."""
_VIOLATIONS = """
;axe.run({resultTypes: ["violations"]}).then(found => found.violations.map(
  each => `${each.id}: ${each.nodes.map(node => node.html.slice(0, 160)).join(" … ")}`))
"""
LOOKED_AT: set[str] = set()
"""The routes of the pages that axe has looked at in this process."""


SEEN: set[str] = set()
"""The kinds of pages that were looked at whole in this process: by axe, at every width, nothing wrong on them."""


async def violations(page: Page, *, counts: bool = True) -> list[str]:
    """What axe finds on the page as it is, and boxes of which nobody says who reads them.

    It does not count as looked at where it only says why it is not shown.
    """
    if counts:
        LOOKED_AT.add(route_of(urlsplit(page.url).path) or page.url)
    found: list[str] = await page.evaluate(AXE.read_text(encoding="utf-8") + _VIOLATIONS)
    unsaid: list[str] = await page.evaluate(_UNSAID)
    return found + unsaid


async def as_wide_as(page: Page, width: int) -> None:
    """Give the screen another width; laying a page out anew costs as much as opening it, so not for nothing."""
    if page.viewport_size != {"width": width, "height": _HEIGHT}:
        await page.set_viewport_size({"width": width, "height": _HEIGHT})


async def is_too_wide(page: Page) -> bool:
    """Whether something on the page is wider than the screen as it is."""
    return int(await page.evaluate(_TOO_WIDE)) > 0


def widths_from(page: Page) -> tuple[int, ...]:
    """All widths, beginning where the screen is: at the narrowest or at the widest."""
    now = page.viewport_size
    return WIDTHS if now and now["width"] == WIDTHS[0] else WIDTHS[::-1]

"""Axe, and how wide a page is: what is wrong with a page for somebody who uses it, and which pages were looked at."""

from pathlib import Path
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from kinds import route_of
from playwright.async_api import CDPSession, Page

AXE = Path(__file__).resolve().parents[2] / "build" / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS = (360, 768, 1280)
_HEIGHT = 900
_SCREENS: WeakKeyDictionary[Page, tuple[CDPSession, tuple[int, int]]] = WeakKeyDictionary()
"""What the screen of each page is told through, and how wide and high it is now."""
_TOO_WIDE = "[document.documentElement.scrollWidth - document.documentElement.clientWidth, innerWidth]"
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


async def sized(page: Page, width: int, height: int) -> None:
    """Give the screen of a page opened without one (`no_viewport`) this size.

    Playwright gives the window of the browser another size too, where nobody is to see it: four times the work.
    """
    told, now = _SCREENS[page] if page in _SCREENS else (await page.context.new_cdp_session(page), (0, 0))
    if now != (width, height):
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        await told.send("Emulation.setDeviceMetricsOverride", size)
        _SCREENS[page] = told, (width, height)


async def as_wide_as(page: Page, width: int) -> None:
    """Give the screen another width; laying a page out anew costs as much as opening it, so not for nothing."""
    await sized(page, width, _HEIGHT)


def width_of(page: Page) -> int:
    """How wide the screen is now."""
    return _SCREENS[page][1][0]


async def is_too_wide(page: Page) -> bool:
    """Whether something on the page is wider than the screen as it is."""
    over, width = await page.evaluate(_TOO_WIDE)
    assert width == width_of(page), f"the screen is {width} wide"
    return int(over) > 0


def widths_from(page: Page) -> tuple[int, ...]:
    """All widths, beginning where the screen is: at the narrowest or at the widest."""
    return WIDTHS if width_of(page) == WIDTHS[0] else WIDTHS[::-1]

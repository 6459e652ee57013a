"""Axe, and how wide a page is: what is wrong with a page for somebody who uses it, and which pages were looked at."""

from pathlib import Path
from urllib.parse import urlsplit

from kinds import route_of
from playwright.async_api import Page

AXE = Path(__file__).resolve().parents[2] / "build" / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS = (360, 768, 1280)
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_VIOLATIONS = """
;axe.run({resultTypes: ["violations"]}).then(found => found.violations.map(
  each => `${each.id}: ${each.nodes.map(node => node.html.slice(0, 160)).join(" … ")}`))
"""
LOOKED_AT: set[str] = set()
"""The routes of the pages that axe has looked at in this process."""


async def violations(page: Page) -> list[str]:
    """What axe finds on the page as it is."""
    LOOKED_AT.add(route_of(urlsplit(page.url).path) or page.url)
    found: list[str] = await page.evaluate(AXE.read_text(encoding="utf-8") + _VIOLATIONS)
    return found

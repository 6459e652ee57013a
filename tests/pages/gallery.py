"""Pages that tests read without a browser, looked at in one: those in the midst of a journey, and forms gone wrong."""

import json
from dataclasses import dataclass, field

import httpx
from axe import TOO_WIDE, WIDTHS, violations
from kinds import NO_PAGES, kind_of, route_of
from playwright.async_api import BrowserContext, Page, Route
from unlinked import IN_A_JOURNEY, NOT_LOOKED_AT

_TROUBLE = "govuk-error-summary"
_STILL = "window.EventSource = class { addEventListener() {} close() {} }"
"""A page of work that goes on loads itself anew when that is done: here it stands still to be looked at."""


@dataclass
class Gallery:
    """One page of each kind to which no link leads, and one of each form that says what is wrong with the answers."""

    waiting: list[httpx.Response] = field(default_factory=list)
    kept: set[tuple[str, bool]] = field(default_factory=set)

    def keep(self, page: httpx.Response) -> None:
        """Keep a page to be looked at, if its like was not kept before."""
        if not page.headers.get("content-type", "").startswith("text/html") or page.is_redirect:
            return
        route, trouble = route_of(page.url.path), _TROUBLE in page.text
        if route is None or NO_PAGES.search(route) or not (trouble or route in IN_A_JOURNEY or route in NOT_LOOKED_AT):
            return
        kind = (kind_of(page.url.path), trouble)
        if kind not in self.kept and (trouble or page.status_code == 200):
            self.kept.add(kind)
            self.waiting.append(page)

    async def look(self, context: BrowserContext) -> None:
        """Open what waits, each as it was answered: nothing is wider than the screen, and axe finds nothing."""
        while self.waiting:
            kept = self.waiting.pop(0)
            page = await context.new_page()
            await page.add_init_script(_STILL)
            await _show(page, kept)
            what = f"{kept.request.method} {kind_of(kept.url.path)}, status {kept.status_code}"
            for width in WIDTHS:
                await page.set_viewport_size({"width": width, "height": 900})
                assert await page.evaluate(TOO_WIDE) <= 0, f"{what} is wider than {width}"
                if width == WIDTHS[0]:
                    found = await violations(page)
                    assert not found, f"{what}: {json.dumps(found, indent=1)}"
            await page.close()


async def _show(page: Page, kept: httpx.Response) -> None:
    """The page itself is what was answered; its style and script come from where they always do."""
    address = str(kept.url)
    said = {name: value for name, value in kept.headers.items() if name in {"content-type", "content-security-policy"}}

    async def answer(route: Route) -> None:
        await route.fulfill(body=kept.text, headers=said)

    await page.route(address, answer)
    await page.goto(address, wait_until="domcontentloaded")

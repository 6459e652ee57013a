"""Pages that tests read without a browser, looked at in one: those in the midst of a journey, and forms gone wrong."""

import json
from dataclasses import dataclass, field

import httpx
from axe import SEEN, WIDTHS, as_wide_as, is_too_wide, violations, widths_from
from kinds import NO_PAGES, kind_of, route_of
from playwright.async_api import Page
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from unlinked import IN_A_JOURNEY

_TROUBLE = "govuk-error-summary"
_SAID = ("content-type", "content-security-policy")
"""What an answer says of itself that makes a difference to whoever looks."""


@dataclass
class Gallery:
    """One page of each kind to which no link leads, each form that says what is wrong, and each sort of refusal."""

    waiting: list[httpx.Response] = field(default_factory=list)
    kept: set[tuple[str, bool]] = field(default_factory=set)
    hung: dict[str, httpx.Response] = field(default_factory=dict)
    """What the next browser that opens an address is answered."""

    def keep(self, page: httpx.Response) -> None:
        """Keep a page to be looked at, if its like was not kept before."""
        if not page.headers.get("content-type", "").startswith("text/html") or page.is_redirect:
            return
        route, trouble = route_of(page.url.path), _TROUBLE in page.text
        kind = (kind_of(page.url.path), trouble)
        if refused(page):
            kind = (f"status {page.status_code}", False)
        elif route is None or NO_PAGES.search(route) or not (trouble or route in IN_A_JOURNEY):
            return
        if kind not in self.kept:
            self.kept.add(kind)
            self.waiting.append(page)

    async def look(self, screen: Page) -> None:
        """Look at what waits: nothing is wider than the screen, and axe finds nothing."""
        while self.waiting:
            kept = self.waiting.pop(0)
            wrong = await self.seen(screen, kept)
            what = f"{kept.request.method} {kind_of(kept.url.path)}, status {kept.status_code}"
            assert not wrong, f"{what}: {json.dumps(wrong, indent=1)}"

    async def seen(self, screen: Page, kept: httpx.Response) -> list[str]:
        """What is wrong with a page as it was answered, at any width; axe looks where it is narrowest."""
        target = kept.url.raw_path.decode()
        self.hung[target] = kept
        await screen.goto(str(kept.url.copy_with(fragment=None)), wait_until="domcontentloaded")
        assert target not in self.hung, f"{target} was opened, and not as it was answered before"
        wrong = []
        for width in widths_from(screen):
            await as_wide_as(screen, width)
            wrong += [f"wider than {width}"] if await is_too_wide(screen) else []
            wrong += await violations(screen, counts=not refused(kept)) if width == WIDTHS[0] else []
        if not wrong and kept.is_success:
            SEEN.add(kind_of(kept.url.path))
        return wrong

    def beside(self, app: ASGIApp) -> ASGIApp:
        """The pages, but that a page that hangs here is answered once more as it was; style and script are theirs."""

        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            kept = self.hung.pop(_target(scope), None) if scope["type"] == "http" else None
            if kept is None:
                await app(scope, receive, send)
                return
            said = {name: each for name in _SAID if (each := kept.headers.get(name))}
            await Response(kept.content, headers=said)(scope, receive, send)

        return answer


def refused(page: httpx.Response) -> bool:
    """Whether a page says why something is not shown or not done, in place of it."""
    return page.status_code >= 400 and _TROUBLE not in page.text


def _target(scope: Scope) -> str:
    path, query = scope["raw_path"].decode(), scope["query_string"].decode()
    return f"{path}?{query}" if query else path

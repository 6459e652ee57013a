"""Every main page is light, well written and asks nobody else: weight, markup, headers, and targets to tap."""

import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

import httpx
from axe import AXE
from browsing import page_of
from pages_support import Site, Visitor
from playwright.async_api import Browser

from connective.local.main_pages import MAIN_PAGES, MainPage, address_of

MOST_BYTES = 150_000
"""Of a first load without pictures, as it is transferred (performance targets)."""
_NAMED_BY_ITSELF = {"hidden", "submit", "button"}
_SMALL_TARGETS = """
axe.run({runOnly: ["target-size"], rules: {"target-size": {enabled: true}}}).then(found => found.violations.map(
  each => each.nodes.map(node => node.html.slice(0, 120)).join(" … ")))
"""


class Markup(HTMLParser):
    """What a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.unnamed: list[str] = []
        self.title = ""
        self._open: tuple[str, str] | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        have = {name: value or "" for name, value in attrs}
        self.tags.append((tag, have))
        if (tag in {"a", "button", "title"} and "href" in have) or tag in {"button", "title"}:
            self._open = (tag, have.get("aria-label", ""))

    def handle_data(self, data: str) -> None:
        if self._open is not None:
            self._open = (self._open[0], self._open[1] + data.strip())

    def handle_endtag(self, tag: str) -> None:
        if self._open is not None and self._open[0] == tag:
            if tag == "title":
                self.title = self._open[1]
            elif not self._open[1]:
                self.unnamed.append(tag)
            self._open = None

    def of(self, tag: str) -> list[dict[str, str]]:
        return [have for found, have in self.tags if found == tag]

    def loaded(self) -> list[str]:
        """The addresses of what is loaded with the page."""
        links = [have["href"] for have in self.of("link") if have.get("rel") in {"stylesheet", "icon", "modulepreload"}]
        return links + [
            have["src"] for tag, have in self.tags if tag in {"script", "img", "iframe"} and have.get("src")
        ]


def faults(markup: Markup) -> list[str]:
    """What Lighthouse would find wrong with how a page is written."""
    labelled = {have.get("for") for have in markup.of("label")}
    fields = [have for tag in ("input", "select", "textarea") for have in markup.of(tag)]
    found = {
        "no title": not markup.title,
        "no language": markup.of("html")[0].get("lang") != "en",
        "no viewport": not any(have.get("name") == "viewport" for have in markup.of("meta")),
        "not one h1": len(markup.of("h1")) != 1,
        "a field without a label": any(
            have.get("type") not in _NAMED_BY_ITSELF and have.get("id") not in labelled and "aria-label" not in have
            for have in fields
        ),
        "a link or button without a name": bool(markup.unnamed),
        "a picture without words": any("alt" not in have for have in markup.of("img")),
        "style or script in the markup": any(
            name == "style" or name.startswith("on") for _, have in markup.tags for name in have
        ),
        "something loaded from elsewhere": any(not each.startswith("/") for each in markup.loaded()),
    }
    return [each for each, wrong in found.items() if wrong]


async def visitor_for(site: Site, page: MainPage) -> Visitor:
    return site.nobody() if page.who is None else await site.visitor(page.who)


async def weight(visitor: Visitor, address: str, known: dict[str, int]) -> int:
    """The bytes of a static file as transferred, and of what it imports; it must be kept by browsers for good."""
    if address not in known:
        async with visitor.client.stream("GET", address, headers={"Accept-Encoding": "br"}) as answer:
            sent = b"".join([each async for each in answer.aiter_raw()])
            assert answer.status_code == 200, address
            assert "immutable" in answer.headers["cache-control"], address
        known[address] = len(sent)
        if address.endswith(".js"):
            text = (await visitor.client.get(address, headers={"Accept-Encoding": "identity"})).text
            for each in re.findall(r'from\s*"(\./[^"]+)"', text[:2_000]):
                known[address] += await weight(visitor, urljoin(address, each), known)
    return known[address]


async def test_every_main_page_is_light_and_well_written(site: Site) -> None:
    known: dict[str, int] = {}
    wrong: dict[str, Any] = {}
    for page in MAIN_PAGES:
        visitor = await visitor_for(site, page)
        address = await address_of(page, visitor.get) or page.path
        answer: httpx.Response = await visitor.get(address)
        markup = Markup(answer.text)
        bytes_sent = len(answer.content)
        for each in markup.loaded():
            bytes_sent += await weight(visitor, each, known) if each.startswith("/") else 0
        found = faults(markup)
        found += [f"status {answer.status_code}"] if answer.status_code != 200 else []
        found += ["kept by caches"] if answer.headers["cache-control"] != "no-store" else []
        found += [f"{bytes_sent} bytes"] if bytes_sent > MOST_BYTES else []
        if found:
            wrong[page.name] = found
        if page.who is None:
            await visitor.client.aclose()
    assert not wrong


async def test_every_main_page_can_be_tapped_and_asks_nobody_else(site: Site, browser: Browser) -> None:
    for who in dict.fromkeys(page.who for page in MAIN_PAGES):
        async with page_of(browser, site, who, viewport={"width": 360, "height": 800}) as shown:
            asked: list[str] = []
            shown.on("request", lambda request, asked=asked: asked.append(request.url))
            for page in (each for each in MAIN_PAGES if each.who == who):
                visitor = await visitor_for(site, page)
                await shown.goto(site.base + (await address_of(page, visitor.get) or page.path))
                await shown.evaluate(AXE.read_text(encoding="utf-8"))
                assert await shown.evaluate(_SMALL_TARGETS) == [], f"{page.name}: too small to tap"
                if page.who is None:
                    await visitor.client.aclose()
            assert {each for each in asked if not each.startswith((site.base, "data:"))} == set()

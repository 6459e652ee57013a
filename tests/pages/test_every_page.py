"""Every page of the pages' own routes, found by following links as each role: how it is written, and how it looks.

What an address is, the application's own routes say. Pages in the midst of a journey, to which only a form leads,
are looked at in the tests of that journey.
"""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urldefrag, urlsplit

import httpx
import pytest_asyncio
from axe import SEEN
from browsing import page_of
from everything import make_one_of_each
from giving_back import NOTHING_TYPED
from kinds import FORMS, NO_PAGES, PAGES, kind_of, route_of
from pages_support import Site, Visitor, words_of
from playwright.async_api import Browser
from test_lean import Markup, faults
from unlinked import BY_ADDRESS, IN_A_JOURNEY

ROLES = (
    "worker", "larder_admin", "manager", "officer", "lead", "admin", "larder_dpo", "council_signs", "council_dpo",
    "practice_lead", "coordinator", "early_helper",
)  # fmt: skip
"""Whoever comes first looks at what several may see: so those come first who may do the most about it."""
LEADS_ON = frozenset(
    {
        "/agreements/{agreement_id}/versions/{number}", "/cases/{case_id}", "/families/{family_id}",
        "/families/{family_id}/people/{person_id}", "/legal-entities/{entity_id}", "/memoranda/{memorandum_id}",
    }
)  # fmt: skip
"""Records from which each role is led to something else: each opens them."""


@dataclass
class Found:
    """Where each page was found, and by whom."""

    by: dict[str, tuple[str | None, str]] = field(default_factory=dict)
    """The route: who came to it, and its address."""
    pages: dict[str, httpx.Response] = field(default_factory=dict)
    faults: dict[str, list[str]] = field(default_factory=dict)


def links_of(page: httpx.Response) -> Iterator[str]:
    """The pages that a page leads to."""
    for each in re.findall(r'href="(/[^"]*)"', page.text):
        address = urldefrag(each.replace("&amp;", "&")).url
        if route_of(urlsplit(address).path) and not NO_PAGES.search(urlsplit(address).path):
            yield address


async def walk(site: Site, who: str | None, found: Found, names: set[str], by_address: list[str]) -> None:
    """Follow links to pages that nobody has come to yet. Pages that are there once are opened by each: they lead on."""
    visitor = site.nobody() if who is None else await site.visitor(who)
    start = await visitor.get("/" if who is None else "/home")
    waiting, seen = [*links_of(start), *by_address], set[str]()
    while waiting:
        address = waiting.pop(0)
        kind = kind_of(address)
        if kind in seen or (kind in found.by and "{" in kind and kind not in LEADS_ON):
            continue
        seen.add(kind)
        page = await visitor.get(address)
        if not page.headers["content-type"].startswith("text/html"):
            continue
        waiting += links_of(page)
        if kind not in found.by:
            found.by[kind], found.pages[kind] = (who, address), page
            if wrong := wrong_with(page, names):
                found.faults[f"{kind} as {who}: {address}"] = wrong


def wrong_with(page: httpx.Response, names: set[str]) -> list[str]:
    """What is wrong with a page as it is written."""
    markup = Markup(page.text)
    wrong = faults(markup)
    wrong += [f"status {page.status_code}"] if page.status_code not in {200, 403} else []
    wrong += [f"its title names {each}" for each in names if each in markup.title]
    wrong += ["its title is an id"] if re.search(r"[0-9a-f]{8}-|[A-Z]{3}-[0-9A-Z]{4}", markup.title) else []
    wrong += ["a code is shown"] if re.search(r"undefined|\{\{|problem\+json", words_of(page)) else []
    return wrong


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def every_page(site: Site) -> Found:
    """All pages that links lead to, with a family that was asked for in the worker's lists."""
    by_address = [*BY_ADDRESS, *await make_one_of_each(site)]
    listed = await (await site.visitor("worker")).get("/families")
    named = re.findall(r'href="/families/[0-9a-f-]{36}">([^<]+)<', listed.text)
    names = {word for each in named for word in each.split() if len(word) > 3 and word[0].isupper()}
    names -= {"Family", "Home"}
    found = Found()
    for who in (None, *ROLES):
        await walk(site, who, found, names, [address for key, address in by_address if key == who])
    return found


async def test_every_page_that_a_link_leads_to_is_well_written(every_page: Found) -> None:
    assert not every_page.faults
    assert len(every_page.by) > 100, sorted(every_page.by)


def test_every_page_is_come_to_by_a_link_or_in_a_journey_that_is_held_to_look_at_it(every_page: Found) -> None:
    opened = {route_of(urlsplit(address).path) for _, address in every_page.by.values()}
    pages = {route.path for route in PAGES if not NO_PAGES.search(route.path)}
    unseen = pages - opened - IN_A_JOURNEY.keys()
    assert not unseen, f"nobody looks at {unseen}: link to it, or name the module of its journey in unlinked.py"
    assert IN_A_JOURNEY.keys() <= pages, "each is a page"
    modules = {each.stem for each in Path(__file__).parent.glob("test_*.py")}
    assert set(IN_A_JOURNEY.values()) <= modules, "each journey is there, and so is held to it"


def test_every_form_that_a_link_leads_to_gives_back_what_was_typed(site: Site, every_page: Found) -> None:
    """What it loses fails the test that came to it; here none is forgotten."""
    opened = {route_of(urlsplit(address).path) for _, address in every_page.by.values()}
    assert not site.giving_back.not_looked_at(each for each in opened if each)
    assert NOTHING_TYPED <= FORMS


async def test_whoever_may_not_see_a_page_reads_why(site: Site, every_page: Found) -> None:
    """Another school's worker opens every page of others: a page in words, and nothing of what stands there."""
    neighbour: Visitor = await site.visitor("neighbour")
    wrong = []
    for kind, (who, address) in every_page.by.items():
        if who is None:
            continue
        page = await neighbour.get(address)
        if page.status_code not in {200, 403, 404} or "<h1" not in page.text or "govuk-template" not in page.text:
            wrong.append(f"{kind}: {page.status_code}")
        if page.status_code >= 400 and "Signed in as" not in words_of(page):
            wrong.append(f"{kind}: a bare page")
    assert not wrong


async def test_no_page_keeps_anybody_out_at_any_width(browser: Browser, site: Site, every_page: Found) -> None:
    """Axe, and nothing wider than the screen, on one page of each kind as it was answered; two people at once.

    Where tests are distributed this comes last, and looks at those that no journey looked at in the same way.
    """
    wrong: list[str] = []
    at_once = asyncio.Semaphore(2)

    async def look(who: str | None) -> None:
        async with at_once, page_of(browser, site, who, still=True) as screen:
            for kind, (_, address) in ((k, v) for k, v in every_page.by.items() if v[0] == who and k not in SEEN):
                found = await site.gallery.seen(screen, every_page.pages[kind])
                wrong.extend(f"{kind}, {address}: {each}" for each in found)

    await asyncio.gather(*map(look, (None, *ROLES)))
    assert not wrong, "\n".join(wrong)

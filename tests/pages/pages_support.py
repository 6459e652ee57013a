"""Browsers without script, and with: how tests visit the pages as people of the cast."""

import re
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from time import monotonic
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
from gallery import Gallery
from giving_back import GivingBack

from connective.frontend.app import Frontend
from connective.local.plain import NO_TLS
from connective.local.story.loading import World
from connective.local.story.signing_in import pass_through

_QUIET = httpx.Limits(keepalive_expiry=1)
_FRESH_SECONDS = 150.0
"""What weighs more wants a second factor of the last five minutes; a slow machine takes half of them for one test."""


@dataclass
class Visitor:
    """Somebody with a browser that runs no script."""

    base: str
    client: httpx.AsyncClient
    gallery: Gallery
    giving_back: GivingBack

    async def get(self, path: str, **headers: str) -> httpx.Response:
        """Open a page, and go on where it sends the browser, within the pages."""
        answer = await self.client.get(path, headers=headers)
        return await self.follow(answer)

    async def send(
        self, page: httpx.Response, fields: dict[str, Any] | None = None, *, action: str | None = None
    ) -> httpx.Response:
        """Fill in the page's own form and send it."""
        form = form_of(page.text, action)
        target = urljoin(str(page.url), form.action or str(page.url))
        answer = await self.client.post(target, data=form.fields | (fields or {}), headers={"Origin": self.base})
        return await self.follow(answer)

    async def follow(self, answer: httpx.Response) -> httpx.Response:
        """Go on to where an answer sends the browser, as long as that is one of the pages."""
        while answer.is_redirect:
            target = urljoin(str(answer.url), answer.headers["location"])
            if not target.startswith(self.base):
                return answer
            answer = await self.client.get(target)
        self.gallery.keep(answer)
        await self.giving_back.look(self.client, answer)
        return answer


@dataclass
class Site:
    """The pages, and who has signed in to them."""

    base: str
    gateway: str
    frontend: Frontend
    world: World
    gallery: Gallery
    giving_back: GivingBack
    visitors: dict[str, Visitor] = field(default_factory=dict)
    opened: list[Visitor] = field(default_factory=list)
    """Every browser: one that a failing test left open would be another test's warning."""
    signed_in: dict[str, float] = field(default_factory=dict)
    """When each of the cast signed in last, on a clock of seconds."""

    def nobody(self) -> Visitor:
        """A browser in which nobody has signed in."""
        visitor = Visitor(
            self.base,
            httpx.AsyncClient(base_url=self.base, timeout=60, limits=_QUIET, verify=NO_TLS),
            self.gallery,
            self.giving_back,
        )
        self.opened.append(visitor)
        return visitor

    async def visitor(self, key: str) -> Visitor:
        """Somebody of the cast, signed in through the pages; for all tests, as long as their second factor is fresh."""
        if key not in self.visitors or monotonic() - self.signed_in[key] > _FRESH_SECONDS:
            return await self.afresh(key)
        return self.visitors[key]

    async def afresh(self, key: str) -> Visitor:
        """The same with a second factor given just now, as what weighs more asks for; from now on, for all tests."""
        visitor = self.nobody()
        await self.sign_in(visitor, key)
        self.visitors[key], self.signed_in[key] = visitor, monotonic()
        return visitor

    async def sign_in(self, visitor: Visitor, key: str, path: str = "/sign-in?to=/home") -> httpx.Response:
        """Sign somebody in, from the pages to the gateway's own and back."""
        asked = await visitor.client.get(path)
        while asked.is_redirect and asked.headers["location"].startswith("/"):
            asked = await visitor.client.get(asked.headers["location"])
        memberships = self.world.cast.raw["accounts"][key]["memberships"]
        organisation = self.world.cast.organisations.get(next(iter(memberships)))
        async with httpx.AsyncClient(base_url=self.gateway, timeout=60, limits=_QUIET, verify=NO_TLS) as browser:
            back = await pass_through(
                browser,
                asked.headers["location"],
                self.world.cast.credentials(key),
                organisation,
                f"{self.base}/signed-in",
            )
        return await visitor.follow(await visitor.client.get(back))

    async def close(self) -> None:
        """Close every browser."""
        for visitor in self.opened:
            await visitor.client.aclose()


class _Forms(HTMLParser):
    """Every form of a page: where it goes, and the fields it would send as it stands."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, Any]]] = []
        self._select = ""
        self._textarea: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        have = dict(attrs)
        if tag == "form":
            self.forms.append((have.get("action") or "", {}))
        elif tag == "select":
            self._select = have.get("name") or ""
        elif tag == "option" and self._select and ("selected" in have or self._select not in self.forms[-1][1]):
            self.forms[-1][1][self._select] = have.get("value") or ""
        elif tag == "textarea":
            self._textarea = [have.get("name") or ""]
        elif tag == "input" and self.forms and have.get("name"):
            if have.get("type") in {"radio", "checkbox"} and "checked" not in have:
                return
            self._add(str(have["name"]), unescape(have.get("value") or ""))

    def handle_data(self, data: str) -> None:
        if self._textarea is not None:
            self._textarea.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea" and self._textarea is not None:
            name, *typed = self._textarea
            self.forms[-1][1][name], self._textarea = "".join(typed).removeprefix("\n"), None

    def _add(self, name: str, value: str) -> None:
        """One value, or a list of them where several boxes with the same name are ticked."""
        fields = self.forms[-1][1]
        fields[name] = [*_listed(fields[name]), value] if name in fields else value


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@dataclass
class FoundForm:
    action: str
    fields: dict[str, Any]


def form_of(text: str, action: str | None = None) -> FoundForm:
    """The page's own form: the last, or the one with this address; signing out stands on every page and is none."""
    parser = _Forms()
    parser.feed(text)
    found = [FoundForm(*each) for each in parser.forms if (each[0] == action if action else each[0] != "/sign-out")]
    assert found, "no form on the page"
    return found[-1]


def words_of(page: httpx.Response) -> str:
    """What a page says, without its tags."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", page.text, flags=re.DOTALL)))


def path_of(page: httpx.Response) -> str:
    """Where a page is."""
    return urlsplit(str(page.url)).path


async def through(visitor: Visitor, page: httpx.Response, fields: dict[str, Any]) -> httpx.Response:
    """Fill in a form of several pages: to where all answers are looked through, or to the page that takes them not."""
    while True:
        page = await visitor.send(page, fields)
        if page.status_code != 200 or path_of(page).endswith("/check"):
            return page

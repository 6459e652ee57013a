"""Each form, as a test comes to it without a browser: what was typed when its session ended is all there afterwards.

That a form which is sent too late is kept whole, and leads back to its own address, is known of every form
(`frontend/tests/unit/test_ended_sessions.py`). So here a draft is laid where it would be, and the page asked for again.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
from kinds import FORMS, route_of

from connective.frontend.app import Frontend
from connective.frontend.domain.fields import SECRETS
from connective.frontend.pages.browser import SESSION, TOKEN_FIELD, cookie_name
from connective.frontend.pages.routing import KEPT

NOTHING_TYPED = frozenset(
    {
        "/account", "/admin/accounts/invitations/{invitation_id}", "/admin/accounts/{account_id}",
        "/admin/accounts/{account_id}/end/{organisation_id}", "/admin/forms/{kind}",
        "/admin/forms/{kind}/versions/{number}", "/admin/forms/{kind}/versions/{number}/questions/{name}/remove",
        "/admin/proposals/{proposal_id}", "/admin/providers/{provider_id}", "/admin/sources/changes/{change_id}",
        "/admin/sources/{source_id}", "/agreements/{agreement_id}/versions/{number}/draft",
        "/audit/copies/{copy_id}/release", "/audit/ledger/verify", "/families/new", "/families/new/{draft_id}/check",
        "/families/new/{draft_id}/people", "/families/{family_id}/people/{person_id}/one-off/check",
        "/families/{family_id}/people/{person_id}/override/check",
        "/families/{family_id}/people/{person_id}/restrictions", "/organisation/members/invitations/{invitation_id}",
        "/organisation/members/{account_id}", "/organisation/members/{account_id}/end/{organisation_id}",
        "/organisation/proposals/{proposal_id}", "/organisation/secure-link", "/organisation/services/new/check",
        "/organisation/services/{service_id}", "/organisation/systems/{client_id}/revoke",
        "/organisation/webhooks/{webhook_id}", "/organisation/webhooks/{webhook_id}/deliveries/{delivery_id}",
        "/organisation/webhooks/{webhook_id}/remove", "/refer/{family_id}/check",
        "/refer/{family_id}/sent/{referral_id}", "/requests/{request_id}/files/{file_id}/remove",
        "/services/{service_id}",
    }
)  # fmt: skip
"""Pages with buttons, beside which nothing is typed: whoever comes back to one is told that nothing was done."""
Typed = dict[str, list[str]]
_FORM, _ACTION = re.compile(r"<form\b[^>]*>"), re.compile(r'action="([^"]+)"')
_SAID = "We kept what you had typed"
_WRITTEN = {"text", "email", "tel", "url", "search", "number"}


class _Questions(HTMLParser):
    """Every form of a page that posts: what it asks, with each value that can be chosen, and what is filled in."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: list[_Question] = []
        self._open = False
        self._named = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        have = {name: value or "" for name, value in attrs}
        name, value, kind = have.get("name", ""), have.get("value", ""), have.get("type", "text")
        if tag == "form":
            self._open = have.get("method") == "post"
            if self._open:
                self.forms.append(_Question(have.get("action", "")))
        elif not self._open:
            return
        elif tag in {"select", "textarea"}:
            self._named = name
            if tag == "textarea":
                self.forms[-1].written.add(name)
                self.forms[-1].filled[name] = [""]
        elif tag == "option":
            self.forms[-1].offers(self._named, value, filled="selected" in have)
        elif tag == "input" and kind in {"radio", "checkbox"}:
            self.forms[-1].offers(name, value, filled="checked" in have, several=kind == "checkbox")
        elif tag == "input" and kind in _WRITTEN:
            self.forms[-1].written.add(name)
            self.forms[-1].filled.setdefault(name, []).append(value)
        elif tag == "input" and kind == "hidden" and name != TOKEN_FIELD:
            self.forms[-1].hidden.setdefault(name, []).append(value)

    def handle_data(self, data: str) -> None:
        if self._open and self._named in self.forms[-1].written:
            self.forms[-1].filled[self._named] = [data.removeprefix("\n")]

    def handle_endtag(self, tag: str) -> None:
        if tag in {"select", "textarea"}:
            self._named = ""
        elif tag == "form":
            self._open = False


@dataclass
class _Question:
    """One form."""

    action: str
    written: set[str] = field(default_factory=set)
    chosen: dict[str, list[str]] = field(default_factory=dict)
    several: set[str] = field(default_factory=set)
    hidden: Typed = field(default_factory=dict)
    filled: Typed = field(default_factory=dict)

    def offers(self, name: str, value: str, *, filled: bool, several: bool = False) -> None:
        self.chosen.setdefault(name, []).append(value)
        if several:
            self.several.add(name)
        if filled:
            self.filled.setdefault(name, []).append(value)

    def typed(self) -> Typed:
        """Something for each question: words, every box, and the last of what can be chosen."""
        words = {name: [f"Kept {number}"] for number, name in enumerate(sorted(self.written - SECRETS))}
        return words | {name: each if name in self.several else each[-1:] for name, each in self.chosen.items()}


@dataclass
class GivingBack:
    """Looks at the form of each route once."""

    frontend: Frontend
    routes: set[str] = field(default_factory=set)
    lost: list[str] = field(default_factory=list)
    """What was found since it was told last."""

    async def look(self, client: httpx.AsyncClient, page: httpx.Response) -> None:
        """Give each of a page's forms back, and compare."""
        if page.request.method != "GET" or not page.headers.get("content-type", "").startswith("text/html"):
            return
        known = {None, *self.routes, *NOTHING_TYPED}
        if not any(route_of(path) not in known for path in _sent_to(page)):
            return
        parts = self.frontend.parts
        secret = client.cookies.get(cookie_name(SESSION, secure=parts.keys.secure))
        visit = await parts.visits.find(secret, parts.clock())
        for form in _Questions(page.text).forms if visit is not None and visit.live else ():
            target = urljoin(str(page.url), form.action or str(page.url))
            path, typed = urlsplit(target).path, form.typed()
            route = route_of(path)
            if not typed or route is None or route in self.routes:
                continue
            self.routes.add(route)
            await parts.drafts.put(visit.session.person.id, path, form.hidden | typed, parts.clock())
            back = await client.get(f"{target}{'&' if '?' in target else '?'}{KEPT}=1")
            await parts.drafts.drop(visit.session.person.id, path)
            self.lost += [f"{route}: {each}" for each in lost_of(typed, back)]

    def not_looked_at(self, routes: Iterable[str]) -> set[str]:
        """Which of these pages ask something, and were not looked at."""
        return {each for each in routes if each in FORMS} - self.routes - NOTHING_TYPED


def _sent_to(page: httpx.Response) -> set[str]:
    """Where a page's forms are sent, found without reading the page: most were looked at before."""
    actions = [_ACTION.search(each) for each in _FORM.findall(page.text)]
    return {urlsplit(each[1]).path if each else page.url.path for each in actions}


def lost_of(typed: Typed, back: httpx.Response) -> list[str]:
    """What is not filled in on the page to which somebody comes back."""
    if back.status_code != 200:
        return [f"{back.status_code} {back.headers.get('location', '')}"]
    forms = [
        each
        for each in _Questions(back.text).forms
        if typed.keys() & (each.written | each.chosen.keys() | each.hidden.keys())
    ]
    # What was chosen may lead on to the next page of the form, which carries it with it.
    filled: dict[str, Any] = {name: values for each in forms for name, values in (each.hidden | each.filled).items()}
    lost = [
        f"{name} is {filled.get(name)}, not {each}"
        for name, each in typed.items()
        if [value for value in filled.get(name, []) if value] != [value for value in each if value]
    ]
    return lost + ([] if _SAID in back.text else ["it does not say so"])

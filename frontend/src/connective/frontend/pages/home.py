"""The home page, and what these pages say about themselves."""

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from fastapi import Response

from connective.frontend.clients.hub import Hub, Query, together
from connective.frontend.domain.answers import Part
from connective.frontend.domain.home import COORDINATING, MOST, HomeParts, home_of
from connective.frontend.domain.prohibited_uses import ACCEPTS
from connective.frontend.domain.proving_home import OFFICER
from connective.frontend.domain.sessions import Person
from connective.frontend.domain.tracking import INBOX, OPEN
from connective.frontend.pages.board import turns_at
from connective.frontend.pages.forms import every
from connective.frontend.pages.routing import BrowserDep, HubDep, PartsDep, onward, personal_routes, public_routes

routes = personal_routes()
_WITH_FAMILIES = ("families:family:read", "referrals:request:list")
_BEGINNINGS = (
    (OFFICER, "/audit"),
    ("gateway:place:write", "/admin"),
    ("partners:webhook:manage", "/organisation"),
)
about_routes = public_routes()


@about_routes.page("/about")
async def about(browser: BrowserDep, parts: PartsDep) -> Response:
    """What this is, what is done with information, and how accessible it is."""
    return parts.pages.show(browser, "about.html")


@routes.page("/home")
async def show_home(browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """What waits for whoever has signed in. Who works with no family begins where their own work is."""
    if not any(map(browser.person.may, _WITH_FAMILIES)):
        begins = next((href for permission, href in _BEGINNINGS if browser.person.may(permission)), None)
        if begins is not None:
            return onward(begins)
    found = await _ask(hub, browser.person)
    return parts.pages.show(browser, "home.html", view=home_of(browser.person, found, browser.now))


async def _ask(hub: Hub, person: Person) -> HomeParts:
    """Everything at once; each part may fail by itself."""
    sent: Query = {"direction": "sent", "state": [each for each in OPEN if each != "draft"]}
    received: Query = {"direction": "received", "state": INBOX[0].states}
    wanted: dict[str, tuple[str, Callable[[], Coroutine[Any, Any, Part]]]] = {
        "families": ("families:family:read", partial(hub.part, "/families", {"caseload": "mine", "limit": 20})),
        "requests": ("referrals:referral:read", partial(_open, hub, sent, "referrer")),
        "inbox": ("referrals:request:work", partial(_open, hub, received, "recipient")),
        "cases": ("families:family:read", partial(every, hub, "/cases", {"lead_practitioner_id": "me"}, MOST)),
        "to_tell": ("referrals:family:tell", partial(every, hub, "/requests/to-tell", most=MOST)),
        "differences": ("consent:ruling:decide", partial(every, hub, "/consents/differences", most=MOST)),
        "terms": (ACCEPTS, partial(every, hub, "/accounts/prohibited-uses")),
        "unread": ("referrals:request:list", partial(every, hub, "/requests/unread-messages", most=MOST)),
        "turns": (COORDINATING, partial(turns_at, hub, person)),
    }
    calls = {name: ask() for name, (permission, ask) in wanted.items() if person.may(permission)}
    answers: list[Part] = await together(*calls.values())
    return HomeParts(**dict(zip(calls, answers, strict=True)))


async def _open(hub: Hub, query: Query, turn: str) -> Part:
    """Open requests, the newest; beyond those, wherever there are more, each whose next step is one's own.

    What is late is seldom among the newest, so a list that is cut is never all that is looked at.
    """
    newest = await hub.part("/requests", {**query, "limit": 200})
    if newest.value is None or newest.value["next_cursor"] is None:
        return newest
    turns = await every(hub, "/requests", {**query, "turn": turn}, MOST)
    if turns.problem:
        return turns
    found = {each["id"]: each for each in (*newest.items, *turns.items)}
    return Part(
        {"items": list(found.values()), "next_cursor": turns.value["next_cursor"]},
        extra={"more": True},
    )

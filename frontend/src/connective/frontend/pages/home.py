"""The home page, and what these pages say about themselves."""

from fastapi import Response

from connective.frontend.clients.hub import Hub, Query, together
from connective.frontend.domain.answers import Part
from connective.frontend.domain.home import COORDINATING, HomeParts, home_of
from connective.frontend.domain.prohibited_uses import ACCEPTS
from connective.frontend.domain.proving_home import OFFICER
from connective.frontend.domain.sessions import Person
from connective.frontend.domain.tracking import INBOX, OPEN
from connective.frontend.pages.board import turns_at
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
    wanted: dict[str, tuple[str, str, Query]] = {
        "families": ("families:family:read", "/families", {"caseload": "mine", "limit": 20}),
        "requests": (
            "referrals:referral:read",
            "/requests",
            {"direction": "sent", "state": [each for each in OPEN if each != "draft"], "limit": 200},
        ),
        "inbox": (
            "referrals:request:work",
            "/requests",
            {"direction": "received", "state": INBOX[0].states, "limit": 200},
        ),
        "cases": ("families:family:read", "/cases", {"lead_practitioner_id": "me", "limit": 50}),
        "to_tell": ("referrals:family:tell", "/requests/to-tell", {"limit": 50}),
        "differences": ("consent:ruling:decide", "/consents/differences", {"limit": 50}),
        "terms": (ACCEPTS, "/accounts/prohibited-uses", {"limit": 200}),
        "unread": ("referrals:request:list", "/requests/unread-messages", {"limit": 50}),
    }
    asked = {name: (path, query) for name, (permission, path, query) in wanted.items() if person.may(permission)}
    calls = {name: hub.part(path, query) for name, (path, query) in asked.items()}
    if person.may(COORDINATING):
        calls["turns"] = turns_at(hub, person)
    answers: list[Part] = await together(*calls.values())
    return HomeParts(**dict(zip(calls, answers, strict=True)))

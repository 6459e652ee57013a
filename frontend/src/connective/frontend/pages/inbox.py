"""The inbox of whoever is asked: what is late first, then what is new; and today's list."""

from typing import Any

from fastapi import Response

from connective.frontend.clients.hub import together
from connective.frontend.domain.tracking import INBOX, choice_of, groups_of, rows_of
from connective.frontend.pages.requests import MOST, organisation_names
from connective.frontend.pages.routing import BrowserDep, HubDep, PartsDep, personal_routes

routes = personal_routes()
WHOSE = {"": "Everybody’s", "me": "Mine", "nobody": "Nobody’s yet"}


@routes.page("/inbox")
async def show_inbox(
    browser: BrowserDep,
    parts: PartsDep,
    hub: HubDep,
    *,
    show: str = "todo",
    whose: str = "",
    cursor: str | None = None,
) -> Response:
    """What was sent to one's organisation. Nothing about anybody stands here: opening a request is what shows it."""
    chosen = choice_of(INBOX, show)
    whose = whose if whose in WHOSE else ""
    asked: dict[str, Any] = {"direction": "received", "state": chosen.states, "limit": MOST, "cursor": cursor}
    found, names = await together(
        hub.part("/requests", asked | ({"assigned_to": whose} if whose else {})), organisation_names(hub)
    )
    return parts.pages.show(
        browser,
        "requests/inbox.html",
        found=found,
        groups=groups_of(rows_of(found.items, "recipient", names, browser.now)),
        chosen=chosen,
        choices=INBOX,
        whose=whose,
        people=WHOSE,
    )


@routes.page("/inbox/today")
async def show_today(browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """What is handed over today: reference, first name, what to pack; each line that is shown is recorded."""
    return parts.pages.show(browser, "requests/today.html", found=await hub.part("/requests/today"))

"""Requests: what one's organisation asked for and where it is, and one request for either side."""

from typing import Any
from uuid import UUID

from fastapi import Response

from connective.frontend.clients.hub import Hub, together
from connective.frontend.domain.answers import Part, Refused
from connective.frontend.domain.request_codes import reason
from connective.frontend.domain.request_page import Known, request_page
from connective.frontend.domain.request_steps import DONE
from connective.frontend.domain.tracking import TRACKED, choice_of, rows_of
from connective.frontend.domain.words import day, state
from connective.frontend.pages.routing import BrowserDep, HubDep, PartsDep, personal_routes

routes = personal_routes()
MOST = 200
"""The most that the API answers at once: an inbox is put in order by what is late, so it is asked for whole."""


@routes.page("/requests")
async def track(
    browser: BrowserDep,
    parts: PartsDep,
    hub: HubDep,
    *,
    show: str = "open",
    mine: bool = False,
    cursor: str | None = None,
) -> Response:
    """What was asked of whom, one line each: where it is, whose turn it is, since when, and what is late."""
    chosen = choice_of(TRACKED, show)
    asked: dict[str, Any] = {"direction": "sent", "state": chosen.states, "limit": MOST, "cursor": cursor}
    found, names = await together(
        hub.part("/requests", asked | ({"assigned_to": "me"} if mine else {})), organisation_names(hub)
    )
    rows = rows_of(found.items, "referrer", names, browser.now)
    return parts.pages.show(
        browser, "requests/list.html", found=found, rows=rows, chosen=chosen, choices=TRACKED, mine=mine
    )


@routes.page("/requests/{request_id}")
async def show_request(
    request_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep, *, done: str = ""
) -> Response:
    """One request, as far as whoever looks may see it; looking is recorded."""
    try:
        record, known = await read_whole(hub, request_id, str(browser.person.id))
    except Refused as problem:
        if problem.code != "sharing-not-permitted":
            raise
        return _closed(browser, parts, problem)
    view = request_page(record, known, browser.person, browser.now)
    return parts.pages.show(
        browser,
        "requests/request.html",
        view=view,
        known=known,
        done=DONE.get(done),
        well=done not in {"blocked", "changed"},
        files=known.files,
    )


def _closed(browser: BrowserDep, parts: PartsDep, problem: Refused) -> Response:
    """What is left to say of a request that may not be shown now: its reference, its dates, and why."""
    told = problem.document
    return parts.pages.show(
        browser,
        "requests/closed.html",
        status=403,
        reference=told.get("reference", ""),
        state=state(str(told.get("state", "on_hold")), "recipient"),
        sent=day(told.get("submitted_at")),
        reasons=[reason(each) for each in told.get("reasons") or ()],
    )


async def read_whole(hub: Hub, request_id: UUID, account_id: str) -> tuple[dict[str, Any], Known]:
    """A request and what stands beside it, in two rounds: its form and service are known once it was read.

    Raises Refused where the request itself may not be read.
    """
    path = f"/requests/{request_id}"
    record, history, thread, attempts, assignment, proposals, files, names = await together(
        hub.get(path),
        hub.part(f"{path}/history"),
        hub.part(f"{path}/messages", {"limit": MOST}),
        hub.part(f"{path}/contact-attempts"),
        hub.part(f"{path}/assignment"),
        hub.part(f"{path}/proposals"),
        hub.part(f"{path}/attachments"),
        organisation_names(hub),
    )
    form, family, service, services = await together(
        _form(hub, record),
        _family(hub, record),
        hub.part(f"/services/{record['status']['service_id']}"),
        _services(hub, proposals),
    )
    return record, Known(
        history=history,
        thread=thread,
        attempts=attempts,
        assignment=assignment,
        proposals=proposals,
        files=files,
        form=form,
        family=family,
        service=service,
        names=names | {account_id: "Yours"},
        services=services,
    )


async def organisation_names(hub: Hub) -> dict[str, str]:
    """What the place's organisations are called."""
    listed = await hub.part("/organisations", {"limit": MOST})
    return {each["id"]: each["name"] for each in listed.items}


async def _form(hub: Hub, record: dict[str, Any]) -> Part:
    """The very version on which a request was made: its words for the answers."""
    form = record.get("form")
    return await hub.part(f"/forms/{form['kind']}/versions/{form['version']}") if form else Part()


async def _family(hub: Hub, record: dict[str, Any]) -> Part:
    family_id = record.get("family_id")
    return await hub.part(f"/families/{family_id}") if family_id else Part()


async def _services(hub: Hub, proposals: Part) -> dict[str, str]:
    """What proposed services are called."""
    if not proposals.items:
        return {}
    listed = await hub.part("/services", {"limit": MOST})
    return {each["id"]: f"{each['name']}, {each['organisation_name']}" for each in listed.items}

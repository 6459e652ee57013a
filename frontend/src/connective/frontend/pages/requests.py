"""Requests: what one's organisation asked for and where it is, and one request for either side."""

from typing import Any
from uuid import UUID

from fastapi import Response

from connective.frontend.clients.hub import Hub, together
from connective.frontend.domain.answers import Part, Refused
from connective.frontend.domain.request_codes import reason
from connective.frontend.domain.request_page import Known, request_page
from connective.frontend.domain.request_steps import DONE
from connective.frontend.domain.tracking import TRACKED, choice_of, families_in, rows_of
from connective.frontend.domain.words import day, state
from connective.frontend.pages.forms import every, names_of, services_by_id
from connective.frontend.pages.routing import BrowserDep, HubDep, PartsDep, personal_routes

routes = personal_routes()
MOST = 200
"""The most that the API answers at once: an inbox is put in order by what is late, so it is asked for whole."""
_NAMED_AT_ONCE = 50
"""As many families as the API names in one answer."""


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
    (found, families), names = await together(
        _with_families(hub, asked | ({"assigned_to": "me"} if mine else {})), organisation_names(hub)
    )
    rows = rows_of(found.items, "referrer", names, browser.now, families)
    return parts.pages.show(
        browser, "requests/list.html", found=found, rows=rows, chosen=chosen, choices=TRACKED, mine=mine
    )


async def _with_families(hub: Hub, asked: dict[str, Any]) -> tuple[Part, dict[str, str]]:
    """Requests, and what the families are called for whom they were made: nobody tells references apart."""
    found = await hub.part("/requests", asked)
    wanted = families_in(found.items)
    parts = await together(
        *(
            hub.part("/families", {"family": wanted[at : at + _NAMED_AT_ONCE], "limit": _NAMED_AT_ONCE})
            for at in range(0, len(wanted), _NAMED_AT_ONCE)
        )
    )
    return found, {each["id"]: each["name"] or "" for part in parts for each in part.items}


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
    """A request and what stands beside it: its form and service are asked for as soon as it was read.

    Raises Refused where the request itself may not be read.
    """
    path = f"/requests/{request_id}"
    whole, history, thread, attempts, assignment, proposed, files, names = await together(
        _record(hub, path),
        hub.part(f"{path}/history"),
        hub.part(f"{path}/messages", {"limit": MOST}),
        hub.part(f"{path}/contact-attempts"),
        hub.part(f"{path}/assignment"),
        _proposals(hub, path),
        hub.part(f"{path}/attachments"),
        organisation_names(hub),
    )
    (record, form, family, service), (proposals, services) = whole, proposed
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


async def _record(hub: Hub, path: str) -> tuple[dict[str, Any], Part, Part, Part]:
    record = await hub.get(path)
    form, family, service = await together(
        _form(hub, record), _family(hub, record), hub.part(f"/services/{record['status']['service_id']}")
    )
    return record, form, family, service


async def _proposals(hub: Hub, path: str) -> tuple[Part, dict[str, str]]:
    proposals = await hub.part(f"{path}/proposals")
    return proposals, await _services(hub, proposals)


async def organisation_names(hub: Hub) -> dict[str, str]:
    """What the place's organisations are called."""
    listed = await every(hub, "/organisations")
    return names_of(listed)


async def _form(hub: Hub, record: dict[str, Any]) -> Part:
    """The very version on which a request was made: its words for the answers."""
    form = record.get("form")
    return await hub.part(f"/forms/{form['kind']}/versions/{form['version']}") if form else Part()


async def _family(hub: Hub, record: dict[str, Any]) -> Part:
    family_id = record.get("family_id")
    return await hub.part(f"/families/{family_id}") if family_id else Part()


async def _services(hub: Hub, proposals: Part) -> dict[str, str]:
    """What proposed services are called."""
    listed = await services_by_id(hub, (each["service_id"] for each in proposals.items))
    return {each["id"]: f"{each['name']}, {each['organisation_name']}" for each in listed.items}

"""Asking for help: who will see what, sending, and what became of each request."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from fastapi import Response

from connective.frontend.clients.hub import Hub, together
from connective.frontend.domain.answers import Part, Refused
from connective.frontend.domain.form_fields import Asked, answers_of
from connective.frontend.domain.referral_draft import Draft, path_of
from connective.frontend.domain.referring import (
    Chosen,
    ask_errors,
    asked_of_all,
    body_of,
    by_words,
    contact_errors,
    refused_fields,
)
from connective.frontend.domain.results import result_of
from connective.frontend.domain.sharing_preview import Preview, preview_of
from connective.frontend.pages.browser import Browser
from connective.frontend.pages.refer_draft import at, chosen_services, keep
from connective.frontend.pages.routing import BrowserDep, FormDep, HubDep, Parts, PartsDep, onward, personal_routes
from connective.kit.problems import NotFound

routes = personal_routes()


@dataclass(frozen=True, slots=True)
class Ready:
    """A referral that could be sent."""

    draft: Draft
    chosen: list[Chosen]
    shared: list[Asked]


async def _ready(parts: Parts, browser: Browser, hub: Hub, family_id: UUID) -> Ready | Response:
    """Everything that is to be sent, where it is whole; otherwise the way to what is missing."""
    draft = await at(parts, browser, family_id, "check")
    if isinstance(draft, Response):
        return draft
    chosen, shared = await chosen_services(hub, draft)
    if contact_errors(draft.shared, draft) or answers_of(shared, draft.shared)[1]:
        return onward(path_of(draft, "shared"))
    for each in chosen:
        if ask_errors(draft.asks[each.id], each, draft, browser.now):
            # A form that was filled in before another service was added, or on an earlier day, may lack something now.
            return onward(f"/refer/{family_id}/for/{each.id}")
    return Ready(draft, chosen, shared)


@routes.page("/refer/{family_id}/check")
async def show_check(family_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """Who will see what, before anything is sent."""
    ready = await _ready(parts, browser, hub, family_id)
    return ready if isinstance(ready, Response) else await _show(browser, parts, hub, ready, [])


async def _show(
    browser: Browser, parts: Parts, hub: Hub, ready: Ready, refused: Sequence[tuple[str, str, str]]
) -> Response:
    draft = ready.draft
    asked = asked_of_all(draft, ready.chosen, ready.shared, browser.now)
    weighed, receiving = await together(
        hub.part_of_search("/referrals/previews", asked),
        hub.part("/requests/already-receiving", {"family_id": draft.family_id, "service_id": list(draft.services)}),
    )
    if weighed.problem and weighed.problem.status == 422:
        refused = refused or _refused(weighed.problem, ready)
    errors = [(f"request-{service or 'all'}", f"{name}: {text}" if name else text) for service, name, text in refused]
    return parts.pages.show(
        browser,
        "refer/check.html",
        status=422 if refused else 200,
        draft=draft,
        weighed=weighed,
        receiving=receiving,
        previews=_previews(ready, asked["requests"], weighed, receiving, browser),
        chosen=ready.chosen,
        errors=errors,
    )


def _refused(problem: Refused, ready: Ready) -> Sequence[tuple[str, str, str]]:
    return refused_fields(problem.errors, ready.chosen) or [("", "", problem.detail)]


def _previews(
    ready: Ready, requests: Sequence[dict[str, Any]], weighed: Part, receiving: Part, browser: Browser
) -> list[Preview]:
    names = {each.id: each.name for each in ready.draft.people}
    told = {each["service_id"]: each["sentence"] for each in receiving.items if each["answer"] != "none_shown"}
    return [
        preview_of(
            item,
            chosen.service,
            request,
            names,
            already=told.get(chosen.id, ""),
            needed_by=by_words(ready.draft.asks[chosen.id], browser.now),
        )
        for chosen, request, item in zip(ready.chosen, requests, weighed.items, strict=False)
    ]


@routes.form("/refer/{family_id}/check")
async def send(family_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """Send it once, however often and from however many pages this is pressed: the draft has one key."""
    ready = await _ready(parts, browser, hub, family_id)
    if isinstance(ready, Response):
        return ready
    draft = ready.draft
    body = body_of(draft, ready.chosen, ready.shared, browser.now)
    try:
        made = (await hub.post("/referrals", body, key=draft.key)).body
    except Refused as problem:
        if problem.status != 422:
            raise
        return await _show(browser, parts, hub, ready, _refused(problem, ready))
    await keep(parts, browser, replace(draft, sent=made["id"]))
    return onward(f"/refer/{family_id}/sent/{made['id']}")


@routes.page("/refer/{family_id}/sent/{referral_id}")
async def show_sent(family_id: UUID, referral_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """What became of each request: sent, or blocked with the way to clear it."""
    referral = await hub.get(f"/referrals/{referral_id}")
    services = await together(*(hub.part(f"/services/{each['service_id']}") for each in referral["requests"]))
    named: dict[str, Any] = {each.value["id"]: each.value for each in services if each.value}
    return parts.pages.show(browser, "refer/sent.html", view=result_of(referral, named), family_id=family_id)


@routes.form("/refer/{family_id}/sent/{referral_id}")
async def send_again(family_id: UUID, referral_id: UUID, hub: HubDep, form: FormDep) -> Response:
    """Ask again for one that was blocked: what was missing may be there now."""
    try:
        request_id = UUID(form.one("request"))
    except ValueError as error:
        raise NotFound from error
    await hub.post(f"/requests/{request_id}/submit", {}, key=form.key, version=form.one("version"))
    return onward(f"/refer/{family_id}/sent/{referral_id}#request-{request_id}")

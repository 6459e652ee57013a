"""Asking for help: whom it is for, the safeguarding question, and which needs."""

from dataclasses import replace
from uuid import UUID

from fastapi import Response

from connective.frontend.domain.fields import Errors, one
from connective.frontend.domain.referral_draft import MOST_SERVICES, Draft, Raw, first_open, path_of
from connective.frontend.domain.referring import (
    REPORTED,
    SEVERITIES,
    need_groups,
    needs_of,
    new_need,
    offered,
    safeguarding_check,
)
from connective.frontend.pages.refer_draft import at, found, keep, start, typed
from connective.frontend.pages.routing import BrowserDep, FormDep, HubDep, PartsDep, onward, personal_routes

routes = personal_routes()


@routes.page("/refer")
async def choose_family(
    browser: BrowserDep, parts: PartsDep, hub: HubDep, *, family: UUID | None = None, service: UUID | None = None
) -> Response:
    """Begin: for a family that is named, or for one of those that this worker knows."""
    wanted = f"?service={service}" if service else ""
    if family is not None:
        return onward(f"/refer/{family}{wanted}")
    mine = await hub.part("/families", {"caseload": "mine", "limit": 50})
    return parts.pages.show(browser, "refer/family.html", families=mine, wanted=wanted)


@routes.page("/refer/{family_id}")
async def ask_safety(
    family_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep, *, service: UUID | None = None
) -> Response:
    """The first page: the safeguarding words and the question, and what was begun before."""
    draft = await found(parts, browser, family_id)
    if draft is None or draft.sent is not None:
        draft = await start(hub, family_id)
        if service is not None:
            draft = replace(draft, services=(str(service),))
        await keep(parts, browser, draft)
    elif service is not None and str(service) not in draft.services and len(draft.services) < MOST_SERVICES:
        draft = replace(draft, services=(*draft.services, str(service)))
        await keep(parts, browser, draft)
    return _show_safety(browser, parts, draft, typed(browser, draft.check))


def _show_safety(
    browser: BrowserDep, parts: PartsDep, draft: Draft, raw: Raw, errors: Errors | None = None
) -> Response:
    return parts.pages.show(
        browser,
        "refer/safety.html",
        status=422 if errors else 200,
        draft=draft,
        raw=raw,
        reported=REPORTED,
        errors=errors or [],
        kept=browser.kept is not None,
        carry_on=path_of(draft, first_open(draft)) if draft.started else None,
    )


@routes.form("/refer/{family_id}")
async def take_safety(family_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Keep the answer; whoever is reporting now keeps the draft, gets the numbers, and sends nothing."""
    draft = await found(parts, browser, family_id) or await start(hub, family_id)
    if form.one("act") == "again":
        await keep(parts, browser, await start(hub, family_id))
        return onward(f"/refer/{family_id}")
    _, errors = safeguarding_check(form.fields, browser.now)
    if errors:
        return _show_safety(browser, parts, draft, form.fields, errors)
    draft = replace(draft, check=form.fields)
    await keep(parts, browser, draft)
    return onward(f"/refer/{family_id}/report-first" if draft.reporting else f"/refer/{family_id}/needs")


@routes.page("/refer/{family_id}/report-first")
async def show_report_first(family_id: UUID, browser: BrowserDep, parts: PartsDep) -> Response:
    """The numbers, for whoever is reporting a concern now."""
    return parts.pages.show(browser, "refer/report_first.html", family_id=family_id)


@routes.page("/refer/{family_id}/needs")
async def choose_needs(
    family_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep, *, think: bool = False
) -> Response:
    """What is recorded already is offered; what is not is recorded from here."""
    draft = await at(parts, browser, family_id, "needs")
    if isinstance(draft, Response):
        return draft
    chosen = browser.kept.get("need", []) if browser.kept is not None else None
    return await _show_needs(browser, parts, hub, draft, chosen=chosen, think=think)


async def _show_needs(
    browser: BrowserDep,
    parts: PartsDep,
    hub: HubDep,
    draft: Draft,
    *,
    chosen: list[str] | None,
    errors: Errors | None = None,
    think: bool = False,
) -> Response:
    recorded = await hub.part(f"/families/{draft.family_id}/needs")
    return parts.pages.show(
        browser,
        "refer/needs.html",
        status=422 if errors else 200,
        draft=draft,
        recorded=recorded,
        offered=offered(recorded.items, draft, chosen),
        errors=errors or [],
        think=think,
        kept=browser.kept is not None,
    )


@routes.form("/refer/{family_id}/needs")
async def take_needs(family_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Keep which needs help is asked for."""
    draft = await at(parts, browser, family_id, "needs")
    if isinstance(draft, Response):
        return draft
    needs = needs_of(form.many("need"), draft)
    adding = form.one("act") == "add"
    if not needs and not adding:
        return await _show_needs(browser, parts, hub, draft, chosen=[], errors=[("need", "Choose at least one need")])
    await keep(parts, browser, replace(draft, needs=needs))
    return onward(f"/refer/{family_id}/{'needs/new' if adding else 'services'}")


@routes.page("/refer/{family_id}/needs/new")
async def ask_need(family_id: UUID, browser: BrowserDep, parts: PartsDep) -> Response:
    """A need that is not recorded yet."""
    draft = await at(parts, browser, family_id, "needs")
    if isinstance(draft, Response):
        return draft
    return _show_need(browser, parts, draft, typed(browser, {}), [])


def _show_need(browser: BrowserDep, parts: PartsDep, draft: Draft, raw: Raw, errors: Errors) -> Response:
    return parts.pages.show(
        browser,
        "refer/need.html",
        status=422 if errors else 200,
        draft=draft,
        raw=raw,
        one=one,
        errors=errors,
        groups=need_groups(),
        severities=SEVERITIES,
        kept=browser.kept is not None,
    )


@routes.form("/refer/{family_id}/needs/new")
async def record_need(family_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Record it in the family's record too, so that nobody types it twice, and ask for help with it."""
    draft = await at(parts, browser, family_id, "needs")
    if isinstance(draft, Response):
        return draft
    body, errors = new_need(form.fields, draft)
    if errors:
        return _show_need(browser, parts, draft, form.fields, errors)
    person_id = form.one("person")
    made = (await hub.post(f"/people/{person_id}/needs", body, key=form.key)).body
    added = needs_of([f"{person_id} {body['code']} {body['severity']}"], draft)
    await keep(parts, browser, replace(draft, needs=tuple(dict.fromkeys((*draft.needs, *added)))))
    return onward(f"/refer/{family_id}/needs{'?think=true' if made['asks_safeguarding_question'] else ''}")

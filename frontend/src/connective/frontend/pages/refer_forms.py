"""Asking for help: what is asked once for all services, and each service's own form."""

from dataclasses import replace
from uuid import UUID

from fastapi import Response

from connective.frontend.domain.fields import Errors, many, one
from connective.frontend.domain.form_fields import Asked, answers_of
from connective.frontend.domain.referral_draft import Draft, Raw, first_open, path_of
from connective.frontend.domain.referring import (
    BY_DAY,
    Chosen,
    ask_errors,
    contact_errors,
    contacts,
    text_categories,
    today_until,
    usual_contact,
    usual_subjects,
)
from connective.frontend.domain.words import LONDON
from connective.frontend.pages.refer_draft import at, chosen_services, keep, typed
from connective.frontend.pages.routing import BrowserDep, FormDep, HubDep, PartsDep, onward, personal_routes
from connective.kit.problems import NotFound

routes = personal_routes()


@routes.page("/refer/{family_id}/shared")
async def ask_shared(family_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """Whom the services speak to, and what several of them ask."""
    draft = await at(parts, browser, family_id, "shared")
    if isinstance(draft, Response):
        return draft
    chosen, shared = await chosen_services(hub, draft)
    raw = typed(browser, draft.shared or {"contact": [usual_contact(draft)]})
    return _show_shared(browser, parts, draft, (chosen, shared), raw=raw, errors=[])


def _show_shared(
    browser: BrowserDep,
    parts: PartsDep,
    draft: Draft,
    asked: tuple[list[Chosen], list[Asked]],
    *,
    raw: Raw,
    errors: Errors,
) -> Response:
    return parts.pages.show(
        browser,
        "refer/shared.html",
        status=422 if errors else 200,
        draft=draft,
        chosen=asked[0],
        fields=asked[1],
        contacts=contacts(draft),
        raw=raw,
        one=one,
        errors=errors,
        kept=browser.kept is not None,
    )


@routes.form("/refer/{family_id}/shared")
async def take_shared(family_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Keep it, and go on to the first form that is not filled in."""
    draft = await at(parts, browser, family_id, "shared")
    if isinstance(draft, Response):
        return draft
    chosen, shared = await chosen_services(hub, draft)
    errors = contact_errors(form.fields, draft) + answers_of(shared, form.fields)[1]
    if errors:
        return _show_shared(browser, parts, draft, (chosen, shared), raw=form.fields, errors=errors)
    draft = replace(draft, shared=form.fields)
    await keep(parts, browser, draft)
    return onward(path_of(draft, first_open(draft)))


@routes.page("/refer/{family_id}/for/{service_id}")
async def ask_service(
    family_id: UUID, service_id: UUID, *, browser: BrowserDep, parts: PartsDep, hub: HubDep
) -> Response:
    """One service's own form."""
    draft = await at(parts, browser, family_id, "for")
    if isinstance(draft, Response):
        return draft
    chosen = await _chosen(hub, draft, service_id)
    raw = typed(browser, draft.asks.get(chosen.id) or {"subjects": usual_subjects(draft, chosen)})
    return _show_service(browser, parts, draft, chosen, raw=raw, errors=[])


async def _chosen(hub: HubDep, draft: Draft, service_id: UUID) -> Chosen:
    """One of the chosen services, with the questions that only it asks. Raises NotFound for one that was not chosen."""
    found, _ = await chosen_services(hub, draft)
    for each in found:
        if each.id == str(service_id):
            return each
    raise NotFound


def _show_service(
    browser: BrowserDep, parts: PartsDep, draft: Draft, chosen: Chosen, *, raw: Raw, errors: Errors
) -> Response:
    wanted = today_until(browser.now).astimezone(LONDON)
    return parts.pages.show(
        browser,
        "refer/service.html",
        status=422 if errors else 200,
        draft=draft,
        chosen=chosen,
        number=draft.services.index(chosen.id) + 1,
        required=[each for each in chosen.fields if not each.optional],
        optional=[each for each in chosen.fields if each.optional],
        optional_open=any(_filled(each, raw) for each in chosen.fields if each.optional),
        text_categories=text_categories(chosen),
        by_day=BY_DAY,
        today=f"Today, by {'6pm' if wanted.hour == 18 else 'midnight'}",
        raw=raw,
        one=one,
        errors=errors,
        kept=browser.kept is not None,
    )


def _filled(asked: Asked, raw: Raw) -> bool:
    return any(many(raw, name) for name in asked.field.boxes)


@routes.form("/refer/{family_id}/for/{service_id}")
async def take_service(
    family_id: UUID, service_id: UUID, *, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep
) -> Response:
    """Keep it, and go on to the next form, or to the look at who will see what."""
    draft = await at(parts, browser, family_id, "for")
    if isinstance(draft, Response):
        return draft
    if form.one("act") == "leave_out":
        asks = {key: raw for key, raw in draft.asks.items() if key != str(service_id)}
        services = tuple(each for each in draft.services if each != str(service_id))
        draft = replace(draft, services=services, asks=asks)
        await keep(parts, browser, draft)
        return onward(path_of(draft, first_open(draft)))
    chosen = await _chosen(hub, draft, service_id)
    errors = ask_errors(form.fields, chosen, draft, browser.now)
    if errors:
        return _show_service(browser, parts, draft, chosen, raw=form.fields, errors=errors)
    draft = draft.with_ask(chosen.id, form.fields)
    await keep(parts, browser, draft)
    return onward(path_of(draft, first_open(draft)))

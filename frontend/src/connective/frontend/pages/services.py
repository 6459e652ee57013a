"""Services as a worker finds them: searching, one service, watching it, reporting it wrong, telling a family of it."""

from typing import Any
from uuid import UUID

from fastapi import Response

from connective.frontend.clients.hub import together
from connective.frontend.domain.answers import Part, Refused
from connective.frontend.domain.fields import Errors, many, one
from connective.frontend.domain.referral_draft import Draft, Raw, begin
from connective.frontend.domain.referring import need_groups, needs_of, offered
from connective.frontend.domain.service_choice import WISHES, choice_of
from connective.frontend.domain.service_page import REPORTING, TOLD, WRONG, service_page, watched_of
from connective.frontend.domain.service_search import AGE, LANGUAGE, POSTCODE, WORDS, as_draft, search_body
from connective.frontend.pages.forms import services_by_id
from connective.frontend.pages.routing import BrowserDep, FormDep, HubDep, PartsDep, done, onward, personal_routes
from connective.kit.problems import NotFound

routes = personal_routes()
_SEARCH = "services-search"
"""Under which name a search is kept: no address tells what was looked for, and Back shows it again."""


@routes.page("/services")
async def show_services(browser: BrowserDep, parts: PartsDep, hub: HubDep, *, again: bool = False) -> Response:
    """The search, what it found, and the listings that this worker watches."""
    if again:
        await parts.drafts.drop(browser.person.id, _SEARCH)
        return onward("/services")
    search = _found(hub, browser.kept) if browser.kept else _kept_search(browser, parts, hub)
    (raw, found, listed), watched = await together(search, _watched(browser, hub))
    return _show_search(browser, parts, (raw, found, listed), watched, errors=[])


Found = tuple[Raw, Part | None, Part | None]
"""What was looked for, what was found, and the listings of that."""


async def _kept_search(browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Found:
    return await _found(hub, await parts.drafts.get(browser.person.id, _SEARCH) or {})


async def _found(hub: HubDep, raw: Raw) -> Found:
    body, wrong = search_body(raw)
    if not raw or wrong:
        return raw, None, None
    found = await hub.part_of_search("/services/searches", body)
    return raw, found, await services_by_id(hub, (each["service_id"] for each in found.items))


async def _watched(browser: BrowserDep, hub: HubDep) -> Part | None:
    return await hub.part("/services/watched", {"limit": 50}) if browser.person.may(REPORTING) else None


def _show_search(
    browser: BrowserDep, parts: PartsDep, search: Found, watched: Part | None, *, errors: Errors
) -> Response:
    raw, found, listed = search
    listings = {each["id"]: each for each in listed.items} if listed else {}
    return parts.pages.show(
        browser,
        "services/search.html",
        status=422 if errors else 200,
        raw=raw,
        one=one,
        errors=errors,
        found=found,
        choice=choice_of(found.value, listings, as_draft(raw), (), browser.now) if found and found.value else None,
        watched=watched,
        watching=watched_of(watched.items) if watched else [],
        groups=need_groups(),
        words=WORDS,
        postcode=POSTCODE,
        more=(more := (*WISHES, AGE, LANGUAGE)),
        narrowed=any(many(raw, box) for each in more for box in each.boxes),
        kept=browser.kept is not None,
    )


@routes.form("/services")
async def search_services(browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Take what is looked for, and show what was found."""
    _, errors = search_body(form.fields)
    if errors:
        watched = await _watched(browser, hub)
        return _show_search(browser, parts, (form.fields, None, None), watched, errors=errors)
    await parts.drafts.put(browser.person.id, _SEARCH, form.fields, browser.now)
    return await done(parts, browser, "/services#found")


@routes.page("/services/{service_id}")
async def show_service(service_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """One service."""
    asked: list[Any] = [hub.get(f"/services/{service_id}")]
    if browser.person.may(REPORTING):
        asked.append(hub.part("/services/watched", {"limit": 200}))
    service, *watched = await together(*asked)
    watching = any(each["service_id"] == str(service_id) for part in watched for each in part.items)
    view = service_page(service, browser.person, browser.now)
    return parts.pages.show(browser, "services/service.html", view=view, watching=watching)


@routes.form("/services/{service_id}")
async def watch(service_id: UUID, hub: HubDep, form: FormDep) -> Response:
    """Watch it, or no longer."""
    path = f"/services/{service_id}/watch"
    if form.one("act") == "stop":
        await hub.delete(path)
    else:
        await hub.put(path)
    return onward(f"/services/{service_id}")


@routes.page("/services/{service_id}/report")
async def ask_report(
    service_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep, *, thanks: bool = False
) -> Response:
    """What is wrong with the listing."""
    service = await hub.get(f"/services/{service_id}")
    return _show_report(browser, parts, service, browser.kept or {}, [], thanks=thanks)


def _show_report(
    browser: BrowserDep, parts: PartsDep, service: dict[str, Any], raw: Raw, errors: Errors, *, thanks: bool = False
) -> Response:
    return parts.pages.show(
        browser,
        "services/report.html",
        status=422 if errors else 200,
        service=service,
        raw=raw,
        one=one,
        errors=errors,
        thanks=thanks,
        wrong=WRONG,
        kept=browser.kept is not None,
    )


@routes.form("/services/{service_id}/report")
async def report(service_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Tell whoever looks after the listing."""
    known = dict(WRONG)
    body = {"wrong": [each for each in form.many("wrong") if each in known], "words": form.one("words") or None}
    if not body["wrong"]:
        service = await hub.get(f"/services/{service_id}")
        return _show_report(browser, parts, service, form.fields, [("wrong", "Choose what is wrong")])
    await hub.post(f"/services/{service_id}/reports", body, key=form.key)
    return await done(parts, browser, f"/services/{service_id}/report?thanks=true")


@routes.page("/services/{service_id}/signpost")
async def ask_signpost(
    service_id: UUID,
    browser: BrowserDep,
    parts: PartsDep,
    hub: HubDep,
    *,
    family: UUID | None = None,
    given: bool = False,
) -> Response:
    """Which family was told of it, by whom and how; without a family, which one it is."""
    if family is None and browser.kept is not None:
        family = _family(browser.kept)
    if family is None:
        service, mine = await together(
            hub.get(f"/services/{service_id}"), hub.part("/families", {"caseload": "mine", "limit": 50})
        )
        return parts.pages.show(browser, "services/signpost_family.html", service=service, families=mine, given=given)
    return await _show_signpost(browser, parts, hub, (service_id, family), raw=browser.kept or {}, errors=[])


def _family(raw: Raw) -> UUID:
    try:
        return UUID(one(raw, "family"))
    except ValueError as error:
        raise NotFound from error


async def _show_signpost(
    browser: BrowserDep, parts: PartsDep, hub: HubDep, ids: tuple[UUID, UUID], *, raw: Raw, errors: Errors
) -> Response:
    service, record, recorded = await together(
        hub.get(f"/services/{ids[0]}"), hub.get(f"/families/{ids[1]}"), hub.part(f"/families/{ids[1]}/needs")
    )
    draft = begin("", record)
    fitting = [each for each in recorded.items if each["code"] in service["needs"]] or recorded.items
    return parts.pages.show(
        browser,
        "services/signpost.html",
        status=422 if errors else 200,
        service=service,
        draft=draft,
        offered=offered(fitting, draft, raw.get("need", []) if raw else None),
        recorded=recorded,
        told=TOLD,
        raw=raw,
        one=one,
        errors=errors,
        kept=browser.kept is not None,
    )


@routes.form("/services/{service_id}/signpost")
async def signpost(service_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Record that a family was told; nothing is shared with the service."""
    family = _family(form.fields)
    draft = begin("", await hub.get(f"/families/{family}"))
    body, errors = _signpost_body(form.fields, draft, service_id)
    if not errors:
        try:
            await hub.post("/signposts", body, key=form.key)
        except Refused as problem:
            if problem.status != 422:
                raise
            errors = [("need", problem.errors[0].detail if problem.errors else problem.detail)]
    if errors:
        return await _show_signpost(browser, parts, hub, (service_id, family), raw=form.fields, errors=errors)
    return await done(parts, browser, f"/services/{service_id}/signpost?given=true")


def _signpost_body(raw: Raw, draft: Draft, service_id: UUID) -> tuple[dict[str, Any], Errors]:
    needs = needs_of(raw.get("need", []), draft)
    errors: Errors = []
    if not needs:
        errors.append(("need", "Choose what it was about"))
    if one(raw, "told") not in dict(TOLD):
        errors.append(("told", "Choose how you told them"))
    return {
        "family_id": draft.family_id,
        "service_id": str(service_id),
        "needs": sorted({each.code for each in needs}),
        "subjects": sorted({each.person_id for each in needs}),
        "told": one(raw, "told"),
    }, errors

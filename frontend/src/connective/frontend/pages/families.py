"""Families: the list, finding one, and a family's own page."""

from typing import Any
from uuid import UUID

from fastapi import Response

from connective.frontend.clients.hub import Hub, together
from connective.frontend.domain.answers import Part, Refused
from connective.frontend.domain.families import (
    CHRONOLOGY_KINDS,
    FamilyParts,
    chronology,
    family_page,
    home_of,
    names_in,
)
from connective.frontend.domain.finding import PURPOSE, WHO, search_of
from connective.frontend.domain.picture import short_name
from connective.frontend.domain.signposted import signposts_sheet
from connective.frontend.domain.words import LONDON
from connective.frontend.pages.forms import every, names_of, show_sheet, uuid_or_none
from connective.frontend.pages.routing import BrowserDep, FormDep, HubDep, PartsDep, onward, personal_routes

routes = personal_routes()
_SEARCH = (*WHO, PURPOSE)
_MOST_REFERRALS = 10
"""How many referrals of a family its page opens: each reading is recorded."""
_MOST_PEOPLE = 50
"""Of so many the API tells at once what they agreed to."""


@routes.page("/families")
async def list_families(
    browser: BrowserDep, parts: PartsDep, hub: HubDep, *, mine: bool = False, cursor: str | None = None
) -> Response:
    """The families of one's organisation, or one's own."""
    query = {"caseload": "mine" if mine else "organisation", "limit": 50, "cursor": cursor}
    found = await hub.part("/families", query)
    return parts.pages.show(browser, "families/list.html", families=found, mine=mine)


@routes.page("/families/find")
async def ask_search(browser: BrowserDep, parts: PartsDep) -> Response:
    """Search first: somebody may be known already."""
    return parts.pages.show(
        browser,
        "families/find.html",
        fields=_SEARCH,
        typed=browser.kept or {},
        errors=[],
        kept=browser.kept is not None,
        hits=None,
    )


@routes.form("/families/find")
async def search(browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Look. The search is a form that posts, so that no name stands in an address or a history."""
    body, errors = search_of(_SEARCH, form.fields, browser.now.astimezone(LONDON).date())
    hits: list[dict[str, object]] | None = None
    if not errors:
        try:
            hits = (await hub.post("/people/searches", body)).body["items"]
        except Refused as problem:
            if problem.status != 422:
                raise
            errors = [("family_name", problem.errors[0].detail if problem.errors else problem.detail)]
    return parts.pages.show(
        browser,
        "families/find.html",
        status=422 if errors else 200,
        fields=_SEARCH,
        typed=form.fields,
        errors=errors,
        hits=hits,
    )


@routes.page("/families/of/{person_id}")
async def open_by_person(person_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """Go on from somebody who was found to their family; who has two homes is asked which."""
    person = await hub.get(f"/people/{person_id}")
    if len(person["family_ids"]) == 1:
        return onward(f"/families/{person['family_ids'][0]}")
    records = await together(*(hub.part(f"/families/{each}") for each in person["family_ids"]))
    homes = [
        (each, home_of(part.value, str(person_id))) for each, part in zip(person["family_ids"], records, strict=True)
    ]
    return parts.pages.show(browser, "families/which.html", name=short_name(person), homes=homes)


@routes.page("/families/{family_id}")
async def show_family(family_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """A family: who belongs to it, what they need, what they agreed to, and what went to whom."""
    path = f"/families/{family_id}"
    (record, said), needs, strengths, cases, organisations, referrals = await together(
        _record(hub, path),
        hub.part(f"{path}/needs"),
        hub.part(f"{path}/strengths"),
        hub.part("/cases", {"family_id": str(family_id), "limit": 20}),
        every(hub, "/organisations"),
        _referrals(hub, family_id),
    )
    found = FamilyParts(needs, strengths, said, referrals, names_of(organisations), cases)
    failed = [("needs", needs), ("strengths", strengths), ("cases", cases)]
    failed.append(("agreements", said))
    failed.append(("requests", next((each for each in referrals if each.problem), Part())))
    return parts.pages.show(
        browser, "families/family.html", view=family_page(record, found), failed={n: p for n, p in failed if p.problem}
    )


async def _record(hub: Hub, path: str) -> tuple[dict[str, Any], Part]:
    """The record, and as soon as its people are known what they agreed to."""
    record = await hub.get(path)
    people = [each["person"]["id"] for each in record["people"]][:_MOST_PEOPLE]
    return record, await hub.part("/consents", {"person_id": people, "limit": 200}) if people else Part()


@routes.page("/families/{family_id}/chronology")
async def show_chronology(
    family_id: UUID,
    browser: BrowserDep,
    parts: PartsDep,
    hub: HubDep,
    *,
    about: str = "",
    who: str = "",
    cursor: str | None = None,
) -> Response:
    """What happened in a family, the newest first."""
    about, person = about if about in CHRONOLOGY_KINDS else "", uuid_or_none(who)
    asked = {"limit": 50, "cursor": cursor, "kind": about or None, "person_id": str(person) if person else None}
    entries, record, organisations = await together(
        hub.part(f"/families/{family_id}/chronology", asked),
        hub.part(f"/families/{family_id}"),
        every(hub, "/organisations"),
    )
    return parts.pages.show(
        browser,
        "families/chronology.html",
        part=entries,
        happened=chronology(entries.items, names_of(organisations), names_in(record.value)),
        about=about,
        kinds=CHRONOLOGY_KINDS,
        who=str(person or ""),
        people=list(names_in(record.value).items()),
        family_id=family_id,
    )


@routes.page("/families/{family_id}/signposts")
async def show_signposts(
    family_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep, *, cursor: str | None = None
) -> Response:
    """Which services a family was told about."""
    listed = await hub.part("/signposts", {"family_id": str(family_id), "limit": 20, "cursor": cursor})
    ids = list(dict.fromkeys(each["service_id"] for each in listed.items))
    found: list[Part] = await together(*(hub.part(f"/services/{each}") for each in ids))
    names = {each: part.value["name"] for each, part in zip(ids, found, strict=True) if not part.problem}
    return show_sheet(parts, browser, signposts_sheet(listed, names, str(family_id)))


async def _referrals(hub: Hub, family_id: UUID) -> list[Part]:
    """The organisation's referrals of one family, the newest."""
    listed = await hub.part("/referrals", {"family_id": str(family_id), "limit": _MOST_REFERRALS})
    if listed.problem:
        return [listed]
    found: list[Part] = await together(*(hub.part(f"/referrals/{each['id']}") for each in listed.items))
    return found

"""What came from outside, for whoever it was sent to: read it, match it to a family that is here, or close it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import Response

from connective.frontend.clients.hub import Hub, together
from connective.frontend.domain.answers import Refused
from connective.frontend.domain.fields import Errors
from connective.frontend.domain.finding import WHO, search_of
from connective.frontend.domain.intake import CLOSINGS, closing, intake_page, waiting_of
from connective.frontend.domain.words import LONDON
from connective.frontend.pages.browser import Browser, Form
from connective.frontend.pages.forms import every, names_of
from connective.frontend.pages.routing import BrowserDep, FormDep, HubDep, Parts, PartsDep, done, personal_routes

routes = personal_routes()
_SEARCH = "families:person:search"
_PURPOSE = "early_help_coordination"


@dataclass(frozen=True, slots=True)
class _Asked:
    """One request for an intake's page, with what was typed."""

    browser: Browser
    parts: Parts
    hub: Hub
    intake_id: UUID
    form: Form


@routes.page("/intake")
async def list_intake(
    browser: BrowserDep, parts: PartsDep, hub: HubDep, *, ended: bool = False, cursor: str | None = None
) -> Response:
    """What waits here, the most urgent first; or what was answered."""
    states = ["closed", "lapsed", "matched", "withdrawn"] if ended else ["waiting"]
    found, organisations = await together(
        hub.part("/intake", {"state": states, "limit": 50, "cursor": cursor}),
        every(hub, "/organisations"),
    )
    lines = waiting_of(found.items, names_of(organisations), browser.now)
    return parts.pages.show(browser, "intake/list.html", part=found, lines=lines, ended=ended)


@routes.page("/intake/{intake_id}")
async def show_intake(intake_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """Who asks, and for what. The reading is recorded."""
    return await _shown(_Asked(browser, parts, hub, intake_id, Form("", browser.kept or {})), [])


@routes.form("/intake/{intake_id}")
async def answer_intake(intake_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Look for the family here, match it to somebody who was found, or close it."""
    asked = _Asked(browser, parts, hub, intake_id, form)
    if form.one("act") == "search":
        return await _search(asked)
    if form.one("act") == "match":
        person = form.one("person")
        if not person:
            return await _search(asked, [("person", "Choose who it is")])
        found = await hub.get(f"/people/{UUID(person)}")
        body = {"family_id": found["family_ids"][0], "person_id": found["id"]}
        return await _act(asked, ("match", body))
    body, errors = closing(form.one("code"), form.one("sentence"))
    if errors:
        return await _shown(asked, errors)
    return await _act(asked, ("close", body))


async def _act(asked: _Asked, act: tuple[str, dict[str, Any]]) -> Response:
    name, body = act
    try:
        version = f'"{asked.form.one("version")}"'
        await asked.hub.post(f"/intake/{asked.intake_id}/{name}", body, key=asked.form.key, version=version)
    except Refused as problem:
        if problem.status != 422:
            raise
        errors = [("", problem.errors[0].detail if problem.errors else problem.detail)]
        return await _shown(asked, errors)
    return await done(asked.parts, asked.browser, f"/intake/{asked.intake_id}")


async def _search(asked: _Asked, errors: Errors | None = None) -> Response:
    """Look for them: a form that posts, so that no name stands in an address."""
    form = asked.form
    body, wrong = search_of(WHO, form.fields, asked.browser.now.astimezone(LONDON).date())
    if wrong:
        return await _shown(asked, wrong)
    hits = (await asked.hub.post("/people/searches", {**body, "purpose": _PURPOSE})).body["items"]
    return await _shown(asked, errors or [], hits=hits)


async def _shown(asked: _Asked, errors: Errors, *, hits: list[dict[str, Any]] | None = None) -> Response:
    found, organisations = await together(
        asked.hub.get(f"/intake/{asked.intake_id}"), every(asked.hub, "/organisations")
    )
    return asked.parts.pages.show(
        asked.browser,
        "intake/intake.html",
        status=422 if errors else 200,
        view=intake_page(found, names_of(organisations), asked.browser.now),
        content=found.get("content") or {},
        form=asked.form,
        who=WHO,
        typed=_sent_or_typed(found.get("content") or {}, asked.form),
        errors=errors,
        hits=hits,
        closings=CLOSINGS,
        may_search=asked.browser.person.may(_SEARCH),
        kept=asked.browser.kept is not None and not errors,
    )


def _sent_or_typed(content: dict[str, Any], form: Form) -> dict[str, list[str]]:
    """Whom to look for: as typed, or as it was sent."""
    first = (content.get("people") or [{}])[0]
    sent = {"given_names": first.get("first_name"), "family_name": first.get("last_name"),
            "postcode": content.get("postcode")}  # fmt: skip
    return {name: [value] for name, value in sent.items() if value} | {k: v for k, v in form.fields.items() if any(v)}

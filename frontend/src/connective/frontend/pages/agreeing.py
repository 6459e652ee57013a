"""Recording what a family says: what, who and about whom, then on what ground and how; a page for each."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Query, Response

from connective.frontend.clients.hub import Hub, together
from connective.frontend.domain import agreeing
from connective.frontend.domain.agreeing import Saying
from connective.frontend.domain.agreeing_words import RECORDED, SAYINGS
from connective.frontend.domain.answers import Part, Refused
from connective.frontend.domain.fields import Errors, Typed, answered, errors_of
from connective.frontend.domain.form_view import FormView
from connective.frontend.domain.words import LONDON
from connective.frontend.pages.browser import Browser, Form
from connective.frontend.pages.forms import every, show_form
from connective.frontend.pages.routing import (
    BrowserDep,
    FormDep,
    HubDep,
    Parts,
    PartsDep,
    done,
    onward,
    personal_routes,
)

routes = personal_routes()
_CODES = "|".join(each.code for each in SAYINGS)
_SAY = Annotated[str, Path(pattern=f"^({_CODES})$")]
_PATH = "/families/{family_id}/agreement"


@routes.page(_PATH)
async def ask_what(family_id: UUID, browser: BrowserDep, parts: PartsDep) -> Response:
    """What they say."""
    return show_form(parts, browser, agreeing.choose_page(f"/families/{family_id}"))


@routes.form(_PATH)
async def take_what(family_id: UUID, browser: BrowserDep, parts: PartsDep, form: FormDep) -> Response:
    """Go on to who says it."""
    asked = agreeing.choose_page(f"/families/{family_id}")
    found, errors = answered(asked.fields, form.fields, browser.now.date())
    if errors:
        return show_form(parts, browser, asked, form.fields, errors=errors)
    return onward(f"/families/{family_id}/agreement/{found['say']}")


async def _about(hub: Hub, family_id: UUID) -> tuple[dict[str, Any], Part]:
    """The family, and the organisations of the place."""
    record, organisations = await together(hub.get(f"/families/{family_id}"), every(hub, "/organisations"))
    return record, organisations


def _who(saying: Saying, organisations: Part) -> FormView:
    councils = agreeing.councils_of(organisations.items)
    return agreeing.who_page(saying, councils, f"/families/{saying.record['id']}/agreement")


def _details(saying: Saying, organisations: Part, browser: Browser) -> FormView:
    back = f"/families/{saying.record['id']}/agreement/{saying.code}"
    return agreeing.details_page(saying, organisations.items, str(browser.person.organisation_id), back)


@routes.page(f"{_PATH}/{{say}}")
async def ask_more(
    family_id: UUID,
    say: _SAY,
    *,
    browser: BrowserDep,
    parts: PartsDep,
    hub: HubDep,
    by: str = "",
    about: Annotated[list[str], Query(default_factory=list)],
) -> Response:
    """Who says it and about whom; once that is known, on what ground and how."""
    record, organisations = await _about(hub, family_id)
    kept = Form("", browser.kept or {})
    saying = Saying(say, record, by or kept.one("by"), tuple(about or kept.many("about")))
    if not saying.chosen:
        return show_form(parts, browser, _who(saying, organisations))
    return _show_details(parts, browser, saying, _details(saying, organisations, browser))


def _show_details(
    parts: Parts,
    browser: Browser,
    saying: Saying,
    asked: FormView,
    *,
    typed: Typed | None = None,
    errors: Errors | None = None,
) -> Response:
    return show_form(parts, browser, asked, agreeing.first_ground(saying, typed or {}), errors=errors)


@routes.form(f"{_PATH}/{{say}}")
async def take_more(
    family_id: UUID, say: _SAY, *, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep
) -> Response:
    """Go on, or record it."""
    record, organisations = await _about(hub, family_id)
    saying = Saying(say, record, form.one("by"), tuple(form.many("about")))
    if not form.one("how_asked"):
        return _take_who(parts, browser, saying, form, _who(saying, organisations))
    asked = _details(saying, organisations, browser)
    found, errors = answered(asked.fields, form.fields, browser.now.astimezone(LONDON).date())
    errors += agreeing.missing_words(found)
    target = f"/families/{family_id}"
    if not errors:
        try:
            target = await _record(hub, saying, found, form)
        except Refused as problem:
            errors = errors_of(problem, asked.fields)
    if errors:
        return _show_details(parts, browser, saying, asked, typed=form.fields, errors=errors)
    return await done(parts, browser, target)


def _take_who(parts: Parts, browser: Browser, saying: Saying, form: Form, asked: FormView) -> Response:
    _, errors = answered(asked.fields, form.fields, browser.now.date())
    if errors or not saying.chosen:
        return show_form(parts, browser, asked, form.fields, errors=errors)
    chosen = "".join(f"&about={each}" for each in saying.about)
    return onward(f"/families/{saying.record['id']}/agreement/{saying.code}?by={saying.by}{chosen}")


async def _record(hub: Hub, saying: Saying, found: dict[str, Any], form: Form) -> str:
    """Record it; answers where to go on. Raises Refused."""
    family = f"/families/{saying.record['id']}"
    if saying.code in RECORDED:
        made = (await hub.post("/consents", agreeing.body_of(saying, found), key=form.key)).body
        return f"{family}/consents/{made['id']}"
    if saying.code == "told":
        await hub.post("/notices", agreeing.notice_of(saying, found), key=form.key)
        return f"{family}/agreement/done/told"
    for number, each in enumerate(agreeing.objections_of(saying, found)):
        await hub.post("/objections", each, key=form.key_for(str(number)))
    return f"{family}/agreement/done/object"


@routes.page(f"{_PATH}/done/{{say}}")
async def show_done(family_id: UUID, say: _SAY, browser: BrowserDep, parts: PartsDep) -> Response:
    """What happens now."""
    return parts.pages.show(browser, "families/said.html", say=say, family_id=family_id)

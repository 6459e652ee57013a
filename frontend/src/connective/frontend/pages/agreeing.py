"""Recording what a family says: what, who and about whom, then on what ground and how; a page for each."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Query, Response

from connective.frontend.clients.hub import Hub, together
from connective.frontend.domain import agreeing
from connective.frontend.domain.agreeing import Saying
from connective.frontend.domain.agreeing_words import RECORDED, SAYINGS
from connective.frontend.domain.answers import Part, Refused
from connective.frontend.domain.asked import Asked
from connective.frontend.domain.questions import Errors, Typed, answers
from connective.frontend.domain.words import LONDON
from connective.frontend.pages.browser import Browser, Form
from connective.frontend.pages.question_pages import show_asked, wrong_in
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
    return show_asked(parts, browser, agreeing.choose_page(f"/families/{family_id}"))


@routes.form(_PATH)
async def take_what(family_id: UUID, browser: BrowserDep, parts: PartsDep, form: FormDep) -> Response:
    """Go on to who says it."""
    asked = agreeing.choose_page(f"/families/{family_id}")
    found, errors = answers(asked.questions, form.fields, browser.now.date())
    if errors:
        return show_asked(parts, browser, asked, form.fields, errors=errors)
    return onward(f"/families/{family_id}/agreement/{found['say']}")


async def _about(hub: Hub, family_id: UUID) -> tuple[dict[str, Any], Part]:
    """The family, and the organisations of the place."""
    record, organisations = await together(
        hub.get(f"/families/{family_id}"), hub.part("/organisations", {"limit": 200})
    )
    return record, organisations


def _who(saying: Saying, organisations: Part) -> Asked:
    councils = agreeing.councils_of(organisations.items)
    return agreeing.who_page(saying, councils, f"/families/{saying.record['id']}/agreement")


def _details(saying: Saying, organisations: Part, browser: Browser) -> Asked:
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
        return show_asked(parts, browser, _who(saying, organisations))
    return _show_details(parts, browser, saying, _details(saying, organisations, browser))


def _show_details(
    parts: Parts,
    browser: Browser,
    saying: Saying,
    asked: Asked,
    *,
    typed: Typed | None = None,
    errors: Errors | None = None,
) -> Response:
    kept = browser.kept
    return parts.pages.show(
        browser,
        "families/say.html",
        status=422 if errors else 200,
        asked=asked,
        saying=saying,
        typed=agreeing.first_ground(saying, kept if kept is not None else typed or {}),
        errors=errors or [],
        kept=kept is not None,
    )


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
    found, errors = answers(asked.questions, form.fields, browser.now.astimezone(LONDON).date())
    errors += agreeing.missing_words(found)
    target = f"/families/{family_id}"
    if not errors:
        try:
            target = await _record(hub, saying, found, form)
        except Refused as problem:
            errors = wrong_in(problem, asked, _renamed(saying))
    if errors:
        return _show_details(parts, browser, saying, asked, typed=form.fields, errors=errors)
    return await done(parts, browser, target)


def _take_who(parts: Parts, browser: Browser, saying: Saying, form: Form, asked: Asked) -> Response:
    _, errors = answers(asked.questions, form.fields, browser.now.date())
    if errors or not saying.chosen:
        return show_asked(parts, browser, asked, form.fields, errors=errors)
    chosen = "".join(f"&about={each}" for each in saying.about)
    return onward(f"/families/{saying.record['id']}/agreement/{saying.code}?by={saying.by}{chosen}")


def _renamed(saying: Saying) -> dict[str, str]:
    """The API's fields that are asked for under another name."""
    first = saying.about[0]
    return {
        "about": f"authority-{first}",
        "scope": "recipients" if saying.code.startswith("consent") else "service_kinds",
        "recipient_organisation_ids": "recipients",
        "notice": "notice_reference",
        "given_for": "spoken_by",
        "interpreter": "interpreter_kind",
        "language": "interpreter_language",
    }


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

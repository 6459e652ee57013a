"""Asking for help without an account: one thing on each page, kept sealed in between, and sent once."""

from typing import Any
from uuid import UUID

from fastapi import Response

from connective.frontend.clients.hub import together
from connective.frontend.domain.answers import Part, Refused
from connective.frontend.domain.asking import (
    STEPS,
    Answers,
    body_of,
    next_step,
    reachable,
    refusal_words,
    rows_of,
    step_named,
)
from connective.frontend.domain.fields import Errors
from connective.frontend.domain.listing import organisation, takes_asking
from connective.frontend.domain.words import telephone
from connective.frontend.pages.browser import Browser, Form
from connective.frontend.pages.directory import directory_of, safety_numbers
from connective.frontend.pages.guests import Guest, GuestDep, OpenFormDep
from connective.frontend.pages.routing import BrowserDep, Parts, PartsDep, onward, public_routes, visitor_of
from connective.kit.problems import NotFound

routes = public_routes()
_PATH = "/ask-for-help"
_KEPT = "/ask-for-help"
"""Under which the answers are kept."""
_CHOSEN = ("service", "service_name", "service_telephones")
_FIRST_KIND = "early_help"


@routes.page(_PATH)
async def show_start(browser: BrowserDep, parts: PartsDep, guest: GuestDep) -> Response:
    """Before anything is asked: whom to phone where somebody is in danger, who reads it, and what happens then."""
    answers = await guest.kept(_KEPT)
    going = next_step(answers) if len(answers) > 1 and "sent" not in answers else None
    return parts.pages.show(browser, "asking/start.html", going=going, service_name=answers.get("service_name"))


@routes.form(_PATH)
async def start(guest: GuestDep, form: OpenFormDep) -> Response:
    """Begin, or begin again: nothing that was typed before is left but the service that was chosen."""
    answers = await guest.kept(_KEPT)
    afresh = form.one("afresh") == "yes"
    kept: Answers = {} if afresh else {name: answers[name] for name in _CHOSEN if name in answers}
    await guest.keep(_KEPT, kept)
    return onward(f"{_PATH}/safety")


@routes.form("/ask-for-help/for")
async def choose(browser: BrowserDep, parts: PartsDep, guest: GuestDep, form: OpenFormDep) -> Response:
    """Begin with a service that somebody found in the directory."""
    named = await _service(browser, parts, form.one("service"))
    await guest.keep(_KEPT, {} if named is None else named)
    return onward(_PATH)


@routes.page("/ask-for-help/{step}")
async def show_step(step: str, browser: BrowserDep, parts: PartsDep, guest: GuestDep) -> Response:
    """One page of the journey, with what was typed on it before; one too far ahead leads back to the first open one."""
    answers = await guest.kept(_KEPT)
    if step == "sent":
        sent = answers.get("sent")
        return onward(_PATH) if sent is None else parts.pages.show(browser, "asking/sent.html", sent=sent)
    if step == "danger":
        return parts.pages.show(browser, "asking/danger.html")
    if step != "check" and step_named(step) is None:
        raise NotFound
    if "sent" in answers:
        return onward(f"{_PATH}/sent")
    if not reachable(step, answers):
        upto = next_step(answers)
        return onward(_PATH if upto == "safety" else f"{_PATH}/{upto}")
    if step == "check":
        return _check(browser, parts, answers, [])
    return await _asked(browser, parts, step, answers, [])


@routes.form("/ask-for-help/{step}")
async def take_step(step: str, browser: BrowserDep, parts: PartsDep, guest: GuestDep, form: OpenFormDep) -> Response:
    """Keep what was typed on a page, and go on to the next; from the last one it is sent."""
    answers = await guest.kept(_KEPT)
    if "sent" in answers:
        return onward(f"{_PATH}/sent")
    if step == "check":
        return await _send(browser, parts, guest, form, answers)
    wanted = step_named(step)
    if wanted is None:
        raise NotFound
    typed, errors = wanted.takes(form.one, form.many, browser.now)
    if step == "service" and not errors:
        named = await _service(browser, parts, typed["service"])
        errors = [("service", "Choose a service of the list")] if named is None else []
        typed |= named or {}
    if errors:
        return await _asked(browser, parts, step, answers | typed, errors)
    answers |= typed
    await guest.keep(_KEPT, answers)
    return onward(f"{_PATH}/{next_step(answers)}")


async def _asked(browser: Browser, parts: Parts, step: str, answers: Answers, errors: Errors) -> Response:
    """One page of questions."""
    services = await _choices(browser, parts) if step == "service" else Part()
    wanted = step_named(step)
    if wanted is None:
        raise NotFound
    names = [each.name for each in STEPS if each.name != "told" or answers.get("danger") == "reported"]
    before = names[names.index(step) - 1] if names.index(step) else ""
    return parts.pages.show(
        browser,
        "asking/step.html",
        status=422 if errors else 200,
        step=wanted.asking(services.items, answers.get("service_name", "")),
        typed=wanted.typed(answers),
        errors=errors,
        services=services,
        back=f"{_PATH}/{before}" if before else _PATH,
    )


def _check(browser: Browser, parts: Parts, answers: Answers, errors: Errors) -> Response:
    rows = rows_of(answers, answers["service_name"])
    status = 422 if errors else 200
    return parts.pages.show(
        browser, "asking/check.html", status=status, rows=rows, typed=answers, path_to=_PATH, problems=errors
    )


async def _send(browser: Browser, parts: Parts, guest: Guest, form: Form, answers: Answers) -> Response:
    """Send it once, however often the button is pressed; what was typed is then forgotten here."""
    if next_step(answers) != "check":
        return onward(f"{_PATH}/{next_step(answers)}")
    place = parts.pages.place(browser.person.place_id if browser.signed_in else None)
    hub = parts.visits.anybody(visitor_of(browser, parts))
    try:
        told = (await hub.post("/intake/self-referrals", body_of(answers, str(place.id)), key=form.key)).body
    except Refused as problem:
        words = refusal_words(problem)
        if words is None:
            raise
        return _check(browser, parts, answers, words)
    sent = {name: told[name] for name in ("reference", "progress_code", "answered_by", "next")}
    sent |= {"service_name": answers["service_name"], "telephones": answers.get("service_telephones", [])}
    await guest.keep(_KEPT, {"sent": sent})
    return onward(f"{_PATH}/sent")


async def _choices(browser: Browser, parts: Parts) -> Part:
    """The services that can be asked, those that find out together with a family first."""
    directory, asked = directory_of(browser, parts), {"full": True, "per_page": 100}
    first = await directory.part("/services", asked)
    if first.value is None:
        return first
    numbers = range(2, first.value["total_pages"] + 1)
    others: list[Part] = await together(*(directory.part("/services", {**asked, "page": each}) for each in numbers))
    if failed := next((each for each in others if each.value is None), None):
        return failed
    never = safety_numbers(parts, browser)
    listed = [one for each in (first, *others) for one in (each.value or {})["contents"]]
    taking = [each for each in listed if takes_asking(each, never)]
    return Part({"items": sorted((_choice(each) for each in taking), key=lambda one: (not one["first"], one["name"]))})


def _choice(service: dict[str, Any]) -> dict[str, Any]:
    kinds = {each["taxonomy_term"].get("code") for each in service.get("attributes", ())}
    words = f"{organisation(service)}. {service.get('description', '')}"
    return {"id": service["id"], "name": service["name"], "words": words, "first": _FIRST_KIND in kinds}


async def _service(browser: Browser, parts: Parts, service_id: str) -> Answers | None:
    """What is kept of the service that was chosen; None where it cannot be asked here."""
    try:
        found = await directory_of(browser, parts).get(f"/services/{UUID(service_id)}")
    except (ValueError, Refused):
        return None
    if not takes_asking(found, safety_numbers(parts, browser)):
        return None
    numbers = [telephone(str(each["number"]).replace(" ", "")) for each in found.get("phones", ())]
    named = f"{found['name']}, {organisation(found)}"
    return {"service": found["id"], "service_name": named, "service_telephones": numbers}

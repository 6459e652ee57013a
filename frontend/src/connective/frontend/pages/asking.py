"""Asking for help without an account: one thing on each page, kept sealed in between, and sent once."""

from fastapi import Response

from connective.frontend.domain.answers import Refused
from connective.frontend.domain.asking import (
    CHOSEN,
    FROM_LIST,
    FROM_PAGE,
    POSTCODE,
    SERVICE,
    Answers,
    body_of,
    next_step,
    reachable,
    refusal_words,
    rows_of,
    step_before,
    step_named,
    with_typed,
)
from connective.frontend.domain.asking_choice import Show
from connective.frontend.domain.fields import Errors
from connective.frontend.pages.asking_services import service_of, show_choice, unknown
from connective.frontend.pages.browser import Browser, Form
from connective.frontend.pages.guests import Guest, GuestDep, OpenFormDep
from connective.frontend.pages.routing import BrowserDep, Parts, PartsDep, onward, public_routes, visitor_of
from connective.kit.problems import NotFound

routes = public_routes()
_PATH = "/ask-for-help"
_KEPT = "/ask-for-help"
"""Under which the answers are kept."""
_CHOSEN = (SERVICE, "service_name", "service_telephones", CHOSEN)


@routes.page(_PATH)
async def show_start(browser: BrowserDep, parts: PartsDep, guest: GuestDep) -> Response:
    """Before anything is asked: whom to phone where somebody is in danger, who reads it, and what happens then."""
    answers = await guest.kept(_KEPT)
    going = next_step(answers) if answers.keys() - {*_CHOSEN, "sent"} and "sent" not in answers else None
    named = answers.get("service_name") if answers.get(CHOSEN) == FROM_PAGE else None
    return parts.pages.show(browser, "asking/start.html", going=going, service_name=named)


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
    named = await service_of(browser, parts, form.one(SERVICE))
    await guest.keep(_KEPT, {} if named is None else named | {CHOSEN: FROM_PAGE})
    return onward(_PATH)


@routes.page("/ask-for-help/{step}")
async def show_step(
    step: str, browser: BrowserDep, parts: PartsDep, guest: GuestDep, *, show: Show = Show.FITTING, page: int = 1
) -> Response:
    """One page of the journey, with what was typed on it before; one too far ahead leads back to the first open one."""
    answers = await guest.kept(_KEPT)
    if step == "sent":
        sent = answers.get("sent")
        return onward(_PATH) if sent is None else parts.pages.show(browser, "asking/sent.html", sent=sent)
    if step == "danger":
        return parts.pages.show(browser, "asking/danger.html")
    if step != "check" and step_named(step) is None:
        raise NotFound
    if (elsewhere := _elsewhere(step, answers)) is not None:
        return onward(elsewhere)
    if step == "check":
        return _check(browser, parts, answers, [])
    if step == SERVICE:
        return await show_choice(browser, parts, answers, show, page)
    return _asked(browser, parts, step, answers, [])


@routes.form("/ask-for-help/{step}")
async def take_step(
    step: str, browser: BrowserDep, parts: PartsDep, guest: GuestDep, form: OpenFormDep, *,
    show: Show = Show.FITTING, page: int = 1,
) -> Response:  # fmt: skip
    """Keep what was typed on a page, and go on to the next; from the last one it is sent."""
    answers = await guest.kept(_KEPT)
    if "sent" in answers:
        return onward(f"{_PATH}/sent")
    if step == "check":
        return await _send(browser, parts, guest, form, answers)
    wanted = step_named(step)
    if wanted is None:
        raise NotFound
    if step == SERVICE and form.one(SERVICE) == Show.CALLERS:
        return onward(f"{_PATH}/{SERVICE}?show={Show.CALLERS}")
    typed, errors = wanted.takes(form.one, form.many, browser.now)
    if step == SERVICE:
        named = None if errors else await service_of(browser, parts, typed[SERVICE])
        if named is None:
            wrong = errors or [(SERVICE, "Choose a service of the list")]
            return await show_choice(browser, parts, answers, show, page, errors=wrong)
        typed = named | {CHOSEN: FROM_LIST}
    if step == "where" and not errors:
        errors = await unknown(browser, parts, typed[POSTCODE])
    if errors:
        return _asked(browser, parts, step, answers | typed, errors)
    answers = with_typed(answers, typed)
    await guest.keep(_KEPT, answers)
    return onward(f"{_PATH}/{next_step(answers)}")


def _elsewhere(step: str, answers: Answers) -> str | None:
    """Where to instead: to what was sent, or to the first page still open; None where this one may be shown."""
    if "sent" in answers:
        return f"{_PATH}/sent"
    if reachable(step, answers):
        return None
    upto = next_step(answers)
    return _PATH if upto == "safety" else f"{_PATH}/{upto}"


def _asked(browser: Browser, parts: Parts, step: str, answers: Answers, errors: Errors) -> Response:
    """One page of questions."""
    wanted = step_named(step)
    if wanted is None:
        raise NotFound
    before = step_before(step, answers)
    return parts.pages.show(
        browser,
        "asking/step.html",
        status=422 if errors else 200,
        step=wanted.read_by(answers.get("service_name", "")),
        typed=wanted.typed(answers),
        errors=errors,
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

"""The inbox of whoever is asked: what is late first, then what is new; several at once; and today's list."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

from fastapi import Query, Response

from connective.frontend.clients.hub import Hub, together
from connective.frontend.domain.answers import Refused
from connective.frontend.domain.fields import Errors, Typed
from connective.frontend.domain.form_view import FormView
from connective.frontend.domain.tracking import INBOX, choice_of, groups_of, rows_of
from connective.frontend.domain.triage import Pick, picks_of, results_of, triage_asking, triage_body
from connective.frontend.pages.browser import Form
from connective.frontend.pages.forms import tried
from connective.frontend.pages.requests import MOST, organisation_names
from connective.frontend.pages.routing import BrowserDep, FormDep, HubDep, PartsDep, done, personal_routes

routes = personal_routes()
WHOSE = {"": "Everybody’s", "me": "Mine", "nobody": "Nobody’s yet"}
_RESULTS = "/inbox/triage/results"
_NOTHING = [("pick", "Choose at least one request")]
_ACTS = ("accept", "waitlist", "decline")


@routes.page("/inbox")
async def show_inbox(
    browser: BrowserDep,
    parts: PartsDep,
    hub: HubDep,
    *,
    show: str = "todo",
    whose: str = "",
    cursor: str | None = None,
) -> Response:
    """What was sent to one's organisation. Nothing about anybody stands here: opening a request is what shows it."""
    return await _inbox(browser, parts, hub, (show, whose if whose in WHOSE else "", cursor))


async def _inbox(
    browser: BrowserDep,
    parts: PartsDep,
    hub: Hub,
    wanted: tuple[str, str, str | None],
    errors: Errors | None = None,
) -> Response:
    show, whose, cursor = wanted
    chosen = choice_of(INBOX, show)
    asked: dict[str, Any] = {"direction": "received", "state": chosen.states, "limit": MOST, "cursor": cursor}
    found, names = await together(
        hub.part("/requests", asked | ({"assigned_to": whose} if whose else {})), organisation_names(hub)
    )
    return parts.pages.show(
        browser,
        "requests/inbox.html",
        found=found,
        groups=groups_of(rows_of(found.items, "recipient", names, browser.now)),
        chosen=chosen,
        choices=INBOX,
        whose=whose,
        people=WHOSE,
        errors=errors or [],
        status=422 if errors else 200,
    )


@routes.page("/inbox/today")
async def show_today(browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """What is handed over today: reference, first name, what to pack; each line that is shown is recorded."""
    return parts.pages.show(browser, "requests/today.html", found=await hub.part("/requests/today"))


@routes.page("/inbox/triage")
async def ask_triage(
    browser: BrowserDep,
    parts: PartsDep,
    hub: HubDep,
    *,
    do: str = "accept",
    pick: Annotated[list[str], Query()] = [],  # noqa: B006 - FastAPI reads the default, and nothing changes it
) -> Response:
    """What is asked once for all that were chosen in the list."""
    kept = Form("", browser.kept or {})
    do, picks = kept.one("do") or do, picks_of(kept.many("pick") or pick)
    if not picks or do not in _ACTS:
        return await _inbox(browser, parts, hub, ("", "", None), _NOTHING)
    return _show_triage(parts, browser, (do, picks), kept.fields)


@routes.form("/inbox/triage")
async def triage(browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Do it with each by itself: a refusal of one stops none of the others."""
    do, picks = form.one("do"), picks_of(form.many("pick"))
    if not picks or do not in _ACTS:
        return await _inbox(browser, parts, hub, ("", "", None), _NOTHING)
    asking = triage_asking(do, picks)
    body, errors = asking.body(form.fields)
    if not errors:
        ready = await together(*(_acknowledged(hub, form, each) for each in picks))
        sent = hub.post("/requests/triage", triage_body(do, body, ready), key=form.key)
        answer, errors = await tried(sent, asking.fields)
        if answer is not None:
            results = results_of(answer.body, picks)
            await parts.drafts.put(browser.person.id, _RESULTS, results, browser.now)
            return await done(parts, browser, _RESULTS)
    return _show_triage(parts, browser, (do, picks), form.fields, errors)


@routes.page("/inbox/triage/results")
async def show_results(browser: BrowserDep, parts: PartsDep) -> Response:
    """What became of each."""
    kept = await parts.drafts.get(browser.person.id, _RESULTS) or {}
    told = {key: [each.partition(" ")[::2] for each in kept.get(key, ())] for key in ("done", "refused")}
    return parts.pages.show(browser, "requests/results.html", told=told)


async def _acknowledged(hub: Hub, form: Form, pick: Pick) -> Pick:
    """One that nobody has opened is acknowledged first; where that is refused, so is what follows, with its reason."""
    if not pick.unseen:
        return pick
    try:
        path, version = f"/requests/{pick.id}/receive", f'"{pick.version}"'
        answer = await hub.post(path, key=form.key_for(pick.id), version=version)
    except Refused as problem:
        if problem.status not in {404, 409, 412}:
            raise
        return pick
    return replace(pick, version=int(answer.body["version"]))


def _show_triage(
    parts: PartsDep,
    browser: BrowserDep,
    chosen: tuple[str, Sequence[Pick]],
    typed: Typed,
    errors: Errors | None = None,
) -> Response:
    do, picks = chosen
    asking = triage_asking(do, picks)
    view = FormView(
        title=asking.title,
        fields=asking.fields,
        back=("Back to the inbox", "/inbox"),
        button=asking.button,
        words=asking.words,
        warns=asking.warns,
        about_families=bool(asking.fields),
    )
    hidden = [("do", do), *(("pick", f"{each.id}:{each.version}:{each.reference}:{each.state}") for each in picks)]
    return parts.pages.show(
        browser,
        "form.html",
        status=422 if errors else 200,
        view=view,
        typed=typed,
        errors=errors or [],
        kept=browser.kept is not None and not errors,
        hidden=hidden,
    )

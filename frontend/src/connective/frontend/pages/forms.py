"""Sheets and forms as answers: what every page of records does alike."""

from collections.abc import Awaitable, Iterable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from fastapi import Response

from connective.frontend.clients.hub import Hub, Query, together
from connective.frontend.domain.answers import Answer, Part, Refused
from connective.frontend.domain.fields import Errors, Field, Typed, errors_of
from connective.frontend.domain.form_view import FormView
from connective.frontend.domain.meanwhile import BEGAN, Meanwhile, since
from connective.frontend.domain.sheets import Sheet
from connective.frontend.pages.browser import Browser, Form
from connective.frontend.pages.routing import Parts, done

_SERVICES_AT_ONCE = 100
"""As many services as the API lists by their ids in one answer."""
VERSION = "version"
"""The hidden field of the version that somebody saw: it goes to the API as If-Match."""
JUST_DONE = {
    "accepted": "Accepted for your organisation.",
    "answered": "Your answer is sent.",
    "approved": "Approved.",
    "asked": "Sent for approval. Another administrator decides.",
    "checked": "Marked as checked today.",
    "confirmed": "Access confirmed.",
    "created": "Created.",
    "decided": "Decided.",
    "disabled": "The account is disabled, and signed out everywhere.",
    "ended": "Ended.",
    "invited": "The invitation is made. It is sent once another administrator approves it.",
    "left": "Their work there has ended. They see nothing of it any more.",
    "paused": "Switched off.",
    "published": "Published.",
    "recorded": "Recorded.",
    "reinstated": "Reinstated. It receives requests again.",
    "rejected": "Rejected.",
    "removed": "Removed.",
    "replayed": "It will be sent again in a moment.",
    "resent": "The invitation is sent again.",
    "resumed": "Switched on.",
    "retired": "Retired.",
    "revoked": "Revoked. It opens nothing any more.",
    "saved": "Saved.",
    "signed-out": "They are signed out everywhere.",
    "started": "Started.",
    "suspended": "Suspended.",
    "tested": "A test message is on its way.",
    "trained": "The training is recorded.",
    "told": "Thank you. Everybody who looks for help sees this now.",
    "withdrawn": "Withdrawn.",
}
"""What a page says after a form, by the code in its address."""


def show_sheet(parts: Parts, browser: Browser, sheet: Sheet, *, errors: Errors | None = None) -> Response:
    """A page of records, with what was just done."""
    said = JUST_DONE.get(browser.request.query_params.get("done", ""), "")
    shown = replace(sheet, done=sheet.done or said)
    # Whom somebody was looking for is the one thing that is typed on a page of records.
    typed = browser.kept if browser.kept and any(each.sort == "seek" for each in sheet.sections) else {}
    return parts.pages.show(
        browser,
        "sheet.html",
        view=shown,
        typed=typed,
        errors=errors or [],
        kept=bool(typed),
        status=422 if errors else 200,
    )


def show_form(
    parts: Parts,
    browser: Browser,
    view: FormView,
    typed: Typed | None = None,
    *,
    errors: Errors | None = None,
    version: str | None = None,
    stored: Typed | None = None,
    template: str = "form.html",
    **shown: Any,  # noqa: ANN401 - whatever the template shows beside the form
) -> Response:
    """A form: empty, with what was kept while nobody was signed in, or with what was typed and what is wrong.

    One that changes a record is opened with what is `stored` of it, which is `typed` where that is not something else;
    what was typed over an older version stands beside what changed meanwhile.
    """
    kept = browser.kept if not errors else None
    given = kept if kept is not None else typed or {}
    seen = given[VERSION][-1] if given.get(VERSION) else version
    sent = browser.request.method != "GET"
    meanwhile = came_since(browser, stored if stored is not None or sent else typed)
    hidden = [] if seen is None else [(VERSION, seen), (BEGAN, meanwhile.began)]
    return parts.pages.show(
        browser,
        template,
        status=422 if errors else 200,
        view=view,
        typed=given,
        errors=errors or [],
        kept=kept is not None,
        hidden=[*view.hidden, *hidden],
        meanwhile=meanwhile,
        **shown,
    )


def came_since(browser: Browser, stored: Typed | None) -> Meanwhile:
    """What changed since the form was opened that came just now, or that was kept."""
    sent: Form | None = getattr(browser.request.state, "form", None)
    return since(sent.fields if sent is not None else browser.kept or {}, stored)


async def tried(sent: Awaitable[Answer], fields: Sequence[Field]) -> tuple[Answer | None, Errors]:
    """What the API answered, or what is wrong with the form. Raises Refused for what no form can mend."""
    try:
        return await sent, []
    except Refused as problem:
        return None, errors_of(problem, fields)


async def finish(parts: Parts, browser: Browser, target: str, said: str) -> Response:
    """Go on after a form, to a page that says what was done."""
    return await done(parts, browser, f"{target}{'&' if '?' in target else '?'}done={said}")


def names_of(listed: Part) -> dict[str, str]:
    """What organisations, or whatever is listed, are called, by their ids; nothing of a list that did not come."""
    return {each["id"]: each["name"] for each in listed.items}


async def every(hub: Hub, path: str, query: Query | None = None, most: int = 5000) -> Part:
    """A whole list, page after page, up to a bound; for choices and names that must hold everything.

    A list that is longer than the bound keeps its cursor: whoever shows it says that there is more.
    """
    found: list[object] = []
    cursor: str | None = None
    while len(found) < most:
        part = await hub.part(path, {**(query or {}), "limit": 200, "cursor": cursor})
        if part.problem:
            return part
        found += part.items
        cursor = part.value.get("next_cursor")
        if cursor is None:
            break
    return Part({"items": found, "next_cursor": cursor})


async def services_by_id(hub: Hub, ids: Iterable[str]) -> Part:
    """Services as the directory lists them, ended ones too: what is known by its id gets its name in the largest place.

    The first part that fails stands for all.
    """
    wanted = list(dict.fromkeys(ids))
    asked = (wanted[at : at + _SERVICES_AT_ONCE] for at in range(0, len(wanted), _SERVICES_AT_ONCE))
    parts = await together(*(hub.part("/services", {"service": some, "limit": len(some)}) for some in asked))
    failed = next((each for each in parts if each.problem), None)
    return failed or Part({"items": [one for each in parts for one in each.items], "next_cursor": None})


def uuid_or_none(text: str) -> UUID | None:
    """An id from a form's hidden field; None for anything else."""
    try:
        return UUID(text)
    except ValueError:
        return None

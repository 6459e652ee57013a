"""Proving: the officer's home, the lists of what was shared and seen, a decision, and who saw what of somebody."""

import csv
import io
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Response

from connective.frontend.clients.hub import Hub, together
from connective.frontend.domain.answers import Part, Refused
from connective.frontend.domain.fields import Errors, Field, Typed, errors_of, one
from connective.frontend.domain.one_offs import READ
from connective.frontend.domain.proving_decisions import decision_page
from connective.frontend.domain.proving_filters import filters, query_of
from connective.frontend.domain.proving_home import ASKED, OFFICER, officer_home
from connective.frontend.domain.proving_lists import SHARING, ListKind, table_of
from connective.frontend.domain.proving_objections import OBJECTIONS
from connective.frontend.domain.proving_queues import QUEUES, RELEASES, REQUESTS
from connective.frontend.domain.proving_retention import KEEPING
from connective.frontend.domain.proving_seen import seen_table, who_saw
from connective.frontend.domain.proving_tables import Known, Table
from connective.frontend.domain.proving_words import person_mark
from connective.frontend.pages.browser import Browser
from connective.frontend.pages.forms import every, names_of
from connective.frontend.pages.routing import BrowserDep, HubDep, PartsDep, onward, personal_routes
from connective.kit.problems import NotFound

routes = personal_routes()
list_routes = personal_routes()
"""Named after every other address under /audit: a list is whatever is left."""
LISTS = {**SHARING, **QUEUES, **KEEPING, "objections": OBJECTIONS}
HOME = ("Back to audit", "/audit")
_EXTRA = {
    "state": Field(name="state", label="Where it stands", kind="select",
                   options=(("open", "To be asked"), ("explained", "Explained"), ("referred", "Passed on")),
                   empty="Any"),
    "kind": Field(name="kind", label="What is asked", kind="select", options=tuple(REQUESTS.items()),
                  empty="Any"),
    "standing": Field(name="standing", label="Where it stands", kind="select",
                      options=(("outstanding", "Outstanding"), ("overdue", "Late"), ("answered", "Answered")),
                      empty="Any"),
}  # fmt: skip
_MOST_PAGES = 50
"""A table holds at most so many times 200 lines; beyond that a shorter time, or the evidence pack."""


async def known_of(hub: Hub, browser: Browser, *, agreements: bool = False) -> Known:
    """The names that pages need beside records; what is refused stays unnamed, never an id.

    An officer's reading of agreements is itself an entry of the ledger: it is asked for where a page shows them.
    """
    asked_for = [every(hub, "/organisations"), every(hub, "/legal-entities")]
    asked_for += [hub.part("/audit/agreements", {"limit": 200})] if agreements else []
    organisations, entities, *listed = await together(*asked_for)
    person = browser.person
    return Known(
        browser.now,
        str(person.id),
        names_of(organisations),
        names_of(entities),
        {each["id"]: f"{each['reference']}: {each['title']}" for part in listed for each in part.items},
        person.permissions,
    )


@routes.page("/audit")
async def show_home(browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """What waits for an officer. A safeguarding lead comes here for overrides alone."""
    if not browser.person.may(OFFICER):
        return onward("/audit/overrides")
    answers: list[Part] = await together(*(hub.part(path, query) for path, query in ASKED.values()))
    told, person = dict(zip(ASKED, answers, strict=True)), browser.person
    view = officer_home(told, browser.now, releases=person.may(RELEASES), decisions=person.may(READ))
    return parts.pages.show(browser, "audit/home.html", view=view)


@routes.page("/audit/{name}/csv")
async def take_list(name: str, browser: BrowserDep, hub: HubDep) -> Response:
    """The same list as a table for a spreadsheet, as far as the API gives it."""
    kind = _kind(name, browser)
    known = await known_of(hub, browser, agreements="agreement_id" in kind.filters)
    _, _, query, errors = _asked(kind, browser, known)
    if errors:
        raise Refused(422, "filter", errors[0][1])
    items = await _every(hub, kind, query)
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "no-store"}
    return Response(csv_of(table_of(kind, items, known)), media_type="text/csv; charset=utf-8", headers=headers)


@routes.page("/audit/decisions/{decision_id}")
async def show_decision(decision_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """A decision with the seven rules explained."""
    path = f"/decisions/{decision_id}"
    decision, explained, known = await together(hub.get(path), hub.part(f"{path}/explain"), known_of(hub, browser))
    view = decision_page(decision, explained, known)
    return parts.pages.show(browser, "audit/decision.html", view=view, failed=explained if explained.problem else None)


@routes.page("/audit/disclosures/{disclosure_id}")
async def open_disclosure(disclosure_id: UUID, hub: HubDep) -> Response:
    """A disclosure is explained by the decision it stands on."""
    found = await hub.get(f"/disclosures/{disclosure_id}")
    return onward(f"/audit/decisions/{found['decision_id']}")


@routes.page("/audit/people/{person}")
async def show_seen(person: str, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """Who saw what of one person."""
    found, known = await together(hub.part(f"/audit/people/{person}/seen"), known_of(hub, browser))
    heading = f"Who saw what of {person_mark(person).lower()}"
    return _seen(browser, parts, found, known, heading=heading, back=HOME, mark=person)


@routes.page("/audit/breaches/{breach_id}/seen")
async def show_breach_seen(breach_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """Who saw what of the people a breach touches, while it lasted."""
    found, known = await together(hub.part(f"/audit/breaches/{breach_id}/seen"), known_of(hub, browser))
    back = ("Back to the breach", f"/audit/breaches/{breach_id}")
    return _seen(browser, parts, found, known, heading="Who saw what of these people", back=back, mark="")


def _seen(
    browser: Browser, parts: PartsDep, found: Part, known: Known, *, heading: str, back: tuple[str, str], mark: str
) -> Response:
    if found.problem is not None and found.problem.status in {404, 422}:
        raise NotFound
    return parts.pages.show(
        browser,
        "audit/seen.html",
        part=found,
        table=seen_table(found.items, known),
        organisations=who_saw(found.items, known),
        heading=heading,
        back=back,
        mark=mark,
    )


def _kind(name: str, browser: Browser) -> ListKind:
    """The list; overrides are a safeguarding lead's own list where somebody is no officer. Raises NotFound."""
    if name not in LISTS:
        raise NotFound
    kind = LISTS[name]
    if name == "overrides" and not browser.person.may(OFFICER):
        return ListKind(
            kind.title, "/overrides", kind.heads, kind.line, kind.said, kind.empty, fixed={"limit": "50"}, csv=False
        )
    return kind


def _asked(kind: ListKind, browser: Browser, known: Known) -> tuple[list[Field], Typed, dict[str, str], Errors]:
    parameters = browser.request.query_params
    typed = {key: parameters.getlist(key) for key in parameters}
    questions = filters(kind.filters, known, _EXTRA)
    query, errors = query_of(questions, typed)
    return questions, typed, query, errors


@list_routes.page("/audit/{name}")
async def show_list(
    name: str, browser: BrowserDep, parts: PartsDep, hub: HubDep, *, cursor: str | None = None
) -> Response:
    """A list, narrowed by what was chosen."""
    kind = _kind(name, browser)
    known = await known_of(hub, browser, agreements="agreement_id" in kind.filters)
    questions, typed, query, errors = _asked(kind, browser, known)
    found = await hub.part(kind.path, {"limit": 50, "cursor": cursor, **kind.fixed, **({} if errors else query)})
    if found.problem is not None and found.problem.status == 422 and not errors:
        errors = errors_of(found.problem, questions)
    narrowed = _narrowed(typed, kind)
    begin = kind.begin[0] if kind.begin and browser.person.may(kind.begin[1]) else ""
    return parts.pages.show(
        browser,
        "audit/list.html",
        status=422 if errors else 200,
        view=kind,
        part=found,
        table=table_of(kind, found.items, known),
        questions=questions,
        typed=typed,
        errors=errors,
        narrowed=narrowed,
        begin=begin,
        back=HOME if name not in KEEPING else ("Back to how long records are kept", "/audit/retention"),
        here_filtered=_address(f"/audit/{name}", narrowed),
        csv=_address(f"/audit/{name}/csv", narrowed),
    )


def _narrowed(typed: Typed, kind: ListKind) -> list[tuple[str, str]]:
    wanted = [*kind.filters, *(f"{side}-{part}" for side in ("from", "to") for part in ("day", "month", "year"))]
    return [(name, one(typed, name)) for name in wanted if one(typed, name)]


def _address(path: str, narrowed: list[tuple[str, str]]) -> str:
    return f"{path}?{urlencode(narrowed)}" if narrowed else path


async def _every(hub: Hub, kind: ListKind, query: Mapping[str, str]) -> list[Mapping[str, Any]]:
    items: list[Mapping[str, Any]] = []
    cursor: str | None = None
    for _ in range(_MOST_PAGES):
        page = await hub.get(kind.path, {**kind.fixed, **query, "limit": 200, "cursor": cursor})
        items += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return items
    raise Refused(
        422, "too-much", "This is more than one table holds. Choose a shorter time, or take the evidence pack."
    )


def csv_of(table: Table) -> str:
    """A table as CSV. A cell that a spreadsheet would take for a formula is made plain text."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(table.heads)
    for row in table.rows:
        said = ["; ".join([each.text, *(more.text for more in each.more)]) for each in row]
        texts = [text.replace("\N{NO-BREAK SPACE}", " ") for text in said]
        writer.writerow([f"'{text}" if text[:1] in "=+-@\t" and text else text for text in texts])
    return out.getvalue()

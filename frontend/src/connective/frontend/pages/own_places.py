"""`/organisation/services/{id}/places`, `…/hours`, `…/costs`, `…/contacts`: what is told of an own service in rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import Response

from connective.frontend.clients.hub import Hub
from connective.frontend.domain.fields import Errors, Typed
from connective.frontend.domain.form_view import FormView
from connective.frontend.domain.own_places import HOURS, PLACES, hours_known, hours_sent, places_known, places_sent
from connective.frontend.domain.own_prices import (
    CONTACTS,
    COSTS,
    contacts_known,
    contacts_sent,
    costs_known,
    costs_sent,
)
from connective.frontend.domain.rows import ROWS, Several, Values
from connective.frontend.pages.browser import Browser, Form
from connective.frontend.pages.forms import VERSION, finish, show_form, tried
from connective.frontend.pages.routing import BrowserDep, FormDep, HubDep, Parts, PartsDep, personal_routes

routes = personal_routes()
_HERE = "/organisation/services"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    title: str
    words: str
    several: Several
    known: Callable[[Mapping[str, Any]], list[Values]]
    sent: Callable[[Sequence[Values]], list[Values]]


_PLACES = _Page(
    title="Where is it?",
    words="Each place to which people can come. Leave it empty for a service without a door of its own.",
    several=PLACES,
    known=places_known,
    sent=places_sent,
)
_HOURS = _Page(
    title="When is it open?",
    words="One opening for all days with the same hours. Add another where the hours differ, or for an afternoon.",
    several=HOURS,
    known=hours_known,
    sent=hours_sent,
)


_COSTS = _Page(
    title="What does it cost?",
    words="One price for each thing that costs something, or that is free. Anybody who looks for help reads them.",
    several=COSTS,
    known=costs_known,
    sent=costs_sent,
)
_CONTACTS = _Page(
    title="Who answers questions about it?",
    words="Workers who are signed in see everybody whom you name here; the public sees only those you choose to show.",
    several=CONTACTS,
    known=contacts_known,
    sent=contacts_sent,
)


def _offer(key: str, page: _Page) -> None:
    """What is told in rows is asked and kept in one way, whatever the rows are of."""

    @routes.page(f"{_HERE}/{{service_id}}/{key}")
    async def ask(service_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
        """What is told of it, to be changed."""
        return await _ask(page, service_id, browser, parts, hub)

    @routes.form(f"{_HERE}/{{service_id}}/{key}")
    async def tell(service_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
        """Keep it, or show the form with a row more or less."""
        return await _tell(page, service_id, browser, parts, hub=hub, form=form)


for _key, _page in (("places", _PLACES), ("hours", _HOURS), ("costs", _COSTS), ("contacts", _CONTACTS)):
    _offer(_key, _page)


async def _ask(page: _Page, service_id: UUID, browser: Browser, parts: Parts, hub: Hub) -> Response:
    found = await hub.read(f"/services/{service_id}")
    stored = page.several.typed(page.known(found.body))
    return _show(page, service_id, browser, parts, typed=browser.kept or stored, version=found.etag, stored=stored)


async def _tell(page: _Page, service_id: UUID, browser: Browser, parts: Parts, *, hub: Hub, form: Form) -> Response:
    version, several = form.one(VERSION), page.several
    other = several.changed(form.fields, form.one("act"))
    if other is not None:
        return _show(page, service_id, browser, parts, typed=other, version=version)
    address = f"/services/{service_id}"
    rows, errors, fields = several.read(form.fields, page.known(await hub.get(address)))
    if not errors:
        body = {several.key: page.sent(rows)}
        told, errors = await tried(hub.patch(address, body, version=version), fields)
        if told is not None:
            return await finish(parts, browser, f"{_HERE}/{service_id}", "saved")
    return _show(page, service_id, browser, parts, typed=form.fields, version=version, errors=errors)


def _show(
    page: _Page,
    service_id: UUID,
    browser: Browser,
    parts: Parts,
    *,
    typed: Typed,
    version: str | None,
    errors: Errors | None = None,
    stored: Typed | None = None,
) -> Response:
    several = page.several
    number = several.number(typed)
    view = FormView(
        title=page.title,
        fields=(),
        back=("Back to the service", f"{_HERE}/{service_id}"),
        words=(page.words,),
        hidden=((ROWS, str(number)),),
    )
    return show_form(
        parts,
        browser,
        view,
        typed,
        errors=errors,
        version=version,
        stored=stored,
        template="rows.html",
        rows=several.rows(number),
        more=number < several.most,
        one=several.one,
    )

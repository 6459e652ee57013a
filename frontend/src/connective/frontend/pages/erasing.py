"""Proving: a request for erasure is decided with what it would do before one's eyes, and its certificate is taken."""

import json
from typing import Any
from uuid import UUID

from fastapi import Response

from connective.frontend.clients.hub import Hub, together
from connective.frontend.domain.answers import Refused
from connective.frontend.domain.fields import Errors, Typed, in_order, read
from connective.frontend.domain.form_view import FormView
from connective.frontend.domain.proving_erasures import (
    DECISION,
    WHOSE,
    agreement_proof,
    certificate,
    decision,
    hindrances,
    meant,
    preview_tables,
    whose_field,
)
from connective.frontend.domain.proving_queues import DECIDE
from connective.frontend.domain.sheets import Link, Links, Sheet, Words
from connective.frontend.pages.browser import Browser
from connective.frontend.pages.forms import show_form, show_sheet, tried
from connective.frontend.pages.proving import known_of
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
from connective.kit.problems import NotFound

routes = personal_routes()
_BEGIN = "/audit/requests/{request_id}/erasure"
_DECIDE = f"{_BEGIN}/{{whose}}"
_NOBODY = (
    "This request names nobody whose record your organisation keeps.",
    "Ask the worker who knows the family to pass the request on from the person’s page: it then names them here.",
)
_WRONG = "A decision takes effect at once, and what is erased cannot be brought back."


async def _asked(browser: Browser, hub: Hub, request_id: UUID) -> tuple[dict[str, Any], list[Any]]:
    """The request of the register, and the records it is about. Raises Refused, NotFound once it is decided."""
    if not browser.person.may(DECIDE):
        raise Refused(403, "not-allowed", "")
    path = f"/audit/information-requests/{request_id}"
    request, found = await together(hub.get(path), hub.get(f"{path}/records"))
    if request["kind"] != "erasure":
        raise NotFound
    return request, found["items"]


def _back(request_id: UUID) -> tuple[str, str]:
    return "Back to the request", f"/audit/requests/{request_id}"


def _nobody(parts: Parts, browser: Browser, request_id: UUID) -> Response:
    answer = [Link("Answer it in the register", f"/audit/requests/{request_id}/answer", button="secondary")]
    return show_sheet(
        parts, browser, Sheet("Erasure", [Words(_NOBODY, manner="inset"), Links(answer)], back=_back(request_id))
    )


def _which(request_id: UUID, found: list[Any]) -> FormView:
    return FormView(
        title="What is to be erased",
        fields=[whose_field(found)],
        back=_back(request_id),
        button="Continue",
        words=("Check first that whoever asks may: who they are, and for a child that they speak for the child.",),
    )


@routes.page(_BEGIN)
async def ask_whose(request_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """What is meant: one person alone, or the whole record of a family."""
    request, found = await _asked(browser, hub, request_id)
    if request["origin_id"] is not None:
        return onward(f"/audit/erasure-requests/{request['origin_id']}")
    view = _which(request_id, found)
    if not view.fields[0].options:
        return _nobody(parts, browser, request_id)
    return show_form(parts, browser, view)


@routes.form(_BEGIN)
async def choose_whose(request_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Go on to the decision about what was chosen."""
    _, found = await _asked(browser, hub, request_id)
    view = _which(request_id, found)
    chosen, errors = read(view.fields, form.fields)
    if errors:
        return show_form(parts, browser, view, form.fields, errors=errors)
    return await done(parts, browser, f"/audit/requests/{request_id}/erasure/{chosen[WHOSE]}")


@routes.page(_DECIDE)
async def ask_decision(*, request_id: UUID, whose: str, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """What erasing would do, what stands against it, and the decision."""
    request, found = await _asked(browser, hub, request_id)
    if request["origin_id"] is not None:
        return onward(f"/audit/erasure-requests/{request['origin_id']}")
    return await _show(parts, browser, hub, (request_id, whose, found), {})


@routes.form(_DECIDE)
async def decide(
    *, request_id: UUID, whose: str, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep
) -> Response:
    """Grant or refuse it; what stands against it is said on the form."""
    request, found = await _asked(browser, hub, request_id)
    if request["origin_id"] is not None:
        # It has been decided: by a second press of this very button, or by a colleague.
        return await done(parts, browser, f"/audit/erasure-requests/{request['origin_id']}")
    ids = meant(found, whose)
    if ids is None:
        raise NotFound
    given, errors = read(DECISION, form.fields)
    body, more = decision(given, request)
    errors = in_order(DECISION, errors + more)
    if not errors:
        body |= {"family_id": ids[0], "person_id": ids[1]}
        made, errors = await tried(hub.post("/retention/requests", body, key=form.key), DECISION)
        if made is not None:
            return await done(parts, browser, f"/audit/erasure-requests/{made.body['id']}")
    return await _show(parts, browser, hub, (request_id, whose, found), form.fields, errors=errors)


async def _show(
    parts: Parts,
    browser: Browser,
    hub: Hub,
    asked: tuple[UUID, str, list[Any]],
    typed: Typed,
    *,
    errors: Errors | None = None,
) -> Response:
    request_id, whose, found = asked
    ids = meant(found, whose)
    if ids is None:
        raise NotFound
    family_id, person_id, words = ids
    if person_id is None:
        preview = await hub.part(f"/retention/families/{family_id}/preview")
    else:
        preview = await hub.part(f"/retention/families/{family_id}/people/{person_id}/preview")
    against = preview.value["against"] if preview.value else []
    view = FormView(
        title="Decide about an erasure",
        heading=f"{words}: erase or keep?",
        fields=DECISION,
        back=("Back to what is asked", f"/audit/requests/{request_id}/erasure"),
        button="Save the decision",
        warning=_WRONG,
        warns=True,
    )
    return show_form(
        parts,
        browser,
        view,
        typed,
        errors=errors,
        template="audit/erasure.html",
        preview=preview,
        whole=person_id is None,
        tables=preview_tables(preview.value) if preview.value else [],
        against=hindrances(against),
    )


async def _proved(path: str, browser: Browser, parts: Parts, hub: Hub, *, back: str) -> Any:  # noqa: ANN401 - JSON
    """A proof of the API; or, for the seconds until the ledger is signed, a page that says so."""
    try:
        return await hub.get(path)
    except Refused as problem:
        if problem.status != 409:
            raise
        words = (problem.detail or "It is not sealed yet.", "Load this page again in a minute.")
        return show_sheet(parts, browser, Sheet("Not yet", [Words(words, manner="inset")], back=("Back", back)))


@routes.page("/audit/erasures/{erasure_id}/certificate")
async def show_certificate(erasure_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """The certificate, to be read and printed."""
    path, back = f"/retention/erasures/{erasure_id}/certificate", f"/audit/erasures/{erasure_id}"
    found, known = await together(_proved(path, browser, parts, hub, back=back), known_of(hub, browser))
    if isinstance(found, Response):
        return found
    return parts.pages.show(browser, "audit/record.html", view=certificate(found, known))


@routes.page("/audit/agreement-reviews/{review_id}/proof")
async def show_proof(review_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """What proves the decision about an agreement that ended."""
    path, back = f"/retention/agreement-reviews/{review_id}/proof", f"/audit/agreement-reviews/{review_id}"
    found, known = await together(_proved(path, browser, parts, hub, back=back), known_of(hub, browser))
    if isinstance(found, Response):
        return found
    return parts.pages.show(browser, "audit/record.html", view=agreement_proof(found, known))


@routes.page("/audit/erasures/{erasure_id}/certificate/file")
async def take_certificate(erasure_id: UUID, hub: HubDep) -> Response:
    """The certificate with its proof, for whoever checks it with a program."""
    return _as_file(await hub.get(f"/retention/erasures/{erasure_id}/certificate"), "certificate-of-erasure.json")


@routes.page("/audit/agreement-reviews/{review_id}/proof/file")
async def take_proof(review_id: UUID, hub: HubDep) -> Response:
    """The same proof, for whoever checks it with a program."""
    return _as_file(await hub.get(f"/retention/agreement-reviews/{review_id}/proof"), "agreement-review-proof.json")


def _as_file(found: dict[str, Any], name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(json.dumps(found, indent=2), media_type="application/json", headers=headers)

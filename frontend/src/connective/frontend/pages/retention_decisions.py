"""`/audit/retention/{rule}` and `/agreements/{id}/end`: how long is kept, and what becomes of an agreement after it."""

from typing import Any
from uuid import UUID

from fastapi import Response

from connective.frontend.clients.hub import Hub
from connective.frontend.domain.answers import Refused
from connective.frontend.domain.fields import answered, read
from connective.frontend.domain.form_view import FormView
from connective.frontend.domain.proving_queues import DECIDE
from connective.frontend.domain.proving_words import plain
from connective.frontend.domain.retention_decisions import END_FIELDS, rule_body, rule_fields, rule_typed
from connective.frontend.pages.browser import Browser
from connective.frontend.pages.forms import VERSION, show_form, tried
from connective.frontend.pages.routing import BrowserDep, FormDep, HubDep, PartsDep, done, personal_routes

routes = personal_routes()
SCHEDULE = "/audit/retention"
CHANGES = "consent:schedule:write"
_RULE = f"{SCHEDULE}/{{rule_key}}"
_END = "/agreements/{agreement_id}/end"


def _allowed(browser: Browser, permission: str) -> None:
    """The API decides; but nobody fills in a form that it is bound to refuse. Raises Refused."""
    if not browser.person.may(permission):
        raise Refused(403, "not-allowed", "")


def _rule_view(rule: dict[str, Any]) -> FormView:
    return FormView(
        title="How long it is kept",
        heading=plain(rule["what"]),
        fields=rule_fields(rule),
        back=("Back to how long records are kept", SCHEDULE),
        button="Keep it so long",
        words=(
            f"Now: {plain(rule['in_words'])}",
            "Runs from now on follow what you say; the ledger keeps who said it.",
        ),
    )


@routes.page(_RULE)
async def ask_rule(rule_key: str, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """One rule of the schedule, to be changed."""
    _allowed(browser, CHANGES)
    found = await hub.read(f"/retention/schedule/{rule_key}")
    return show_form(parts, browser, _rule_view(found.body), rule_typed(found.body), version=found.etag)


@routes.form(_RULE)
async def change_rule(rule_key: str, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Change it."""
    path = f"/retention/schedule/{rule_key}"
    rule = await hub.get(path)
    fields = rule_fields(rule)
    given, errors = read(fields, form.fields)
    if not errors:
        sent = hub.put(path, rule_body(rule, given), version=form.one(VERSION))
        changed, errors = await tried(sent, fields)
        if changed is not None:
            return await done(parts, browser, SCHEDULE)
    return show_form(parts, browser, _rule_view(rule), form.fields, errors=errors, version=form.one(VERSION))


async def _ended(hub: Hub, agreement_id: UUID) -> tuple[FormView, str]:
    """The form, and the fingerprint of the text that is decided about: of its last version."""
    agreement = await hub.get(f"/agreements/{agreement_id}")
    last = await hub.get(f"/agreements/{agreement_id}/versions/{agreement['latest_version']}")
    view = FormView(
        title="After its end",
        heading=f"What becomes of {agreement['reference']}?",
        fields=END_FIELDS,
        back=("Back to the agreement", f"/agreements/{agreement_id}"),
        button="Save the decision",
        words=(
            "The organisation that leads an agreement decides, once the time of the schedule after its end is over.",
            "It is not destroyed while a legal hold names it, a recipient owes a confirmation, or a record is kept "
            "that was shared under it.",
        ),
    )
    return view, str(last["text_hash"] or "")


@routes.page(_END)
async def ask_end(agreement_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """What becomes of an agreement that is over."""
    _allowed(browser, DECIDE)
    view, text_hash = await _ended(hub, agreement_id)
    return show_form(parts, browser, view, version=text_hash)


@routes.form(_END)
async def decide_end(agreement_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Keep it on, or destroy what it said; what stands against that is told on the form."""
    body, errors = answered(END_FIELDS, form.fields)
    if not errors:
        wanted = {**body, "agreement_id": str(agreement_id), "text_hash": form.one(VERSION) or None}
        made, errors = await tried(hub.post("/retention/agreement-reviews", wanted, key=form.key), END_FIELDS)
        if made is not None:
            return await done(parts, browser, f"/audit/agreement-reviews/{made.body['id']}")
    view, _ = await _ended(hub, agreement_id)
    return show_form(parts, browser, view, form.fields, errors=errors, version=form.one(VERSION))

"""What one administrator proposed and another decides; and whose access is confirmed again."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import Response

from connective.frontend.clients.hub import Hub, together
from connective.frontend.domain.fields import Field, read
from connective.frontend.domain.form_view import FormView
from connective.frontend.domain.members import review_sheet
from connective.frontend.domain.proposals import proposal_sheet, proposals_sheet
from connective.frontend.pages.browser import Browser
from connective.frontend.pages.forms import VERSION, every, finish, names_of, show_form, show_sheet, tried
from connective.frontend.pages.members import people_named, people_of, quoted
from connective.frontend.pages.routing import BrowserDep, FormDep, HubDep, PartsDep, personal_routes
from connective.kit.problems import NotFound

routes = personal_routes()
_OWN = "/organisation/proposals"
_ALL = "/admin/proposals"
_REVIEW = "/access-review"
_SAID = {"approve": "approved", "reject": "rejected", "withdraw": "withdrawn"}
_OUTCOME = Field(
    name="outcome",
    label="Does this person still need their access?",
    kind="choice",
    required="Say whether they still need it",
    options=(("keep", "Yes, they still need it"), ("remove", "No, it should be taken away")),
)


def _base(browser: Browser) -> str:
    return _ALL if browser.request.url.path.startswith(_ALL) else _OWN


@routes.page(_OWN)
@routes.page(_ALL)
async def list_proposals(
    browser: BrowserDep,
    parts: PartsDep,
    hub: HubDep,
    *,
    decided: bool = False,
    cursor: str | None = None,
) -> Response:
    """What waits for a decision, or everything."""
    found = await hub.part("/proposals", {"waiting": not decided, "limit": 50, "cursor": cursor})
    return show_sheet(parts, browser, proposals_sheet(found, _base(browser), waiting=not decided))


async def _with_names(hub: Hub, browser: Browser, proposal_id: UUID) -> tuple[dict[str, Any], dict[str, str]]:
    """A proposal, and what those are called whom it is about, and who proposed it."""
    found, people, organisations, clients = await together(
        hub.get(f"/proposals/{proposal_id}"),
        people_of(hub, browser),
        every(hub, "/organisations"),
        every(hub, "/clients"),
    )
    named = await people_named(hub, people, (found["proposed_by"], found.get("decided_by"), found["subject_id"]))
    return found, names_of(organisations) | names_of(clients) | named


@routes.page(f"{_OWN}/{{proposal_id}}")
@routes.page(f"{_ALL}/{{proposal_id}}")
async def show_proposal(proposal_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """One of them."""
    found, names = await _with_names(hub, browser, proposal_id)
    before = await _before(hub, found)
    names |= {} if before is None else {found["subject_id"]: before["name"]}
    return show_sheet(parts, browser, proposal_sheet(found, names, _base(browser), before=before))


async def _before(hub: Hub, proposal: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """What is to change as it is now, of what is proposed whole; None for what is new, or was decided."""
    if proposal["kind"] != "provider" or proposal["state"] != "open":
        return None
    found: Mapping[str, Any] | None = (await hub.part(f"/providers/{proposal['subject_id']}")).value
    return found


@routes.form(f"{_OWN}/{{proposal_id}}")
@routes.form(f"{_ALL}/{{proposal_id}}")
async def decide(proposal_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Approve, reject or withdraw it."""
    act = form.one("act")
    if act not in _SAID:
        raise NotFound
    await hub.post(f"/proposals/{proposal_id}/{act}", key=form.key, version=quoted(form.one(VERSION)))
    return await finish(parts, browser, _base(browser), _SAID[act])


@routes.page(_REVIEW)
async def list_review(
    browser: BrowserDep, parts: PartsDep, hub: HubDep, *, due: bool = False, cursor: str | None = None
) -> Response:
    """Who can get in, and whose access must be confirmed."""
    found = await hub.part("/accounts/access-review", {"due": due, "limit": 50, "cursor": cursor})
    organisations = {each["organisation_id"]: each["organisation_name"] for each in _lines(found.value)}
    return show_sheet(parts, browser, review_sheet(found, organisations, due=due, here=_REVIEW))


def _lines(value: Any) -> list[Any]:  # noqa: ANN401 - the answer, or none
    return list(value["organisations"]) if value else []


async def _confirm_view(hub: Hub, account_id: UUID) -> FormView:
    found = await hub.get("/accounts/access-review", {"account": str(account_id)})
    if not found["items"]:
        raise NotFound
    return FormView(
        title="Confirm access",
        heading=f"Confirm the access of {found['items'][0]['name']}",
        fields=(_OUTCOME,),
        back=("Back to the review", _REVIEW),
        button="Record it",
        words=("“No” asks an administrator to take it away; auditors see whether they did.",),
    )


@routes.page(f"{_REVIEW}/{{account_id}}")
async def ask_confirmation(account_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """Whether somebody still needs their access."""
    view = await _confirm_view(hub, account_id)
    return show_form(parts, browser, view, version=browser.request.query_params.get("of"))


@routes.form(f"{_REVIEW}/{{account_id}}")
async def confirm(account_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Record it."""
    body, errors = read((_OUTCOME,), form.fields)
    if not errors:
        path = f"/accounts/{account_id}/access-confirmations"
        sent = hub.post(path, {**body, "organisation_id": form.one(VERSION)}, key=form.key)
        recorded, errors = await tried(sent, (_OUTCOME,))
        if recorded is not None:
            return await finish(parts, browser, f"{_REVIEW}?due=true", "confirmed")
    view = await _confirm_view(hub, account_id)
    return show_form(parts, browser, view, form.fields, errors=errors, version=form.one(VERSION))

"""Accounts and invitations: one's organisation's under `/organisation/members`, the place's under `/admin/accounts`."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from fastapi import Response

from connective.frontend.clients.hub import Hub, together
from connective.frontend.domain.answers import Part
from connective.frontend.domain.fields import Field, answered, read
from connective.frontend.domain.form_view import FormView
from connective.frontend.domain.members import (
    DISABLE_FIELDS,
    INVITE_FIELDS,
    ROLE_OPTIONS,
    TRAINING_FIELDS,
    account_sheet,
    found_sheet,
    invitation_sheet,
    members_sheet,
    roles_field,
)
from connective.frontend.domain.words import LONDON
from connective.frontend.pages.browser import Browser
from connective.frontend.pages.forms import VERSION, every, finish, names_of, show_form, show_sheet, tried
from connective.frontend.pages.routing import BrowserDep, FormDep, HubDep, PartsDep, onward, personal_routes
from connective.kit.problems import NotFound

routes = personal_routes()
_OWN = "/organisation/members"
_ALL = "/admin/accounts"
_PROPOSED = "asked"
_LONGEST = 200
_AT_ONCE = 200
_IDS_AT_ONCE = 100
"""As many accounts, and as many of their ids, as the API takes in one call."""


def base_of(browser: Browser) -> str:
    """Which of both somebody is in: the same pages stand under each."""
    return _ALL if browser.request.url.path.startswith(_ALL) else _OWN


@routes.page(_OWN)
@routes.page(_ALL)
async def list_members(browser: BrowserDep, parts: PartsDep, hub: HubDep, *, cursor: str | None = None) -> Response:
    """Who has an account, and who is invited."""
    base = base_of(browser)
    query: dict[str, Any] = {"limit": 100, "cursor": cursor}
    if base == _OWN:
        query["organisation_id"] = str(browser.person.organisation_id)
    accounts, invitations = await together(hub.part("/accounts", query), every(hub, "/invitations"))
    return show_sheet(parts, browser, members_sheet(accounts, invitations, base, _heading(base)))


def _heading(base: str) -> str:
    return "Members" if base == _OWN else "Accounts and roles"


@routes.form(_OWN)
@routes.form(_ALL)
async def find_members(browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Who has a name, or an address, like this. It is posted, so that no name stands in an address or a history."""
    base, name = base_of(browser), form.one("name")[:_LONGEST]
    if not name:
        return onward(base)
    query = {"organisation_id": str(browser.person.organisation_id)} if base == _OWN else {}
    found = await every(hub, "/accounts", query)
    return show_sheet(parts, browser, found_sheet(found, name, base, _heading(base)))


async def _invite_view(browser: Browser, hub: Hub) -> FormView:
    base = base_of(browser)
    fields: list[Field] = list(INVITE_FIELDS)
    if base == _ALL:
        organisations = await every(hub, "/organisations")
        options = tuple((each["id"], each["name"]) for each in organisations.items if not each["listed_only"])
        asked = "Choose their organisation"
        fields.append(
            Field(name="organisation_id", label="Organisation", kind="choice", required=asked, options=options)
        )
    fields.append(roles_field(ROLE_OPTIONS if base == _ALL else _given_by_partners()))
    return FormView(
        title="Invite somebody",
        fields=fields,
        back=("Back to the accounts", base),
        button="Invite",
        words=(
            "They get an email with a link that works once, choose a password, and set up a second step of signing in.",
            "Another administrator approves the invitation before it is sent.",
        ),
    )


def _given_by_partners() -> tuple[tuple[str, str], ...]:
    return tuple(each for each in ROLE_OPTIONS if each[0] not in {"place_admin", "hub_coordinator", "auditor"})


@routes.page(f"{_OWN}/invite")
@routes.page(f"{_ALL}/invite")
async def ask_invitation(browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """Whom to invite, and as what."""
    return show_form(parts, browser, await _invite_view(browser, hub))


@routes.form(f"{_OWN}/invite")
@routes.form(f"{_ALL}/invite")
async def invite(browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Propose the invitation."""
    view = await _invite_view(browser, hub)
    body, errors = read(view.fields, form.fields)
    if not errors:
        body.setdefault("organisation_id", str(browser.person.organisation_id))
        chosen = next((each for each in view.fields if each.name == "organisation_id"), None)
        named = chosen.words[body["organisation_id"]] if chosen else browser.person.organisation_name
        sent = hub.post("/invitations", {**body, "organisation_name": named}, key=form.key)
        made, errors = await tried(sent, view.fields)
        if made is not None:
            target = f"{base_of(browser)}/invitations/{made.body['id']}"
            return await finish(parts, browser, target, "invited")
    return show_form(parts, browser, view, form.fields, errors=errors)


@routes.page(f"{_OWN}/invitations/{{invitation_id}}")
@routes.page(f"{_ALL}/invitations/{{invitation_id}}")
async def show_invitation(invitation_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """One invitation."""
    found = await hub.get(f"/invitations/{invitation_id}")
    return show_sheet(parts, browser, invitation_sheet(found, base_of(browser)))


@routes.form(f"{_OWN}/invitations/{{invitation_id}}")
@routes.form(f"{_ALL}/invitations/{{invitation_id}}")
async def act_on_invitation(
    invitation_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep
) -> Response:
    """Send it again, or withdraw it."""
    said = {"resend": "resent", "withdraw": "withdrawn"}.get(form.one("act"))
    if said is None:
        raise NotFound
    path = f"/invitations/{invitation_id}"
    await hub.post(f"{path}/{form.one('act')}", key=form.key, version=quoted(form.one(VERSION)))
    return await finish(parts, browser, f"{base_of(browser)}/invitations/{invitation_id}", said)


def quoted(version: str) -> str:
    """A version's number as If-Match has it."""
    return version if version.startswith('"') else f'"{version}"'


@routes.page(f"{_OWN}/{{account_id}}")
@routes.page(f"{_ALL}/{{account_id}}")
async def show_member(account_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """One account."""
    found = await hub.get(f"/accounts/{account_id}")
    today = browser.now.astimezone(LONDON).date()
    sheet = account_sheet(found, base_of(browser), own=account_id == browser.person.id, today=today)
    return show_sheet(parts, browser, sheet)


@routes.form(f"{_OWN}/{{account_id}}")
@routes.form(f"{_ALL}/{{account_id}}")
async def act_on_member(account_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Sign somebody out everywhere, or propose what another administrator approves."""
    here = f"{base_of(browser)}/{account_id}"
    proposed = {"factors": "account_factors", "open": "account_opened"}.get(form.one("act"))
    if form.one("act") == "sign_out":
        await hub.post(f"/accounts/{account_id}/end-sessions", key=form.key)
        return await finish(parts, browser, here, "signed-out")
    if proposed is None:
        raise NotFound
    await hub.post("/proposals", {"kind": proposed, "account_id": str(account_id)}, key=form.key)
    return await finish(parts, browser, here, _PROPOSED)


def _roles_view(account: dict[str, Any], base: str) -> FormView:
    fields = [
        Field(
            name=f"roles-{each['organisation_id']}",
            label=f"Roles at {each['organisation_name']}",
            kind="choices",
            options=ROLE_OPTIONS if base == _ALL else _given_by_partners(),
        )
        for each in account["memberships"]
    ]
    return FormView(
        title="Change roles",
        heading=f"Change the roles of {account['name']}",
        fields=fields,
        back=("Back to the account", f"{base}/{account['id']}"),
        button="Propose it",
        words=("Another administrator approves it. Until then nothing changes.",),
    )


@routes.page(f"{_OWN}/{{account_id}}/roles")
@routes.page(f"{_ALL}/{{account_id}}/roles")
async def ask_roles(account_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """Which roles somebody holds, to be changed."""
    found = await hub.get(f"/accounts/{account_id}")
    held = {f"roles-{each['organisation_id']}": list(each["roles"]) for each in found["memberships"]}
    return show_form(parts, browser, _roles_view(found, base_of(browser)), held)


@routes.form(f"{_OWN}/{{account_id}}/roles")
@routes.form(f"{_ALL}/{{account_id}}/roles")
async def propose_roles(account_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Propose it."""
    found = await hub.get(f"/accounts/{account_id}")
    view = _roles_view(found, base_of(browser))
    body, errors = read(view.fields, form.fields)
    held = [
        {"organisation_id": each["organisation_id"], "organisation_name": each["organisation_name"],
         "roles": body[f"roles-{each['organisation_id']}"]}
        for each in found["memberships"]
    ]  # fmt: skip
    if not errors and not any(each["roles"] for each in held):
        errors = [(view.fields[0].name, "Choose at least one role. To take all away, end their work or disable it.")]
    if not errors:
        kept = [each for each in held if each["roles"]]
        change = {"kind": "account_roles", "account_id": str(account_id), "memberships": kept}
        made, errors = await tried(hub.post("/proposals", change, key=form.key), view.fields)
        if made is not None:
            return await finish(parts, browser, f"{base_of(browser)}/{account_id}", _PROPOSED)
    return show_form(parts, browser, view, form.fields, errors=errors)


def _disable_view(account: dict[str, Any], base: str) -> FormView:
    return FormView(
        title="Disable an account",
        heading=f"Disable the account of {account['name']}?",
        fields=DISABLE_FIELDS,
        back=("Back to the account", f"{base}/{account['id']}"),
        button="Disable it now",
        words=("They are signed out everywhere at once. Opening it again takes two administrators.",),
        warns=True,
    )


@routes.page(f"{_OWN}/{{account_id}}/disable")
@routes.page(f"{_ALL}/{{account_id}}/disable")
async def ask_disable(account_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """Ask whether to."""
    found = await hub.read(f"/accounts/{account_id}")
    return show_form(parts, browser, _disable_view(found.body, base_of(browser)), version=found.etag)


@routes.form(f"{_OWN}/{{account_id}}/disable")
@routes.form(f"{_ALL}/{{account_id}}/disable")
async def disable(account_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Do it."""
    body, errors = read(DISABLE_FIELDS, form.fields)
    path = f"/accounts/{account_id}"
    if not errors:
        sent = hub.post(f"{path}/disable", body, key=form.key, version=form.one(VERSION))
        gone, errors = await tried(sent, DISABLE_FIELDS)
        if gone is not None:
            return await finish(parts, browser, f"{base_of(browser)}/{account_id}", "disabled")
    view = _disable_view(await hub.get(path), base_of(browser))
    return show_form(parts, browser, view, form.fields, errors=errors, version=form.one(VERSION))


def _training_view(account: dict[str, Any]) -> FormView:
    return FormView(
        title="Record training",
        heading=f"Training in data protection of {account['name']}",
        fields=TRAINING_FIELDS,
        back=("Back to the account", f"{_ALL}/{account['id']}"),
        button="Record it",
        words=("Officers see in the access review whose training is in date. What was recorded before stays.",),
    )


@routes.page(f"{_ALL}/{{account_id}}/training")
async def ask_training(account_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """Which training somebody has completed."""
    return show_form(parts, browser, _training_view(await hub.get(f"/accounts/{account_id}")))


@routes.form(f"{_ALL}/{{account_id}}/training")
async def record_training(
    account_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep
) -> Response:
    """Record it; it is kept beside what was recorded before."""
    body, errors = answered(TRAINING_FIELDS, form.fields, browser.now.astimezone(LONDON).date())
    if not errors:
        sent = hub.post(f"/accounts/{account_id}/training", body, key=form.key)
        kept, errors = await tried(sent, TRAINING_FIELDS)
        if kept is not None:
            return await finish(parts, browser, f"{_ALL}/{account_id}", "trained")
    view = _training_view(await hub.get(f"/accounts/{account_id}"))
    return show_form(parts, browser, view, form.fields, errors=errors)


def _end_view(account: dict[str, Any], organisation_id: UUID, base: str) -> FormView:
    names = {each["organisation_id"]: each["organisation_name"] for each in account["memberships"]}
    return FormView(
        title="End somebody’s work",
        heading=f"End {account['name']}’s work at {names.get(str(organisation_id), 'this organisation')}?",
        fields=(),
        back=("Back to the account", f"{base}/{account['id']}"),
        button="End their work there",
        words=("They lose their roles there at once. Their account stays, with any roles elsewhere.",),
        warns=True,
    )


@routes.page(f"{_OWN}/{{account_id}}/end/{{organisation_id}}")
@routes.page(f"{_ALL}/{{account_id}}/end/{{organisation_id}}")
async def ask_end(
    account_id: UUID, organisation_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep
) -> Response:
    """Ask whether to."""
    found = await hub.read(f"/accounts/{account_id}")
    view = _end_view(found.body, organisation_id, base_of(browser))
    return show_form(parts, browser, view, version=found.etag)


@routes.form(f"{_OWN}/{{account_id}}/end/{{organisation_id}}")
@routes.form(f"{_ALL}/{{account_id}}/end/{{organisation_id}}")
async def end_membership(
    account_id: UUID, organisation_id: UUID, *, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep
) -> Response:
    """Do it."""
    path = f"/accounts/{account_id}/memberships/{organisation_id}/end"
    await hub.post(path, key=form.key, version=form.one(VERSION))
    return await finish(parts, browser, base_of(browser), "left")


async def people_of(hub: Hub, browser: Browser) -> Part:
    """Accounts whose names a page says, as many as one answer holds; none for whoever may not list them."""
    return (
        await hub.part("/accounts", {"limit": _AT_ONCE})
        if browser.person.may("gateway:member:write")
        else Part({"items": []})
    )


async def people_named(hub: Hub, listed: Part, ids: Iterable[str | None]) -> dict[str, str]:
    """Names of these accounts by their ids: those of `people_of`, and of a place with more than it holds, the rest."""
    names = names_of(listed)
    missing = [each for each in dict.fromkeys(ids) if each and each not in names]
    if listed.value is None or not listed.value.get("next_cursor") or not missing:
        return names
    parts = (missing[at : at + _IDS_AT_ONCE] for at in range(0, len(missing), _IDS_AT_ONCE))
    found = await together(*(hub.part("/accounts", {"account": each, "limit": len(each)}) for each in parts))
    return names | {one: name for each in found for one, name in names_of(each).items()}

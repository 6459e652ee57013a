"""`/admin/organisations`, `/admin/hubs`: who belongs to a place, and who works together there."""

from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from fastapi import Response

from connective.frontend.clients.hub import Hub, Query, together
from connective.frontend.domain.answers import Refused
from connective.frontend.domain.fields import Errors, Field, errors_of, read, typed_from
from connective.frontend.domain.form_view import FormView
from connective.frontend.domain.organisation import ITEM_FIELDS, KINDS, assurance_sheet, item_words
from connective.frontend.domain.place import (
    NEW_BODY,
    REASON,
    change_fields,
    hub_fields,
    hub_sheet,
    hubs_sheet,
    identifiers_of,
    organisation_sheet,
    organisations_sheet,
    register_fields,
    typed_identifiers,
    where_identifiers_are,
)
from connective.frontend.domain.troubles import MOVED_ON
from connective.frontend.pages.forms import VERSION, every, finish, show_form, show_sheet, tried
from connective.frontend.pages.members import people_named, people_of
from connective.frontend.pages.routing import BrowserDep, FormDep, HubDep, PartsDep, personal_routes
from connective.kit.problems import NotFound

routes = personal_routes()
_HERE = "/admin/organisations"
_HUBS = "/admin/hubs"
_TO_LIST = ("Back to organisations", _HERE)


@routes.page(_HERE)
async def list_organisations(
    browser: BrowserDep, parts: PartsDep, hub: HubDep, *, kind: str = "", state: str = "", cursor: str | None = None
) -> Response:
    """Their list."""
    kind = kind if kind in KINDS else ""
    state = state if state in {"active", "suspended"} else ""
    query = {"kind": kind or None, "state": state or None, "limit": 50, "cursor": cursor}
    return show_sheet(parts, browser, organisations_sheet(await hub.part("/organisations", query), kind, state))


async def _register_view(hub: Hub) -> FormView:
    found = await every(hub, "/organisations")
    bodies: dict[str, str] = {}
    for each in found.items:
        if each["legal_entity_id"] and not each["listed_only"]:
            bodies.setdefault(each["legal_entity_id"], f"The same as {each['name']}")
    return FormView(
        title="Register an organisation",
        fields=register_fields(tuple(bodies.items())),
        back=_TO_LIST,
        button="Register it",
        words=("Numbers of public registers are checked for slips: enter those it has, leave the others empty.",),
    )


@routes.page(f"{_HERE}/register")
async def ask_organisation(browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """What it is."""
    return show_form(parts, browser, await _register_view(hub), {"assurance_level": ["named_accounts"]})


@routes.form(f"{_HERE}/register")
async def register(browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Register it. A legal body that is not known here gets its reference now; agreements name it by that."""
    view = await _register_view(hub)
    body, errors = read(view.fields, form.fields)
    if not errors:
        sent = {name: value for name, value in body.items() if value is not None}
        sent["identifiers"] = identifiers_of(sent)
        if sent["legal_entity_id"] == NEW_BODY:
            # The same each time that this form is sent, so that sending it twice registers it once.
            sent["legal_entity_id"] = str(uuid5(NAMESPACE_OID, form.key))
        try:
            made = await hub.post("/organisations", sent, key=form.key)
            return await finish(parts, browser, f"{_HERE}/{made.body['id']}", "created")
        except Refused as problem:
            errors = _errors(problem, view, sent["identifiers"])
    return show_form(parts, browser, view, form.fields, errors=errors)


def _errors(problem: Refused, view: FormView, given: list[dict[str, Any]]) -> Errors:
    return where_identifiers_are(errors_of(problem, view.fields), given, problem.errors)


@routes.page(f"{_HERE}/{{organisation_id}}")
async def show_organisation(
    organisation_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep, *, cursor: str | None = None
) -> Response:
    """One of them; who works there, a hundred at a time."""
    of: Query = {"organisation_id": str(organisation_id)}
    record, services, accounts = await together(
        hub.get(f"/organisations/{organisation_id}"),
        every(hub, "/services", of),
        hub.part("/accounts", {**of, "limit": 100, "cursor": cursor}),
    )
    return show_sheet(parts, browser, organisation_sheet(record, services, accounts))


def _change_view(organisation_id: UUID) -> FormView:
    back = ("Back to the organisation", f"{_HERE}/{organisation_id}")
    return FormView(title="Change an organisation", fields=change_fields(), back=back)


@routes.page(f"{_HERE}/{{organisation_id}}/change")
async def ask_change(organisation_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """What the directory says of it, to be changed."""
    found = await hub.read(f"/organisations/{organisation_id}")
    view = _change_view(organisation_id)
    typed = typed_from(view.fields, found.body) | typed_identifiers(found.body)
    return show_form(parts, browser, view, typed, version=found.etag)


@routes.form(f"{_HERE}/{{organisation_id}}/change")
async def change(organisation_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Keep it."""
    view = _change_view(organisation_id)
    body, errors = read(view.fields, form.fields)
    if not errors:
        given = identifiers_of(body)
        try:
            path = f"/organisations/{organisation_id}"
            await hub.patch(path, {**body, "identifiers": given}, version=form.one(VERSION))
            return await finish(parts, browser, f"{_HERE}/{organisation_id}", "saved")
        except Refused as problem:
            errors = _errors(problem, view, given)
    return show_form(parts, browser, view, form.fields, errors=errors, version=form.one(VERSION))


def _stop_view(organisation_id: UUID, verb: str) -> FormView:
    words = {
        "suspend": ("Suspend an organisation", "Suspend it now",
                    "Nothing more is sent to it, and its people see nothing of families, from now on. "
                    "Requests under way are held."),
        "reinstate": ("Reinstate an organisation", "Reinstate it",
                      "It receives requests again, and its people see them again."),
    }[verb]  # fmt: skip
    return FormView(
        title=words[0],
        fields=REASON,
        back=("Back to the organisation", f"{_HERE}/{organisation_id}"),
        button=words[1],
        words=(words[2],),
        warns=verb == "suspend",
    )


@routes.page(f"{_HERE}/{{organisation_id}}/suspend")
@routes.page(f"{_HERE}/{{organisation_id}}/reinstate")
async def ask_reason(organisation_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """Ask why."""
    verb, record = _verb(browser), await hub.get(f"/organisations/{organisation_id}")
    if (record["state"] == "active") != (verb == "suspend"):
        raise Refused(404, MOVED_ON, "")
    return show_form(parts, browser, _stop_view(organisation_id, verb))


@routes.form(f"{_HERE}/{{organisation_id}}/suspend")
@routes.form(f"{_HERE}/{{organisation_id}}/reinstate")
async def stop_or_start(
    organisation_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep
) -> Response:
    """Do it."""
    verb = _verb(browser)
    body, errors = read(REASON, form.fields)
    if not errors:
        done, errors = await tried(hub.post(f"/organisations/{organisation_id}/{verb}", body, key=form.key), REASON)
        if done is not None:
            said = "suspended" if verb == "suspend" else "reinstated"
            return await finish(parts, browser, f"{_HERE}/{organisation_id}", said)
    return show_form(parts, browser, _stop_view(organisation_id, verb), form.fields, errors=errors)


def _verb(browser: Any) -> str:  # noqa: ANN401 - the page's own part
    return str(browser.request.url.path.rpartition("/")[2])


@routes.page(f"{_HERE}/{{organisation_id}}/assurance")
async def show_assurance(organisation_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """What it has shown."""
    path = f"/organisations/{organisation_id}/assurance"
    dossier, items = await together(hub.get(path), hub.part(f"{path}/items", {"limit": 100}))
    base = f"{_HERE}/{organisation_id}/assurance"
    return show_sheet(parts, browser, assurance_sheet(dossier, items, base, decides=True))


def _item_view(organisation_id: UUID) -> FormView:
    back = ("Back to assurance", f"{_HERE}/{organisation_id}/assurance")
    return FormView(title="Record what it has shown", fields=ITEM_FIELDS, back=back, button="Record it")


@routes.page(f"{_HERE}/{{organisation_id}}/assurance/new")
async def ask_item(organisation_id: UUID, browser: BrowserDep, parts: PartsDep) -> Response:
    """Something it has shown us."""
    return show_form(parts, browser, _item_view(organisation_id))


@routes.form(f"{_HERE}/{{organisation_id}}/assurance/new")
async def record_item(
    organisation_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep
) -> Response:
    """Record it; what the place records itself counts at once."""
    body, errors = read(ITEM_FIELDS, form.fields)
    if not errors:
        sent = hub.post(f"/organisations/{organisation_id}/assurance/items", body, key=form.key)
        made, errors = await tried(sent, ITEM_FIELDS)
        if made is not None:
            return await finish(parts, browser, f"{_HERE}/{organisation_id}/assurance", "recorded")
    return show_form(parts, browser, _item_view(organisation_id), form.fields, errors=errors)


_DECISIONS = (
    ("verified", "It holds: we have seen it"),
    ("refused", "It does not hold"),
    ("withdrawn", "It held, and does not any more"),
)


_DECISION = (
    Field(name="decision", label="Does it hold?", kind="choice", required="Say whether it holds", options=_DECISIONS),
    Field(
        name="reason",
        label="Why, if it does not hold",
        kind="long",
        rows=3,
        hint="The organisation reads this. Write nothing about a family.",
    ),
)


async def _decide_view(hub: Hub, organisation_id: UUID, item_id: UUID) -> FormView:
    """The form, with what was shown. Raises NotFound for an item that is none of this organisation's."""
    listed = await every(hub, f"/organisations/{organisation_id}/assurance/items")
    if listed.problem:
        raise listed.problem
    item = next((each for each in listed.items if each["id"] == str(item_id)), None)
    if item is None:
        raise NotFound
    return FormView(
        title="Decide on what was shown",
        fields=_DECISION,
        back=("Back to assurance", f"{_HERE}/{organisation_id}/assurance"),
        button="Record the decision",
        words=(item_words(item),),
    )


@routes.page(f"{_HERE}/{{organisation_id}}/assurance/{{item_id}}")
async def ask_decision(
    organisation_id: UUID, item_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep
) -> Response:
    """Whether an item holds."""
    return show_form(parts, browser, await _decide_view(hub, organisation_id, item_id))


@routes.form(f"{_HERE}/{{organisation_id}}/assurance/{{item_id}}")
async def decide(
    organisation_id: UUID, item_id: UUID, *, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep
) -> Response:
    """Record it."""
    view = await _decide_view(hub, organisation_id, item_id)
    body, errors = read(view.fields, form.fields)
    if not errors and body["decision"] != "verified" and not body["reason"]:
        errors = [("reason", "Say why it does not hold")]
    if not errors:
        path = f"/organisations/{organisation_id}/assurance/items/{item_id}/decide"
        decided, errors = await tried(hub.post(path, body, key=form.key), view.fields)
        if decided is not None:
            return await finish(parts, browser, f"{_HERE}/{organisation_id}/assurance", "decided")
    return show_form(parts, browser, view, form.fields, errors=errors)


@routes.page(_HUBS)
async def list_hubs(browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """The hubs."""
    return show_sheet(parts, browser, hubs_sheet(await hub.part("/hubs", {"limit": 100})))


async def _hub_view(hub: Hub, target: str, button: str) -> FormView:
    organisations, coordinators = await together(
        every(hub, "/organisations"), every(hub, "/accounts", {"role": "hub_coordinator", "disabled": False})
    )
    fields = hub_fields(
        [(each["id"], each["name"]) for each in organisations.items if not each["listed_only"]],
        [(each["id"], each["name"]) for each in coordinators.items],
    )
    title = "Set up a hub" if target == _HUBS else "Change a hub"
    return FormView(title=title, fields=fields, back=("Back", target), button=button)


@routes.page(f"{_HUBS}/new")
async def ask_hub(browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """A new one."""
    return show_form(parts, browser, await _hub_view(hub, _HUBS, "Set it up"))


@routes.form(f"{_HUBS}/new")
async def set_up_hub(browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Set it up."""
    view = await _hub_view(hub, _HUBS, "Set it up")
    body, errors = read(view.fields, form.fields)
    if not errors:
        made, errors = await tried(hub.post("/hubs", body, key=form.key), view.fields)
        if made is not None:
            return await finish(parts, browser, f"{_HUBS}/{made.body['id']}", "created")
    return show_form(parts, browser, view, form.fields, errors=errors)


@routes.page(f"{_HUBS}/{{hub_id}}")
async def show_hub(hub_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """One of them."""
    found, members, people = await together(
        hub.get(f"/hubs/{hub_id}"),
        hub.part(f"/hubs/{hub_id}/members", {"former": True, "limit": 200}),
        people_of(hub, browser),
    )
    names = await people_named(hub, people, [found["coordinator_account_id"]])
    return show_sheet(parts, browser, hub_sheet(found, members, names))


@routes.page(f"{_HUBS}/{{hub_id}}/change")
async def ask_hub_change(hub_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """The same, to be changed."""
    view = await _hub_view(hub, f"{_HUBS}/{hub_id}", "Save")
    found = await hub.read(f"/hubs/{hub_id}")
    return show_form(parts, browser, view, typed_from(view.fields, found.body), version=found.etag)


@routes.form(f"{_HUBS}/{{hub_id}}/change")
async def change_hub(hub_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep) -> Response:
    """Keep it."""
    view = await _hub_view(hub, f"{_HUBS}/{hub_id}", "Save")
    body, errors = read(view.fields, form.fields)
    if not errors:
        changed, errors = await tried(hub.patch(f"/hubs/{hub_id}", body, version=form.one(VERSION)), view.fields)
        if changed is not None:
            return await finish(parts, browser, f"{_HUBS}/{hub_id}", "saved")
    return show_form(parts, browser, view, form.fields, errors=errors, version=form.one(VERSION))

"""A place as its administrators look after it: its organisations, hubs, settings and needs list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connective.frontend.domain.answers import Part
from connective.frontend.domain.fields import Errors, Field
from connective.frontend.domain.organisation import DETAIL_FIELDS, KINDS, LEVELS, SCHEMES, details_facts
from connective.frontend.domain.sheets import (
    Cell,
    Facts,
    Link,
    Links,
    Rows,
    Sheet,
    Table,
    Words,
    comma,
    tag,
)
from connective.frontend.domain.words import came_from, day, moment, sentence

BACK = ("Back to the place", "/admin")
KIND_OPTIONS = tuple(sorted(KINDS.items(), key=lambda each: each[1]))
NEW_BODY = "new"
_ORGANISATIONS = "/admin/organisations"
_OFFERED_KINDS = ("charity", "council_team", "school")
"""The kinds by which the list can be narrowed: those of which a place has most."""
"""Chosen in place of a known legal body: it is not known here yet."""
_SCHEME_FIELDS = tuple(
    Field(name=scheme, label=label, width="10", pointer=f"/identifiers/{scheme}") for scheme, label in SCHEMES.items()
)
REASON = (
    Field(
        name="reason",
        label="Why?",
        kind="long",
        rows=3,
        required="Enter the reason",
        hint="Other administrators and auditors read this. Nothing about a family.",
    ),
)


@dataclass(frozen=True, slots=True)
class HomeOfPlace:
    """What the page of the place asked for."""

    proposals: Part
    changes: Part
    reports: Part
    stale: Part


def place_sheet(name: str, found: HomeOfPlace) -> Sheet:
    """What waits for an administrator, and where everything is."""
    decide = [each for each in found.proposals.items if "approve" in each["allowed_actions"]]
    asked = (
        ("Changes that another administrator proposed", "/admin/proposals", found.proposals, len(decide)),
        ("Changes of the directory to look through", "/admin/sources/changes", found.changes, len(found.changes.items)),
        ("Listings reported wrong", "/organisation/reports", found.reports, len(found.reports.items)),
        ("Listings that nobody has checked for long", "/admin/stale", found.stale, len(found.stale.items)),
    )
    waits: list[list[Cell | str]] = [
        [Cell(words, href), _number(part, number)] for words, href, part, number in asked if number or part.problem
    ]
    away = [part for _, _, part, _ in asked if part.problem]
    return Sheet(
        "The place",
        [
            Table(
                "What waits for you",
                ("What", "How many"),
                waits,
                "Nothing waits for you.",
                heading="Waits for you",
                part=away[0] if len(away) == len(asked) else None,
                what="what waits for you",
                path="/admin",
                numbers=frozenset({1}),
            ),
            Links(
                [
                    Link("Organisations", "/admin/organisations"),
                    Link("Accounts and roles", "/admin/accounts"),
                    Link("Hubs", "/admin/hubs"),
                    Link("Waiting for approval", "/admin/proposals"),
                ],
                heading="Who is here",
            ),
            Links(
                [
                    Link("Import: where listings come from", "/admin/sources"),
                    Link("Forms of requests", "/admin/forms"),
                    Link("Needs list", "/admin/needs"),
                    Link("Settings and whom to phone", "/admin/settings"),
                    Link("Sign-in by organisations’ own accounts", "/admin/providers"),
                    Link("What nobody may use information for", "/prohibited-uses"),
                    Link("The Hub’s own services and keys", "/admin/services-of-the-hub"),
                ],
                heading="How it works here",
            ),
        ],
        heading=name,
    )


def _number(part: Part, number: int) -> str:
    if part.problem:
        return "Cannot be told now"
    more = part.value is not None and part.value.get("next_cursor") is not None
    return f"{number} or more" if more else str(number)


def organisations_sheet(part: Part, kind: str, state: str) -> Sheet:
    """The list, narrowed by kind and state."""
    rows: Rows = [
        [
            Cell(each["name"], f"/admin/organisations/{each['id']}"),
            KINDS.get(each["kind"], sentence(each["kind"])),
            "Listed only" if each["listed_only"] else "Joined",
            tag("Suspended", "red") if each["state"] == "suspended" else tag("Active", "green"),
        ]
        for each in part.items
    ]
    query = "&".join(f"{name}={value}" for name, value in (("kind", kind), ("state", state)) if value)
    path = _ORGANISATIONS + (f"?{query}" if query else "")
    filters = [
        Link("All", _ORGANISATIONS, chosen=not query),
        Link("Suspended", f"{_ORGANISATIONS}?state=suspended", chosen=query == "state=suspended"),
        *(
            Link(KINDS[each], f"{_ORGANISATIONS}?kind={each}", chosen=query == f"kind={each}")
            for each in _OFFERED_KINDS
        ),
    ]
    return Sheet(
        "Organisations",
        [
            Links([Link("Register an organisation", "/admin/organisations/register", "primary")]),
            Links(filters, narrows="Which organisations"),
            Table(
                "Organisations, by name",
                ("Name", "Kind", "In the Hub", "State"),
                rows,
                "No organisation of this kind is here yet.",
                part=part,
                what="the organisations",
                path=path,
            ),
        ],
        back=BACK,
    )


def register_fields(bodies: Sequence[tuple[str, str]]) -> list[Field]:
    """The questions about a new organisation; `bodies` are the legal bodies known here, by their organisations."""
    body = Field(
        name="legal_entity_id",
        label="Which legal body does it belong to?",
        kind="choice",
        required="Choose its legal body",
        options=((NEW_BODY, "One of its own, not known here yet"), *bodies),
        hint="Agreements are made between legal bodies. A school may belong to a trust, a team to the council.",
    )
    level = Field(
        name="assurance_level",
        label="How will its people sign in?",
        kind="choice",
        required="Choose how its people sign in",
        options=tuple(LEVELS.items()),
    )
    return [
        DETAIL_FIELDS[0],
        Field(name="kind", label="Kind", kind="choice", required="Choose what kind it is", options=KIND_OPTIONS),
        body,
        level,
        *_SCHEME_FIELDS,
        *DETAIL_FIELDS[1:],
    ]


def change_fields() -> list[Field]:
    """The questions about a known one."""
    kind = Field(name="kind", label="Kind", kind="choice", required="Choose what kind it is", options=KIND_OPTIONS)
    return [DETAIL_FIELDS[0], kind, *_SCHEME_FIELDS, *DETAIL_FIELDS[1:]]


def identifiers_of(body: dict[str, Any]) -> list[dict[str, Any]]:
    """Take the numbers out of what was typed, in the order in which the form asks for them."""
    found = {scheme: body.pop(scheme, None) for scheme in SCHEMES}
    return [{"scheme": scheme, "value": value} for scheme, value in found.items() if value]


def where_identifiers_are(errors: Errors, given: Sequence[Mapping[str, Any]], problems: Sequence[Any]) -> Errors:
    """Put what is wrong with a number beside its own box: the API counts them, the form names them."""
    moved = list(errors)
    for problem in problems:
        parts = problem.pointer.split("/")
        if len(parts) > 2 and parts[1] == "identifiers" and parts[2].isdecimal() and int(parts[2]) < len(given):
            said = problem.detail[:1].upper() + problem.detail[1:]
            moved = [("" if (f, m) == ("", said) else f, m) for f, m in moved if (f, m) != ("", said)]
            moved.append((given[int(parts[2])]["scheme"], said))
    return moved


def typed_identifiers(record: Mapping[str, Any]) -> dict[str, list[str]]:
    """The numbers of a known one, as the form has them."""
    return {each["scheme"]: [each["value"]] for each in record["identifiers"]}


def organisation_sheet(record: Mapping[str, Any], services: Part, accounts: Part) -> Sheet:
    """One organisation as an administrator of the place sees it."""
    href = f"/admin/organisations/{record['id']}"
    actions = set(record["allowed_actions"])
    links = [
        Link("Change details", f"{href}/change"),
        Link("Assurance: what it has shown", f"{href}/assurance"),
        *([Link("Suspend it", f"{href}/suspend")] if "suspend" in actions else []),
        *([Link("Reinstate it", f"{href}/reinstate")] if "reinstate" in actions else []),
    ]
    suspended = "Nothing is sent to it, and nothing of it is shown, until it is reinstated."
    return Sheet(
        "An organisation",
        [
            *([Words((suspended,), manner="warning")] if record["state"] == "suspended" else []),
            details_facts(record),
            Facts([("Legal body’s reference", record["legal_entity_id"] or "")]),
            Links(links, heading="What you can do"),
            Table(
                "Its services",
                ("Service", "State"),
                [[Cell(each["name"], f"/organisation/services/{each['id']}"), sentence(each["status"])]
                 for each in services.items],
                "It has no service in the directory.",
                heading="Services",
                part=services,
                what="its services",
            ),
            Table(
                "Who works there",
                ("Name", "State"),
                [[Cell(each["name"], f"/admin/accounts/{each['id']}"), "Disabled" if each["disabled_at"] else "In use"]
                 for each in accounts.items],
                "Nobody there has an account. Invite somebody under “Accounts and roles”.",
                heading="Accounts",
                part=accounts,
                what="its accounts",
            ),
        ],
        heading=record["name"],
        back=("Back to organisations", "/admin/organisations"),
    )  # fmt: skip


def hubs_sheet(hubs: Part) -> Sheet:
    """The list."""
    rows: Rows = [
        [Cell(each["name"], f"/admin/hubs/{each['id']}"), comma(each["outward_postcodes"]) or "Everywhere",
         str(len(each["member_organisation_ids"]))]
        for each in hubs.items
    ]  # fmt: skip
    return Sheet(
        "Hubs",
        [
            Words(
                ("A hub is organisations that help the families of one area together, and somebody who coordinates.",)
            ),
            Links([Link("Set up a hub", "/admin/hubs/new", "primary")]),
            Table(
                "Hubs, by name",
                ("Name", "Area", "Members"),
                rows,
                "There is no hub yet.",
                part=hubs,
                what="hubs",
                numbers=frozenset({2}),
            ),
        ],
        back=BACK,
    )


def hub_fields(organisations: Sequence[tuple[str, str]], coordinators: Sequence[tuple[str, str]]) -> list[Field]:
    """The questions about a hub."""
    return [
        Field(name="name", label="Name", required="Enter the name of the hub"),
        Field(
            name="outward_postcodes",
            label="Which area?",
            kind="lines",
            rows=3,
            hint="First halves of postcodes, one a line, like TA20.",
        ),
        Field(
            name="coordinator_account_id",
            label="Who coordinates?",
            kind="choice",
            of_people=True,
            options=tuple(coordinators),
            hint="Somebody with the role of hub coordinator.",
        ),
        Field(
            name="member_organisation_ids",
            label="Which organisations belong to it?",
            kind="choices",
            options=tuple(organisations),
        ),
    ]


def hub_sheet(hub: Mapping[str, Any], members: Part, names: Mapping[str, str]) -> Sheet:
    """One hub, its members and those who left."""
    rows: Rows = [
        [
            Cell(each["name"], f"/admin/organisations/{each['organisation_id']}"),
            KINDS.get(each["kind"], sentence(each["kind"])),
            day(each["joined_at"]),
            day(each["left_at"]) or "Still there",
        ]
        for each in members.items
    ]
    coordinator = hub["coordinator_account_id"]
    return Sheet(
        "A hub",
        [
            Links([Link("Change it", f"/admin/hubs/{hub['id']}/change", "primary")]),
            Facts(
                [
                    ("Area", comma(hub["outward_postcodes"]) or "Everywhere"),
                    ("Coordinator", names.get(coordinator, "Somebody") if coordinator else "Nobody yet"),
                    ("Last changed", moment(hub["changed_at"])),
                ]
            ),
            Table(
                "Members of the hub, past ones too",
                ("Organisation", "Kind", "Joined", "Left"),
                rows,
                "It has no members yet.",
                heading="Members",
                part=members,
                what="its members",
            ),
        ],
        heading=hub["name"],
        back=("Back to hubs", "/admin/hubs"),
    )


def stale_sheet(stale: Part) -> Sheet:
    """Listings that nobody has said to be true for longer than the place allows."""
    rows: Rows = [
        [Cell(each["name"], f"/organisation/services/{each['service_id']}"), each["organisation_name"],
         day(each["checked_on"]), came_from(each["source"])]
        for each in stale.items
    ]  # fmt: skip
    return Sheet(
        "Listings that nobody has checked for long",
        [
            Table(
                "The longest unchecked first",
                ("Service", "Organisation", "Last checked", "Came from"),
                rows,
                "Every listing was checked in time.",
                part=stale,
                what="these listings",
                path="/admin/stale",
            )
        ],
        back=BACK,
    )

"""An outside sign-in provider as a form asks for it: what it is called, how we prove ourselves, which roles follow."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from connective.frontend.domain.fields import Errors, Field, Options, Typed, many, one, read
from connective.frontend.domain.members import ROLE_OPTIONS

_ROLES = tuple(each for each in ROLE_OPTIONS if each[0] != "place_admin")
"""Whoever looks after the place is named here by two of their kind, and never by somebody else's directory."""
_RULE = ("claim", "value", "roles")
_MISSING = {
    "claim": "Enter the name under which the provider says it",
    "value": "Enter the value that gives these roles",
    "roles": "Choose what they are",
}
_FACTOR = re.compile(r"(acr|amr)(?:\s+is\b|\s*[:=])?\s+(\S.*)", re.IGNORECASE)
_FACTORS = "second_steps"
_KEPT = ("organisation_id", "organisation_name", "issuer")
"""What a change leaves: by the address its people are known, and in the organisation they act."""


def provider_fields(rules: int, organisations: Options | None = None) -> list[Field]:
    """What is asked of one, with room for so many rules. `organisations` are for a new one: a change keeps its own."""
    new = organisations is not None
    whose = Field(
        name="organisation_id",
        label="Whose people sign in by it?",
        kind="choice",
        required="Choose whose people sign in by it",
        options=organisations or (),
    )
    address = Field(
        name="issuer",
        label="Address of the provider",
        kind="address",
        required="Enter its address, like https://login.example.org",
        hint="Its issuer, as its own pages for administrators show it.",
    )
    return [
        Field(name="name", label="Name of the provider", required="Enter its name, as people know it"),
        *([whose, address] if new else []),
        Field(name="client_id", label="Our name there", required="Enter the client id that it gave us"),
        Field(
            name="authentication",
            label="How do we prove who we are?",
            kind="choice",
            required="Choose how",
            options=(
                ("private_key_jwt", "With our key (safer)"),
                ("client_secret_basic", "With a secret that it gave us"),
            ),
        ),
        Field(
            name="client_secret",
            label="The secret it gave us",
            kind="secret",
            hint="Only with a secret." if new else "Only for a new secret. Left empty, the one of before stays.",
        ),
        *(field for number in range(rules) for field in _rule_fields(number)),
        Field(
            name=_FACTORS,
            label="What it says of somebody who took a second step there",
            kind="lines",
            rows=3,
            hint="One on each line: acr or amr, and its value, like amr mfa. Where none of these is said, "
            "we ask for a second step of ours.",
            pointer="/factor_rules",
        ),
        Field(name="new_accounts", label="Do new people get accounts by themselves?", kind="yes_no"),
    ]


def _rule_fields(number: int) -> list[Field]:
    which = f"Rule {number + 1}: " if number else ""
    says = "what it says of somebody’s role: the name"
    more = " Leave all three empty where there is no other rule." if number else ""
    return [
        Field(
            name=f"claim-{number}",
            label=which + (says if which else says.capitalize()),
            hint=f"Like groups, or realm_access/roles where one stands within the other.{more}",
        ),
        Field(
            name=f"value-{number}", label=f"{which}and the value" if which else "And the value",
            hint="Like Early help team.",
        ),
        Field(
            name=f"roles-{number}", label=f"{which}who has that is" if which else "Who has that is",
            kind="choices", options=_ROLES,
        ),
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class ProviderTyped:
    """What was typed: the body of a proposal, what is wrong with it, and the fields as the API then points to them."""

    body: dict[str, Any]
    errors: Errors
    fields: list[Field]


def provider_typed(fields: Sequence[Field], typed: Typed) -> ProviderTyped:
    """What was typed. A rule left empty is no rule; one of them must be there."""
    body, errors = read(fields, typed)
    numbers = [int(each.name.partition("-")[2]) for each in fields if each.name.startswith("claim-")]
    kept = [each for each in numbers if any(many(typed, f"{name}-{each}") for name in _RULE)] or numbers[:1]
    missing = [
        (f"{name}-{each}", _MISSING[name]) for each in kept for name in _RULE if not many(typed, f"{name}-{each}")
    ]
    at = {f"{name}-{each}": f"/role_rules/{place}/{name}" for place, each in enumerate(kept) for name in _RULE}
    factors, unread = _factors(body.pop(_FACTORS))
    errors = [*errors, *missing, *unread]
    given = {each.name: body[each.name] for each in fields if body.get(each.name) is not None and each.name in _SENT}
    boxes = [box for each in fields for box in each.boxes]
    return ProviderTyped(
        {
            "kind": "provider",
            **given,
            "role_rules": [
                # The API takes where a claim stands as a JSON pointer; people write its name.
                {
                    "claim": f"/{one(typed, f'claim-{each}').strip('/')}",
                    "value": one(typed, f"value-{each}"),
                    "roles": many(typed, f"roles-{each}"),
                }
                for each in kept
            ],
            "factor_rules": factors,
        },
        sorted(errors, key=lambda each: boxes.index(each[0])),
        [replace(each, pointer=at.get(each.name, each.pointer)) for each in fields],
    )


_SENT = ("name", "organisation_id", "issuer", "client_id", "authentication", "client_secret", "new_accounts")


def _factors(lines: Sequence[str] | None) -> tuple[list[dict[str, str]], Errors]:
    found = [_FACTOR.fullmatch(each) for each in lines or ()]
    if not all(found):
        return [], [(_FACTORS, "Write acr or amr and its value on each line, like amr mfa")]
    return [{"claim": each[1].lower(), "value": each[2]} for each in found if each], []


def provider_shown(provider: Mapping[str, Any]) -> dict[str, list[str]]:
    """One as its form shows it before anybody types. Its secret is never shown."""
    shown = {name: [str(provider[name])] for name in ("name", "client_id", "authentication")}
    for number, rule in enumerate(provider["role_rules"]):
        shown[f"claim-{number}"] = [rule["claim"].removeprefix("/")]
        shown[f"value-{number}"] = [rule["value"]]
        shown[f"roles-{number}"] = list(rule["roles"])
    shown[_FACTORS] = ["\n".join(f"{each['claim']} {each['value']}" for each in provider["factor_rules"])]
    return shown | {"new_accounts": ["yes" if provider["new_accounts"] else "no"]}


def changed_provider(provider: Mapping[str, Any], body: Mapping[str, Any]) -> dict[str, Any]:
    """The proposal of a change: whole, as the API takes it."""
    return {"provider_id": provider["id"], **{name: provider[name] for name in _KEPT}, **body}

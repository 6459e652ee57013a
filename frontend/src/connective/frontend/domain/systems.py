"""An organisation's own systems: programs that ask the API, and addresses that are told when something happens."""

import json
from collections.abc import Mapping
from typing import Any

from connective.frontend.domain.answers import Part
from connective.frontend.domain.fields import Errors, Field
from connective.frontend.domain.sheets import (
    Cell,
    Facts,
    Link,
    Links,
    Rows,
    Secret,
    Section,
    Sheet,
    Table,
    Words,
    comma,
    tag,
)
from connective.frontend.domain.words import day, moment

SCOPES = {
    "requests:list": "List requests sent to you, without what is in them",
    "requests:read": "Read requests sent to you",
    "requests:work": "Work on requests: accept, ask, decline, complete",
    "services:write": "Change your services and their room",
    "webhooks:manage": "Set up where you are told of what happens",
    "directory:read": "Read the directory and the forms",
    "intake:send": "Send in requests from outside",
    "checkpoints:read": "Read the seals of the record of disclosures",
}
SECRET, KEYS = "client_secret_basic", "private_key_jwt"
HOW = ((KEYS, "With a key of its own (safer: nothing secret is handed over)"), (SECRET, "With a secret that we make"))
HOW_WORDS = {KEYS: "A key of its own", SECRET: "A secret", "none": "None"}
_KEY_FIELDS = (
    Field(
        name="authentication", label="How does it prove who it is?", kind="choice", required="Choose how", options=HOW
    ),
    Field(
        name="jwks_uri",
        label="Where its public keys are",
        kind="address",
        hint="Only with a key of its own: the address where your system publishes them.",
    ),
    Field(
        name="keys",
        label="Or its public keys themselves",
        kind="long",
        hint="As a JSON Web Key Set, or one key. Public keys only: never the private part.",
    ),
)
CLIENT_FIELDS = (
    Field(name="name", label="Name of the system", required="Enter a name, like “Case system”"),
    Field(
        name="scopes",
        label="What may it do?",
        kind="choices",
        required="Choose what it may do",
        options=tuple(SCOPES.items()),
        hint="Only what it needs. It acts as your organisation, never as a person.",
    ),
    *_KEY_FIELDS,
    Field(
        name="networks",
        label="From which networks?",
        kind="lines",
        rows=3,
        hint="One a line, like 203.0.113.0/24. Leave it empty for anywhere.",
    ),
)
CREDENTIAL_FIELDS = (
    *_KEY_FIELDS,
    Field(
        name="overlap_hours",
        label="For how many hours does the old one go on working?",
        kind="number",
        hint="So that your system can change over without a gap. 0 ends the old one at once.",
    ),
)


def keys_of(body: dict[str, Any]) -> Errors:
    """Put the keys that were typed into the body as JSON; what is wrong with them, or with the choice."""
    text = body.pop("keys", None)
    if body.get("authentication") != KEYS:
        body.pop("jwks_uri", None)
        return []
    if not text:
        return [] if body.get("jwks_uri") else [("jwks_uri", "Enter where its public keys are, or the keys themselves")]
    try:
        found = json.loads(text)
        keys = found["keys"] if isinstance(found, dict) and "keys" in found else [found]
    except ValueError:
        return [("keys", "The keys are not JSON as systems write it: copy the whole of it, from { to }")]
    if not isinstance(keys, list) or not all(isinstance(each, dict) and "kty" in each for each in keys):
        return [("keys", "Enter a JSON Web Key or a set of them")]
    body["keys"] = keys
    return []


def clients_sheet(clients: Part) -> Sheet:
    """The list."""
    rows: Rows = [
        [
            Cell(each["name"], f"/organisation/systems/{each['id']}"),
            HOW_WORDS[each["authentication"]],
            day(_last_used(each)) or "Never",
            tag("Revoked", "red") if each["revoked_at"] else tag("In use", "green"),
        ]
        for each in clients.items
    ]
    return Sheet(
        "Systems",
        [
            Words(("Programs of yours that ask the Hub by themselves. Each has its own way to prove who it is.",)),
            Links([Link("Add a system", "/organisation/systems/new", "primary")]),
            Table(
                "Systems, and when each was last used",
                ("Name", "Proves itself with", "Last used", "State"),
                rows,
                "No system of yours asks the Hub.",
                part=clients,
                what="your systems",
            ),
        ],
        back=("Back to your organisation", "/organisation"),
    )


def _last_used(client: Mapping[str, Any]) -> str | None:
    return max((each["last_used_at"] for each in client["credentials"] if each["last_used_at"]), default=None)


def client_sheet(client: Mapping[str, Any]) -> Sheet:
    """One system."""
    href = f"/organisation/systems/{client['id']}"
    rows: Rows = [
        [
            "Secret" if each["kind"].endswith("secret") else f"Key {each['kid'] or each['jwks_uri'] or ''}",
            day(each["created_at"]),
            day(each["last_used_at"]) or "Never",
            moment(each["expires_at"]) or "No end set",
        ]
        for each in client["credentials"]
    ]
    acts: list[Section] = []
    if not client["revoked_at"]:
        acts = [
            Links(
                [Link("New secret or key", f"{href}/key", "secondary"), Link("Revoke it", f"{href}/revoke", "warning")]
            )
        ]
    return Sheet(
        "A system",
        [
            Facts(
                [
                    ("State", tag("Revoked", "red") if client["revoked_at"] else tag("In use", "green")),
                    ("Client id", client["client_id"]),
                    ("Proves itself with", HOW_WORDS[client["authentication"]]),
                    ("May", "\n".join(SCOPES.get(each, each) for each in client["scopes"])),
                    ("From", comma(client["networks"]) or "Anywhere"),
                    ("Revoked", moment(client["revoked_at"])),
                ]
            ),
            Table(
                "Its secrets and keys",
                ("What", "Made on", "Last used", "Ends"),
                rows,
                "It has none that counts: a second administrator approves the first one.",
                heading="Secrets and keys",
            ),
            *acts,
        ],
        heading=client["name"],
        back=("Back to systems", "/organisation/systems"),
    )


def secret_sheet(made: Mapping[str, Any], issuer: str, *, client_id: str, back: tuple[str, str]) -> Sheet:
    """What was made, with its secret: shown on this page and never again."""
    secret = made.get("client_secret")
    token = f'curl -u "CLIENT_ID:SECRET" -d grant_type=client_credentials {issuer}/oauth/token'
    shown: list[Section] = []
    if secret:
        shown = [
            Words(("Copy the secret now. We keep no copy, so nobody can show it again.",), manner="warning"),
            Secret("Secret", secret, ("Keep it where your system keeps its passwords. Never send it by email.",)),
        ]
    return Sheet(
        "Made",
        [
            *shown,
            Secret("Client id", client_id, ("Not secret: it names your system.",)),
            Words(
                (
                    "It opens nothing until another administrator approves it. They find it under “Waiting for "
                    "approval”.",
                ),
                manner="inset",
            ),
            Words(
                (
                    *([f"Then your system asks for a token, for example: {token}"] if secret else []),
                    "Each token lasts five minutes. Send it with every request as “Authorization: Bearer …”.",
                ),
                heading="How it is used",
            ),
            Links([Link("What the API offers", f"{issuer}/api/v1/docs"), Link(*back)]),
        ],
        heading="Your system’s way in is made" if not secret else "Your secret, shown once",
    )

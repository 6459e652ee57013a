"""The seed files of the gateway: who may sign in, and which systems may ask for tokens."""

import json
from pathlib import Path
from typing import Any

from connective.kit.ids import new_id
from connective.local.folders import write_private
from connective.local.story.cast import Cast
from connective.local.story.signing_in import PAGES_CLIENT, REDIRECT_URI

_BEFORE_THE_CONTRACT = frozenset({"agreement_manager", "dpo", "signatory"})


def opening_seed(cast: Cast) -> dict[str, Any]:
    """The first administrator, and the pages that people sign in through: what a place is opened with."""
    admin = _account(cast, "admin")
    admin["memberships"] = [
        {
            "organisation_id": str(cast.host_organisation),
            "organisation_name": f"{cast.place.name} partnership",
            "roles": ["place_admin", "agreement_manager"],
        }
    ]
    pages = {
        "id": str(new_id()),
        "client_id": PAGES_CLIENT,
        "name": "Connective pages",
        "authentication": "none",
        "redirect_uris": [REDIRECT_URI],
    }
    return {"accounts": [admin], "clients": [pages]}


def officers_seed(cast: Cast) -> dict[str, Any]:
    """Those who sign the host's contract for their legal entities, as nothing but that: there are no others before."""
    everybody = cast_seed(cast)["accounts"]
    for account in everybody:
        for membership in account["memberships"]:
            membership["roles"] = sorted(_BEFORE_THE_CONTRACT.intersection(membership["roles"]))
        account["memberships"] = [each for each in account["memberships"] if each["roles"]]
    return {"accounts": [account for account in everybody if account["memberships"]], "clients": []}


def cast_seed(cast: Cast) -> dict[str, Any]:
    """Everybody else, once their organisations exist."""
    accounts = []
    for key, entry in cast.raw["accounts"].items():
        if key == "admin":
            continue
        account = _account(cast, key)
        account["memberships"] = [
            {
                "organisation_id": cast.organisations[organisation],
                "organisation_name": cast.raw["organisations"][organisation]["name"],
                "roles": roles,
            }
            for organisation, roles in entry["memberships"].items()
        ]
        accounts.append(account)
    return {"accounts": accounts, "clients": [_client(cast, key) for key in cast.systems]}


def write_seed(path: Path, seed: dict[str, Any]) -> Path:
    """Write a seed where only its owner may read it (JSON is YAML too)."""
    write_private(path, json.dumps(seed))
    return path


def _account(cast: Cast, key: str) -> dict[str, Any]:
    return {
        "id": str(cast.accounts[key]),
        "place_id": str(cast.place.id),
        "email": cast.email(key),
        "name": cast.name(key),
        "password": cast.password,
        "second_factors": {
            "passkeys": [cast.passkeys[key].seeded("The story's key")],
            "app_secret": cast.app_secrets[key],
        },
    }


def _client(cast: Cast, key: str) -> dict[str, Any]:
    system = cast.systems[key]
    client: dict[str, Any] = {
        "id": str(system.client_id),
        "name": system.name,
        "place_id": str(cast.place.id),
        "organisation_id": cast.organisations[system.organisation],
        "authentication": system.method,
        "scopes": system.scopes,
    }
    if system.private_key is not None:
        client["keys"] = [system.private_key.as_dict(private=False)]
    else:
        client["secret"] = system.secret
    return client

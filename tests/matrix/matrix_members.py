"""Accounts and clients that really sign in: the gateway believes no identity but those it makes from tokens itself."""

import hashlib
import json
import time
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID, uuid5

from matrix_askers import Asker, Standing

from connective.contracts.permissions import SCOPE_PERMISSIONS, Role
from connective.kit.software_passkey import SoftwarePasskey
from connective.local.folders import write_private
from connective.local.stack import Stack
from connective.local.story.signing_in import Credentials, sign_in, system_with_secret

ELSEWHERE = UUID("0190a5c0-0000-7000-8000-000000000002")
"""The second place, which shares nothing with the first but the deployment."""
_NAMES = UUID("0190a5c0-0000-7000-8000-00000000bbbb")
_PASSWORD = "heron-lantern-willow-3406"  # of accounts that live as long as one test run
LONE = uuid5(_NAMES, "works for the first organisation alone")
"""An account that its own organisation may look after as a whole; nobody signs in by it."""
_SIGNED_IN_SECONDS = 120.0
"""Tokens live for five minutes, and on a slow machine the matrix asks for longer than that."""
_ROLES_ELSEWHERE = ("agreement_manager", "auditor", "dpo", "hub_coordinator", "partner_admin", "place_admin")


class Members:
    """One account of each role, and one client of each scope.

    Each signs in when first asked, and anew when that is a while ago. In the other place there are only the roles that
    are tried there: making a password's hash takes its time.
    """

    def __init__(self, base: str, place: UUID, elsewhere: UUID, organisations: Iterable[str]) -> None:
        self._base = base
        self._roles = {place: tuple(map(str, Role)), elsewhere: _ROLES_ELSEWHERE}
        self._organisations = tuple(organisations)
        self._passkeys: defaultdict[str, SoftwarePasskey] = defaultdict(SoftwarePasskey)
        self._headers: dict[tuple[Asker, UUID, str], tuple[float, dict[str, str]]] = {}

    async def provide(self, stack: Stack, folder: Path) -> None:
        """Load them all, as an operator does."""
        accounts = [self._account(role, place) for place, roles in self._roles.items() for role in roles]
        accounts.append(self._lone(next(iter(self._roles))))
        clients = [self._client(scope, place) for scope in SCOPE_PERMISSIONS for place in self._roles]
        path = folder / "members.json"
        write_private(path, json.dumps({"accounts": accounts, "clients": clients}))
        await stack.run("gateway", "seed", str(path))

    async def headers(self, asker: Asker, standing: Standing) -> dict[str, str]:
        """The token of an asker; nothing for those who have no way in."""
        if asker.kind not in {"role", "scope"}:
            return {}
        key = (asker, standing.place, str(standing.organisation))
        at, known = self._headers.get(key, (0.0, {}))
        if not known or time.monotonic() - at > _SIGNED_IN_SECONDS:
            at, known = time.monotonic(), await self._sign_in(asker, standing)
            self._headers[key] = (at, known)
        return known

    def forget(self) -> None:
        """Have everybody sign in anew: what another test tried may have ended their sessions."""
        self._headers.clear()

    async def _sign_in(self, asker: Asker, standing: Standing) -> dict[str, str]:
        if asker.kind == "role":
            email = self._email(asker.name, standing.place)
            credentials = Credentials(email, _PASSWORD, self._passkeys[email])
            found = await sign_in(self._base, str(asker), credentials, str(standing.organisation))
        else:
            found = await system_with_secret(
                self._base, str(asker), str(self._id(asker.name, standing.place)), self._secret(asker.name)
            )
        await found.client.aclose()
        return {"Authorization": f"Bearer {found.token}"}

    def _account(self, role: str, place: UUID) -> dict[str, object]:
        email = self._email(role, place)
        memberships = [
            {"organisation_id": each, "organisation_name": "An organisation", "roles": [role]}
            for each in self._organisations
        ]
        return {
            "id": str(self._id(role, place)),
            "place_id": str(place),
            "email": email,
            "second_factors": {"passkeys": [self._passkeys[email].seeded("The matrix's key")]},
            "name": f"Somebody, {role}",
            "password": _PASSWORD,
            "memberships": memberships,
        }

    def _lone(self, place: UUID) -> dict[str, object]:
        name = "An organisation"
        member = {"organisation_id": self._organisations[0], "organisation_name": name, "roles": ["partner_volunteer"]}
        who = {"id": str(LONE), "place_id": str(place), "email": "lone@example.org", "name": "Somebody, alone"}
        return {**who, "memberships": [member]}

    def _client(self, scope: str, place: UUID) -> dict[str, object]:
        return {
            "id": str(self._id(scope, place)),
            "name": f"A system, {scope}",
            "place_id": str(place),
            "organisation_id": self._organisations[0],
            "authentication": "client_secret_basic",
            "scopes": [scope],
            "secret": self._secret(scope),
        }

    @staticmethod
    def _id(name: str, place: UUID) -> UUID:
        return uuid5(_NAMES, f"{name} {place}")

    @staticmethod
    def _email(role: str, place: UUID) -> str:
        return f"{role}.{place.hex[-4:]}@example.org"

    @staticmethod
    def _secret(scope: str) -> str:
        return hashlib.sha256(scope.encode()).hexdigest()

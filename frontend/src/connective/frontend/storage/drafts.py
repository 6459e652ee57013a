"""What people had typed and not sent: one draft of each form for each person, sealed."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from connective.kit.actor import Actor, ActorKind
from connective.kit.database import Database, Unit
from connective.kit.sealing import NotSealedHere, Seal

KEPT = timedelta(days=14)
"""A draft is forgotten after so long: what nobody sent is not to become a second record of a family."""
_PUT = """
INSERT INTO draft (account_id, form, sealed, kept_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (account_id, form) DO UPDATE SET sealed = excluded.sealed, kept_at = excluded.kept_at
"""
_GET = "SELECT sealed FROM draft WHERE account_id = $1 AND form = $2"
_NAMED = "SELECT form FROM draft WHERE account_id = $1 AND starts_with(form, $2) ORDER BY kept_at DESC LIMIT 50"
_DROP = "DELETE FROM draft WHERE account_id = $1 AND form = $2"
_FORGET = "DELETE FROM draft WHERE kept_at < $1"


def owner(account_id: UUID) -> Actor:
    """Who may see a person's drafts: that person."""
    return Actor(ActorKind.PERSON, str(account_id))


class Drafts:
    """Keeps drafts. A form is named by its address, which holds ids alone."""

    def __init__(self, database: Database, key: bytes) -> None:
        self._database = database
        self._seal = Seal(key)

    async def put(
        self, account_id: UUID, form: str, content: Mapping[str, Any], now: datetime, *, kept_for: timedelta = KEPT
    ) -> None:
        """Keep what was typed, in place of what was kept before; `kept_for` is KEPT at the most."""
        sealed = self._seal.close(json.dumps(content).encode(), _belongs(account_id, form))
        async with self._database.unit(owner(account_id)) as unit:
            await unit.run(_PUT, (account_id, form, sealed, now - (KEPT - kept_for)))

    async def get(self, account_id: UUID, form: str) -> dict[str, Any] | None:
        """What was kept; None where nothing was, or where it no longer opens."""
        rows = await self._database.read_alone(owner(account_id), _GET, (account_id, form))
        if not rows:
            return None
        try:
            found: dict[str, Any] = json.loads(self._seal.open(rows[0].sealed, _belongs(account_id, form)))
        except (NotSealedHere, ValueError):
            return None
        return found

    async def named(self, account_id: UUID, beginning: str) -> list[str]:
        """The drafts of somebody whose address begins so and ends with an id, the newest first."""
        rows = await self._database.read_alone(owner(account_id), _NAMED, (account_id, beginning))
        return [row.form for row in rows if "/" not in row.form.removeprefix(beginning)]

    async def drop(self, account_id: UUID, form: str) -> None:
        """Forget one: it was sent."""
        async with self._database.unit(owner(account_id)) as unit:
            await unit.run(_DROP, (account_id, form))


async def forget_drafts(unit: Unit, now: datetime) -> int:
    """Remove those that nobody came back to; answers how many."""
    return await unit.run(_FORGET, (now - KEPT,))


def _belongs(account_id: UUID, form: str) -> bytes:
    return account_id.bytes + form.encode()

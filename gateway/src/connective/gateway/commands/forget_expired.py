"""Forget what has expired: digests of codes, refresh tokens and assertions, denials, counted failures."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from connective.gateway.domain.attempts import FORGOTTEN_AFTER
from connective.gateway.domain.budgets import KEPT as SEEN_KEPT
from connective.gateway.domain.budgets import day_of
from connective.gateway.domain.invitations import KEPT as INVITATIONS_KEPT
from connective.gateway.domain.letters import KEPT as LETTERS_KEPT
from connective.gateway.domain.links import KEPT
from connective.gateway.domain.notices import KEPT as NOTICES_KEPT
from connective.gateway.storage.budgets import forget_seen
from connective.gateway.storage.denials import forget_expired as store
from connective.gateway.storage.invitations import forget_invitations
from connective.gateway.storage.letters import forget_letters
from connective.gateway.storage.links import forget_links
from connective.gateway.storage.notices import forget_notices
from connective.gateway.storage.providers import forget_answers
from connective.kit.actor import service_actor
from connective.kit.database import Database

_ACTOR = service_actor("gateway")


def forgetting(database: Database) -> Callable[[datetime], Awaitable[None]]:
    """The job that forgets."""

    async def forget(now: datetime) -> None:
        async with database.unit(_ACTOR) as unit:
            await store(unit.connection, now, now - FORGOTTEN_AFTER)
            await forget_links(unit, now - KEPT)
            await forget_invitations(unit, now - INVITATIONS_KEPT)
            await forget_letters(unit, now - LETTERS_KEPT)
            await forget_notices(unit, now - NOTICES_KEPT)
            await forget_answers(unit, now)
            await forget_seen(unit, day_of(now - SEEN_KEPT))

    return forget

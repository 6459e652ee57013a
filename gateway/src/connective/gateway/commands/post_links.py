"""Post links: the token is made here, put into one message, and kept only as its digest."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from connective.gateway.domain.links import LINK_LIVES, words
from connective.gateway.domain.opaque import digest, new_secret
from connective.gateway.storage.links import keep_posting, links_to_post, posted
from connective.kit.actor import service_actor
from connective.kit.database import Database
from connective.kit.logs import log
from connective.kit.mail import Mail, Post

_ACTOR = service_actor("gateway")
_MOST = 50
_AGAIN = timedelta(minutes=2)
PREFIX = "hublink_"
"""Says what it is, for scanners that look for leaked secrets."""


def posting(database: Database, post: Post, issuer: str) -> Callable[[datetime], Awaitable[None]]:
    """The job that posts."""

    async def run(now: datetime) -> None:
        async with database.unit(_ACTOR) as unit:
            tokens = {row.id: (row.email, new_secret(PREFIX)) for row in await links_to_post(unit, now, _MOST)}
            for link_id, (_, token) in tokens.items():
                await keep_posting(unit, link_id, digest(token), now + LINK_LIVES, now + _AGAIN)
        for link_id, (email, token) in tokens.items():
            # In the fragment, which browsers send to no server: it stands in no log and in no Referer.
            subject, text = words(f"{issuer}/link#{token}", now)
            try:
                await post.send(Mail(to=email, subject=subject, text=text))
            except OSError as error:
                log().warning("link_not_posted", record=str(link_id), error=type(error).__name__)
                continue
            async with database.unit(_ACTOR) as unit:
                await posted(unit, link_id)

    return run

"""Post invitations and letters about people's own access; a secret is made here, put into one letter, and forgotten."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from connective.gateway.domain import invitations, letters
from connective.gateway.domain.letters import Letter
from connective.gateway.domain.opaque import digest, new_secret
from connective.gateway.storage import invitations as invited
from connective.gateway.storage import letters as written
from connective.kit.actor import service_actor
from connective.kit.database import Database
from connective.kit.logs import log
from connective.kit.mail import Mail, Post

INVITATION_PAGE = "/oauth/invitation"
NEW_PASSWORD_PAGE = "/oauth/new-password"  # noqa: S105 - where a page is
ACCOUNT_PAGE = "/oauth/account"
_ACTOR = service_actor("gateway")
_MOST = 50
_AGAIN = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class _Ready:
    """One letter about to be posted."""

    id: UUID
    email: str
    words: tuple[str, str]
    token_hash: bytes | None


def posting_letters(database: Database, post: Post, issuer: str) -> Callable[[datetime], Awaitable[None]]:
    """The job that posts. What cannot be posted now is tried again, under another secret."""

    async def run(now: datetime) -> None:
        for each in await _invitations(database, issuer, now):
            if await _sent(post, each) and each.token_hash is not None:
                async with database.unit(_ACTOR) as unit:
                    await invited.posted(unit, each.id, each.token_hash)
        for each in await _letters(database, issuer, now):
            if await _sent(post, each):
                async with database.unit(_ACTOR) as unit:
                    await written.posted(unit, each.id)

    return run


async def _invitations(database: Database, issuer: str, now: datetime) -> list[_Ready]:
    ready = []
    async with database.unit(_ACTOR) as unit:
        for row in await invited.invitations_to_post(unit, now, _MOST):
            # In the fragment, which browsers send to no server: it stands in no log and in no Referer.
            token = new_secret(invitations.PREFIX)
            await invited.keep_posting(unit, row.id, digest(token), now + _AGAIN)
            said = invitations.words(f"{issuer}{INVITATION_PAGE}", token)
            ready.append(_Ready(row.id, row.email, said, digest(token)))
    return ready


async def _letters(database: Database, issuer: str, now: datetime) -> list[_Ready]:
    ready = []
    async with database.unit(_ACTOR) as unit:
        for row in await written.letters_to_post(unit, now, _MOST):
            letter, token = Letter(row.kind), None
            said = (
                letters.change_words(letter, f"{issuer}{ACCOUNT_PAGE}") if letter is not Letter.NEW_PASSWORD else None
            )
            if said is None:
                token = new_secret(letters.PREFIX)
                said = letters.new_password_words(f"{issuer}{NEW_PASSWORD_PAGE}", token)
            token_hash = digest(token) if token else None
            await written.keep_posting(unit, row.id, token_hash, now + _AGAIN)
            ready.append(_Ready(row.id, row.email, said, token_hash))
    return ready


async def _sent(post: Post, ready: _Ready) -> bool:
    subject, text = ready.words
    try:
        await post.send(Mail(to=ready.email, subject=subject, text=text))
    except OSError as error:
        log().warning("letter_not_posted", record=str(ready.id), error=type(error).__name__)
        return False
    return True

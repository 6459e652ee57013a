"""Write to people with accounts: that something they watch has news, that a text or a proposal waits for them."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta

from connective.contracts.grants import roles_with
from connective.contracts.permissions import Permission
from connective.gateway.commands.admission import Admission, local_day
from connective.gateway.domain.notices import Notice, words
from connective.gateway.domain.waiting import who_to_tell
from connective.gateway.storage.notices import (
    note_for,
    notice_posted,
    notices_to_post,
    who_are_to_accept,
    who_may_decide,
)
from connective.kit.actor import service_actor
from connective.kit.database import Database
from connective.kit.logs import log
from connective.kit.mail import Mail, Post

_ACTOR = service_actor("gateway")
_MOST = 100
_AGAIN = timedelta(minutes=10)
_DECIDING = sorted(roles_with(Permission.GATEWAY_CLIENT_WRITE))
_ACCEPTING = sorted(roles_with(Permission.GATEWAY_TERMS_ACCEPT))


def posting_notices(database: Database, post: Post, issuer: str) -> Callable[[datetime], Awaitable[None]]:
    """The job that posts; what cannot be posted now is tried again."""

    async def run(now: datetime) -> None:
        async with database.unit(_ACTOR) as unit:
            waiting = await notices_to_post(unit, now, _MOST, now + _AGAIN)
        for row in waiting:
            subject, text = words(Notice(row.kind), issuer)
            try:
                await post.send(Mail(to=row.email, subject=subject, text=text))
            except OSError as error:
                log().warning("notice_not_posted", record=str(row.id), error=type(error).__name__)
                continue
            async with database.unit(_ACTOR) as unit:
                await notice_posted(unit, row.id, now)

    return run


def asking_again(database: Database, admission: Admission) -> Callable[[datetime], Awaitable[None]]:
    """The job that asks for a text that waits: of whom it is enough that they have accepted the newest in force."""

    async def run(now: datetime) -> None:
        current = admission.texts.current(local_day(now)).version
        newest = [text.version for text in admission.texts.versions if text.version >= current]
        async with database.unit(_ACTOR) as unit:
            await note_for(unit, await who_are_to_accept(unit, newest, _ACCEPTING, now), Notice.PROHIBITED_USES, now)

    return run


def telling_deciders(database: Database, is_holiday: Callable[[date], bool]) -> Callable[[datetime], Awaitable[None]]:
    """The job that has administrators told of proposals that wait for them, and reminds them before these lapse."""

    async def run(now: datetime) -> None:
        async with database.unit(_ACTOR) as unit:
            concerned = await who_may_decide(unit, _DECIDING, now)
            await note_for(unit, who_to_tell(concerned, is_holiday, now), Notice.PROPOSAL_WAITS, now)

    return run

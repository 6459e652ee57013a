"""Send codes for links by text message: made here, put into one message, and kept only as a slow digest."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from connective.gateway.commands.passwords import Passwords
from connective.gateway.domain.link_codes import CODE_LIVES, new_code, values
from connective.gateway.domain.links import may_open
from connective.gateway.domain.opaque import digest
from connective.gateway.storage.link_codes import ask_for_code, codes_to_send, drop_code, keep_code
from connective.gateway.storage.links import find_link
from connective.kit.actor import service_actor
from connective.kit.database import Database
from connective.kit.logs import log
from connective.kit.texting import Text, TextNotSent, Texts

_ACTOR = service_actor("gateway")
_MOST = 20


async def request_code(database: Database, token: str, at: datetime) -> None:
    """Have a code sent to the registered telephone, for who holds a link that opens; says nothing of whether."""
    async with database.unit(_ACTOR) as unit:
        link = await find_link(unit, digest(token))
        if link is not None and may_open(link, at):
            await ask_for_code(unit, link.id, at)


def sending_codes(database: Database, passwords: Passwords, texts: Texts) -> Callable[[datetime], Awaitable[None]]:
    """The job that sends. What the gateway does not take opens nothing: its holder asks again, or uses the PIN."""

    async def run(now: datetime) -> None:
        async with database.unit(_ACTOR) as unit:
            waiting = {row.id: (row.telephone, new_code()) for row in await codes_to_send(unit, now, _MOST)}
            for link_id, (_, code) in waiting.items():
                await keep_code(unit, link_id, await passwords.hash(code), now + CODE_LIVES)
        for link_id, (telephone, code) in waiting.items():
            try:
                await texts.send(Text(telephone, values(code), str(link_id)))
            except TextNotSent as error:
                log().warning("code_not_sent", record=str(link_id), error=error.code)
                async with database.unit(_ACTOR) as unit:
                    await drop_code(unit, link_id)

    return run

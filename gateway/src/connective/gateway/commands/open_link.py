"""Open a link with the PIN or a code, and a name: one browser, once, for a quarter of an hour."""

from dataclasses import dataclass
from datetime import datetime

from connective.contracts.gateway_events import GatewayAudited
from connective.gateway.commands.passwords import Passwords
from connective.gateway.domain.links import SESSION_LIVES, Link, LinkSession, may_open
from connective.gateway.domain.opaque import digest, new_secret
from connective.gateway.storage.links import ask_for_link, begin_session, count_wrong, find_contact, find_link
from connective.kit.actor import service_actor
from connective.kit.database import Database
from connective.kit.ids import new_id

_ACTOR = service_actor("gateway")


@dataclass(frozen=True, slots=True)
class Opening:
    """What somebody typed, and when."""

    token: str
    pin: str
    named: str
    at: datetime


async def open_link(database: Database, passwords: Passwords, opening: Opening) -> str | None:
    """The secret of the session that began; None where the link, the PIN or both are not right, which look the same."""
    async with database.unit(_ACTOR) as unit:
        link = await find_link(unit, digest(opening.token))
        usable = link if link is not None and may_open(link, opening.at) else None
        contact = None
        if usable is not None:
            await count_wrong(unit, usable)
            contact = await find_contact(unit.connection, usable.organisation_id)
    # Against nothing it takes as long as against something.
    pin = await passwords.check(opening.pin, None if contact is None else contact.pin_hash)
    code = await passwords.check(opening.pin, None if usable is None else usable.fresh_code(opening.at))
    if usable is None or contact is None or not (pin or code):
        return None
    return await _begin(database, usable, opening)


async def _begin(database: Database, link: Link, opening: Opening) -> str | None:
    secret = new_secret()
    session = LinkSession(
        id=new_id(),
        place_id=link.place_id,
        organisation_id=link.organisation_id,
        request_id=link.request_id,
        named=opening.named,
        expires_at=opening.at + SESSION_LIVES,
    )
    act = GatewayAudited(
        act_id=new_id(),
        act="link.opened",
        actor_id=str(session.id),
        organisation_id=session.organisation_id,
        at=opening.at,
    )
    async with database.unit(_ACTOR) as unit:
        if not await begin_session(unit, link, session, digest(secret), opening.at):
            return None
        unit.tell(act, version=1, place_id=link.place_id)
    return secret


async def renew_link(database: Database, token: str, at: datetime) -> None:
    """Have another link posted to the registered address in place of one that was spent; says nothing of whether."""
    async with database.unit(_ACTOR) as unit:
        link = await find_link(unit, digest(token))
        if link is not None:
            await ask_for_link(unit, link.organisation_id, link.request_id, at)

"""One request with everything written in it, loaded once for whichever party reads it."""

from dataclasses import dataclass
from uuid import UUID

from connective.kit.actor import Actor
from connective.referrals.commands.room import Room
from connective.referrals.domain.forms import Form
from connective.referrals.domain.request import Content, Request
from connective.referrals.domain.told import Message
from connective.referrals.storage.history import load_history
from connective.referrals.storage.requests import load_content


@dataclass(frozen=True, slots=True)
class Loaded:
    """A request, its form, what the referrer wrote last, and what both sides said on the way."""

    request: Request
    form: Form
    content: Content
    messages: tuple[Message, ...]


async def load_whole(room: Room, actor: Actor, request_id: UUID) -> Loaded:
    """A request the actor may see. Raises NotFound."""
    async with room.database.reading(actor) as connection:
        request, content = await load_content(connection, actor, request_id)
        entries = await load_history(connection, request_id)
        form = await room.shelf.take(connection, request.place_id, request.service_kind, request.form_version)
    said = tuple(Message(e.at, e.party, e.fact, e.words) for e in entries if e.words is not None)
    return Loaded(request, form, content, said)

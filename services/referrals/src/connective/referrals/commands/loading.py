"""One request with everything written in it, loaded once for whichever party reads it."""

from dataclasses import dataclass
from uuid import UUID

from connective.kit.actor import Actor
from connective.referrals.commands.room import Room
from connective.referrals.domain.forms import Form
from connective.referrals.domain.request import Content, Request
from connective.referrals.domain.told import Message
from connective.referrals.storage.history import load_history_alone
from connective.referrals.storage.requests import load_content_alone


@dataclass(frozen=True, slots=True)
class Loaded:
    """A request, its form, what the referrer wrote last, and what both sides said on the way."""

    request: Request
    form: Form
    content: Content
    messages: tuple[Message, ...]


async def load_whole(room: Room, actor: Actor, request_id: UUID) -> Loaded:
    """A request the actor may see. Raises NotFound."""
    request, content = await load_content_alone(room.database, actor, request_id)
    entries = await load_history_alone(room.database, actor, request_id)
    form = room.shelf.at_hand(request.place_id, request.service_kind, request.form_version)
    if form is None:
        async with room.database.reading(actor) as connection:
            form = await room.shelf.take(connection, request.place_id, request.service_kind, request.form_version)
    said = tuple(Message(e.at, e.party, e.fact, e.words) for e in entries if e.words is not None)
    return Loaded(request, form, content, said)

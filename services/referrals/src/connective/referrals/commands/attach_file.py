"""Say that a file goes with a request: its name and what it reveals. Its content follows, and can be sent again."""

from dataclasses import dataclass
from uuid import UUID

from connective.contracts.categories import Category
from connective.kit.actor import Actor
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.kit.ids import new_id
from connective.referrals.commands.refusals import translated
from connective.referrals.commands.room import Room
from connective.referrals.commands.stored_only import refuse_stored
from connective.referrals.domain.attachments import Attachment, check_answer, check_attaching, plain_name
from connective.referrals.domain.request import Request
from connective.referrals.domain.states import Party
from connective.referrals.storage.attachments import add_attachment, count_attached
from connective.referrals.storage.requests import load_locked
from connective.referrals.storage.seeing import parties_of


@dataclass(frozen=True, slots=True)
class FileAsked:
    """What is about to be attached."""

    name: str
    categories: frozenset[Category]
    answers: str | None


def side_of(actor: Actor, request: Request) -> Party:
    """In what capacity the actor's organisation has files here; one that asked itself is the referrer it also is."""
    return Party.REFERRER if Party.REFERRER in parties_of(request, actor) else Party.RECIPIENT


async def attach_file(room: Room, actor: Actor, attempt: Attempt, request_id: UUID, asked: FileAsked) -> Done:
    """Store it without content; the request's version stays. Raises NotFound, InvalidDetails, ProcessingRestricted."""
    async with room.database.unit(actor) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done
        request = await load_locked(unit, request_id)
        await refuse_stored(unit.connection, request)
        party = side_of(actor, request)
        attached = await count_attached(unit, request_id, actor.organisation)
        form = await room.shelf.take(unit.connection, request.place_id, request.service_kind, request.form_version)
        with translated():
            check_attaching(request, party, attached=attached)
            check_answer(form, asked.answers, asked.categories)
        new = _attachment(room, actor, request, asked)
        await add_attachment(unit, new)
        return await remember(unit, attempt, Done(new.id, 201))


def _attachment(room: Room, actor: Actor, request: Request, asked: FileAsked) -> Attachment:
    return Attachment(
        id=new_id(),
        place_id=request.place_id,
        request_id=request.id,
        family_id=request.family_id,
        organisation_id=actor.organisation,
        party=side_of(actor, request),
        name=plain_name(asked.name),
        categories=asked.categories,
        answers=asked.answers,
        attached_by=actor.id,
        attached_at=room.clock(),
    )

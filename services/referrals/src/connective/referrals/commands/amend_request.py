"""Write a request anew: a draft before it is sent, or any open request, whose recipient is told of the new version."""

from uuid import UUID

from connective.contracts.needs import needs_list
from connective.kit.actor import Actor
from connective.kit.etags import refuse_stale
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.referrals.commands.act_on_request import by_of
from connective.referrals.commands.refusals import translated
from connective.referrals.commands.room import Room
from connective.referrals.commands.stored_only import refuse_stored
from connective.referrals.domain.answers import check_answers
from connective.referrals.domain.before import check_content
from connective.referrals.domain.forms import Form
from connective.referrals.domain.lifecycle import act
from connective.referrals.domain.refusals import DetailsRefused
from connective.referrals.domain.request import Content, Request
from connective.referrals.domain.states import Action
from connective.referrals.storage.requests import add_content, load_locked, save


async def amend_request(room: Room, actor: Actor, attempt: Attempt, target: tuple[UUID, int], content: Content) -> Done:
    """Keep the new content beside the old. `target` is the request and the version the change is based on.

    What the new content reveals is decided at the next read, as always. Raises NotFound, Stale, IllegalAction,
    InvalidDetails, ProcessingRestricted.
    """
    request_id, version = target
    async with room.database.unit(actor) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done
        request = await load_locked(unit, request_id)
        await refuse_stored(unit.connection, request)
        refuse_stale(version, request.version)
        form = await room.shelf.take(unit.connection, request.place_id, request.service_kind, request.form_version)
        with translated():
            after, fact = act(request, Action.AMEND, by_of(actor, request, Action.AMEND), room.clock())
            _refuse_unfit(form, request, content)
        await save(unit, request, after, (fact,))
        await add_content(unit, after, content)
        return await remember(unit, attempt, Done(request.id, 200))


def _refuse_unfit(form: Form, request: Request, content: Content) -> None:
    errors = check_answers(form, content.answers) + check_content(content, request.people, needs_list(), "")
    if errors:
        raise DetailsRefused(errors)

"""Send a draft, or ask again for a blocked request: what was missing may be there now."""

from dataclasses import dataclass
from uuid import UUID

from connective.kit.actor import Actor
from connective.kit.etags import refuse_stale
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.referrals.commands.act_on_request import by_of
from connective.referrals.commands.checking import Ask, Checked, Circumstances, Family, check_all, find
from connective.referrals.commands.deciding import Asking, decide
from connective.referrals.commands.directory import promise_of
from connective.referrals.commands.refusals import ReportConcernFirst, numbers, translated
from connective.referrals.commands.room import Room
from connective.referrals.domain.details import Submitting
from connective.referrals.domain.lifecycle import act, allowed_actions
from connective.referrals.domain.refusals import ReportConcernFirst as ConcernBeingReported
from connective.referrals.domain.request import Content, Relied, Request
from connective.referrals.domain.safeguarding import SafeguardingCheck, check_answer, may_send
from connective.referrals.domain.sending import Weighed
from connective.referrals.domain.states import Action, Party
from connective.referrals.storage.referrals import keep_check, load_check
from connective.referrals.storage.requests import load_content, load_locked, save


@dataclass(frozen=True, slots=True)
class SubmitAsked:
    """Which version of which request, and the safeguarding answer if it is given anew."""

    request_id: UUID
    version: int
    check: SafeguardingCheck | None


async def submit_request(room: Room, actor: Actor, attempt: Attempt, asked: SubmitAsked) -> Done:
    """Send it, or keep it blocked with what is missing now.

    Raises NotFound, Stale, IllegalAction, ReportConcernFirst while a concern is being reported, and the rules'
    refusals of what the draft says.
    """
    at = room.clock()
    async with room.database.reading(actor) as connection:
        request, content = await load_content(connection, actor, asked.request_id)
        check = asked.check or await load_check(connection, request.referral_id)
    details: Submitting | None = None
    if Action.SUBMIT in allowed_actions(request, Party.REFERRER, at) and request.version == asked.version:
        _refuse_while_reporting(room, actor, check, request)
        details = await _consequence(room, actor, request, content)
    async with room.database.unit(actor) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done
        present = await load_locked(unit, asked.request_id)
        refuse_stale(asked.version, present.version)
        with translated():
            after, fact = act(present, Action.SUBMIT, by_of(actor, present, Action.SUBMIT), at, details)
        await save(unit, present, after, (fact,))
        if asked.check is not None:
            await keep_check(unit, present.referral_id, asked.check)
        return await remember(unit, attempt, Done(present.id, 200))


def _refuse_while_reporting(room: Room, actor: Actor, check: SafeguardingCheck, request: Request) -> None:
    safeguarding = room.safeguarding(actor)
    with translated():
        check_answer(check, room.clock())
    try:
        may_send(check, safeguarding.sentence)
    except ConcernBeingReported as refused:
        raise ReportConcernFirst(
            refused.sentence, referral_id=str(request.referral_id), numbers=numbers(safeguarding)
        ) from refused


async def _consequence(room: Room, actor: Actor, request: Request, content: Content) -> Submitting:
    """What sending it now would mean: everything is looked at again, because days may have passed."""
    ask = Ask(request.service_id, request.people, content, request.needed_by, None, request.form_version)
    found = await find(room, actor, Family(request.family_id), [ask])
    given = Circumstances(request.referrer_organisation_id, room.clock(), room.safeguarding(actor).sentence, "")
    with translated():
        checked = check_all([ask], found, given)[0]
    weighed, relied = await _decided(room, actor, request, checked)
    return Submitting(weighed.missing, weighed.without, promise_of(checked.service), relied)


async def _decided(room: Room, actor: Actor, request: Request, checked: Checked) -> tuple[Weighed, Relied]:
    if checked.takes_nothing:
        return Weighed(checked.takes_nothing, ()), Relied()
    asking = Asking(
        form=checked.form,
        people=request.people,
        content=checked.ask.content,
        discloser_id=request.discloser_organisation_id,
        recipient_id=request.recipient_organisation_id,
        service_id=request.service_id,
    )
    return (await decide(room.others.consent, actor, [asking]))[0]

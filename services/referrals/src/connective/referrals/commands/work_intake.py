"""Work an intake: the recipient reads it, matches or closes it; the sender takes it back; the clock lets it lapse."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from connective.contracts.needs import needs_list
from connective.contracts.sharing import DisclosureAsked
from connective.kit.actor import Actor, service_actor
from connective.kit.database import Database
from connective.kit.etags import refuse_stale
from connective.kit.idempotency import Attempt, Done, done_before, earlier, remember
from connective.kit.ids import new_id
from connective.kit.problems import FieldError, NotAllowed, NotFound
from connective.referrals.commands.deciding import method_of
from connective.referrals.commands.refusals import (
    InvalidDetails,
    SharingNotPermitted,
    translated,
    unavailable_instead,
)
from connective.referrals.commands.room import Room
from connective.referrals.commands.take_intake import question_about
from connective.referrals.domain.intake import (
    DAYS_KEPT,
    Closing,
    Intake,
    IntakeState,
    Source,
    categories_of,
    end,
    shown,
)
from connective.referrals.storage.events import audited
from connective.referrals.storage.intakes import due_to_lapse, load_intake, save_ended_intake

BATCH = 100


@dataclass(frozen=True, slots=True)
class IntakeRead:
    """An intake, and what of its content the reader may see: nothing for its sender, or once it has ended."""

    intake: Intake
    content: dict[str, Any] | None


async def read_intake(room: Room, actor: Actor, intake_id: UUID) -> IntakeRead:
    """Read one: what a partner sent is a disclosure, decided and recorded first; a family's own words are an access.

    Raises NotFound for strangers, SharingNotPermitted when it was permitted once and is no longer, and Unavailable.
    """
    async with room.database.reading(actor) as connection:
        intake = await load_intake(connection, actor, intake_id)
    if intake.content is None or intake.recipient_organisation_id != actor.organisation:
        return IntakeRead(intake, None)
    if intake.source is Source.SELF:
        async with room.database.unit(actor) as unit:
            unit.tell(_act(actor, "read", room.clock(), intake), version=1)
        return IntakeRead(intake, shown(intake.content, None, needs_list()))
    wanted = categories_of(intake.content, needs_list()) - {each.category for each in intake.withheld}
    asked = DisclosureAsked(
        question=question_about(intake, wanted, method_of(actor)),
        request_id=intake.id,
        request_version=intake.version,
        disclosure_id=new_id(),
    )
    with unavailable_instead():
        answer = await room.others.consent.disclose(actor, asked)
    if answer.permit is None:
        raise SharingNotPermitted(
            "Sharing is not permitted any more, so nothing of this intake can be shown: ask its sender.",
            reference=intake.reference,
        )
    return IntakeRead(intake, shown(intake.content, answer.decision.categories, needs_list()))


@dataclass(frozen=True, slots=True)
class Match:
    """Whose it is: a family the actor may see, and the person in it whom the intake names."""

    family_id: UUID
    person_id: UUID


async def match_intake(room: Room, actor: Actor, attempt: Attempt, target: tuple[UUID, int], match: Match) -> Done:
    """Say whose it is: somebody the actor found or registered, by search first. What was sent is gone from here.

    Raises NotFound for a stranger to the intake, NotAllowed for its sender, InvalidDetails for a family the actor may
    not see or a person not in it, Stale, and IntakeEnded.
    """
    if done := await done_before(room.database, actor, attempt):
        return done
    async with room.database.reading(actor) as connection:
        _check_party(await load_intake(connection, actor, target[0]), actor, IntakeState.MATCHED)
    try:
        await room.others.families.essentials(actor, match.family_id, [match.person_id])
    except NotFound as error:
        detail = "You see no such family with this person: search, or register them first."
        raise InvalidDetails(detail, errors=(FieldError("/family_id", "unknown", detail),)) from error
    return await _end(room, actor, attempt, target, _Ending(IntakeState.MATCHED, family_id=match.family_id))


async def close_intake(
    room: Room, actor: Actor, attempt: Attempt, target: tuple[UUID, int], *, code: Closing, sentence: str | None
) -> Done:
    """Answer it without a record of the family. Raises as `match_intake` does."""
    return await _end(room, actor, attempt, target, _Ending(IntakeState.CLOSED, str(code), sentence))


async def withdraw_intake(room: Room, actor: Actor, attempt: Attempt, target: tuple[UUID, int]) -> Done:
    """Take back what one's own organisation sent. Raises NotAllowed for the recipient, Stale, and IntakeEnded."""
    return await _end(room, actor, attempt, target, _Ending(IntakeState.WITHDRAWN))


@dataclass(frozen=True, slots=True)
class _Ending:
    state: IntakeState
    code: str | None = None
    sentence: str | None = None
    family_id: UUID | None = None


async def _end(room: Room, actor: Actor, attempt: Attempt, target: tuple[UUID, int], ending: _Ending) -> Done:
    at = room.clock()
    async with room.database.unit(actor) as unit:
        if done := await earlier(unit, attempt):
            return done
        intake = await load_intake(unit.connection, actor, target[0], lock=True)
        _check_party(intake, actor, ending.state)
        refuse_stale(target[1], intake.version)
        with translated():
            after = end(intake, ending.state, at, code=ending.code, sentence=ending.sentence)
        await save_ended_intake(unit, intake, after, at)
        unit.tell(_act(actor, str(ending.state), at, intake, ending.family_id), version=1)
        return await remember(unit, attempt, Done(intake.id, 200))


def _check_party(intake: Intake, actor: Actor, state: IntakeState) -> None:
    sends = state is IntakeState.WITHDRAWN
    if actor.organisation != (intake.sender_organisation_id if sends else intake.recipient_organisation_id):
        raise NotAllowed("Only the other party to this intake does that.")


def _act(actor: Actor, act: str, at: datetime, intake: Intake, family_id: UUID | None = None) -> Any:  # noqa: ANN401 - an event
    """For the ledger; until a family is matched, the intake stands for it."""
    return audited(actor, f"intake.{act}", at, family_id=family_id or intake.id, request_id=intake.id)


async def lapse_intakes(database: Database, at: datetime) -> int:
    """Let go of what nobody matched in four weeks; answers how many. May run late, twice, or on two machines."""
    ended = 0
    while True:
        async with database.unit(service_actor("referrals")) as unit:
            due = await due_to_lapse(unit, at - DAYS_KEPT, BATCH)
            for intake in due:
                await save_ended_intake(unit, intake, end(intake, IntakeState.LAPSED, at), at)
        ended += len(due)
        if len(due) < BATCH:
            return ended

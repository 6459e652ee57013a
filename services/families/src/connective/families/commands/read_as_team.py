"""A member of the team around a family reads it: decided and recorded first, then read live under the permit.

Being on the team is not permission. The path is the one by which a recipient reads a request (ADR 0009): consent
decides and records, its permit opens the permitted fields of the permitted people, and nothing else is answered.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from connective.contracts.categories import Category, Method, Purpose
from connective.contracts.fields import SHARED_FIELDS
from connective.contracts.needs import NeedsList
from connective.contracts.people_events import CaseReadingUndelivered
from connective.contracts.sharing import DisclosureAnswered, DisclosureAsked, NotDelivered, Question, SharedFields
from connective.families.commands.means import Means
from connective.families.commands.ports import Consent
from connective.families.domain.cases import Case, CaseState
from connective.families.domain.dates import day_of
from connective.families.domain.refusals import SharingNotPermitted
from connective.families.domain.restrictions import shuts_out
from connective.families.storage.acts import Act, audit, ids_of
from connective.families.storage.cases import see_case, team_of
from connective.families.storage.pictures import Loaded, load
from connective.families.storage.seeing import Standing
from connective.kit.actor import Actor, ActorKind, service_actor
from connective.kit.ids import new_id
from connective.kit.problems import NotFound, Refusal, Unavailable

_NEEDS = "needs.coded"
_STRENGTHS = "strengths.coded"
Share = Callable[[Actor, str, Sequence[str], date], Awaitable[SharedFields]]
"""The one way that data leave to a recipient: for this reader, under this permit, these fields, on this day."""


@dataclass(frozen=True, slots=True)
class Room:
    """What a team's reading is made with."""

    means: Means
    consent: Consent
    share: Share
    known_needs: NeedsList


@dataclass(frozen=True, slots=True)
class TeamRead:
    """What was shown of a family, under which decision."""

    case: Case
    shared: SharedFields
    answer: DisclosureAnswered


async def read_as_team(room: Room, actor: Actor, case_id: UUID, names: tuple[str, ...], now: datetime) -> TeamRead:
    """The permitted fields of the family's people, as they are now.

    Raises NotFound for whoever is not on this case's team, SharingNotPermitted when the decision or the case's end
    denies it, and Unavailable when consent cannot be asked: nothing is shown then.
    """
    case = await _on_team(room.means, actor, case_id, now)
    question = await _question(room, actor, case, names, now)
    asked = DisclosureAsked(question=question, case_id=case.id, disclosure_id=new_id())
    recorded = False
    try:
        answer = await _decided(room, actor, asked)
        recorded = answer.permit is not None
        shared = await _shown(room, actor, answer, names, day_of(now))
        await _log(room.means, actor, case, shared, now)
    except Exception as failed:
        if recorded or isinstance(failed, Unavailable):
            await _tell_undelivered(room.means, actor, asked, now, recorded=recorded)
        raise
    return TeamRead(case, shared, answer)


async def _on_team(means: Means, actor: Actor, case_id: UUID, now: datetime) -> Case:
    async with means.database.reading(actor) as connection:
        case, standing = await see_case(connection, actor, case_id)
        team = await team_of(connection, case_id)
    today = day_of(now)
    member = any(m.organisation_id == actor.organisation and m.period.holds_on(today) for m in team)
    if standing is not Standing.TEAM or not member:
        raise NotFound
    if case.state is CaseState.CLOSED:
        raise SharingNotPermitted("The case is closed, so the team around the family reads it no longer.")
    return case


async def _question(room: Room, actor: Actor, case: Case, names: tuple[str, ...], now: datetime) -> Question:
    """What to ask: everybody living who is in the family today, and every category that the fields reveal.

    Who they are is read as the service's own work and shown to nobody: the reader sees it only under the permit.
    """
    async with room.means.database.reading(service_actor("families", actor.place)) as connection:
        loaded = await load(connection, family_ids=[case.family_id])
    if shuts_out(loaded.restrictions, actor.id):
        raise NotFound
    people = loaded.picture.people
    present = {m.person_id for m in loaded.picture.memberships if m.period.holds_on(day_of(now))}
    subjects = ids_of(i for i in present if people[i].living)
    if not subjects:
        raise NotFound
    return Question(
        discloser_organisation_id=loaded.families[case.family_id].organisation_id,
        recipient_organisation_id=actor.organisation,
        subjects=subjects,
        categories=_revealed(loaded, names, room.known_needs),
        purpose=Purpose.EARLY_HELP_COORDINATION,
        method=Method.API if actor.kind is ActorKind.CLIENT else Method.HUB_PAGE,
    )


def _revealed(loaded: Loaded, names: tuple[str, ...], known: NeedsList) -> frozenset[Category]:
    found = {category for name in names for category in SHARED_FIELDS[name]}
    if _NEEDS in names:
        for need in loaded.picture.needs:
            found |= known.needs[need.code].reveals if need.code in known.needs else frozenset()
    if _STRENGTHS in names:
        for strength in loaded.picture.strengths:
            found |= known.strengths[strength.code].reveals if strength.code in known.strengths else frozenset()
    return frozenset(found)


async def _decided(room: Room, actor: Actor, asked: DisclosureAsked) -> DisclosureAnswered:
    try:
        return await room.consent.disclose(actor, asked)
    except Unavailable:
        raise
    except Refusal as refused:
        raise Unavailable("Another part of the Hub could not answer; nothing was shown.") from refused


async def _shown(
    room: Room, actor: Actor, answer: DisclosureAnswered, names: tuple[str, ...], day: date
) -> SharedFields:
    if answer.permit is None:
        reasons = [{"code": r.code, "sentence": r.sentence, "remedy": r.remedy} for r in answer.decision.refusals]
        unique = list({reason["code"]: reason for reason in reasons}.values())
        raise SharingNotPermitted("Sharing is not permitted now, so nothing of the family is shown.", reasons=unique)
    return await room.share(actor, answer.permit, names, day)


async def _log(means: Means, actor: Actor, case: Case, shared: SharedFields, now: datetime) -> None:
    people = tuple(person.person_id for person in shared.people)
    purpose = Purpose.EARLY_HELP_COORDINATION
    async with means.database.unit(actor) as unit:
        audit(unit, actor, Act("case.family_read", case.family_id, people, purpose, relation=Standing.TEAM), now)


async def _tell_undelivered(
    means: Means, actor: Actor, asked: DisclosureAsked, now: datetime, *, recorded: bool
) -> None:
    assert asked.case_id is not None and asked.disclosure_id is not None  # noqa: S101, PT018 - named above
    fact = CaseReadingUndelivered(
        disclosure_id=asked.disclosure_id,
        case_id=asked.case_id,
        recipient_organisation_id=actor.organisation,
        reason_code=NotDelivered.FAULT if recorded else NotDelivered.DECISION_UNANSWERED,
        at=now,
    )
    async with means.database.unit(actor) as unit:
        unit.tell(fact, version=1)

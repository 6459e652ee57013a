"""Joint-controller arrangements: who informs people and who answers for what is decided together (Article 26).

Joint controllers settle between them, openly, who tells people and who answers when they use their rights; people may
use their rights against each of them all the same. An arrangement stands when every entity has confirmed it.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from connective.consent.domain.refusals import NotNow, NotYours, Unacceptable
from connective.contracts.categories import Purpose


class ArrangementState(StrEnum):
    """Where an arrangement stands."""

    PROPOSED = "proposed"
    IN_FORCE = "in_force"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class ArrangementTerms:
    """What joint controllers settle between them."""

    title: str
    entity_ids: frozenset[UUID]
    purposes: frozenset[Purpose]
    informs_entity_id: UUID
    """Who gives people the privacy information (Articles 13 and 14)."""
    answers_entity_id: UUID
    """The contact point for people who use their rights."""
    breach_entity_id: UUID
    """Who tells the Information Commissioner and people of a breach."""
    essence: str
    """The essence of the arrangement in plain English: people may ask for it (Article 26(2))."""
    document_reference: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class JointArrangement:
    """One arrangement, and which of its entities have confirmed it."""

    id: UUID
    reference: str
    proposed_by_entity_id: UUID
    state: ArrangementState
    terms: ArrangementTerms
    confirmed_by: frozenset[UUID]
    changed_at: datetime
    version: int
    ended_because: str = ""
    """Why one of its entities left it, which ended it for all; empty while nobody has."""

    def covers(self, entities: frozenset[UUID], purpose: Purpose, today: date) -> bool:
        """Does it settle this purpose between these entities on this day?"""
        terms = self.terms
        in_date = terms.starts_on <= today and (terms.ends_on is None or today <= terms.ends_on)
        known = entities <= terms.entity_ids and purpose in terms.purposes
        return self.state is ArrangementState.IN_FORCE and in_date and known


def propose(
    arrangement_id: UUID, reference: str, entity_id: UUID, terms: ArrangementTerms, *, at: datetime
) -> JointArrangement:
    """A new arrangement, confirmed by nobody yet.

    Raises NotYours for an entity that proposes for others, Unacceptable for terms that settle nothing.
    """
    if entity_id not in terms.entity_ids:
        raise NotYours("not_a_party", "Only one of the joint controllers may propose their arrangement.")
    if len(terms.entity_ids) < 2:
        raise Unacceptable("too_few_parties", "An arrangement is between two controllers or more.", "/entity_ids")
    if not terms.purposes:
        raise Unacceptable("no_purposes", "Say for which purposes they decide together.", "/purposes")
    for field in ("informs_entity_id", "answers_entity_id", "breach_entity_id"):
        if getattr(terms, field) not in terms.entity_ids:
            raise Unacceptable("outsider", "This task must fall to one of the joint controllers.", f"/{field}")
    if terms.ends_on is not None and terms.ends_on <= terms.starts_on:
        raise Unacceptable("ends_before_start", "The end date is not after the start date.", "/ends_on")
    return JointArrangement(
        arrangement_id, reference, entity_id, ArrangementState.PROPOSED, terms, frozenset(), changed_at=at, version=1
    )


def confirm(arrangement: JointArrangement, entity_id: UUID, at: datetime) -> JointArrangement:
    """One controller's yes; the last one puts the arrangement in force."""
    _demand_party(arrangement, entity_id)
    if arrangement.state is not ArrangementState.PROPOSED or entity_id in arrangement.confirmed_by:
        raise NotNow("confirmed_already", "Your legal entity has confirmed this already, or it has ended.", ("end",))
    confirmed = arrangement.confirmed_by | {entity_id}
    whole = confirmed == arrangement.terms.entity_ids
    state = ArrangementState.IN_FORCE if whole else ArrangementState.PROPOSED
    return _changed(arrangement, state, confirmed, at)


def end(arrangement: JointArrangement, entity_id: UUID, at: datetime) -> JointArrangement:
    """Any of the controllers may leave, which ends it for all: a new one is then needed."""
    _demand_party(arrangement, entity_id)
    if arrangement.state is ArrangementState.ENDED:
        raise NotNow("ended_already", "This arrangement has ended.")
    return _changed(arrangement, ArrangementState.ENDED, arrangement.confirmed_by, at)


def _demand_party(arrangement: JointArrangement, entity_id: UUID) -> None:
    if entity_id not in arrangement.terms.entity_ids:
        raise NotYours("not_a_party", "Your legal entity is not one of these joint controllers.")


def _changed(
    arrangement: JointArrangement, state: ArrangementState, confirmed: frozenset[UUID], at: datetime
) -> JointArrangement:
    return replace(arrangement, state=state, confirmed_by=confirmed, changed_at=at, version=arrangement.version + 1)


def allowed_actions(arrangement: JointArrangement, entity_id: UUID) -> tuple[str, ...]:
    """What this legal entity could do to it now, given the right role."""
    if entity_id not in arrangement.terms.entity_ids or arrangement.state is ArrangementState.ENDED:
        return ()
    waits = arrangement.state is ArrangementState.PROPOSED and entity_id not in arrangement.confirmed_by
    return ("confirm", "end") if waits else ("end",)

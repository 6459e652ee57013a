"""What every change of an agreement version has in common: store it, keep the act, tell others, enter the ledger."""

from datetime import datetime
from uuid import UUID

from connective.consent.commands.ledger_entries import note
from connective.consent.domain.agreement import BEFORE_FORCE, IN_FORCE, AgreementVersion, State, supersede
from connective.consent.domain.ledger import EntryKind
from connective.consent.storage.agreements import Act, add_act, other_versions, save_version
from connective.contracts.consent_events import (
    AgreementActivated,
    AgreementEvent,
    AgreementExpired,
    AgreementReinstated,
    AgreementSuperseded,
    AgreementSuspended,
    AgreementTerminated,
)
from connective.kit.database import Unit

_TOLD: dict[State, type[AgreementEvent]] = {
    State.ACTIVE: AgreementActivated,
    State.SUSPENDED: AgreementSuspended,
    State.EXPIRED: AgreementExpired,
    State.TERMINATED: AgreementTerminated,
    State.SUPERSEDED: AgreementSuperseded,
}
_REVISIONS_PER_VERSION = 1000


def event_version(version: AgreementVersion) -> int:
    """A number that grows with every change of the agreement, across its versions."""
    return version.number * _REVISIONS_PER_VERSION + version.revision


def tell(unit: Unit, version: AgreementVersion, event: type[AgreementEvent], place_id: UUID) -> None:
    """Announce a fact about a version."""
    fact = event(
        agreement_id=version.agreement_id,
        version=version.number,
        legal_entity_ids=tuple(p.legal_entity_id for p in version.terms.parties),
        ends_on=version.terms.ends_on,
    )
    unit.tell(fact, version=event_version(version), place_id=place_id)


async def keep(unit: Unit, before: AgreementVersion, after: AgreementVersion, act: Act, place_id: UUID) -> None:
    """Store a change. A version that comes into force ends those before it; one submitted ends earlier proposals."""
    await save_version(unit.connection, place_id, after)
    await add_act(unit.connection, place_id, after, act)
    facts = {
        "agreement_id": after.agreement_id,
        "version": after.number,
        "state": after.state,
        "text_hash": after.text_hash,
        "legal_entity_id": act.legal_entity_id,
        "approved": act.approved,
    }
    await note(unit, EntryKind.AGREEMENT, act.name, act.at, facts, place_id=place_id)
    if after.state is before.state:
        return
    reinstated = before.state is State.SUSPENDED and after.state is State.ACTIVE
    event = AgreementReinstated if reinstated else _TOLD.get(after.state)
    if event is not None and (before.state in IN_FORCE or after.state is State.ACTIVE):
        tell(unit, after, event, place_id)
    if after.state is State.ACTIVE and before.state is State.AWAITING_SIGNATURES:
        await _end_others(unit, after, IN_FORCE | BEFORE_FORCE - {State.DRAFT}, act.at, place_id)
    elif after.state is State.IN_REVIEW:
        await _end_others(unit, after, BEFORE_FORCE - {State.DRAFT}, act.at, place_id)


async def _end_others(
    unit: Unit, version: AgreementVersion, states: frozenset[State], at: datetime, place_id: UUID
) -> None:
    for other in await other_versions(unit.connection, version.agreement_id, version.number, states):
        if other.number < version.number:
            ended = supersede(other, at)
            await keep(unit, other, ended, Act("superseded", None, unit.actor.id, at), place_id)

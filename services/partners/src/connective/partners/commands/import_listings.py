"""Keep what was read from a file in the directory; reading the same file twice changes nothing."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from connective.contracts.categories import AssuranceLevel
from connective.kit.actor import Actor
from connective.kit.database import Database, Unit
from connective.partners.commands.telling import (
    tell_organisation_changed,
    tell_published,
    tell_registered,
    tell_service_changed,
)
from connective.partners.domain.codes import OrganisationState, ServiceStatus
from connective.partners.domain.imports.report import Reading, listed_id
from connective.partners.domain.organisations import Organisation
from connective.partners.domain.services import SIGNPOST_ONLY, Service
from connective.partners.storage.imported import (
    Kept,
    fingerprint,
    kept_organisations,
    kept_services,
    write_organisations,
    write_services,
)
from connective.partners.storage.mapping import of_listing, of_profile
from connective.partners.storage.organisations import organisations_by_id
from connective.partners.storage.services import services_by_id

Record = TypeVar("Record", Organisation, Service)


@dataclass(frozen=True, slots=True)
class Imported:
    """How many records a reading added, changed, left as they were, left alone, and withdrew."""

    added: int
    changed: int
    unchanged: int
    changed_here: int
    """Somebody changed them in the directory since they were read: the file did not overwrite that."""
    withdrawn: int


@dataclass(frozen=True, slots=True)
class _Plan:
    new: list[tuple[UUID, str]]
    old: list[tuple[UUID, str]]
    unchanged: int
    changed_here: int


async def import_listings(
    database: Database,
    actor: Actor,
    reading: Reading,
    *,
    legal_entity_id: UUID | None,
    now: datetime,
    licence: str | None = None,
) -> tuple[Imported, Imported]:
    """Keep organisations and services, in one transaction. Answers the counts of each.

    Organisations are only listed, unless they all belong to one legal entity, which is then named. Services are
    signposts: nobody there has agreed to take requests. `licence` (SPDX code) is the one the source gives them under.
    """
    async with database.unit(actor) as unit:
        organisations = await _keep_organisations(unit, actor, reading, legal_entity_id, now)
        services = await _keep_services(unit, actor, reading, now, licence)
        withdrawn = await _withdraw(unit, actor, reading, now)
    return organisations, replace(services, withdrawn=withdrawn)


async def _keep_organisations(
    unit: Unit, actor: Actor, reading: Reading, legal_entity_id: UUID | None, now: datetime
) -> Imported:
    read = {
        listed_id(actor.place, reading.source, "organisation", each.key): Organisation(
            id=listed_id(actor.place, reading.source, "organisation", each.key),
            place_id=actor.place,
            legal_entity_id=legal_entity_id,
            profile=each.profile,
            state=OrganisationState.ACTIVE,
            assurance_level=AssuranceLevel.SHARED_DEVICE,
            version=1,
            changed_at=now,
            source=reading.source,
        )
        for each in reading.organisations
    }
    marks = {key: fingerprint({**of_profile(o.profile), "entity": o.legal_entity_id}) for key, o in read.items()}
    plan = _plan(marks, await kept_organisations(unit.connection, actor, read))
    before = await organisations_by_id(unit.connection, actor, [key for key, _ in plan.old])
    old = [(_next(read[key], before[key].version), mark) for key, mark in plan.old]
    await write_organisations(unit.connection, [(read[key], mark) for key, mark in plan.new], old)
    for key, _ in plan.new:
        tell_registered(unit, read[key])
    for after, _ in old:
        tell_organisation_changed(unit, before[after.id], after)
    return _counts(plan)


async def _keep_services(unit: Unit, actor: Actor, reading: Reading, now: datetime, licence: str | None) -> Imported:
    read = {
        listed_id(actor.place, reading.source, "service", each.key): Service(
            id=listed_id(actor.place, reading.source, "service", each.key),
            place_id=actor.place,
            organisation_id=listed_id(actor.place, reading.source, "organisation", each.organisation_key),
            listing=each.listing,
            terms=SIGNPOST_ONLY,
            version=1,
            changed_at=now,
            source=reading.source,
            licence=licence,
        )
        for each in reading.services
    }
    marks = {
        key: fingerprint({**of_listing(s.listing), "owner": s.organisation_id, "licence": licence})
        for key, s in read.items()
    }
    plan = _plan(marks, await kept_services(unit.connection, actor, read))
    before = {each.service.id: each.service for each in await services_by_id(unit.connection, actor, dict(plan.old))}
    old = [(_next(read[key], before[key].version), mark) for key, mark in plan.old]
    await write_services(unit.connection, [(read[key], mark) for key, mark in plan.new], old)
    for key, _ in plan.new:
        tell_published(unit, read[key])
    for after, _ in old:
        tell_service_changed(unit, before[after.id], after)
    return _counts(plan)


async def _withdraw(unit: Unit, actor: Actor, reading: Reading, now: datetime) -> int:
    """Withdraw what the file says is closed, where an earlier reading had listed it and nobody changed it here."""
    ids = [listed_id(actor.place, reading.source, "service", key) for key in reading.ended]
    kept = await kept_services(unit.connection, actor, ids)
    withdrawn = []
    for owned in await services_by_id(unit.connection, actor, ids):
        before = owned.service
        if before.listing.status is ServiceStatus.DEFUNCT or kept[before.id].changed_here:
            continue
        ended = replace(before, listing=replace(before.listing, status=ServiceStatus.DEFUNCT), changed_at=now)
        after = _next(ended, before.version)
        withdrawn.append((after, fingerprint(of_listing(after.listing))))
        tell_service_changed(unit, before, after)
    await write_services(unit.connection, (), withdrawn)
    return len(withdrawn)


def _plan(marks: dict[UUID, str], kept: dict[UUID, Kept]) -> _Plan:
    new = [(key, mark) for key, mark in marks.items() if key not in kept]
    different = [(key, mark) for key, mark in marks.items() if key in kept and kept[key].fingerprint != mark]
    old = [(key, mark) for key, mark in different if not kept[key].changed_here]
    return _Plan(new, old, len(marks) - len(new) - len(different), len(different) - len(old))


def _counts(plan: _Plan) -> Imported:
    return Imported(len(plan.new), len(plan.old), plan.unchanged, plan.changed_here, withdrawn=0)


def _next(record: Record, version: int) -> Record:
    return replace(record, version=version + 1)

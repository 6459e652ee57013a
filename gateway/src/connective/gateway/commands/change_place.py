"""Change a place's settings and branding, by one administrator; its safeguarding numbers by two (ADR 0027).

Each change is a version of its own, an entry of the ledger, and a fact that every service follows.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from connective.contracts.gateway_events import GatewayAudited, PlaceChanged
from connective.contracts.permissions import Permission
from connective.contracts.places import Place, PlacesInForce, Safeguarding
from connective.gateway.domain.place_changes import FIRST, changed_settings, document_of, merged
from connective.gateway.domain.proposals import Proposal
from connective.gateway.storage.places import PlaceVersion, insert_version, place_versions
from connective.gateway.storage.works import ADMINISTERING
from connective.kit.actor import Actor
from connective.kit.database import Database, Unit
from connective.kit.etags import refuse_stale
from connective.kit.ids import new_id
from connective.kit.plain_words import in_plain_words
from connective.kit.problems import FieldError, Invalid, NotAllowed, NotFound, Stale


async def change_place(
    database: Database,
    places: PlacesInForce,
    actor: Actor,
    place_id: UUID,
    *,
    changes: Mapping[str, Any],
    expected: int,
    now: datetime,
) -> int:
    """Merge the changes in; answers the version that came of it, the one of before where nothing differs.

    Raises NotFound for another place, NotAllowed for a system, Stale, Invalid for what a places file could not hold.
    """
    if actor.account_id is None:
        raise NotAllowed("People change a place's settings, not systems.")
    _refuse_elsewhere(actor, place_id)
    async with database.unit(actor, work=ADMINISTERING) as unit:
        version, before = await _present(unit, places, place_id)
        refuse_stale(expected, version)
        try:
            after = merged(before, changes)
        except ValidationError as error:
            raise _unfit(error) from error
        settings = changed_settings(before, after)
        if not settings:
            return version
        stored = PlaceVersion(place_id, version + 1, document_of(after), settings, actor.account_id, None, now)
        if not await insert_version(unit, stored):
            raise Stale("Read it again: somebody changed it since.")
        unit.tell(_announced(after, settings), version=stored.version)
        unit.tell(_entered(actor, settings, stored.version, now), version=1)
        return stored.version


async def proposed_safeguarding(
    unit: Unit, places: PlacesInForce, actor: Actor, place_id: UUID, wanted: Safeguarding
) -> tuple[int, Mapping[str, Any]]:
    """The version that is to be changed, and what is kept of the change until somebody decides.

    Raises NotAllowed, NotFound, Invalid where nothing would change.
    """
    if not actor.may(Permission.GATEWAY_PLACE_WRITE):
        raise NotAllowed("Safeguarding numbers are changed by administrators of the place.")
    _refuse_elsewhere(actor, place_id)
    version, before = await _present(unit, places, place_id)
    if before.safeguarding == wanted:
        raise Invalid("These are the safeguarding numbers that the place has.")
    old = before.safeguarding.model_dump(mode="json")
    return version, {"safeguarding": wanted.model_dump(mode="json"), "before": old}


async def set_safeguarding(
    unit: Unit, places: PlacesInForce, actor: Actor, proposal: Proposal, now: datetime
) -> int | None:
    """Let approved numbers take effect; answers the version that came of it, None where the place changed since."""
    version, before = await _present(unit, places, proposal.subject_id)
    if version != proposal.subject_version:
        return None
    after = merged(before, {"safeguarding": proposal.change["safeguarding"]})
    settings = changed_settings(before, after)
    stored = PlaceVersion(
        proposal.subject_id,
        version + 1,
        document_of(after),
        settings,
        proposal.proposed_by,
        actor.account_id,
        now,
    )
    if not await insert_version(unit, stored):
        return None
    unit.tell(_announced(after, settings), version=stored.version)
    return stored.version


def _refuse_elsewhere(actor: Actor, place_id: UUID) -> None:
    if place_id != actor.place:
        raise NotFound


async def _present(unit: Unit, places: PlacesInForce, place_id: UUID) -> tuple[int, Place]:
    """The place as this transaction finds it. Raises NotFound for one that the file does not name."""
    try:
        seeded = places.seeded(place_id)
    except KeyError as error:
        raise NotFound from error
    kept = await place_versions(unit.connection, place_id)
    return (kept[0].version, Place.model_validate(kept[0].document)) if kept else (FIRST, seeded)


def _announced(place: Place, settings: tuple[str, ...]) -> PlaceChanged:
    numbers = place.safeguarding
    return PlaceChanged(
        place_id=place.id,
        changed=settings,
        front_door_name=numbers.front_door_name,
        front_door_number=numbers.front_door_number,
        out_of_hours_number=numbers.out_of_hours_number,
        adults_number=numbers.adults_number,
        listings_checked_within_days=place.listings_checked_within_days,
    )


def _entered(actor: Actor, settings: tuple[str, ...], version: int, now: datetime) -> GatewayAudited:
    return GatewayAudited(
        act_id=new_id(),
        act="place.changed",
        actor_id=actor.id,
        organisation_id=actor.organisation_id,
        at=now,
        place_version=version,
        changed=settings,
    )


def _unfit(error: ValidationError) -> Invalid:
    """What is wrong, and where; never the value."""
    errors = tuple(
        FieldError("/" + "/".join(map(str, each["loc"])), str(each["type"]), in_plain_words(each))
        for each in error.errors(include_input=False)
    )
    return Invalid("Some settings are not right: see errors.", errors=errors)

"""How acts about consent are told to other services and entered in the ledger."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from connective.consent.commands.ledger_entries import note
from connective.consent.domain.ledger import EntryKind, pseudonym
from connective.contracts.consent_events import ConsentEvent
from connective.kit.database import Unit

_SCOPE = ("recipient_organisation_ids", "service_kinds", "purposes", "categories")


def consent_event(event: type[ConsentEvent], values: Mapping[str, Any], people: Iterable[UUID]) -> ConsentEvent:
    """The fact about a record, from its columns."""
    return event(
        consent_id=values["id"],
        kind=values["kind"],
        person_ids=tuple(people),
        **{name: tuple(values[name]) for name in _SCOPE},
    )


def persons_of(values: Mapping[str, Any], people: Iterable[UUID]) -> set[UUID]:
    """Everyone in a record who appears by pseudonym: whom it is about, and the giver unless a body gave it."""
    return {*people} if values["giver_kind"] == "body" else {*people, values["giver_id"]}


async def enter_consent(
    unit: Unit,
    act: str,
    values: Mapping[str, Any],
    people: Iterable[UUID],
    keys: Mapping[UUID, bytes],
    *,
    at: datetime,
    place_id: UUID,
) -> None:
    """Put an act about a record into the ledger: what it covers, about whom and by whom, as pseudonyms."""
    giver = values["giver_id"]
    facts = {
        "consent_id": values["id"],
        "kind": values["kind"],
        "giver": giver if values["giver_kind"] == "body" else pseudonym(giver, keys[giver]),
        "people": [pseudonym(person, keys[person]) for person in people],
        **{name: values[name] for name in _SCOPE},
    }
    await note(unit, EntryKind.CONSENT, act, at, facts, place_id=place_id)

"""Acts of other services become entries of the ledger: who looked at what, when and why; never what it says."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from connective.consent.domain.ledger import Entry, EntryKind, make_entry, pseudonym
from connective.consent.storage.people import person_keys
from connective.consent.storage.records import Sourced, enter_sourced
from connective.kit.database import Unit
from connective.kit.ids import new_id
from connective.kit.inbox import Received

_PLAIN = ("act_id", "request_id", "purpose", "hits")
"""Members of an audit event that enter as they are; people and families only as pseudonyms."""


async def enter(unit: Unit, event: Received, _: Any) -> None:  # noqa: ANN401 - nothing was prepared
    """One entry per act, however often its event is delivered."""
    people = [UUID(person) for person in event.data.get("person_ids") or ()]
    family = event.data.get("family_id")
    known = [*people, UUID(family)] if family else people
    keys = await person_keys(unit, event.place_id, known)
    await enter_sourced(unit, [Sourced(_entry(event, people, keys), event.id)])


def _entry(event: Received, people: list[UUID], keys: Mapping[UUID, bytes]) -> Entry:
    data = event.data
    family = data.get("family_id")
    organisation = data.get("organisation_id")
    facts = {name: data[name] for name in _PLAIN if data.get(name) is not None}
    facts |= {"service": event.service, "people": [pseudonym(person, keys[person]) for person in people]}
    if family:
        facts["family"] = pseudonym(UUID(family), keys[UUID(family)])
    return make_entry(
        new_id(),
        event.place_id,
        EntryKind.ACCESS,
        act=str(data["act"]),
        at=datetime.fromisoformat(data["at"]),
        actor_id=str(data["actor_id"]),
        organisation_id=UUID(organisation) if organisation else None,
        facts=facts,
    )

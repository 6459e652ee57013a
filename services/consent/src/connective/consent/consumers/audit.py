"""Acts of other services become entries of the ledger: who looked at what, when and why; never what it says."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from connective.consent.domain.ledger import Entry, EntryKind, make_entry, new_person_key, pseudonym
from connective.consent.storage.audit_access import Access, add_accesses
from connective.consent.storage.erasures import erased_among
from connective.consent.storage.people import person_keys
from connective.consent.storage.records import Sourced, enter_sourced
from connective.kit.database import Unit
from connective.kit.ids import new_id
from connective.kit.inbox import Received

_PLAIN = (
    *("act_id", "request_id", "purpose", "hits", "account_id", "client_id", "provider_id", "roles", "text_version"),
    *("place_version", "subject_organisation_id", "changed"),
)
"""Members of an audit event that enter as they are; people and families only as pseudonyms."""

_ADMINISTERING = frozenset({"gateway", "partners"})


async def enter(unit: Unit, events: Sequence[Received]) -> None:
    """One entry per act, however often its event is delivered; acts of one place go in together."""
    places: dict[UUID, list[Received]] = {}
    for event in events:
        places.setdefault(event.place_id, []).append(event)
    for place_id, acts in places.items():
        keys = await _keys(unit, place_id, {person for act in acts for person in _everybody(act)})
        await enter_sourced(unit, [Sourced(_entry(act, _people(act), keys), act.id) for act in acts])
        await add_accesses(unit, [_access(act, keys) for act in acts])


async def _keys(unit: Unit, place_id: UUID, people: set[UUID]) -> dict[UUID, bytes]:
    """Everybody's key. Whoever was erased before their act was told of stands under a key that nobody keeps."""
    gone = await erased_among(unit, people)
    return await person_keys(unit, place_id, people - gone) | {each: new_person_key() for each in gone}


def _kind(event: Received) -> EntryKind:
    """What is done to accounts, roles, keys, places and organisations is no look at a record; a review is one."""
    if event.service in _ADMINISTERING and not str(event.data["act"]).endswith(".reviewed"):
        return EntryKind.ROLE
    return EntryKind.EXPORT if str(event.data["act"]).endswith(".exported") else EntryKind.ACCESS


def _people(event: Received) -> list[UUID]:
    return [UUID(person) for person in event.data.get("person_ids") or ()]


def _everybody(event: Received) -> list[UUID]:
    """Whoever is named by a pseudonym; a family has one as a person has."""
    family = event.data.get("family_id")
    return [*_people(event), UUID(family)] if family else _people(event)


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
        _kind(event),
        act=str(data["act"]),
        at=datetime.fromisoformat(data["at"]),
        actor_id=str(data["actor_id"]),
        organisation_id=UUID(organisation) if organisation else None,
        facts=facts,
    )


def _access(event: Received, keys: Mapping[UUID, bytes]) -> Access:
    """The same act as a row of the access log, for lists and for findings of unusual access."""
    data = event.data
    family, organisation, request = (data.get(name) for name in ("family_id", "organisation_id", "request_id"))
    return Access(
        id=event.id,
        place_id=event.place_id,
        service=event.service,
        act=str(data["act"]),
        actor_id=str(data["actor_id"]),
        organisation_id=UUID(organisation) if organisation else None,
        at=datetime.fromisoformat(data["at"]),
        purpose=data.get("purpose"),
        hits=data.get("hits"),
        request_id=UUID(request) if request else None,
        family=pseudonym(UUID(family), keys[UUID(family)]) if family else None,
        people=tuple(pseudonym(person, keys[person]) for person in _people(event)),
        relation=data.get("relation"),
    )

"""Which records of the directory a reading tells of: ids follow from source and key, so that reading twice is once."""

from collections.abc import Iterable
from uuid import UUID

from connective.partners.domain.harvests.changes import RecordKind
from connective.partners.domain.harvests.merging import plain
from connective.partners.domain.harvests.sources import Source
from connective.partners.domain.harvests.telling import Telling, Told
from connective.partners.domain.imports.report import Reading, listed_id
from connective.partners.storage.mapping_fields import fields_of_listing, fields_of_profile


def telling_of(
    source: Source,
    reading: Reading,
    legal_entity_id: UUID | None = None,
    held: Iterable[str] | None = None,
    owners: Iterable[str] = (),
) -> Telling:
    """What the reading tells. `held` are the keys of all services of a whole feed, refused ones among them.

    `owners` are those of organisations told of before, where a reading is taken in by parts.
    """

    def known_as(record: RecordKind, key: str) -> UUID:
        return listed_id(source.place_id, source.named, str(record), key)

    entity = plain({"legal_entity_id": legal_entity_id and str(legal_entity_id)})
    organisations = []
    for each in reading.organisations:
        identity = known_as(RecordKind.ORGANISATION, each.key)
        fields = {**fields_of_profile(each.profile), **entity}
        organisations.append(Told(RecordKind.ORGANISATION, identity, identity, each.profile.name, fields))
    services = []
    for service in reading.services:
        owner = known_as(RecordKind.ORGANISATION, service.organisation_key)
        beside = plain({"organisation_id": str(owner), "licence": source.licence})
        fields = {**fields_of_listing(service.listing), **beside}
        identity = known_as(RecordKind.SERVICE, service.key)
        services.append(Told(RecordKind.SERVICE, identity, owner, service.listing.name, fields))
    return Telling(
        records=(*organisations, *services),
        ended=tuple(known_as(RecordKind.SERVICE, key) for key in reading.ended),
        held=None if held is None else frozenset(known_as(RecordKind.SERVICE, key) for key in held),
        owners=frozenset(known_as(RecordKind.ORGANISATION, key) for key in owners),
    )

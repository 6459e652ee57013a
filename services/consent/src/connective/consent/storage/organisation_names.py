"""Names beside ids: what partners calls organisations, and what the register calls legal entities."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from connective.kit.database import Unit, fetch

_UNNAMED = """
SELECT id, place_id, version FROM organisation WHERE name_version IS DISTINCT FROM version ORDER BY id LIMIT $1
"""
_KEEP = """
UPDATE organisation AS o SET name = coalesce(n.name, o.name), name_version = n.version
FROM unnest($1::uuid[], $2::int[], $3::text[]) AS n (id, version, name) WHERE o.id = n.id
"""
_NAMES = """
SELECT id, name FROM organisation WHERE id = ANY ($1::uuid[])
UNION ALL SELECT id, name FROM legal_entity WHERE id = ANY ($1::uuid[])
"""
_ONE, _MANY = ("organisation_id", "entity_id"), ("organisation_ids", "entity_ids", "party_ids")


@dataclass(frozen=True, slots=True)
class Unnamed:
    """An organisation whose name is not known at this version of it."""

    organisation_id: UUID
    place_id: UUID
    version: int


async def unnamed(connection: AsyncConnection, most: int) -> list[Unnamed]:
    """Organisations that are new, or have changed since they were asked for."""
    return [Unnamed(row.id, row.place_id, row.version) for row in await fetch(connection, _UNNAMED, (most,))]


async def keep_names(unit: Unit, known: Sequence[tuple[Unnamed, str | None]]) -> None:
    """Keep what was answered; an organisation that partners does not know keeps the name it had, if any."""
    columns = ([each.organisation_id for each, _ in known], [each.version for each, _ in known])
    await unit.run(_KEEP, (*columns, [name for _, name in known]))


async def names_of(connection: AsyncConnection, ids: Iterable[UUID]) -> dict[UUID, str]:
    """What these organisations and legal entities are called, as far as it is known."""
    rows = await fetch(connection, _NAMES, (sorted(ids),))
    return {row.id: row.name for row in rows if row.name}


async def named(connection: AsyncConnection, found: Any) -> Any:  # noqa: ANN401 - records as they are, however nested
    """The same records with `…_name` beside each `…organisation_id` and `…entity_id`, and `…_names` beside lists."""
    ids = {each for each in _mentioned(found) if each is not None}
    rows = await fetch(connection, _NAMES, (sorted(ids),)) if ids else []
    return _with_names(found, {row.id: row.name for row in rows})


def _mentioned(found: Any) -> Iterator[UUID | None]:  # noqa: ANN401 - see above
    if isinstance(found, Mapping):
        for key, value in found.items():
            if key.endswith(_ONE):
                yield _id(value)
            elif key.endswith(_MANY):
                yield from map(_id, value or ())
            else:
                yield from _mentioned(value)
    elif isinstance(found, list):
        for each in found:
            yield from _mentioned(each)


def _with_names(found: Any, names: Mapping[UUID, str | None]) -> Any:  # noqa: ANN401 - see above
    if isinstance(found, list):
        return [_with_names(each, names) for each in found]
    if not isinstance(found, Mapping):
        return found
    shown: dict[str, Any] = {}
    for key, value in found.items():
        shown[key] = value if key.endswith(_ONE + _MANY) else _with_names(value, names)
        if key.endswith(_ONE):
            shown[f"{key.removesuffix('_id')}_name"] = names.get(_id(value))  # type: ignore[arg-type]  # None has no name
        elif key.endswith(_MANY):
            shown[f"{key.removesuffix('_ids')}_names"] = _listed(value or (), names)
    return shown


def _listed(ids: Iterable[Any], names: Mapping[UUID, str | None]) -> list[str]:
    return [names.get(_id(each)) or str(each) for each in ids]  # type: ignore[arg-type]  # lists hold no None


def _id(value: Any) -> UUID | None:  # noqa: ANN401 - drivers answer ids as UUIDs, stored JSON as text
    return value if value is None or isinstance(value, UUID) else UUID(str(value))

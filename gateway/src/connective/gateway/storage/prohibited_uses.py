"""The text of prohibited uses as data, and which version each organisation has accepted."""

from collections.abc import Iterable
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.gateway.domain.prohibited_uses import Text, Texts
from connective.kit.actor import Actor
from connective.kit.database import Unit, fetch

_ACCEPT = """
INSERT INTO prohibited_uses_acceptance (organisation_id, version, place_id, accepted_by, accepted_at)
VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING
"""
_ENOUGH = """
SELECT DISTINCT organisation_id FROM prohibited_uses_acceptance
WHERE organisation_id = ANY($1::uuid[]) AND version = ANY($2::int[])
"""
_OURS = """
SELECT 1 AS ours FROM organisation_state AS asker JOIN organisation_state AS o USING (place_id)
WHERE asker.organisation_id = $1 AND o.organisation_id = $2 AND o.place_id = $3
  AND (o.organisation_id = asker.organisation_id OR o.legal_entity_id = asker.legal_entity_id)
"""
_LIST = """
SELECT o.organisation_id, o.legal_entity_id, newest.version, newest.accepted_at
FROM organisation_state AS o LEFT JOIN LATERAL (
  SELECT a.version, a.accepted_at FROM prohibited_uses_acceptance AS a
  WHERE a.organisation_id = o.organisation_id ORDER BY a.version DESC LIMIT 1) AS newest ON true
WHERE o.place_id = $1 AND ($2 OR o.organisation_id = $3 OR o.legal_entity_id = (
    SELECT asker.legal_entity_id FROM organisation_state AS asker WHERE asker.organisation_id = $3))
  AND ($4::uuid IS NULL OR o.organisation_id > $4) AND ($5::uuid IS NULL OR o.organisation_id = $5)
ORDER BY o.organisation_id LIMIT $6
"""
Sentence = Annotated[str, StringConstraints(min_length=1, max_length=500)]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Annotated[int, Field(gt=0)]
    applies_from: date
    grace_days: Annotated[int, Field(ge=0, le=365)]
    uses: Annotated[dict[str, Sentence], Field(min_length=1)]


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    versions: tuple[_Entry, ...]


def read_texts(path: Path | None) -> Texts:
    """The product's own text, or the place's. Raises OSError, pydantic.ValidationError, UnfitText."""
    packaged = files("connective.gateway").joinpath("data", "prohibited_uses.yaml")
    text = packaged.read_text("utf-8") if path is None else path.read_text("utf-8")
    read = _File.model_validate(yaml.safe_load(text))
    return Texts(tuple(Text(each.version, each.applies_from, each.grace_days, each.uses) for each in read.versions))


async def accept_text(unit: Unit, organisation_id: UUID, version: int, at: datetime) -> None:
    """Keep that the actor accepted it for an organisation; accepted twice, the first stands."""
    await unit.run(_ACCEPT, (organisation_id, version, unit.actor.place, unit.actor.id, at))


async def without_acceptance(
    connection: AsyncConnection, organisation_ids: Iterable[UUID], enough: Iterable[int]
) -> set[UUID]:
    """Those of these organisations that accepted none of the versions that are enough."""
    wanted = set(organisation_ids)
    rows = await fetch(connection, _ENOUGH, (list(wanted), list(enough)))
    return wanted - {row.organisation_id for row in rows}


async def answers_for(unit: Unit, organisation_id: UUID) -> bool:
    """Whether an organisation is the actor's own, or of its legal entity."""
    actor = unit.actor
    return await unit.fetch_one(_OURS, (actor.organisation, organisation_id, actor.place)) is not None


async def list_acceptances(
    connection: AsyncConnection,
    actor: Actor,
    *,
    every: bool,
    after: UUID | None = None,
    only: UUID | None = None,
    limit: int = 1,
) -> list[Any]:
    """What each organisation accepted last: those of the actor's legal entity, or every one of the place."""
    return await fetch(connection, _LIST, (actor.place, every, actor.organisation_id, after, only, limit))

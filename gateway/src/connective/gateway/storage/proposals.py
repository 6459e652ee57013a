"""Changes that wait for a second administrator."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, insert, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.gateway.domain.proposals import LIFE, Proposal, ProposalKind, ProposalState
from connective.gateway.storage.tables import proposal
from connective.kit.actor import Actor
from connective.kit.problems import NotFound


def _visible(actor: Actor, every_organisation: bool) -> ColumnElement[bool]:
    """One predicate for "may see this one" and "list what I may see"."""
    own = true() if every_organisation else proposal.c.organisation_id == actor.organisation
    return and_(proposal.c.place_id == actor.place, own)


def _proposal(row: Row[Any]) -> Proposal:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public way to a row's columns
    return Proposal(**values | {"kind": ProposalKind(row.kind), "state": ProposalState(row.state)})


async def insert_proposal(connection: AsyncConnection, new: Proposal) -> None:
    """Store a new proposal."""
    values = {column.name: getattr(new, column.name) for column in proposal.columns}
    await connection.execute(insert(proposal).values(values | {"kind": str(new.kind), "state": str(new.state)}))


async def get_proposal(
    connection: AsyncConnection, actor: Actor, proposal_id: UUID, *, every_organisation: bool, lock: bool = False
) -> Proposal:
    """A proposal that the actor may decide or has made. Raises NotFound."""
    wanted = select(proposal).where(proposal.c.id == proposal_id, _visible(actor, every_organisation))
    row = (await connection.execute(wanted.with_for_update() if lock else wanted)).one_or_none()
    if row is None:
        raise NotFound
    return _proposal(row)


async def list_proposals(
    connection: AsyncConnection,
    actor: Actor,
    *,
    every_organisation: bool,
    waiting_at: datetime | None,
    after: UUID | None,
    limit: int,
) -> list[Proposal]:
    """Proposals the actor may see, in order of making, one more than asked when there are more.

    With `waiting_at`, those alone that wait then for the actor to decide.
    """
    wanted = select(proposal).where(_visible(actor, every_organisation)).order_by(proposal.c.id).limit(limit + 1)
    if waiting_at is not None:
        open_still = and_(proposal.c.state == str(ProposalState.OPEN), proposal.c.proposed_at > waiting_at - LIFE)
        wanted = wanted.where(open_still, proposal.c.proposed_by != actor.account_id)
    if after is not None:
        wanted = wanted.where(proposal.c.id > after)
    return [_proposal(row) for row in await connection.execute(wanted)]


async def decide(connection: AsyncConnection, decided: Proposal) -> None:
    """Store how it was decided, by whom and when."""
    values = {"state": str(decided.state), "decided_by": decided.decided_by, "decided_at": decided.decided_at}
    stored = update(proposal).where(proposal.c.id == decided.id)
    await connection.execute(stored.values(**values, version=decided.version))

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.consent.domain.agreement import AgreementVersion, allowed_actions
from connective.consent.domain.agreement_checks import check_terms
from connective.consent.domain.findings import Finding
from connective.consent.queries.standings import STATES_OF, Standing
from connective.consent.storage.agreements import load_version, visible
from connective.consent.storage.organisations import entity_of
from connective.consent.storage.registers import register_for
from connective.consent.storage.tables import agreement, agreement_version
from connective.kit.actor import Actor
from connective.kit.problems import NotFound

_IN_FORCE = ("active", "suspended")


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version in an agreement's history."""

    number: int
    state: str
    title: str
    starts_on: date
    ends_on: date
    review_on: date
    text_hash: str
    party_ids: tuple[UUID, ...]
    purposes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """An agreement with those of its versions that the asker may see."""

    id: UUID
    reference: str
    lead_entity_id: UUID
    versions: tuple[VersionLine, ...]

    @property
    def latest(self) -> VersionLine:
        """The newest version the asker may see."""
        return self.versions[-1]

    @property
    def in_force(self) -> VersionLine | None:
        """The version that sharing happens under, or would if it were not suspended."""
        return next((v for v in self.versions if v.state in _IN_FORCE), None)


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of agreements may be narrowed to."""

    state: str | None = None
    legal_entity_id: UUID | None = None
    reference: str | None = None
    memorandum_id: UUID | None = None
    standing: str | None = None
    purpose: str | None = None
    category: str | None = None


def _lines(rows: Any) -> list[AgreementLine]:  # noqa: ANN401 - driver rows
    grouped: dict[UUID, list[Any]] = {}
    for row in rows:
        grouped.setdefault(row.id, []).append(row)
    return [
        AgreementLine(
            id=agreement_id,
            reference=versions[0].reference,
            lead_entity_id=versions[0].lead_entity_id,
            versions=tuple(_line(version) for version in versions),
        )
        for agreement_id, versions in grouped.items()
    ]


def _line(row: Any) -> VersionLine:  # noqa: ANN401 - a driver row
    return VersionLine(
        row.number,
        row.state,
        row.title,
        row.starts_on,
        row.ends_on,
        row.review_on,
        row.text_hash,
        tuple(UUID(party["legal_entity_id"]) for party in row.parties),
        tuple(sorted({flow["purpose"] for flow in row.flows})),
    )


_COLUMNS = (
    agreement.c.id,
    agreement.c.reference,
    agreement.c.lead_entity_id,
    agreement_version.c.number,
    agreement_version.c.state,
    agreement_version.c.title,
    agreement_version.c.starts_on,
    agreement_version.c.ends_on,
    agreement_version.c.review_on,
    agreement_version.c.text_hash,
    agreement_version.c.terms["parties"].label("parties"),
    agreement_version.c.terms["flows"].label("flows"),
)
_JOINED = agreement.join(agreement_version, agreement.c.id == agreement_version.c.agreement_id)


def _shown(entity_id: UUID, filters: Filters, today: date) -> Select[tuple[UUID]]:
    """Agreements whose shown version, the one in force or else the newest, stands and shares as asked for."""
    in_force = agreement_version.c.state.in_(_IN_FORCE)
    newest = (
        select(agreement_version)
        .select_from(_JOINED)
        .where(visible(entity_id))
        .ext(distinct_on(agreement_version.c.agreement_id))
        .order_by(agreement_version.c.agreement_id, in_force.desc(), agreement_version.c.number.desc())
        .subquery()
    )
    wanted = select(newest.c.agreement_id)
    if filters.standing is not None:
        wanted = wanted.where(_stands(newest.c, filters.standing, today))
    if filters.purpose is not None:
        wanted = wanted.where(newest.c.terms.contains({"flows": [{"purpose": filters.purpose}]}))
    if filters.category is not None:
        wanted = wanted.where(newest.c.terms.contains({"flows": [{"categories": [filters.category]}]}))
    return wanted


def _stands(columns: Any, standing: str, today: date) -> ColumnElement[bool]:  # noqa: ANN401 - columns of a subquery
    if standing == Standing.REVIEW_DUE:
        due: ColumnElement[bool] = and_(columns.state == "active", columns.review_on <= today)
        return due
    found: ColumnElement[bool] = columns.state.in_(STATES_OF[Standing(standing)])
    return found


async def list_agreements(
    connection: AsyncConnection, actor: Actor, filters: Filters, after: UUID | None, limit: int, *, today: date
) -> list[AgreementLine]:
    """Agreements the actor's legal entity may see, in the order of drafting."""
    entity_id = await entity_of(connection, actor)
    ids = select(agreement.c.id).select_from(_JOINED).where(agreement.c.place_id == actor.place, visible(entity_id))
    if after is not None:
        ids = ids.where(agreement.c.id > after)
    if filters.state is not None:
        ids = ids.where(agreement_version.c.state == filters.state)
    if filters.legal_entity_id is not None:
        ids = ids.where(agreement_version.c.seen_by.contains([filters.legal_entity_id]))
    if filters.reference is not None:
        ids = ids.where(func.lower(agreement.c.reference) == filters.reference.lower())
    if filters.memorandum_id is not None:
        ids = ids.where(agreement_version.c.terms["memorandum_id"].astext == str(filters.memorandum_id))
    if filters.standing or filters.purpose or filters.category:
        ids = ids.where(agreement.c.id.in_(_shown(entity_id, filters, today)))
    page = ids.distinct().order_by(agreement.c.id).limit(limit)
    wanted = select(*_COLUMNS).select_from(_JOINED).where(agreement.c.id.in_(page), visible(entity_id))
    return _lines(await connection.execute(wanted.order_by(agreement.c.id, agreement_version.c.number)))


async def read_agreement(connection: AsyncConnection, actor: Actor, agreement_id: UUID) -> AgreementLine:
    """One agreement. Raises NotFound."""
    entity_id = await entity_of(connection, actor)
    wanted = select(*_COLUMNS).select_from(_JOINED).where(agreement.c.id == agreement_id, visible(entity_id))
    lines = _lines(await connection.execute(wanted.order_by(agreement_version.c.number)))
    if not lines:
        raise NotFound
    return lines[0]


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version with what its reader may do to it and what an officer would say of it."""

    version: AgreementVersion
    findings: tuple[Finding, ...]
    allowed_actions: tuple[str, ...]


async def read_version(
    connection: AsyncConnection, actor: Actor, agreement_id: UUID, number: int, today: date
) -> VersionView:
    """One version, whole. Raises NotFound."""
    entity_id = await entity_of(connection, actor)
    version = await load_version(connection, entity_id, agreement_id, number)
    register = await register_for(connection, actor.place, version.lead_entity_id, version.terms, today)
    findings = check_terms(version.terms, register)
    return VersionView(version, findings, allowed_actions(version, entity_id))

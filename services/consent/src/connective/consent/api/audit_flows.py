"""`/audit/flows` and `/audit/coverage`: the map of who shares what with whom, and where an agreement is missing."""

from datetime import date, datetime
from uuid import UUID

from connective.consent.api.audit_words import Since, Until
from connective.consent.api.deps import Answer, PartsDep
from connective.consent.commands.audit_reading import asked_period, looking
from connective.consent.domain.audit_period import Period
from connective.consent.queries import audit_flows
from connective.consent.storage.organisation_names import named
from connective.contracts.categories import Category, Method, Purpose
from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.deps import ActorDep
from connective.kit.policy import operation

routes = router(tags=["audit"])
_POLICY = operation(Permission.CONSENT_AUDIT_READ, relation="own_entity")


class MappedOrganisation(Answer):
    """An organisation on the map."""

    id: UUID
    name: str | None
    legal_entity_id: UUID
    legal_entity_name: str | None
    kind: str
    state: str


class MovedData(Answer):
    """What really went from one organisation to another in the period."""

    agreement_id: UUID | None
    discloser_entity_id: UUID
    discloser_entity_name: str | None
    recipient_entity_id: UUID
    recipient_entity_name: str | None
    discloser_organisation_id: UUID
    discloser_organisation_name: str | None
    recipient_organisation_id: UUID
    recipient_organisation_name: str | None
    purpose: Purpose
    categories: list[Category]
    disclosures: int
    people: int
    last_at: datetime


class MappedFlow(Answer):
    """What one legal entity may share with another for a purpose under an agreement in force."""

    agreement_id: UUID
    agreement_reference: str
    agreement_version: int
    from_entity_id: UUID
    from_entity_name: str | None
    to_entity_id: UUID
    to_entity_name: str | None
    purpose: Purpose
    categories: list[Category]
    methods: list[Method]
    ends_on: date
    moved: list[MovedData]


class FlowsOut(Answer):
    """The map. `apart` moved under no agreement that is in force now."""

    since: datetime
    until: datetime
    organisations: list[MappedOrganisation]
    flows: list[MappedFlow]
    apart: list[MovedData]


class ExchangedData(MovedData):
    """What went between a pair, and the agreement it went under."""

    agreement_reference: str | None


class BlockedTries(Answer):
    """Tries that rule 2 refused, by its code: `no_agreement`, `agreement_expired`, `category_not_in_agreement`, …"""

    code: str
    decisions: int
    last_at: datetime


class CoveredPair(Answer):
    """Two organisations, in one direction."""

    discloser_organisation_id: UUID
    discloser_organisation_name: str | None
    recipient_organisation_id: UUID
    recipient_organisation_name: str | None
    exchanged: list[ExchangedData]
    blocked: list[BlockedTries]


class CoverageOut(Answer):
    """Every pair that exchanged anything or tried to."""

    since: datetime
    until: datetime
    pairs: list[CoveredPair]


def _asked(period: Period) -> dict[str, datetime]:
    return {"since": period.since, "until": period.until}


@routes.get("/audit/flows", operation_id="consent_audit_flows", **_POLICY)
async def flows(*, actor: ActorDep, parts: PartsDep, since: Since = None, until: Until = None) -> FlowsOut:
    """The map of flows: what agreements in force allow between whom, and what really moved (the last 90 days)."""
    now = parts.clock()
    period = asked_period(since, until, now)
    async with looking(parts.database, actor, "flows_read", now, _asked(period)) as look:
        found = await named(look.connection, await audit_flows.map_of_flows(look, period))
    return FlowsOut.model_validate(found | _asked(period))


@routes.get("/audit/coverage", operation_id="consent_audit_coverage", **_POLICY)
async def coverage(*, actor: ActorDep, parts: PartsDep, since: Since = None, until: Until = None) -> CoverageOut:
    """Which pairs of organisations exchanged what under which agreement, and which tried without one."""
    now = parts.clock()
    period = asked_period(since, until, now)
    async with looking(parts.database, actor, "coverage_read", now, _asked(period)) as look:
        found = await named(look.connection, await audit_flows.coverage(look, period))
    return CoverageOut.model_validate({"pairs": found} | _asked(period))

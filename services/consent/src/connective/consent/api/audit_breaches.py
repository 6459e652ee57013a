"""`/audit/breaches` and `/audit/people`: who saw what of somebody, and the clock of 72 hours."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Query, Response
from pydantic import AwareDatetime, Field

from connective.consent.api.audit_listing import Filters, OfficerDep, listing
from connective.consent.api.audit_words import Pseudonym, Since, Until
from connective.consent.api.deps import Answer, Body, PartsDep, no_store, show_version
from connective.consent.api.words import Line, Reasons, Text
from connective.consent.commands.audit_reading import asked_period, looking
from connective.consent.commands.record_breach import Breach, Decided, assess_breach, decide_breach, record_breach
from connective.consent.commands.refusals import NotNow
from connective.consent.domain.audit_breaches import BreachKind, BreachState, Risk, due_at, is_overdue
from connective.consent.storage.audit_breaches import MOST_SEEN, list_breaches, load_breach, who_saw
from connective.consent.storage.organisation_names import named
from connective.contracts.categories import Category, Purpose
from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.deps import ActorDep, AttemptDep, show_done
from connective.kit.pages import Page
from connective.kit.policy import operation
from connective.kit.problems import KeyMissing, StillRunning

routes = router(tags=["audit"])
_READ = operation(Permission.CONSENT_AUDIT_READ, relation="own_entity")
_ACT = operation(Permission.CONSENT_AUDIT_WRITE, relation="own_entity", refuses=(KeyMissing, StillRunning, NotNow))
SomePeople = Annotated[tuple[Pseudonym, ...], Field(max_length=200)]
SomeIds = Annotated[tuple[UUID, ...], Field(max_length=200)]


class RecordBreach(Body):
    """A breach as it is known at first. Name nobody in the description; ids of people are not kept."""

    kind: BreachKind
    description: Reasons
    aware_at: AwareDatetime
    since: AwareDatetime
    until: AwareDatetime
    people: SomePeople = ()
    person_ids: SomeIds = ()
    agreement_id: UUID | None = None


class AssessBreach(Body):
    """The risk to the people concerned, and why it is so."""

    risk: Risk
    assessment: Reasons


class DecideBreach(Body):
    """When the Commissioner was notified, or why not; the reasons for a delay; whether the people were told."""

    notified_at: AwareDatetime | None = None
    ico_reference: Line = ""
    reason: Text = ""
    people_told: bool


class BreachOut(Answer):
    """A breach record with its clock."""

    id: UUID
    kind: BreachKind
    description: str
    aware_at: datetime
    due_at: datetime
    overdue: bool
    since: datetime
    until: datetime
    people: list[str]
    agreement_id: UUID | None
    state: BreachState
    risk: Risk | None
    assessment: str
    assessed_by: str | None
    assessed_at: datetime | None
    ico_notified: bool | None
    ico_notified_at: datetime | None
    ico_reference: str
    reason: str
    people_told: bool | None
    decided_by: str | None
    decided_at: datetime | None
    recorded_by: str
    recorded_at: datetime
    version: int


class Sighting(Answer):
    """One disclosure or one look."""

    how: str
    record_id: UUID
    at: datetime
    act: str
    actor_id: str
    organisation_id: UUID | None
    organisation_name: str | None
    agreement_id: UUID | None
    purpose: Purpose | None
    categories: list[Category]
    people: list[str]


class SeenOut(Answer):
    """Who saw what, in order; `complete` is false when there was more than one answer holds."""

    since: datetime
    until: datetime
    complete: bool
    items: list[Sighting]


def _show(row: dict[str, Any], now: datetime) -> BreachOut:
    state, aware_at = BreachState(row["state"]), row["aware_at"]
    clock = {"due_at": due_at(aware_at), "overdue": is_overdue(state, aware_at, now)}
    return BreachOut.model_validate(row | clock)


async def _answer(breach_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> BreachOut:
    now = parts.clock()
    async with looking(parts.database, actor, "breach_read", now, {"breach_id": breach_id}) as look:
        row = await load_breach(look, breach_id)
    no_store(response)
    show_version(response, row["version"])
    return _show(row, now)


@routes.post("/audit/breaches", status_code=201, operation_id="consent_record_breach", **_ACT)
async def record(
    body: RecordBreach, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response
) -> BreachOut:
    """Record a breach: the Commissioner is notified within 72 hours of becoming aware, unless risk is unlikely."""
    done = await record_breach(parts.database, actor, attempt, Breach(**body.model_dump()), now=parts.clock())
    show_done(response, done)
    response.headers["Location"] = f"/audit/breaches/{done.resource_id}"
    return await _answer(done.resource_id, actor, parts, response)


@routes.get("/audit/breaches", operation_id="consent_list_breaches", **_READ)
async def list_all(officer: OfficerDep, asked: Annotated[Filters, Query()]) -> Page[BreachOut]:
    """The breaches of your legal entity, oldest first, with what is left of their 72 hours."""
    now = officer.parts.clock()
    return await listing(officer, asked, "breaches_listed", list_breaches, lambda row: _show(row, now))


@routes.get("/audit/breaches/{breach_id}", operation_id="consent_read_breach", **_READ)
async def read(breach_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> BreachOut:
    """One breach."""
    return await _answer(breach_id, actor, parts, response)


@routes.post("/audit/breaches/{breach_id}/assess", operation_id="consent_assess_breach", **_ACT)
async def assess(
    *,
    breach_id: UUID,
    body: AssessBreach,
    actor: ActorDep,
    attempt: AttemptDep,
    parts: PartsDep,
    response: Response,
) -> BreachOut:
    """Record the risk to the people concerned."""
    now = parts.clock()
    done = await assess_breach(
        parts.database, actor, attempt, breach_id, risk=body.risk, words=body.assessment, now=now
    )
    show_done(response, done)
    return await _answer(breach_id, actor, parts, response)


@routes.post("/audit/breaches/{breach_id}/decide", operation_id="consent_decide_breach", **_ACT)
async def decide(
    *,
    breach_id: UUID,
    body: DecideBreach,
    actor: ActorDep,
    attempt: AttemptDep,
    parts: PartsDep,
    response: Response,
) -> BreachOut:
    """Record that the Commissioner was notified, or why not."""
    decided = Decided(**body.model_dump())
    done = await decide_breach(parts.database, actor, attempt, breach_id, decided, now=parts.clock())
    show_done(response, done)
    return await _answer(breach_id, actor, parts, response)


@routes.get("/audit/breaches/{breach_id}/seen", operation_id="consent_read_breach_sightings", **_READ)
async def seen(breach_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> SeenOut:
    """Who saw what of the people concerned, in the period of the breach: disclosures and looks, in order."""
    async with looking(parts.database, actor, "breach_sightings_read", parts.clock(), {"breach_id": breach_id}) as look:
        row = await load_breach(look, breach_id)
        items = await named(look.connection, await who_saw(look, row["people"], row["since"], row["until"]))
        look.hits = len(items)
    no_store(response)
    known = {"since": row["since"], "until": row["until"], "complete": len(items) < MOST_SEEN}
    return SeenOut.model_validate({"items": items} | known)


@routes.get("/audit/people/{person}/seen", operation_id="consent_read_person_sightings", **_READ)
async def seen_of_person(
    *,
    person: Annotated[Pseudonym, Path(description="The person's pseudonym.")],
    actor: ActorDep,
    parts: PartsDep,
    response: Response,
    since: Since = None,
    until: Until = None,
) -> SeenOut:
    """Who saw what of one person, in order (the last 90 days)."""
    now = parts.clock()
    period = asked_period(since, until, now)
    asked = {"person": person, "since": period.since, "until": period.until}
    async with looking(parts.database, actor, "person_sightings_read", now, asked) as look:
        items = await named(look.connection, await who_saw(look, [person], period.since, period.until))
        look.hits = len(items)
    no_store(response)
    known = {"since": period.since, "until": period.until, "complete": len(items) < MOST_SEEN}
    return SeenOut.model_validate({"items": items} | known)

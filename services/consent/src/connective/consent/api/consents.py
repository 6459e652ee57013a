"""`/consents`: what families agree to, refuse and withdraw."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query, Request, Response
from pydantic import Field

from connective.consent.api.deps import Answer, Body, PartsDep, no_store, page, position, show_version
from connective.consent.api.words import Code, Line, Reasons, Text
from connective.consent.commands.record_consent import Said, record_consent
from connective.consent.commands.record_ruling import Decided, record_ruling
from connective.consent.commands.withdraw_consent import withdraw_consent
from connective.consent.domain.consent import Assessment, ConsentState, Kind, Scope, Spoken
from connective.consent.domain.refused import NoAuthority, NotNow, NotYours, Unacceptable
from connective.consent.queries.statements import list_consents, read_consent, read_ruling
from connective.contracts.authority import Authority
from connective.contracts.categories import Category, Purpose
from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.deps import ActorDep, AttemptDep, show_done
from connective.kit.pages import CursorQuery, LimitQuery, Page, refuse_unknown_parameters
from connective.kit.policy import operation
from connective.kit.problems import KeyMissing, StillRunning, Unavailable

routes = router(tags=["consents"])
_ACTING = (KeyMissing, StillRunning, Unavailable)
Recipients = Annotated[frozenset[UUID], Field(max_length=50)]


class How(StrEnum):
    """How it was said."""

    IN_PERSON = "in_person"
    ONLINE = "online"
    TELEPHONE = "telephone"
    WITH_INTERPRETER = "with_interpreter"
    WRITTEN = "written"


class ScopeBody(Body):
    """What it is about; an empty list of recipients, kinds of service or purposes means every one."""

    recipient_organisation_ids: Recipients = frozenset()
    service_kinds: Annotated[frozenset[Code], Field(max_length=50)] = frozenset()
    purposes: frozenset[Purpose] = frozenset()
    categories: frozenset[Category] = frozenset()

    def to_domain(self) -> Scope:
        """The domain's scope."""
        return Scope(self.recipient_organisation_ids, self.service_kinds, self.purposes, self.categories)


class CompetenceBody(Body):
    """That a child under 16 understands what is decided."""

    assessed_by: Line
    how: Line
    on: date


class AboutBody(Body):
    """One person it is about, and on what authority the giver speaks for them."""

    person_id: UUID
    authority: Authority
    competence: CompetenceBody | None = None
    evidence: Line = ""

    def to_domain(self) -> Spoken:
        """The domain's value."""
        competence = Assessment(**self.competence.model_dump()) if self.competence else None
        return Spoken(self.person_id, self.authority, competence, self.evidence)


class RecordConsent(Body):
    """A yes or a no, by one person, about one or more."""

    kind: Kind
    state: Literal[ConsentState.GIVEN, ConsentState.REFUSED]
    family_id: UUID | None = None
    given_by: UUID
    about: Annotated[list[AboutBody], Field(min_length=1, max_length=30)]
    scope: ScopeBody = ScopeBody()
    how: How
    note: Text = ""
    ends_on: date | None = None


class WithdrawBody(Body):
    """What was said, for the family's own record."""

    note: Text = ""


class RuleBody(Body):
    """A practice lead's decision where people who may decide differ."""

    family_id: UUID | None = None
    person_id: UUID
    kind: Kind
    share: bool
    scope: ScopeBody = ScopeBody()
    reasons: Reasons


class AboutOut(Answer):
    """One person a record is about."""

    person_id: UUID
    authority: Authority
    competence: dict[str, Any] | None
    evidence: str


class ScopeOut(Answer):
    """What a record is about."""

    recipient_organisation_ids: list[UUID]
    service_kinds: list[str]
    purposes: list[Purpose]
    categories: list[Category]


class ConsentOut(Answer):
    """A consent record or agreement to engage."""

    id: UUID
    kind: Kind
    state: ConsentState
    family_id: UUID | None
    given_by: UUID
    about: list[AboutOut]
    scope: ScopeOut
    how: str
    note: str
    said_at: datetime
    expires_at: datetime | None
    withdrawn_at: datetime | None
    allowed_actions: list[str]
    version: int


class RulingOut(Answer):
    """A practice lead's decision."""

    id: UUID
    person_id: UUID
    kind: Kind
    share: bool
    scope: ScopeOut
    reasons: str
    decided_at: datetime


def _show(row: dict[str, Any]) -> ConsentOut:
    given = row["state"] == ConsentState.GIVEN.value
    return ConsentOut.model_validate(
        {
            **row,
            "given_by": row["giver_id"],
            "scope": row,
            "allowed_actions": ["withdraw"] if given else [],
        }
    )


async def _answer(consent_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> ConsentOut:
    async with parts.database.reading(actor) as connection:
        row = await read_consent(connection, actor, consent_id)
    no_store(response)
    show_version(response, row["version"])
    return _show(row)


@routes.post(
    "/consents",
    status_code=201,
    operation_id="consent_record_consent",
    **operation(
        Permission.CONSENT_CONSENT_RECORD, relation="own_organisation", refuses=(*_ACTING, NoAuthority, Unacceptable)
    ),
)
async def record(
    body: RecordConsent, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response
) -> ConsentOut:
    """Record an agreement to engage or a consent, given or refused. A yes needs authority over each person named."""
    said = Said(
        kind=body.kind,
        state=body.state,
        family_id=body.family_id,
        giver_id=body.given_by,
        spoken=tuple(one.to_domain() for one in body.about),
        scope=body.scope.to_domain(),
        how=body.how.value,
        words=body.note,
        ends_on=body.ends_on,
    )
    done = await record_consent(parts.database, parts.families, actor, attempt, said, now=parts.clock())
    show_done(response, done)
    response.headers["Location"] = f"/consents/{done.resource_id}"
    return await _answer(done.resource_id, actor, parts, response)


@routes.post(
    "/consents/rulings",
    status_code=201,
    operation_id="consent_record_ruling",
    **operation(Permission.CONSENT_CONSENT_RECORD, relation="own_organisation", refuses=(*_ACTING, NotYours)),
)
async def rule(body: RuleBody, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response) -> RulingOut:
    """Decide, as practice lead, where people who may decide for a person differ; in the child's interest."""
    decided = Decided(body.family_id, body.person_id, body.kind, body.share, body.scope.to_domain(), body.reasons)
    done = await record_ruling(parts.database, parts.families, actor, attempt, decided, now=parts.clock())
    show_done(response, done)
    no_store(response)
    async with parts.database.reading(actor) as connection:
        row = await read_ruling(connection, actor, done.resource_id)
    return RulingOut.model_validate({**row, "scope": row})


@routes.get(
    "/consents",
    operation_id="consent_list_consents",
    **operation(Permission.CONSENT_CONSENT_READ, relation="own_organisation"),
)
async def list_all(
    *,
    request: Request,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    person_id: Annotated[UUID, Query(description="Whom the records are about.")],
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Page[ConsentOut]:
    """What your organisation recorded about a person, oldest first."""
    refuse_unknown_parameters(request, frozenset({"person_id", "limit", "cursor"}))
    after = position(parts.cursors, cursor)
    async with parts.database.reading(actor) as connection:
        rows = await list_consents(connection, actor, person_id, after, limit + 1)
    no_store(response)
    shown = [_show(row) for row in rows]
    return page(request, response, parts.cursors, shown, limit=limit, last=lambda c: c.id)


@routes.get(
    "/consents/{consent_id}",
    operation_id="consent_read_consent",
    **operation(Permission.CONSENT_CONSENT_READ, relation="own_organisation"),
)
async def read(consent_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> ConsentOut:
    """One record of your organisation."""
    return await _answer(consent_id, actor, parts, response)


@routes.post(
    "/consents/{consent_id}/withdraw",
    operation_id="consent_withdraw_consent",
    **operation(
        Permission.CONSENT_CONSENT_RECORD, relation="own_organisation", refuses=(KeyMissing, StillRunning, NotNow)
    ),
)
async def withdraw(
    *,
    consent_id: UUID,
    body: WithdrawBody,
    actor: ActorDep,
    attempt: AttemptDep,
    parts: PartsDep,
    response: Response,
) -> ConsentOut:
    """End a yes: no disclosure that relied on it starts from now on."""
    done = await withdraw_consent(parts.database, actor, attempt, consent_id, body.note, now=parts.clock())
    show_done(response, done)
    return await _answer(consent_id, actor, parts, response)

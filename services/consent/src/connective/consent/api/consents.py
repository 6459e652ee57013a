"""`/consents`: what families agree to, refuse and withdraw."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request, Response

from connective.consent.api.consent_bodies import ConsentOut, RecordConsent, WithdrawBody, show_consent
from connective.consent.api.deps import PartsDep, no_store, show_version
from connective.consent.commands.record_consent import Said, record_consent
from connective.consent.commands.recorded_reading import people_of, recorded_reading
from connective.consent.commands.refusals import NoAuthority, NotNow, Unacceptable
from connective.consent.commands.withdraw_consent import withdraw_consent
from connective.consent.domain.consent import Manner
from connective.consent.queries.statements import list_consents, read_consent
from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.deps import ActorDep, AttemptDep, show_done
from connective.kit.pages import CursorQuery, LimitQuery, Page, page_of
from connective.kit.policy import operation
from connective.kit.problems import KeyMissing, StillRunning, Unavailable

routes = router(tags=["consents"])
_ACTING = (KeyMissing, StillRunning, Unavailable)


async def _answer(consent_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> ConsentOut:
    async with parts.database.reading(actor) as connection:
        row = await read_consent(connection, actor, consent_id)
    return _shown(row, response)


def _shown(row: dict[str, Any], response: Response) -> ConsentOut:
    no_store(response)
    show_version(response, row["version"])
    return show_consent(row)


def _said(body: RecordConsent) -> Said:
    shown = body.notice
    manner = body.manner(
        reference=shown.reference if shown else "", version=shown.version if shown else "", evidence=body.evidence
    )
    return Said(
        kind=body.kind,
        state=body.state,
        family_id=body.family_id,
        given_by=body.giver_id,
        spoken_for_body=body.given_for.spoken_by if body.given_for else "",
        spoken=tuple(one.to_domain() for one in body.about),
        scope=body.scope.to_domain(),
        manner=manner,
        words=body.note,
        ends_on=body.ends_on,
    )


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
    said = _said(body)
    done = await record_consent(parts.database, parts.families, actor, attempt, said, now=parts.clock())
    show_done(response, done)
    response.headers["Location"] = f"/consents/{done.resource_id}"
    return await _answer(done.resource_id, actor, parts, response)


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
    person_id: Annotated[
        list[UUID],
        Query(min_length=1, max_length=50, description="Whom the records are about; of several people, any of them."),
    ],
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Page[ConsentOut]:
    """What your organisation recorded about a person, or about several, oldest first."""
    after = parts.cursors.after(cursor)
    async with recorded_reading(parts.database, actor, "consents.listed", parts.clock()) as reading:
        rows = await list_consents(reading.connection, actor, person_id, after, limit + 1)
        # Who was shown nothing looked at nobody: whose id it was is not for us to enter, or even to have.
        reading.people = set().union(*map(people_of, rows[:limit]))
        reading.hits = len(rows[:limit])
    no_store(response)
    shown = [show_consent(row) for row in rows]
    return page_of(request, response, parts.cursors, shown, limit=limit)


@routes.get(
    "/consents/{consent_id}",
    operation_id="consent_read_consent",
    **operation(Permission.CONSENT_CONSENT_READ, relation="own_organisation"),
)
async def read(consent_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> ConsentOut:
    """One record of your organisation; the reading is entered in the ledger."""
    async with recorded_reading(
        parts.database, actor, "consent.read", parts.clock(), {"consent_id": consent_id}
    ) as reading:
        row = await read_consent(reading.connection, actor, consent_id)
        reading.people = people_of(row)
    return _shown(row, response)


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
    manner = Manner(body.how, body.interpreter.to_domain() if body.interpreter else None)
    done = await withdraw_consent(
        parts.database, actor, attempt, consent_id, words=body.note, manner=manner, now=parts.clock()
    )
    show_done(response, done)
    return await _answer(consent_id, actor, parts, response)

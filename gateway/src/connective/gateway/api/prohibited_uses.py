"""`/accounts/prohibited-uses`: the text every organisation accepts before its people get accounts, and who has."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Request, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from connective.contracts.permissions import Permission, Role
from connective.gateway.api.parts import Parts, PartsDep
from connective.gateway.commands.accept_prohibited_uses import Accepting, accept_prohibited_uses
from connective.gateway.commands.admission import local_day
from connective.gateway.domain.prohibited_uses import AcceptanceState, Text
from connective.gateway.storage.prohibited_uses import list_acceptances
from connective.gateway.storage.works import ADMINISTERING, OFFICER
from connective.kit.actor import Actor
from connective.kit.app import router
from connective.kit.deps import ActorDep, AttemptDep, show_done
from connective.kit.pages import DEFAULT_LIMIT, CursorQuery, LimitQuery, Page, page_of
from connective.kit.policy import operation
from connective.kit.problems import NotFound, StillRunning

routes = router(tags=["accounts"])
_OWN = "own_entity"
Code = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,60}$")]


class TextOut(BaseModel):
    """One version of the text."""

    version: int
    applies_from: date
    grace_days: Annotated[int, Field(description="Days from then on in which an older version is still enough.")]
    uses: Annotated[dict[str, str], Field(description="Each prohibited use by its code.")]

    @classmethod
    def of(cls, text: Text) -> "TextOut":
        """As it is shown."""
        return cls(version=text.version, applies_from=text.applies_from, grace_days=text.grace_days, uses=text.uses)


class AcceptanceOut(BaseModel):
    """Where one organisation stands."""

    organisation_id: UUID
    accepted_version: int | None
    accepted_at: datetime | None
    state: AcceptanceState
    due_by: Annotated[date | None, Field(description="The last day on which what was accepted is enough.")]


class ProhibitedUsesOut(Page[AcceptanceOut]):
    """The text in force, the next one if it is announced, and a page of organisations."""

    current: TextOut
    coming: TextOut | None


class AcceptanceIn(BaseModel):
    """An organisation accepts a version: each use is named, so that none is accepted unread."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    organisation_id: UUID
    version: Annotated[int, Field(gt=0, le=10_000)]
    accepts: Annotated[list[Code], Field(min_length=1, max_length=50)]


def _out(parts: Parts, row: Any) -> AcceptanceOut:  # noqa: ANN401 - a row of the list
    texts, today = parts.admission.texts, local_day(parts.clock())
    return AcceptanceOut(
        organisation_id=row.organisation_id,
        accepted_version=row.version,
        accepted_at=row.accepted_at,
        state=texts.state(row.version, today),
        due_by=None if row.version is None else texts.due_by(row.version, today),
    )


def _every(actor: Actor) -> bool:
    return Role.PLACE_ADMIN in actor.roles


def _work(actor: Actor) -> str:
    return ADMINISTERING if _every(actor) else OFFICER


@routes.get("/accounts/prohibited-uses", **operation(Permission.GATEWAY_TERMS_READ, relation=_OWN))
async def read_them(
    request: Request,
    response: Response,
    *,
    actor: ActorDep,
    parts: PartsDep,
    limit: LimitQuery = DEFAULT_LIMIT,
    cursor: CursorQuery = None,
) -> ProhibitedUsesOut:
    """The text, and which version each organisation of your legal entity (for the place, every one) has accepted."""
    after, today = parts.cursors.after(cursor), local_day(parts.clock())
    async with parts.database.reading(actor, work=_work(actor)) as connection:
        found = await list_acceptances(connection, actor, every=_every(actor), after=after, limit=limit + 1)
    page = page_of(
        request,
        response,
        parts.cursors,
        found,
        limit=limit,
        show=lambda row: _out(parts, row),
        at=lambda row: row.organisation_id,
    )
    texts = parts.admission.texts
    coming = texts.coming(today)
    return ProhibitedUsesOut(
        items=page.items,
        next_cursor=page.next_cursor,
        current=TextOut.of(texts.current(today)),
        coming=None if coming is None else TextOut.of(coming),
    )


@routes.post(
    "/accounts/prohibited-uses/acceptances",
    status_code=201,
    **operation(Permission.GATEWAY_TERMS_ACCEPT, relation=_OWN, refuses=(StillRunning,)),
)
async def accept(
    body: AcceptanceIn, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response
) -> AcceptanceOut:
    """Accept a version for your organisation, or another of your legal entity: in force, or announced. It is kept."""
    accepting = Accepting(body.organisation_id, body.version, frozenset(body.accepts))
    done = await accept_prohibited_uses(parts.database, parts.admission, actor, attempt, accepting, now=parts.clock())
    async with parts.database.reading(actor, work=_work(actor)) as connection:
        found = await list_acceptances(connection, actor, every=_every(actor), only=done.resource_id)
    if not found:
        raise NotFound
    show_done(response, done)
    return _out(parts, found[0])

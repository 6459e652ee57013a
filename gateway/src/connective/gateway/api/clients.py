"""API clients: partners' own systems."""

from uuid import UUID

from fastapi import Request, Response

from connective.contracts.permissions import Permission
from connective.gateway.api.administering import everywhere, mark, work_of
from connective.gateway.api.parts import Parts, PartsDep
from connective.gateway.api.schemas import ClientCreatedOut, ClientIn, ClientOut
from connective.gateway.commands.create_client import NewClient, create_client
from connective.gateway.commands.credentials import Offered
from connective.gateway.commands.refusals import NoProcessingAgreement, ProhibitedUsesNotAccepted, UnfitCredential
from connective.gateway.commands.revoke_client import revoke_client
from connective.gateway.storage.clients import get_client, list_clients
from connective.kit.actor import Actor
from connective.kit.app import router
from connective.kit.deps import ActorDep, AttemptDep, VersionDep, show_done
from connective.kit.pages import (
    DEFAULT_LIMIT,
    CursorQuery,
    LimitQuery,
    Page,
    page_of,
)
from connective.kit.policy import operation
from connective.kit.problems import MatchRequired, Stale

routes = router(tags=["clients"])
_WRITE = Permission.GATEWAY_CLIENT_WRITE


async def _read(parts: Parts, actor: Actor, client_uuid: UUID, response: Response) -> ClientOut:
    async with parts.database.reading(actor, work=work_of(actor)) as connection:
        client = await get_client(connection, actor, client_uuid, every_organisation=everywhere(actor))
    mark(response, client.version)
    return ClientOut.of(client)


@routes.get("/clients", **operation(_WRITE, relation="own_organisation"))
async def list_them(
    request: Request,
    response: Response,
    *,
    actor: ActorDep,
    parts: PartsDep,
    limit: LimitQuery = DEFAULT_LIMIT,
    cursor: CursorQuery = None,
) -> Page[ClientOut]:
    """The clients of one's organisation; of the place, for who looks after it."""
    after = parts.cursors.after(cursor)
    async with parts.database.reading(actor, work=work_of(actor)) as connection:
        found = await list_clients(connection, actor, every_organisation=everywhere(actor), after=after, limit=limit)
    response.headers["Cache-Control"] = "no-store"
    return page_of(request, response, parts.cursors, found, limit=limit, show=ClientOut.of)


@routes.get("/clients/{client_id}", **operation(_WRITE, relation="own_organisation"))
async def read_one(client_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> ClientOut:
    """One client, with when each of its credentials was last used."""
    return await _read(parts, actor, client_id, response)


@routes.post(
    "/clients",
    status_code=201,
    **operation(
        _WRITE,
        relation="own_organisation",
        refuses=(UnfitCredential, NoProcessingAgreement, ProhibitedUsesNotAccepted),
        step_up=True,
    ),
)
async def create(
    body: ClientIn, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response
) -> ClientCreatedOut:
    """Register a system: with its public keys, or with a secret that is shown once.

    It gets its scopes, and with them any token, when another administrator has approved the proposal this makes.
    """
    offered = Offered(body.authentication, body.keys, body.jwks_uri, parts.key_set_reach)
    new = NewClient(body.name, body.organisation_id, offered, body.scopes, body.networks)
    done, secret = await create_client(
        parts.database,
        actor,
        attempt,
        new,
        admission=parts.admission,
        now=parts.clock(),
        every_organisation=everywhere(actor),
    )
    shown = await _read(parts, actor, done.resource_id, response)
    show_done(response, done)
    response.headers["Location"] = f"/api/v1/clients/{done.resource_id}"
    return ClientCreatedOut(**shown.model_dump(), client_secret=secret, proposal_id=done.resource_id)


@routes.post(
    "/clients/{client_id}/revoke", **operation(_WRITE, relation="own_organisation", refuses=(Stale, MatchRequired))
)
async def revoke(
    client_id: UUID, response: Response, *, actor: ActorDep, attempt: AttemptDep, version: VersionDep, parts: PartsDep
) -> ClientOut:
    """Give it no more tokens, and refuse those it has within seconds."""
    done = await revoke_client(
        parts.database,
        actor,
        attempt,
        client_id,
        version,
        now=parts.clock(),
        every_organisation=everywhere(actor),
    )
    parts.tokens.deny_also(str(client_id))
    show_done(response, done)
    return await _read(parts, actor, client_id, response)

"""Outside OpenID providers, as the place's administrators look after them; they are set up by `/proposals`."""

from uuid import UUID

from fastapi import Request, Response

from connective.contracts.permissions import Permission
from connective.gateway.api.administering import mark
from connective.gateway.api.parts import Parts, PartsDep
from connective.gateway.api.schemas_providers import ProviderOut
from connective.gateway.commands.end_provider import end_provider, end_sign_ins
from connective.gateway.domain.providers import Provider
from connective.gateway.storage.providers import get_provider, list_providers
from connective.gateway.storage.works import ADMINISTERING
from connective.kit.actor import Actor
from connective.kit.app import router
from connective.kit.deps import ActorDep, AttemptDep, VersionDep, show_done
from connective.kit.pages import DEFAULT_LIMIT, CursorQuery, LimitQuery, Page, page_of
from connective.kit.policy import operation
from connective.kit.problems import MatchRequired, Stale

routes = router(tags=["providers"])
_WRITE = Permission.GATEWAY_ACCOUNT_WRITE


async def _find(parts: Parts, actor: Actor, provider_id: UUID) -> Provider:
    async with parts.database.reading(actor, work=ADMINISTERING) as connection:
        return await get_provider(connection, actor, provider_id)


def _show(parts: Parts, provider: Provider, response: Response) -> ProviderOut:
    mark(response, provider.version)
    return ProviderOut.of(provider, parts.issuer)


@routes.get("/providers", **operation(_WRITE, relation="own_place"))
async def list_them(
    request: Request,
    response: Response,
    *,
    actor: ActorDep,
    parts: PartsDep,
    limit: LimitQuery = DEFAULT_LIMIT,
    cursor: CursorQuery = None,
) -> Page[ProviderOut]:
    """The place's outside providers, those that have ended too."""
    after = parts.cursors.after(cursor)
    async with parts.database.reading(actor, work=ADMINISTERING) as connection:
        found = await list_providers(connection, actor, after=after, limit=limit)
    response.headers["Cache-Control"] = "no-store"

    def show(provider: Provider) -> ProviderOut:
        return ProviderOut.of(provider, parts.issuer)

    return page_of(request, response, parts.cursors, found, limit=limit, show=show)


@routes.get("/providers/{provider_id}", **operation(_WRITE, relation="own_place"))
async def read_one(provider_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> ProviderOut:
    """One outside provider, with the addresses to register there."""
    return _show(parts, await _find(parts, actor, provider_id), response)


@routes.post("/providers/{provider_id}/end", **operation(_WRITE, relation="own_place", refuses=(Stale, MatchRequired)))
async def end(
    provider_id: UUID, response: Response, *, actor: ActorDep, attempt: AttemptDep, version: VersionDep, parts: PartsDep
) -> ProviderOut:
    """Let nobody come in by it any more; whoever is in by it is out at once."""
    done = await end_provider(parts.database, actor, attempt, provider_id, version, now=parts.clock())
    provider = await _find(parts, actor, provider_id)
    for ended in await end_sign_ins(parts.database, provider, parts.clock()):
        parts.tokens.deny_also(ended)
    show_done(response, done)
    return _show(parts, provider, response)

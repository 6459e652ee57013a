"""The Hub's own services and their public keys, for whoever runs the platform; nothing here changes them."""

from datetime import datetime
from typing import Annotated

from fastapi import Request, Response
from pydantic import BaseModel, Field

from connective.contracts.permissions import Permission
from connective.gateway.api.parts import PartsDep
from connective.gateway.domain.service_identities import ServiceIdentity
from connective.kit.app import router
from connective.kit.pages import DEFAULT_LIMIT, CursorQuery, LimitQuery, Page, page_of
from connective.kit.policy import operation

routes = router(tags=["service identities"])


class ServiceKeyOut(BaseModel):
    """A public key by which a service is believed."""

    kid: str
    thumbprint: Annotated[str, Field(description="SHA-256 (RFC 7638), as the key's own file has it.")]
    made_at: Annotated[datetime | None, Field(description="Null of a key from before this was noted.")]


class ServiceIdentityOut(BaseModel):
    """One of the Hub's own services."""

    service: str
    keys: Annotated[list[ServiceKeyOut], Field(description="More than one while a key is changed.")]
    last_rotated_at: Annotated[datetime | None, Field(description="When the newest of its keys was made.")]
    permissions: Annotated[list[str], Field(description="What it may ask of the others, for itself.")]

    @classmethod
    def of(cls, identity: ServiceIdentity) -> "ServiceIdentityOut":
        """A service as it is shown."""
        keys = [ServiceKeyOut(kid=key.kid, thumbprint=key.thumbprint, made_at=key.made_at) for key in identity.keys]
        made = [key.made_at for key in identity.keys if key.made_at is not None]
        last = max(made, default=None)
        return cls(service=identity.service, keys=keys, last_rotated_at=last, permissions=list(identity.permissions))


@routes.get("/service-identities", **operation(Permission.GATEWAY_SERVICE_READ))
async def list_service_identities(
    request: Request,
    response: Response,
    parts: PartsDep,
    limit: LimitQuery = DEFAULT_LIMIT,
    cursor: CursorQuery = None,
) -> Page[ServiceIdentityOut]:
    """The Hub's own services, apart from partners' systems (`/clients`): their public keys as this gateway trusts them.

    A key is changed by the operator's command, never over HTTP.
    """
    after = parts.cursors.read(cursor, str)
    found = [each for each in parts.services if after is None or each.service > after[0]]
    response.headers["Cache-Control"] = "no-store"
    return page_of(
        request,
        response,
        parts.cursors,
        found,
        limit=limit,
        show=ServiceIdentityOut.of,
        at=lambda each: each.service,
    )

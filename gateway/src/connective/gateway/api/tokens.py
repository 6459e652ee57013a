"""The endpoints programs use: tokens, revocation, introspection, keys, discovery."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute

from connective.gateway.api.parts import PartsDep
from connective.gateway.oauth.adaptors import OAuthAnswer
from connective.gateway.oauth.authority import Form
from connective.gateway.oauth.discovery import metadata
from connective.gateway.oauth.guard import FORM
from connective.kit.policy import Access, operation, policy_of, problem_response

_NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}
_PUBLIC_KEYS = {"Cache-Control": "public, max-age=300"}


class OpenRoute(APIRoute):
    """A route that anybody may use and that speaks OAuth: its refusals are OAuth errors, not problem documents."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The plain handler, once it is sure that the route declares itself open."""
        if policy_of(self).access is not Access.PUBLIC:
            raise ValueError(f"{self.path} is not open: use the kit's router")
        return super().get_route_handler()


def open_router(tag: str) -> APIRouter:
    """A router of such routes."""
    return APIRouter(route_class=OpenRoute, tags=[tag])


def form_operation(*required: str, **optional: str) -> dict[str, Any]:
    """An open operation that takes a form, as OpenAPI shows it."""
    described = operation(access=Access.PUBLIC)
    properties = {name: {"type": "string"} for name in (*required, *optional)}
    schema = {"type": "object", "required": list(required), "properties": properties}
    described["openapi_extra"]["requestBody"] = {"required": True, "content": {FORM: {"schema": schema}}}
    described["responses"] = described["responses"] | dict.fromkeys((400, 401, "default"), _refusal())
    return described


def _refusal() -> dict[str, Any]:
    """How OpenAPI shows a refusal of these endpoints: an OAuth error; a problem document where the door refused."""
    error = {"type": "string"}
    schema = {"type": "object", "required": ["error"], "properties": {"error": error, "error_description": error}}
    problem = problem_response("An OAuth error (RFC 6749, section 5.2)")
    problem["content"]["application/json"] = {"schema": schema}
    return problem


routes = open_router("sign-in")


@routes.post("/oauth/token", **form_operation("grant_type", code="", refresh_token="", scope="", client_assertion=""))
async def issue_token(request: Request, parts: PartsDep) -> Response:
    """Exchange a code, a refresh token or a system's own credentials for an access token (RFC 6749)."""
    return as_response(await parts.authority.token(await _form(request)))


@routes.post("/oauth/revoke", **form_operation("token"))
async def revoke_token(request: Request, parts: PartsDep) -> Response:
    """End the session a token belongs to (RFC 7009)."""
    return as_response(await parts.authority.revoke(await _form(request)))


@routes.post("/oauth/introspect", **form_operation("token"))
async def introspect_token(request: Request, parts: PartsDep) -> Response:
    """Say what one of the client's own tokens is worth now (RFC 7662)."""
    return as_response(await parts.authority.introspect(await _form(request)))


@routes.get("/oauth/jwks", **operation(access=Access.PUBLIC))
async def list_keys(parts: PartsDep) -> Response:
    """The keys that access tokens are signed with (RFC 7517)."""
    return JSONResponse(parts.keys.jwks(), headers=_PUBLIC_KEYS)


@routes.get("/.well-known/oauth-authorization-server", **operation(access=Access.PUBLIC))
async def read_metadata(parts: PartsDep) -> Response:
    """What the authorization server can do (RFC 8414)."""
    return JSONResponse(metadata(parts.issuer), headers=_PUBLIC_KEYS)


@routes.get("/.well-known/openid-configuration", **operation(access=Access.PUBLIC))
async def read_openid_configuration(parts: PartsDep) -> Response:
    """The same, where OpenID Connect programs look."""
    return JSONResponse(metadata(parts.issuer), headers=_PUBLIC_KEYS)


def headers_of(request: Request) -> dict[str, str]:
    """The request's headers by lower-case name."""
    return dict(request.headers.items())


def as_response(answer: OAuthAnswer) -> Response:
    """An OAuth answer as HTTP; nothing about tokens is stored on the way."""
    headers = {name: value for name, value in answer.headers.items() if name.lower() != "content-type"}
    return JSONResponse(answer.body, status_code=answer.status, headers={**headers, **_NO_STORE})


async def _form(request: Request) -> Form:
    address = request.client.host if request.client else ""
    return Form(headers_of(request), await request.body(), address)

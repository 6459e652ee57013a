"""Every operation declares who may use it; one that does not fails when the application is built.

The declaration stands in OpenAPI as `x-policy`, from where the anonymous sweep, the authorisation matrix and an
officer's table are generated.
"""

import re
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

from fastapi import Request, Response, params
from fastapi.dependencies.utils import get_flat_params
from fastapi.routing import APIRoute

from connective.kit.actor import Actor, ActorKind
from connective.kit.problems import (
    MEDIA_TYPE,
    STEP_UP_SECONDS,
    BadRequest,
    FieldError,
    Invalid,
    NotAllowed,
    NotFound,
    Problem,
    Refusal,
    StepUpNeeded,
    Unauthenticated,
)

_EXTENSION = "x-policy"


class Access(StrEnum):
    """Through which door an operation is reached."""

    INTERNAL = "internal"
    """Only by another service (`Hub-Caller`); never routed by the gateway."""
    PUBLIC = "public"
    """By anybody, signed in or not."""
    SIGNED_IN = "signed_in"
    """By a person or client whose roles or scopes hold the permission."""


class UndeclaredPolicy(Exception):
    """A route was added without saying who may use it."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Who may use an operation, and what they must be to the record."""

    access: Access
    permission: str | None
    relation: str
    """What the asker must be to the record, in words that the matrix knows: `own_organisation`, `recipient`, …"""
    step_up: bool = False
    """Whether a person needs a second factor of the last minutes; a system proves itself anew for each token."""

    def check(self, actor: Actor) -> None:
        """Raise Unauthenticated or NotAllowed for an actor this operation is not open to."""
        if self.access is Access.PUBLIC:
            return
        if self.access is Access.INTERNAL:
            if actor.caller is None:
                raise NotFound
            held = actor.caller_permissions
        else:
            if actor.kind is ActorKind.ANONYMOUS:
                raise Unauthenticated("Send an access token: Authorization: Bearer …")
            held = actor.permissions
        if self.permission is not None and self.permission not in held:
            raise NotAllowed("Your role or scope does not open this operation.")
        if self.step_up and actor.kind is ActorKind.PERSON:
            _refuse_stale_factor(actor)


def _refuse_stale_factor(actor: Actor) -> None:
    """Raise StepUpNeeded unless the person gave their second factor within the last minutes."""
    given = actor.authenticated_at
    if given is None or time.time() - given > STEP_UP_SECONDS:
        raise StepUpNeeded


def operation(
    permission: str | None = None,
    *,
    relation: str = "none",
    access: Access = Access.SIGNED_IN,
    refuses: tuple[type[Refusal], ...] = (),
    step_up: bool = False,
) -> dict[str, Any]:
    """Keyword arguments for a route: its policy, and the refusals that its OpenAPI entry lists.

    `step_up` is for what must not be done from a screen that somebody left: break-glass, exports, signatures, keys.
    """
    policy: dict[str, Any] = {"access": str(access), "permission": permission and str(permission), "relation": relation}
    if step_up:
        policy["step_up"] = True
        refuses = (*refuses, StepUpNeeded)
    by_status: dict[int, list[type[Refusal]]] = {}
    for refusal in (*_COMMON[access], *refuses):
        by_status.setdefault(refusal.status, []).append(refusal)
    responses: dict[int | str, dict[str, Any]] = {
        status: problem_response(" · ".join(dict.fromkeys(r.title for r in kinds)))
        for status, kinds in sorted(by_status.items())
    }
    responses["default"] = problem_response("Any other refusal")
    return {"openapi_extra": {_EXTENSION: policy}, "responses": responses}


_COMMON: dict[Access, tuple[type[Refusal], ...]] = {
    Access.PUBLIC: (BadRequest, Invalid),
    Access.SIGNED_IN: (BadRequest, Unauthenticated, NotAllowed, NotFound, Invalid),
    Access.INTERNAL: (BadRequest, Unauthenticated, NotAllowed, NotFound, Invalid),
}


def problem_response(description: str) -> dict[str, Any]:
    """How OpenAPI describes an answer that is a problem document."""
    schema = {"$ref": f"#/components/schemas/{Problem.__name__}"}
    return {"description": description, "content": {MEDIA_TYPE: {"schema": schema}}}


def policy_of(route: APIRoute) -> Policy:
    """The policy a route declares. Raises UndeclaredPolicy."""
    declared = (route.openapi_extra or {}).get(_EXTENSION)
    if declared is None:
        raise UndeclaredPolicy(f"{sorted(route.methods or ())} {route.path} declares no policy: use operation(…).")
    stepping_up = declared.get("step_up", False)
    return Policy(Access(declared["access"]), declared["permission"], declared["relation"], stepping_up)


class PolicedRoute(APIRoute):
    """A route that checks its policy before anything else is read."""

    ignores_unknown_parameters: ClassVar[bool] = False
    """Whether query parameters that a reading does not document pass unread, as some standards want."""
    takes_files: ClassVar[bool] = False

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the handler in the check, and keep out misspelt filters, and bytes that the database cannot hold."""
        policy = policy_of(self)
        reads = "GET" in (self.methods or ())
        known = _query_parameters(self) if reads and not self.ignores_unknown_parameters else None
        inner = super().get_route_handler()

        async def handle(request: Request) -> Response:
            policy.check(request.scope["hub_actor"])
            if known is not None and request.query_params.keys() - known:
                raise _unknown_parameter(known)
            if request.method in {"POST", "PUT", "PATCH"} and not self.takes_files:
                refuse_unstorable(await request.body())
            return await inner(request)

        return handle


def _query_parameters(route: APIRoute) -> frozenset[str]:
    elsewhere = (params.Cookie, params.Header, params.Path)
    taken = get_flat_params(route.dependant)
    return frozenset(field.alias for field in taken if not isinstance(field.field_info, elsewhere))


def _unknown_parameter(known: frozenset[str]) -> Invalid:
    """A misspelt filter must not widen a list. Says what there is, and never what was typed: it may be a name."""
    words = f"There is no such filter here; there is {', '.join(sorted(known)) or 'none'}."
    return Invalid("A filter is not one that this reading has.", errors=(FieldError("/query", "unknown", words),))


class FileRoute(PolicedRoute):
    """A route whose body is a file: it is read in pieces by the handler, and is no text of the database."""

    takes_files = True


def refuse_unstorable(body: bytes) -> None:
    """Raise Invalid for a NUL character, raw or escaped: PostgreSQL text cannot hold one; and for JSON too deep."""
    if b"\0" in body or b"\\u0000" in body:
        raise Invalid("The text holds a NUL character, which cannot be stored: remove it.")
    if _is_deeper(body, DEEPEST):
        raise Invalid(f"The document is nested too deeply: at most {DEEPEST} levels are read.")


DEEPEST = 32
"""Levels of JSON: what the Hub takes has eight, a FHIR resource not twenty. A parser's own limit is its stack."""
_STRINGS = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\Z)', re.DOTALL)
_ONE_KIND = bytes.maketrans(b"{}", b"[]")
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


def _is_deeper(body: bytes, most: int) -> bool:
    """Whether JSON is nested deeper, found by taking away the innermost pairs, all at once, so many times.

    What has few brackets is not looked at further; what is no JSON is left to the parser, which says so.
    """
    if body.count(b"[") + body.count(b"{") <= most:
        return False
    # Where nothing is escaped every other piece between quotes is a string: four times as fast to tell.
    outside = _STRINGS.sub(b"", body) if b"\\" in body else b"".join(body.split(b'"')[::2])
    bare = outside.translate(_ONE_KIND, _NO_BRACKETS)
    for _ in range(most):
        peeled = bare.replace(b"[]", b"")
        if len(peeled) == len(bare):
            # Openings alone make a parser go as deep as there are of them.
            return bare.count(b"[") > most
        bare = peeled
    return bool(bare)

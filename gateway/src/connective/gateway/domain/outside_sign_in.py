"""Going out to a provider and coming back: what is asked, what is remembered, and what an answer must be.

Each check closes a known way in (RFC 9700, RFC 9207, OpenID Connect Core section 3.1.3.7): a state that this browser
did not begin with is somebody else's sign-in; an `iss` that is not the provider's own is another provider's answer;
a nonce that does not fit is another time's token.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, TypeGuard
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from connective.gateway.domain.opaque import new_secret
from connective.gateway.domain.providers import Provider

SECONDS = 600
"""How long somebody may take at their provider."""
ID_TOKEN_ALGORITHMS = ("ES256", "PS256", "EdDSA", "Ed25519", "RS256")
"""RS256 is what every provider signs with unless told otherwise (OpenID Connect Core, section 15.1)."""
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
_LEEWAY_SECONDS = 60
_LONGEST_AGE_SECONDS = 300
"""How old a token may be that was made for the answer at hand."""
_SCOPE = "openid profile email"


class UnfitAnswer(Exception):
    """An answer that is not believed; `code` says why, for the log and the page."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class UnfitMetadata(Exception):
    """A provider's description of itself that cannot be gone by."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a provider publishes about itself (OpenID Connect Discovery)."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    end_session_endpoint: str | None
    names_itself: bool
    """Whether it promises to put `iss` into every answer (RFC 9207)."""


@dataclass(frozen=True, slots=True)
class Journey:
    """One way out and back, as the browser keeps it under seal."""

    provider_id: UUID
    state: str
    nonce: str
    verifier: str
    query: str
    """What the program asked for: the way goes on with it."""
    until: int
    joins: UUID | None = None
    """The account whose holder went out to prove that they are known there; None for who went out to sign in."""

    def to_text(self) -> bytes:
        """As it is sealed."""
        ids = {"provider_id": str(self.provider_id), "joins": str(self.joins) if self.joins else None}
        return json.dumps(asdict(self) | ids).encode()

    @classmethod
    def from_text(cls, text: bytes) -> "Journey":
        """Read it again."""
        values = json.loads(text)
        joins = UUID(values["joins"]) if values["joins"] else None
        return cls(**values | {"provider_id": UUID(values["provider_id"]), "joins": joins})


@dataclass(frozen=True, slots=True)
class ToldOut:
    """What a logout token says: whose sessions end, by subject, by session there, or both."""

    id: str
    """The token's own (`jti`): it is taken once."""
    subject: str | None
    session: str | None
    until: datetime
    """From when on its age alone refuses it, so that its id need not be known any more."""


def begin(provider: Provider, query: str, now: datetime, joins: UUID | None = None) -> Journey:
    """A new way out, with its own secrets; with `joins`, for the holder of this account."""
    until = int(now.timestamp()) + SECONDS
    return Journey(provider.id, new_secret(), new_secret(), new_secret() + new_secret(), query, until, joins)


def address(provider: Provider, metadata: Metadata, journey: Journey, back: str) -> str:
    """Where the browser is sent: code flow with PKCE (S256), state and nonce.

    Who joins two accounts signs in there now, whoever is signed in already: a session that somebody left open there,
    or began in this browser for another, proves nothing (OpenID Connect Core, section 3.1.2.1).
    """
    challenge = base64.urlsafe_b64encode(hashlib.sha256(journey.verifier.encode()).digest()).decode().rstrip("=")
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": back,
        "scope": _SCOPE,
        "state": journey.state,
        "nonce": journey.nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        **({} if journey.joins is None else {"prompt": "login", "max_age": str(SECONDS)}),
    }
    joint = "&" if urlsplit(metadata.authorization_endpoint).query else "?"
    return f"{metadata.authorization_endpoint}{joint}{urlencode(asked)}"


def read_metadata(document: object, issuer: str) -> Metadata:
    """A provider's metadata. Raises UnfitMetadata, also where it calls itself by another name than it is kept under."""
    if not isinstance(document, Mapping) or document.get("issuer") != issuer:
        raise UnfitMetadata("the provider calls itself by another name")
    found = {name: document.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
    if not all(isinstance(value, str) and value for value in found.values()):
        raise UnfitMetadata("the provider does not say where to ask")
    ends = document.get("end_session_endpoint")
    names_itself = document.get("authorization_response_iss_parameter_supported") is True
    return Metadata(
        authorization_endpoint=str(found["authorization_endpoint"]),
        token_endpoint=str(found["token_endpoint"]),
        jwks_uri=str(found["jwks_uri"]),
        end_session_endpoint=ends if isinstance(ends, str) and ends else None,
        names_itself=names_itself,
    )


def check_state(journey: Journey | None, provider_id: UUID, state: str, now: datetime) -> Journey:
    """The journey this answer belongs to. Raises UnfitAnswer unless this browser began it, with this provider."""
    if journey is None or not hmac.compare_digest(journey.state.encode(), state.encode()):
        raise UnfitAnswer("not_begun_here")
    if journey.provider_id != provider_id:
        raise UnfitAnswer("another_provider")
    if now.timestamp() > journey.until:
        raise UnfitAnswer("too_late")
    return journey


def check_issuer(provider: Provider, metadata: Metadata, said: str | None) -> None:
    """Raise UnfitAnswer where an answer is another provider's, or hides whose it is (RFC 9207, section 2.4)."""
    if said is None and not metadata.names_itself:
        return
    if said != provider.issuer:
        raise UnfitAnswer("another_issuer")


def check_id_token(claims: Mapping[str, Any], provider: Provider, nonce: str, now: datetime) -> datetime:
    """When somebody signed in there. Raises UnfitAnswer for a token of another, for another, or of another time."""
    _check_token(claims, provider, now)
    said = claims.get("nonce")
    if not isinstance(said, str) or not hmac.compare_digest(said.encode(), nonce.encode()):
        raise UnfitAnswer("another_nonce")
    expires = claims.get("exp")
    if not _is_moment(expires) or expires + _LEEWAY_SECONDS < now.timestamp():
        raise UnfitAnswer("expired")
    at = claims.get("auth_time", claims["iat"])
    return datetime.fromtimestamp(min(at, now.timestamp()), UTC) if _is_moment(at) else now


def check_just_now(signed_in_at: datetime, now: datetime) -> None:
    """Raise UnfitAnswer where somebody signed in at the provider before they went there."""
    if (now - signed_in_at).total_seconds() > SECONDS + _LEEWAY_SECONDS:
        raise UnfitAnswer("not_just_now")


def check_logout_token(claims: Mapping[str, Any], provider: Provider, now: datetime) -> ToldOut:
    """Whose sessions end. Raises UnfitAnswer (Back-Channel Logout 1.0, section 2.6)."""
    _check_token(claims, provider, now)
    expires, token_id = claims.get("exp"), claims.get("jti")
    # Providers of before the final specification tell no `exp`; the age of every token is bounded all the same.
    if expires is not None and (not _is_moment(expires) or expires + _LEEWAY_SECONDS < now.timestamp()):
        raise UnfitAnswer("expired")
    if not isinstance(token_id, str) or not token_id:
        raise UnfitAnswer("without_id")
    events = claims.get("events")
    if "nonce" in claims or not isinstance(events, Mapping) or LOGOUT_EVENT not in events:
        raise UnfitAnswer("no_logout_token")
    subject, session = claims.get("sub"), claims.get("sid")
    if not (isinstance(subject, str) or isinstance(session, str)):
        raise UnfitAnswer("nobody")
    return ToldOut(
        token_id,
        subject if isinstance(subject, str) else None,
        session if isinstance(session, str) else None,
        datetime.fromtimestamp(claims["iat"] + _LONGEST_AGE_SECONDS + _LEEWAY_SECONDS, UTC),
    )


def _check_token(claims: Mapping[str, Any], provider: Provider, now: datetime) -> None:
    if claims.get("iss") != provider.issuer:
        raise UnfitAnswer("another_issuer")
    audience = claims.get("aud")
    listed = audience if isinstance(audience, list) else [audience]
    if provider.client_id not in listed or (len(listed) > 1 and claims.get("azp") != provider.client_id):
        raise UnfitAnswer("another_audience")
    made = claims.get("iat")
    if not _is_moment(made) or abs(now.timestamp() - made) > _LONGEST_AGE_SECONDS:
        raise UnfitAnswer("another_time")


def _is_moment(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1e11

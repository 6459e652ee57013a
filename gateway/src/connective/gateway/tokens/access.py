"""Access tokens (RFC 9068): signed here, verified at the door, each verified once.

Checking an ES256 signature costs eighty times a look-up, so a verified token is kept, by its SHA-256, until it
expires. What was revoked is taken out of the cache and refused from then on.
"""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from joserfc import jwt
from joserfc.errors import JoseError

from connective.gateway.tokens.claims import AccessClaims
from connective.gateway.tokens.keys import ALGORITHM, AccessKey, AccessKeys
from connective.kit.problems import Unauthenticated

TOKEN_TYPE = "at+jwt"  # noqa: S105 - the media type of an access token, no secret
_MOST_BYTES = 4_096
_LEEWAY_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Denials:
    """What is refused although its token has not expired: ids of sessions, organisations, clients and accounts."""

    refused: frozenset[str] = frozenset()
    _older: dict[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        versioned = (each.rpartition(_BELOW) for each in self.refused if _BELOW in each)
        older: dict[str, int] = {}
        for subject, _, version in versioned:
            older[subject] = max(int(version), older.get(subject, 0))
        object.__setattr__(self, "_older", older)

    def refuse(self, claims: AccessClaims) -> bool:
        """Whether these claims are of something revoked, suspended or disabled, or say what is no longer so."""
        return claims.account_version < self._older.get(claims.subject, 0) or not self.refused.isdisjoint(
            (str(claims.session_id), str(claims.organisation_id), claims.client_id, claims.subject)
        )


def older_than(subject: str, version: int) -> str:
    """The name under which a subject's tokens are refused that say what an earlier version of the account was.

    By version and not by time: a token may be issued in the very instant of the change, or have been read before it
    was committed and be signed after, and each is then told apart.
    """
    return f"{subject}{_BELOW}{version}"


_BELOW = "#"


@dataclass(slots=True)
class Access:
    """A verified token, and the identity minted from it (tokens.identity)."""

    claims: AccessClaims
    identity: str = ""
    identity_until: float = field(default=0.0)


class AccessTokens:
    """Issues and verifies access tokens of one issuer for one audience."""

    def __init__(
        self,
        keys: AccessKeys,
        issuer: str,
        audience: str,
        *,
        clock: Callable[[], float] = time.time,
        most: int = 10_000,
    ) -> None:
        self._keys = keys
        self.issuer = issuer
        self.audience = audience
        self._clock = clock
        self._most = most
        self._verified: dict[bytes, Access] = {}
        self._denials = Denials()
        self._meanwhile: frozenset[str] = frozenset()

    @property
    def signing_key(self) -> AccessKey:
        """The key that signs now. Raises LookupError before any key was made."""
        return self._keys.current

    def issue(self, claims: AccessClaims) -> str:
        """Sign the claims with the current key."""
        key = self._keys.current
        header = {"alg": ALGORITHM, "typ": TOKEN_TYPE, "kid": key.kid}
        return jwt.encode(header, claims.to_wire(self.issuer, self.audience), key.key, algorithms=[ALGORITHM])

    def find(self, token: str) -> Access | None:
        """What is known of a token verified before; None when it must be verified."""
        digest = hashlib.sha256(token.encode()).digest()
        access = self._verified.get(digest)
        if access is None or access.claims.expires_at > self._clock():
            return access
        del self._verified[digest]
        return None

    def verify(self, token: str) -> Access:
        """Check a token in full and keep it. Raises Unauthenticated for one forged, foreign, expired or refused."""
        access = Access(self._check(token, self._clock()))
        if self._denials.refuse(access.claims):
            raise Unauthenticated("This access token was revoked: sign in again.")
        if len(self._verified) >= self._most:
            self._verified.pop(next(iter(self._verified)))
        self._verified[hashlib.sha256(token.encode()).digest()] = access
        return access

    def about_to_read(self) -> None:
        """The stored list is read from now on: what is revoked here meanwhile may not be in it yet."""
        self._meanwhile = frozenset()

    def deny(self, stored: Denials) -> None:
        """Refuse these from now on, beside what was revoked here since they were read; forget what was verified."""
        denials = Denials(stored.refused | self._meanwhile)
        self._denials = denials
        gone = [digest for digest, access in self._verified.items() if denials.refuse(access.claims)]
        for digest in gone:
            del self._verified[digest]

    def deny_also(self, identifier: str) -> None:
        """Refuse one more at once, in the process that revoked it; the stored list follows within a second."""
        self._meanwhile |= {identifier}
        self.deny(self._denials)

    def __len__(self) -> int:
        """How many verified tokens are kept."""
        return len(self._verified)

    def _check(self, token: str, now: float) -> AccessClaims:
        if len(token) > _MOST_BYTES:
            raise Unauthenticated("The access token is too long to be ours.")
        try:
            decoded = jwt.decode(token, lambda obj: self._keys.get(obj.headers().get("kid")), algorithms=[ALGORITHM])
            wire = decoded.claims
            claims = AccessClaims.from_wire(wire)
        except (JoseError, KeyError, ValueError, TypeError, RecursionError) as error:
            raise Unauthenticated("The access token could not be verified: ask for a new one.") from error
        if decoded.header.get("typ") != TOKEN_TYPE:
            raise Unauthenticated("This token is not an access token.")
        if wire.get("iss") != self.issuer or wire.get("aud") != self.audience:
            raise Unauthenticated("The access token was issued elsewhere, or for something else.")
        if claims.expires_at <= now or claims.issued_at - _LEEWAY_SECONDS > now:
            raise Unauthenticated("The access token has expired: ask for a new one.")
        return claims

"""Which public keys a client may register: of kinds and sizes that are safe, and nothing private."""

from collections.abc import Mapping
from typing import Any

ASSERTION_ALGORITHMS = ("ES256", "PS256", "EdDSA", "Ed25519")
"""What an assertion may be signed with, named one by one: a list of what is refused is never complete."""
_CURVES = {"EC": {"P-256"}, "OKP": {"Ed25519"}}
_PRIVATE = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}
_MEMBERS = {"EC": ("crv", "x", "y"), "OKP": ("crv", "x"), "RSA": ("n", "e")}
_SMALLEST_RSA_MODULUS = 342
"""Characters of a 2,048-bit modulus in base64url."""


class UnfitKey(ValueError):
    """A key that may not be registered; the message says why."""


def public_key(jwk: Mapping[str, Any]) -> dict[str, str]:
    """The members that are kept of a client's key. Raises UnfitKey."""
    kind = jwk.get("kty")
    if kind not in _MEMBERS:
        raise UnfitKey("kty must be EC, OKP or RSA")
    if _PRIVATE & jwk.keys():
        raise UnfitKey("the key holds private members: it is no secret any more, make a new one")
    kid = jwk.get("kid")
    if not isinstance(kid, str) or not 1 <= len(kid) <= 100:
        raise UnfitKey("kid must be a text of 1 to 100 characters")
    members = {name: jwk.get(name) for name in _MEMBERS[kind]}
    if not all(isinstance(value, str) and value for value in members.values()):
        raise UnfitKey(f"an {kind} key has the members {', '.join(_MEMBERS[kind])}")
    if kind in _CURVES and members["crv"] not in _CURVES[kind]:
        raise UnfitKey("crv must be P-256 or Ed25519")
    if kind == "RSA" and len(str(members["n"])) < _SMALLEST_RSA_MODULUS:
        raise UnfitKey("an RSA key has at least 2,048 bits")
    return {"kty": str(kind), "kid": kid, **{name: str(value) for name, value in members.items()}}

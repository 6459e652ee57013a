"""Checkpoints: the size and root of a place's ledger at an instant, signed with the ledger's own key (Ed25519).

Whoever keeps one can prove later that nothing up to it was changed, removed or reordered.
"""

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ORIGIN = "connective-ledger-v1"


def checkpoint_text(place_id: UUID, size: int, root: bytes, signed_at: datetime) -> str:
    """The lines that are signed: what it is, whose, how many entries, the root in hex, and when."""
    instant = signed_at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return f"{ORIGIN}\n{place_id}\n{size}\n{root.hex()}\n{instant}\n"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A signed checkpoint."""

    id: UUID
    place_id: UUID
    size: int
    root: bytes
    signed_at: datetime
    text: str
    signature: bytes
    key_id: str


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class LedgerKey:
    """The ledger's signing key, read from a private JWK (RFC 8037: `kty` OKP, `crv` Ed25519)."""

    def __init__(self, jwk: str) -> None:
        document = json.loads(jwk)
        if document.get("kty") != "OKP" or document.get("crv") != "Ed25519" or not document.get("kid"):
            raise ValueError("The ledger's key must be an Ed25519 JWK with a kid.")
        self._key = Ed25519PrivateKey.from_private_bytes(_decode(document["d"]))
        self.id: str = document["kid"]

    @property
    def public_jwk(self) -> dict[str, str]:
        """What anybody needs to check a checkpoint."""
        raw = base64.urlsafe_b64encode(self._key.public_key().public_bytes_raw()).decode().rstrip("=")
        return {"kty": "OKP", "crv": "Ed25519", "kid": self.id, "x": raw}

    def sign(self, checkpoint_id: UUID, place_id: UUID, size: int, root: bytes, signed_at: datetime) -> Checkpoint:
        """The checkpoint of a ledger at this size."""
        text = checkpoint_text(place_id, size, root, signed_at)
        signature = self._key.sign(text.encode())
        return Checkpoint(checkpoint_id, place_id, size, root, signed_at, text, signature, self.id)


def is_authentic(checkpoint: Checkpoint, public_jwk: dict[str, str]) -> bool:
    """Is the text what the checkpoint says, and signed by this key?"""
    expected = checkpoint_text(checkpoint.place_id, checkpoint.size, checkpoint.root, checkpoint.signed_at)
    if expected != checkpoint.text or public_jwk.get("kid") != checkpoint.key_id:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(_decode(public_jwk["x"])).verify(checkpoint.signature, expected.encode())
    except (InvalidSignature, ValueError, KeyError):
        return False
    return True

"""A checkpoint as those who keep it hold it: the signed text, its signature, and the key it is checked with."""

import base64
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from connective.consent.domain.canonical import canonical
from connective.consent.domain.checkpoints import ORIGIN

Jwk = Mapping[str, str]
_TEXT = re.compile(
    rf"{ORIGIN}\n([0-9a-f-]{{36}})\n(0|[1-9][0-9]{{0,14}})\n([0-9a-f]{{64}})\n([0-9]{{4}}-[0-9]{{2}}-[0-9T:]{{11}}Z)\n"
)


@dataclass(frozen=True, slots=True)
class Note:
    """What a checkpoint's text says, and who signed it. Nothing but the text counts: it is what was signed."""

    place_id: UUID
    size: int
    root: bytes
    signed_at: datetime
    text: str
    signature: bytes
    key_id: str
    public_key: Jwk | None = None
    """The key that came with it, where it came with one."""


def read_note(document: Mapping[str, Any]) -> Note:
    """A checkpoint from its members `text`, `signature` (hex), `key_id`, and `public_key` if any. Raises ValueError."""
    try:
        text = str(document["text"])
        found = _TEXT.fullmatch(text)
        if found is None:
            raise ValueError("the text is not that of a ledger's checkpoint")
        place, size, root, signed_at = found.groups()
        key = document.get("public_key")
        return Note(
            UUID(place),
            int(size),
            bytes.fromhex(root),
            datetime.fromisoformat(signed_at),
            text,
            bytes.fromhex(document["signature"]),
            str(document["key_id"]),
            {str(k): str(v) for k, v in key.items()} if key else None,
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("a checkpoint has a text, a signature and a key_id") from error


def read_notes(text: str) -> list[Note]:
    """The checkpoints of a file: one as the API answers it, a page, a list, or one a line. Raises ValueError."""
    try:
        documents = [json.loads(text)]
    except ValueError:
        documents = [json.loads(line) for line in text.splitlines() if line.strip()]
    return [read_note(one) for document in documents for one in _each(document)]


def read_keys(text: str) -> list[Jwk]:
    """The public keys of a file: a JWK, or a JWKS. Raises ValueError."""
    document = json.loads(text)
    keys = document.get("keys", [document]) if isinstance(document, dict) else document
    if not all(isinstance(key, dict) and {"kid", "x"} <= key.keys() for key in keys):
        raise ValueError("a public key is a JWK with kid and x")
    return list(keys)


def _each(document: Any) -> Iterator[Any]:  # noqa: ANN401 - JSON of any shape
    if isinstance(document, list):
        yield from document
    elif isinstance(document, dict) and "items" in document:
        yield from document["items"]
    else:
        yield document


def is_signed_by(note: Note, key: Jwk) -> bool:
    """Whether this key (Ed25519) made the signature over the text."""
    try:
        raw = base64.urlsafe_b64decode(key["x"] + "=" * (-len(key["x"]) % 4))
        Ed25519PublicKey.from_public_bytes(raw).verify(note.signature, note.text.encode())
    except (InvalidSignature, ValueError, KeyError):
        return False
    return True


def fingerprint(key: Jwk) -> str:
    """The key's thumbprint (RFC 7638) in hex, to be compared by eye with the one that was handed over."""
    members = {name: key[name] for name in ("crv", "kty", "x") if name in key}
    return sha256(canonical(members)).hexdigest()

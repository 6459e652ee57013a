"""Pupil numbers are kept sealed: a copy of the table without the service's key does not hold them."""

import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12


class Sealer:
    """Seals text under one key (AES-256-GCM), bound to the record it belongs to."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, text: str, record: bytes) -> bytes:
        """The sealed text. It opens only for the same record, so a row's seal cannot be moved to another."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, text.encode(), record)

    def open(self, sealed: bytes, record: bytes) -> str:
        """The text again. Raises cryptography's InvalidTag for another record or key."""
        return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], record).decode()

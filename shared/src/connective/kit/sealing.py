"""Secrets that must be known again: stored sealed, so that a copy of the database alone opens none of them."""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12


class NotSealedHere(Exception):
    """A stored secret does not open: the service's secret was changed, or the row was."""


class Seal:
    """AES-256-GCM under one derived key; what is sealed is bound to the record it belongs to."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def close(self, plain: bytes, belongs_to: bytes) -> bytes:
        """The secret as it is stored."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, belongs_to)

    def open(self, sealed: bytes, belongs_to: bytes) -> bytes:
        """The secret again. Raises NotSealedHere."""
        try:
            return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], belongs_to)
        except (InvalidTag, ValueError) as error:
            raise NotSealedHere("a sealed secret does not open") from error

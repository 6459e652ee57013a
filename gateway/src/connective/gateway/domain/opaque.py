"""Opaque secrets: 256 random bits in letters and digits, stored only as their SHA-256.

A password hash protects what people choose; 256 random bits cannot be guessed, so a plain hash is as safe and lets the
token endpoint answer hundreds of times faster. Letters and digits alone, because HTTP Basic clients disagree about
how to escape anything else.
"""

import hashlib
import hmac
import secrets
import string

_ALPHABET = string.ascii_letters + string.digits
_LENGTH = 43
"""62 ** 43 is just above 2 ** 256."""


def new_secret(prefix: str = "") -> str:
    """A new secret. The prefix says what it is, for scanners that look for leaked ones."""
    return prefix + "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def digest(secret: str) -> bytes:
    """What is stored of a secret."""
    return hashlib.sha256(secret.encode()).digest()


def matches(secret: str, stored: bytes) -> bool:
    """Whether this is the secret whose digest is stored, in constant time."""
    return hmac.compare_digest(digest(secret), stored)

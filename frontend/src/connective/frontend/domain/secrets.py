"""Secrets of browsers and forms: 256 random bits, of which only a digest is kept."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode


def new_secret() -> str:
    """A new secret."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> bytes:
    """What is stored of a secret; it is random, so that a quick hash will do."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()


def challenge(verifier: str) -> str:
    """The proof-of-key challenge of a verifier, S256 (RFC 7636)."""
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def form_token(key: bytes, session_id: bytes, form_key: str) -> str:
    """The hidden field of a form: its own one-time key, signed for one session.

    The key goes to the API as Idempotency-Key, so that a form which is sent twice, by a double click or by going back,
    acts once; the signature proves that it was shown by us in this browser.
    """
    signature = hmac.new(key, session_id + b"\0" + form_key.encode(), hashlib.sha256).hexdigest()
    return f"{form_key}.{signature}"


def key_of(key: bytes, session_id: bytes, token: str) -> str | None:
    """The one-time key of a form that was shown in this session; None for any other token."""
    form_key, _, _ = token.partition(".")
    expected = form_token(key, session_id, form_key)
    return form_key if form_key and hmac.compare_digest(expected.encode(), token.encode("utf-8", "replace")) else None

"""A passkey held in software: what the cast of the demo and the people of tests sign in with.

It answers WebAuthn's two ceremonies as an authenticator does (Web Authentication Level 2, sections 6 and 7), with an
ES256 key and an attestation of format `none`. It is a client's part: nothing that is served imports it, and a Hub
trusts it no more than any other passkey, by the public key that was registered.
"""

import base64
import hashlib
import json
import secrets
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

_PRESENT, _VERIFIED, _ATTESTED = 0x01, 0x04, 0x40
_ID_BYTES = 32
_NO_MODEL = bytes(16)


class SoftwarePasskey:
    """One key pair. `counts` makes it report how often it signed, as keys in hardware do; synced ones report nought."""

    def __init__(self, *, counts: bool = False) -> None:
        self._key: EllipticCurvePrivateKey = generate_private_key(SECP256R1())
        self.credential_id = secrets.token_bytes(_ID_BYTES)
        self.verifies = True
        """Whether it says that it verified its user; a test may let it say otherwise."""
        self.signed = 0
        self._counts = counts

    @property
    def public_key(self) -> bytes:
        """The public key as a COSE key (RFC 9053, section 7.1.1): a map of five entries, in CBOR."""
        numbers = self._key.public_key().public_numbers()
        x, y = (value.to_bytes(32, "big") for value in (numbers.x, numbers.y))
        return b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20" + x + b"\x22\x58\x20" + y

    def seeded(self, name: str) -> dict[str, str]:
        """As a seed file names it."""
        return {"name": name, "credential_id": _text(self.credential_id), "public_key": _text(self.public_key)}

    def register(self, options: dict[str, Any], origin: str) -> str:
        """What a browser posts after `navigator.credentials.create`, as JSON."""
        attested = _NO_MODEL + len(self.credential_id).to_bytes(2, "big") + self.credential_id + self.public_key
        data = self._data(options["rp"]["id"], _ATTESTED) + attested
        statement = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58" + bytes([len(data)]) + data
        client = _client_data("webauthn.create", options["challenge"], origin)
        return self._posted({"attestationObject": _text(statement), "clientDataJSON": _text(client)})

    def answer(self, options: dict[str, Any], origin: str) -> str:
        """What a browser posts after `navigator.credentials.get`, as JSON."""
        data = self._data(options["rpId"], 0)
        client = _client_data("webauthn.get", options["challenge"], origin)
        signature = self._key.sign(data + hashlib.sha256(client).digest(), ECDSA(SHA256()))
        response = {"authenticatorData": _text(data), "clientDataJSON": _text(client), "signature": _text(signature)}
        return self._posted(response)

    def _data(self, rp_id: str, more: int) -> bytes:
        if self._counts:
            self.signed += 1
        flags = _PRESENT | (_VERIFIED if self.verifies else 0) | more
        return hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + self.signed.to_bytes(4, "big")

    def _posted(self, response: dict[str, str]) -> str:
        name = _text(self.credential_id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})


def _client_data(kind: str, challenge: str, origin: str) -> bytes:
    return json.dumps({"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": False}).encode()


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")

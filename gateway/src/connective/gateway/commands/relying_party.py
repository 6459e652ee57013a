"""Passkeys, as Web Authentication checks them: this Hub's domain and origin, and its holder verified, always."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from connective.gateway.domain.second_factors import Passkey

_NAME = "Connective"
_VERIFIED = UserVerificationRequirement.REQUIRED
_MALFORMED = (WebAuthnException, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError)
"""What the library raises for answers that no browser gives: each is a wrong answer, not our fault."""


@dataclass(frozen=True, slots=True)
class Registered:
    """A passkey that was just made."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """What authenticators know the Hub by: the domain passkeys are bound to, and the origin its pages have."""

    domain: str
    origin: str

    def creation(self, email: str, account: bytes, name: str, challenge: bytes, held: Sequence[Passkey]) -> str:
        """What a browser is asked to make a passkey with, as JSON."""
        options = generate_registration_options(
            rp_id=self.domain,
            rp_name=_NAME,
            user_id=account,
            user_name=email,
            user_display_name=name,
            challenge=challenge,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.PREFERRED, user_verification=_VERIFIED
            ),
            exclude_credentials=_described(held),
        )
        return options_to_json(options)

    def request(self, challenge: bytes, held: Sequence[Passkey]) -> str:
        """What a browser is asked to answer with a passkey, as JSON."""
        options = generate_authentication_options(
            rp_id=self.domain,
            challenge=challenge,
            allow_credentials=_described(held),
            user_verification=_VERIFIED,
        )
        return options_to_json(options)

    def registered(self, posted: str, challenge: bytes) -> Registered | None:
        """The passkey that was made; None for whatever does not prove one."""
        try:
            found = verify_registration_response(
                credential=posted,
                expected_challenge=challenge,
                expected_rp_id=self.domain,
                expected_origin=self.origin,
                require_user_verification=True,
            )
        except _MALFORMED:
            return None
        return Registered(found.credential_id, found.credential_public_key, found.sign_count)

    def answered(self, posted: str, challenge: bytes, held: Sequence[Passkey]) -> tuple[Passkey, int] | None:
        """Which of the passkeys answered, and how often it says it has signed; None for whatever proves none."""
        try:
            answered = parse_authentication_credential_json(posted)
            passkey = next(each for each in held if each.credential_id == answered.raw_id)
            found: Any = verify_authentication_response(
                credential=answered,
                expected_challenge=challenge,
                expected_rp_id=self.domain,
                expected_origin=self.origin,
                credential_public_key=passkey.public_key,
                credential_current_sign_count=passkey.sign_count,
                require_user_verification=True,
            )
        except (*_MALFORMED, StopIteration):
            return None
        return passkey, found.new_sign_count


def from_text(text: str) -> bytes:
    """Bytes that a seed file names in base64url. Raises ValueError."""
    return base64url_to_bytes(text)


def _described(held: Sequence[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=each.credential_id) for each in held]

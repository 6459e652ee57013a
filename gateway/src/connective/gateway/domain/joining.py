"""Joining an account to a provider's subject: by its holder, who has just proved both, and by nothing else.

An e-mail address joins nobody: providers let people choose one (RFC 9700 leaves it out of what identifies somebody).
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from connective.gateway.domain.accounts import Account
from connective.gateway.domain.assurance import STEP_UP_AGE
from connective.gateway.domain.providers import Provider


class CannotJoin(StrEnum):
    """Why an account is not joined to a subject, though its holder proved both."""

    ANOTHERS = "anothers"
    """The subject opens another account already."""
    KNOWN_OTHERWISE = "known_otherwise"
    """The account is known to this provider by another subject."""
    NO_MEMBER = "no_member"
    """The account has no roles in the provider's organisation, and this provider brings nobody new into it."""


@dataclass(frozen=True, slots=True)
class Proved:
    """What the holder of an account has just proved at a provider, as it waits in their browser for their word."""

    account_id: UUID
    provider_id: UUID
    subject: str
    until: int

    @classmethod
    def by(cls, account_id: UUID, provider_id: UUID, subject: str, now: datetime) -> "Proved":
        """Proved now: it may be used as long as a fresh second factor is one."""
        return cls(account_id, provider_id, subject, int((now + STEP_UP_AGE).timestamp()))

    def to_text(self) -> bytes:
        """As it is sealed."""
        return json.dumps([str(self.account_id), str(self.provider_id), self.subject, self.until]).encode()

    @classmethod
    def from_text(cls, text: bytes) -> "Proved":
        """Read it again."""
        account_id, provider_id, subject, until = json.loads(text)
        return cls(UUID(account_id), UUID(provider_id), subject, until)


def why_not(account: Account, provider: Provider, issuers: Iterable[str], subjects_account: UUID | None) -> str | None:
    """Why this account is not joined to the subject; None where it may be, or is.

    `issuers` are those by which the account is known, `subjects_account` whose the subject is. Whoever has nothing to
    do in the provider's organisation would come into it by joining, which only a provider for new people may do.
    """
    if subjects_account is not None:
        return None if subjects_account == account.id else CannotJoin.ANOTHERS
    if provider.issuer in issuers:
        return CannotJoin.KNOWN_OTHERWISE
    if account.membership(provider.organisation_id) is None and not provider.new_accounts:
        return CannotJoin.NO_MEMBER
    return None

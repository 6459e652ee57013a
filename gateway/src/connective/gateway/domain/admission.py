"""Who may have an account before their legal entity has signed the host's contract (UK GDPR Article 28)."""

from collections.abc import Iterable
from uuid import UUID

from connective.contracts.permissions import Role
from connective.gateway.domain.accounts import Membership

BEFORE_THE_CONTRACT = frozenset(map(str, (Role.AGREEMENT_MANAGER, Role.DPO, Role.PLACE_ADMIN, Role.SIGNATORY)))
"""Roles that open a place and register, check and sign the contract itself; none of them reads a family's record."""


def need_a_contract(memberships: Iterable[Membership]) -> frozenset[UUID]:
    """The organisations in which these memberships do more than bring about the contract."""
    return frozenset(each.organisation_id for each in memberships if not BEFORE_THE_CONTRACT.issuperset(each.roles))

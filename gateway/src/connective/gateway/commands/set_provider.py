"""Set an outside provider up, or change it: proposed by one administrator of the place, approved by another.

Whoever may change where an organisation's people come from, and what their directory's words are worth, can make
themselves anything in it; so it is a change of roles and keys (ADR 0022).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from connective.contracts.permissions import Permission
from connective.gateway.commands.refusals import UnfitProvider
from connective.gateway.domain.proposals import Proposal
from connective.gateway.domain.providers import (
    FactorRule,
    Provider,
    ProviderAuthentication,
    RoleRule,
    UnfitRule,
    check_rule,
)
from connective.gateway.storage.providers import change_provider, get_provider, insert_provider, rules_to_json
from connective.kit.actor import Actor
from connective.kit.database import Unit
from connective.kit.outward import Reach, UnfitAddress, read_address
from connective.kit.problems import FieldError, NotAllowed, NotFound


@dataclass(frozen=True, slots=True)
class ProviderSet:
    """What a provider is to be, whole; its secret is sealed already, and the one of before where there is none here."""

    provider_id: UUID
    is_new: bool
    organisation_id: UUID
    organisation_name: str
    name: str
    issuer: str
    client_id: str
    authentication: ProviderAuthentication
    sealed_secret: bytes | None = field(repr=False)
    role_rules: tuple[RoleRule, ...]
    factor_rules: tuple[FactorRule, ...]
    new_accounts: bool
    reach: Reach


async def proposed_provider(unit: Unit, actor: Actor, change: ProviderSet) -> tuple[int, Mapping[str, Any]]:
    """The version that is to be changed (0 for a new one), and what is kept of the change until somebody decides.

    Raises NotAllowed, NotFound, UnfitProvider.
    """
    if not actor.may(Permission.GATEWAY_ACCOUNT_WRITE):
        raise NotAllowed("Outside providers are set up by an administrator of the place.")
    before = None if change.is_new else await get_provider(unit.connection, actor, change.provider_id)
    if before is not None and before.ended_at is not None:
        raise NotFound
    _check(change, before)
    role_rules, factor_rules = rules_to_json(_provider(change, actor.place))
    stored = {
        "organisation_id": str(change.organisation_id),
        "organisation_name": change.organisation_name,
        "name": change.name,
        "issuer": change.issuer,
        "client_id": change.client_id,
        "authentication": str(change.authentication),
        "sealed_secret": change.sealed_secret.hex() if change.sealed_secret else None,
        "role_rules": role_rules,
        "factor_rules": factor_rules,
        "new_accounts": change.new_accounts,
    }
    return (before.version if before else 0), stored


def _check(change: ProviderSet, before: Provider | None) -> None:
    try:
        read_address(change.issuer, change.reach)
    except UnfitAddress as error:
        raise _unfit("/issuer", error.sentence) from error
    for number, rule in enumerate(change.role_rules):
        try:
            check_rule(rule)
        except UnfitRule as error:
            raise _unfit(f"/role_rules/{number}", f"{error}.") from error
    by_secret = change.authentication is ProviderAuthentication.CLIENT_SECRET_BASIC
    kept = before is not None and before.sealed_secret is not None
    if by_secret and not (change.sealed_secret or kept):
        raise _unfit("/client_secret", "Give the secret that the provider has made for this Hub.")
    if not by_secret and change.sealed_secret:
        raise _unfit("/client_secret", "A provider that takes signed assertions gets no secret.")


def _unfit(pointer: str, sentence: str) -> UnfitProvider:
    return UnfitProvider(sentence, errors=(FieldError(pointer, "unfit", sentence),))


def _provider(change: ProviderSet, place_id: UUID) -> Provider:
    return Provider(
        id=change.provider_id,
        place_id=place_id,
        organisation_id=change.organisation_id,
        organisation_name=change.organisation_name,
        name=change.name,
        issuer=change.issuer,
        client_id=change.client_id,
        authentication=change.authentication,
        sealed_secret=change.sealed_secret,
        role_rules=change.role_rules,
        factor_rules=change.factor_rules,
        new_accounts=change.new_accounts,
        ended_at=None,
        version=1,
    )


async def set_provider(unit: Unit, actor: Actor, proposal: Proposal) -> bool:
    """Let an approved change take effect; False where the provider has changed since, or is gone."""
    wanted = proposed_one(proposal)
    if proposal.subject_version == 0:
        await insert_provider(unit, wanted)
        return True
    before = await get_provider(unit.connection, actor, wanted.id)
    if before.version != proposal.subject_version or before.ended_at is not None:
        return False
    if wanted.authentication is ProviderAuthentication.CLIENT_SECRET_BASIC and wanted.sealed_secret is None:
        wanted = replace(wanted, sealed_secret=before.sealed_secret)
    await change_provider(unit, wanted)
    return True


def proposed_one(proposal: Proposal) -> Provider:
    """The provider as a proposal would have it."""
    change = dict(proposal.change)
    sealed = change.pop("sealed_secret")
    return Provider(
        id=proposal.subject_id,
        place_id=proposal.place_id,
        organisation_id=UUID(change.pop("organisation_id")),
        authentication=ProviderAuthentication(change.pop("authentication")),
        sealed_secret=bytes.fromhex(sealed) if sealed else None,
        role_rules=tuple(RoleRule(r["claim"], r["value"], tuple(r["roles"])) for r in change.pop("role_rules")),
        factor_rules=tuple(FactorRule(**each) for each in change.pop("factor_rules")),
        ended_at=None,
        version=1,
        **change,
    )

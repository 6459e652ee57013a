"""What goes in and out of outside providers."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints

from connective.contracts.permissions import Role
from connective.gateway.api.schemas import Name
from connective.gateway.domain.proposals import ProposalKind
from connective.gateway.domain.providers import FactorRule, Provider, ProviderAuthentication, RoleRule

_Value = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class RoleRuleBody(_Strict):
    """Whoever has this value in this claim of the ID token has these roles in the organisation."""

    claim: Annotated[
        str,
        StringConstraints(pattern=r"^/[^\s]{1,199}$"),
        Field(description="A JSON Pointer: `/roles` and `/groups` with Entra, `/realm_access/roles` with Keycloak."),
    ]
    value: _Value
    roles: Annotated[list[Role], Field(min_length=1, max_length=10)]

    def to_domain(self) -> RoleRule:
        """The same as the domain knows it."""
        return RoleRule(self.claim, self.value, tuple(sorted(set(map(str, self.roles)))))


class FactorRuleBody(_Strict):
    """A value of `amr` or `acr` which says that the provider has asked for a second factor."""

    claim: Literal["acr", "amr"]
    value: _Value

    def to_domain(self) -> FactorRule:
        """The same as the domain knows it."""
        return FactorRule(self.claim, self.value)


class ProviderProposalIn(_Strict):
    """An outside OpenID provider as it is to be, whole; `provider_id` names one that is to change."""

    kind: Literal[ProposalKind.PROVIDER]
    provider_id: UUID | None = None
    organisation_id: Annotated[UUID, Field(description="Whose people come by it; for nobody else may they act.")]
    organisation_name: Name
    name: Annotated[Name, Field(description="What its button on the sign-in page says.")]
    issuer: Annotated[str, StringConstraints(min_length=8, max_length=400)]
    client_id: _Value
    authentication: ProviderAuthentication
    client_secret: Annotated[
        SecretStr | None,
        Field(min_length=8, max_length=400, description="Sealed, and never shown; without it that of before stays."),
    ] = None
    role_rules: Annotated[list[RoleRuleBody], Field(min_length=1, max_length=50)]
    factor_rules: Annotated[
        list[FactorRuleBody],
        Field(max_length=10, description="Where none holds, a second factor of ours is asked for."),
    ] = []
    new_accounts: Annotated[bool, Field(description="Whether whoever a rule gives a role gets an account.")] = False


class ProviderOut(BaseModel):
    """An outside OpenID provider. Its secret is never shown."""

    id: UUID
    organisation_id: UUID
    organisation_name: str
    name: str
    issuer: str
    client_id: str
    authentication: ProviderAuthentication
    redirect_uri: str
    """Registered at the provider, as are the two that follow."""
    back_channel_logout_uri: str
    post_logout_redirect_uri: str
    role_rules: list[RoleRuleBody]
    factor_rules: list[FactorRuleBody]
    new_accounts: bool
    ended_at: datetime | None
    version: int

    @classmethod
    def of(cls, provider: Provider, issuer: str) -> "ProviderOut":
        """A provider as its administrators see it, with what they register there."""
        return cls(
            id=provider.id,
            organisation_id=provider.organisation_id,
            organisation_name=provider.organisation_name,
            name=provider.name,
            issuer=provider.issuer,
            client_id=provider.client_id,
            authentication=provider.authentication,
            redirect_uri=redirect_uri(issuer, provider.id),
            back_channel_logout_uri=f"{issuer}/oauth/providers/{provider.id}/back-channel-logout",
            post_logout_redirect_uri=signed_out_uri(issuer),
            role_rules=[
                RoleRuleBody(claim=each.claim, value=each.value, roles=[Role(role) for role in each.roles])
                for each in provider.role_rules
            ],
            factor_rules=[
                FactorRuleBody.model_validate({"claim": each.claim, "value": each.value})
                for each in provider.factor_rules
            ],
            new_accounts=provider.new_accounts,
            ended_at=provider.ended_at,
            version=provider.version,
        )


def redirect_uri(issuer: str, provider_id: UUID) -> str:
    """Where a provider sends people back to: each has an address of its own, so that none answers for another."""
    return f"{issuer}/oauth/providers/{provider_id}/callback"


def signed_out_uri(issuer: str) -> str:
    """Where a provider sends people whom it has signed out."""
    return f"{issuer}/oauth/signed-out"

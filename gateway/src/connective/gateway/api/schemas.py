"""What goes in and out of the gateway's own resources."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from connective.contracts.permissions import Role
from connective.gateway.domain.access_review import Training
from connective.gateway.domain.accounts import Account, Membership
from connective.gateway.domain.clients import Authentication, ClientRecord

Name = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
Email = Annotated[str, StringConstraints(pattern=r"^[^@\s]{1,64}@[^@\s]{1,180}$")]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class MembershipIn(_In):
    """What a person is to be in one organisation."""

    organisation_id: UUID
    organisation_name: Name
    roles: Annotated[set[Role], Field(min_length=1)]

    def to_domain(self) -> Membership:
        """The same as the domain knows it."""
        return Membership(self.organisation_id, self.organisation_name, tuple(sorted(map(str, self.roles))))


class EndedOut(BaseModel):
    """Somebody is nothing in an organisation any more."""

    account_id: UUID
    organisation_id: UUID


class DisableIn(_In):
    """Why an account is disabled, where its holder has left."""

    left_on: date | None = None


class TrainingIn(_In):
    """Training in data protection that somebody has completed."""

    course: Name
    completed_on: date
    valid_until: Annotated[date | None, Field(description="A year after it was completed, unless said.")] = None


class TrainingOut(BaseModel):
    """Training in data protection, and until when it counts."""

    course: str
    completed_on: date
    valid_until: date

    @classmethod
    def of(cls, training: Training) -> "TrainingOut":
        """Training as it is shown."""
        return cls(course=training.course, completed_on=training.completed_on, valid_until=training.valid_until)


class MembershipOut(BaseModel):
    """What a person is in one organisation."""

    organisation_id: UUID
    organisation_name: str
    roles: list[str]


class AccountOut(BaseModel):
    """A person who may sign in."""

    id: UUID
    place_id: UUID
    email: str
    name: str
    memberships: list[MembershipOut]
    disabled_at: datetime | None
    training: TrainingOut | None
    """What was recorded of their training; of several, the one that counts longest."""
    version: int

    @classmethod
    def of(cls, account: Account, training: Training | None) -> "AccountOut":
        """An account as it is shown."""
        return cls(
            id=account.id,
            place_id=account.place_id,
            email=account.email,
            name=account.name,
            memberships=memberships_out(account),
            disabled_at=account.disabled_at,
            training=TrainingOut.of(training) if training else None,
            version=account.version,
        )


Scopes = Annotated[list[str], Field(max_length=20)]
Keys = Annotated[list[dict[str, Any]], Field(max_length=5, description="Public keys (JWK) with a `kid`.")]
KeySetAddress = Annotated[
    str | None,
    Field(max_length=400, description="Where the system publishes its keys (a JWK Set) and changes them; https."),
]
Networks = Annotated[
    list[Annotated[str, Field(max_length=50)]],
    Field(max_length=20, description="From where alone it may come: `192.0.2.0/24`. From anywhere when empty."),
]


class ClientIn(_In):
    """A partner's system that is to ask for tokens."""

    name: Name
    organisation_id: UUID
    authentication: Annotated[
        Literal[Authentication.PRIVATE_KEY_JWT, Authentication.CLIENT_SECRET_BASIC],
        Field(description="`private_key_jwt` is the safer one."),
    ]
    scopes: Scopes
    keys: Keys = []
    jwks_uri: KeySetAddress = None
    networks: Networks = []


class CredentialOut(BaseModel):
    """One way a client may prove itself; never the secret."""

    id: UUID
    kind: str
    kid: str | None
    jwks_uri: str | None
    created_at: datetime
    last_used_at: datetime | None
    expires_at: Annotated[datetime | None, Field(description="Until when it counts beside what replaced it.")]


class ClientOut(BaseModel):
    """A registered system."""

    id: UUID
    client_id: str
    name: str
    organisation_id: UUID | None
    authentication: Authentication
    scopes: list[str]
    networks: list[str]
    credentials: list[CredentialOut]
    revoked_at: datetime | None
    version: int

    @classmethod
    def of(cls, client: ClientRecord) -> "ClientOut":
        """A client as it is shown."""
        credentials = [
            CredentialOut(
                id=each.id,
                kind=str(each.kind),
                kid=each.jwk["kid"] if each.jwk else None,
                jwks_uri=each.jwks_uri,
                created_at=each.created_at,
                last_used_at=each.last_used_at,
                expires_at=each.expires_at,
            )
            for each in client.credentials
        ]
        return cls(
            id=client.id,
            client_id=client.client_id,
            name=client.name,
            organisation_id=client.organisation_id,
            authentication=client.authentication,
            scopes=list(client.scopes),
            networks=list(client.networks),
            credentials=credentials,
            revoked_at=client.revoked_at,
            version=client.version,
        )


class ClientCreatedOut(ClientOut):
    """A new client. Its secret is shown in this answer alone; a replay answers null."""

    client_secret: str | None
    proposal_id: Annotated[UUID, Field(description="What gives it its scopes, once another administrator approves.")]


class MeOut(BaseModel):
    """Who asks, and what they may do."""

    kind: str
    id: str
    name: str
    place_id: UUID
    organisation_id: UUID | None
    organisation_name: str | None
    roles: list[str]
    permissions: list[str]
    memberships: list[MembershipOut]
    training: TrainingOut | None
    """What was recorded of your training; of several, the one that counts longest. None for a system."""
    safeguarding: str


def memberships_out(account: Account) -> list[MembershipOut]:
    """What an account is in organisations."""
    return [
        MembershipOut(organisation_id=m.organisation_id, organisation_name=m.organisation_name, roles=list(m.roles))
        for m in account.memberships
    ]

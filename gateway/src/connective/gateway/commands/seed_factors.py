"""Second factors of a seed file: what people of a demonstration or a test hold from the start."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from connective.gateway.commands.relying_party import from_text
from connective.gateway.domain.accounts import Account
from connective.gateway.domain.second_factors import FactorKind, factor_name
from connective.gateway.storage.factors import NewFactor, insert_factor
from connective.kit.database import Unit
from connective.kit.ids import new_id
from connective.kit.sealing import Seal

_Base64url = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,2000}$")]


class SeedPasskey(BaseModel):
    """A passkey, by its public half."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    credential_id: _Base64url
    public_key: _Base64url
    """The COSE key, as it was registered."""


class SeedFactors(BaseModel):
    """What somebody holds. Whoever holds nothing sets a second factor up when they first sign in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    passkeys: tuple[SeedPasskey, ...] = ()
    app_secret: Annotated[str, StringConstraints(pattern=r"^[A-Z2-7]{32,64}$")] | None = None
    """Of an authenticator app, in base32."""


async def add_seeded(unit: Unit, account: Account, seal: Seal, held: SeedFactors, now: datetime) -> None:
    """Let a new account hold these."""
    for each in held.passkeys:
        credential_id, public_key = from_text(each.credential_id), from_text(each.public_key)
        named = factor_name(each.name, FactorKind.PASSKEY)
        new = NewFactor(new_id(), FactorKind.PASSKEY, named, credential_id=credential_id, public_key=public_key)
        await insert_factor(unit, account.id, account.place_id, new, now)
    if held.app_secret is not None:
        factor_id = new_id()
        sealed = seal.close(held.app_secret.encode(), factor_id.bytes)
        new = NewFactor(factor_id, FactorKind.APP, factor_name("", FactorKind.APP), sealed=sealed)
        await insert_factor(unit, account.id, account.place_id, new, now)

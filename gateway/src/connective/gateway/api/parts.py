"""What the routes call."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from connective.contracts.places import PlacesInForce
from connective.gateway.clients.documents import Documents
from connective.gateway.clients.providers import Providers
from connective.gateway.clients.requests import LinkedRequests
from connective.gateway.commands.accept_invitation import Accepting
from connective.gateway.commands.admission import Admission
from connective.gateway.commands.enrol_factor import Enrolling
from connective.gateway.commands.new_password import NewPasswords
from connective.gateway.commands.outside_sign_in import OutsideSignIn
from connective.gateway.commands.passwords import Passwords
from connective.gateway.commands.second_factor import SecondFactors
from connective.gateway.commands.sign_in import PasswordSignIn
from connective.gateway.domain.service_identities import ServiceIdentity
from connective.gateway.oauth.authority import Authority
from connective.gateway.queries.standing import Standing
from connective.gateway.tokens.access import AccessTokens
from connective.gateway.tokens.keys import AccessKeys
from connective.kit.clock import Clock
from connective.kit.database import Database
from connective.kit.outward import Reach
from connective.kit.pages import Cursors
from connective.kit.sealing import Seal


@dataclass(frozen=True, slots=True)
class OutsideParts:
    """What signing in by outside providers needs."""

    providers: Providers
    sign_in: OutsideSignIn
    secrets: Seal
    """What the Hub's secrets at providers are sealed with."""
    journeys: Seal
    """What a browser on its way to a provider and back is given under seal."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Made once, by the composition root."""

    database: Database
    clock: Clock
    cursors: Cursors
    places: PlacesInForce
    services: tuple[ServiceIdentity, ...]
    """The Hub's own services, as this process believes them."""
    keys: AccessKeys
    tokens: AccessTokens
    standing: Standing
    authority: Authority
    passwords: Passwords
    admission: Admission
    sign_in: PasswordSignIn
    factors: SecondFactors
    enrolling: Enrolling
    accepting: Accepting
    new_passwords: NewPasswords
    outside: OutsideParts
    documents: Documents
    linked: LinkedRequests
    form_key: bytes
    """Ties a form to the browser it was shown in."""
    key_set_reach: Reach
    """Where clients may publish their keys."""
    texts: bool
    """Whether text messages can be sent, so that a code is offered."""
    mail: bool
    """Whether letters can be posted, so that a way to a new password is offered."""
    secure: bool
    """Whether cookies are bound to TLS."""

    @property
    def issuer(self) -> str:
        """The public base URL."""
        return self.tokens.issuer


async def parts_of(request: Request) -> Parts:
    """The parts of the running application."""
    parts: Parts = request.app.state.parts
    return parts


PartsDep = Annotated[Parts, Depends(parts_of)]

"""What the routes take from the application: the parts it is composed of."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import Depends, Request

from connective.contracts.needs import NeedsList
from connective.contracts.places import PlacesInForce
from connective.families.api.reading import Reader
from connective.families.commands.means import Means
from connective.families.commands.ports import Consent
from connective.families.domain.dates import day_of
from connective.families.storage.sealing import Sealer
from connective.kit.actor import Actor
from connective.kit.clock import Clock
from connective.kit.pages import Cursors
from connective.kit.problems import Unauthenticated
from connective.kit.tokens import KeyRing


@dataclass(frozen=True, slots=True)
class Parts:
    """What the composition root puts together for the routes."""

    means: Means
    clock: Clock
    cursors: Cursors
    sealer: Sealer
    places: PlacesInForce
    keys: KeyRing
    consent: Consent
    known_needs: NeedsList
    synthetic: bool

    @property
    def today(self) -> date:
        """The present day in England."""
        return day_of(self.clock())

    @property
    def reader(self) -> Reader:
        """What turns the sent into values, today."""
        return Reader(self.today, self.known_needs, self.synthetic, self.sealer)

    def notice(self, actor: Actor) -> str:
        """The safeguarding sentence of the actor's place. Raises Unauthenticated for a place not served here."""
        try:
            return self.places.get(actor.place).safeguarding.sentence
        except KeyError as error:
            raise Unauthenticated("This place is not served here.") from error


async def parts_of(request: Request) -> Parts:
    """The application's parts."""
    parts: Parts = request.app.state.parts
    return parts


PartsDep = Annotated[Parts, Depends(parts_of)]

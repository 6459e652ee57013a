"""What every command of this room works with."""

from dataclasses import dataclass, field

from connective.contracts.places import PlacesInForce, Safeguarding
from connective.kit.actor import Actor
from connective.kit.clock import Clock
from connective.kit.database import Database
from connective.kit.problems import Unauthenticated
from connective.referrals.commands.ports import Others
from connective.referrals.storage.place_forms import FormShelf


@dataclass(frozen=True, slots=True)
class Room:
    """The database, the other rooms, the places this deployment serves, the time, and the forms met so far."""

    database: Database
    others: Others
    places: PlacesInForce
    clock: Clock
    shelf: FormShelf = field(default_factory=FormShelf)

    def safeguarding(self, actor: Actor) -> Safeguarding:
        """Whom to phone in the actor's place. Raises Unauthenticated for a place that is not served here."""
        try:
            return self.places.get(actor.place).safeguarding
        except KeyError as error:
            raise Unauthenticated("This deployment does not serve your place.") from error

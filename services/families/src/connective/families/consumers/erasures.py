"""An officer ordered a family's record, or one person of it, erased."""

from typing import Any

from connective.contracts.erasure_events import ErasureOrdered
from connective.families.commands.erase_family import erase_family
from connective.families.commands.erase_person import erase_person
from connective.kit.database import Unit
from connective.kit.inbox import Handler, Received


async def _erase(unit: Unit, event: Received, _: Any) -> None:  # noqa: ANN401 - nothing was prepared
    order = ErasureOrdered.model_validate(dict(event.data))
    if order.person_id is None:
        await erase_family(unit, event.place_id, order)
    else:
        await erase_person(unit, event.place_id, order, order.person_id)


HANDLERS = {"hub.consent.erasure.ordered": Handler(_erase)}

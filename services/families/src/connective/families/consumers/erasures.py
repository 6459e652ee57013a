"""An officer ordered a family's record erased."""

from typing import Any

from connective.contracts.erasure_events import ErasureOrdered
from connective.families.commands.erase_family import erase_family
from connective.kit.database import Unit
from connective.kit.inbox import Handler, Received


async def _erase(unit: Unit, event: Received, _: Any) -> None:  # noqa: ANN401 - nothing was prepared
    await erase_family(unit, event.place_id, ErasureOrdered.model_validate(dict(event.data)))


HANDLERS = {"hub.consent.erasure.ordered": Handler(_erase)}

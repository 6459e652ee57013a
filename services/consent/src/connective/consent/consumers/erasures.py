"""A family's record was erased: the keys of its people's pseudonyms are destroyed, and the log stays whole."""

from typing import Any

from connective.consent.commands.ledger_entries import note
from connective.consent.domain.ledger import EntryKind
from connective.consent.storage.people import forget_people
from connective.contracts.events import FamilyErased
from connective.kit.database import Unit
from connective.kit.inbox import Received


async def forget(unit: Unit, event: Received, _: Any) -> None:  # noqa: ANN401 - nothing was prepared
    """Destroy the keys; entries keep their pseudonyms, which nobody can make or match again. The act itself is entered.

    Copies of the key in backups of the database live as long as those do.
    """
    said = FamilyErased.model_validate(event.data)
    destroyed = await forget_people(unit, event.place_id, {said.family_id, *said.person_ids})
    await note(unit, EntryKind.ERASURE, "keys.destroyed", said.at, {"keys": destroyed}, place_id=event.place_id)

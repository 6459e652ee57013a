"""What the other services say of an erasure: families did it or refused, and each answers for its part."""

from typing import Any

from connective.consent.commands.erase_people import erase_people, take_answer, take_refusal
from connective.contracts.erasure_events import (
    FamiliesErased,
    FamiliesRefusedErasure,
    FamilyErased,
    PersonErased,
    ReferralsErased,
)
from connective.kit.database import Unit
from connective.kit.inbox import Received


async def forget(unit: Unit, event: Received, _: Any) -> None:  # noqa: ANN401 - nothing was prepared
    """A family's record was erased: erase what consent keeps of its people."""
    await erase_people(unit, event.place_id, FamilyErased.model_validate(dict(event.data)))


async def forget_person(unit: Unit, event: Received, _: Any) -> None:  # noqa: ANN401 - nothing was prepared
    """One person was erased: erase what consent keeps of them."""
    await erase_people(unit, event.place_id, PersonErased.model_validate(dict(event.data)))


async def families_answer(unit: Unit, event: Received, _: Any) -> None:  # noqa: ANN401 - nothing was prepared
    """Families erased its part, or did not."""
    data = dict(event.data)
    if event.subject == FamiliesRefusedErasure.subject:
        await take_refusal(unit, event.place_id, FamiliesRefusedErasure.model_validate(data))
    else:
        await take_answer(unit, event.place_id, event.service, FamiliesErased.model_validate(data))


async def referrals_answer(unit: Unit, event: Received, _: Any) -> None:  # noqa: ANN401 - nothing was prepared
    """Referrals erased its part."""
    await take_answer(unit, event.place_id, event.service, ReferralsErased.model_validate(dict(event.data)))

"""What families announces that touches requests: records made one, people left in peace, and records erased."""

from typing import Any

from connective.contracts.erasure_events import FamilyErased, PersonErased
from connective.contracts.people_events import NoticesResumed, NoticesStopped, PersonMerged, PersonUnmerged
from connective.kit.database import Unit
from connective.kit.inbox import Received
from connective.referrals.commands.erase_family import erase_family
from connective.referrals.commands.erase_person import erase_person
from connective.referrals.commands.hold_requests import hold_where, release_where
from connective.referrals.commands.merge_person import Pair, merge_person, unmerge_person
from connective.referrals.domain.clocks import QUIET
from connective.referrals.storage.merged_signposts import merge_signposts, unmerge_signposts
from connective.referrals.storage.stored_only import carry_stored_only
from connective.referrals.storage.tables import request


async def person_merged(unit: Unit, event: Received, _: Any) -> None:  # noqa: ANN401 - nothing was prepared
    """Speak of the record that stays. Where two keepers keep their own, each one's requests stay as they are."""
    told = PersonMerged.model_validate(dict(event.data))
    if told.one_record:
        await merge_person(unit, event.place_id, Pair(told.person_id, told.merged_person_id))
        await merge_signposts(unit, event.place_id, told.person_id, told.merged_person_id)
        await carry_stored_only(unit, event.place_id, told.person_id, told.merged_person_id)


async def person_unmerged(unit: Unit, event: Received, _: Any) -> None:  # noqa: ANN401 - nothing was prepared
    """Speak of each of the two again, as before."""
    told = PersonUnmerged.model_validate(dict(event.data))
    if told.one_record:
        await unmerge_person(unit, event.place_id, Pair(told.person_id, told.merged_person_id))
        await unmerge_signposts(unit, event.place_id, told.person_id, told.merged_person_id)


async def notices_stopped(unit: Unit, event: Received, _: Any) -> None:  # noqa: ANN401 - nothing was prepared
    """Hold every open request that names the person, drafts too, until its referrer has decided what is right."""
    told = NoticesStopped.model_validate(dict(event.data))
    named = (request.c.place_id == event.place_id) & request.c.people.overlap([told.person_id])
    await hold_where(unit, named, QUIET, event.at, unsent=True)


async def notices_resumed(unit: Unit, event: Received, _: Any) -> None:  # noqa: ANN401 - nothing was prepared
    """Release what was held for that alone: a worker who knows the family said that it is time."""
    told = NoticesResumed.model_validate(dict(event.data))
    named = (request.c.place_id == event.place_id) & request.c.people.overlap([told.person_id])
    await release_where(unit, named, QUIET, event.at)


async def family_erased(unit: Unit, event: Received, _: Any) -> None:  # noqa: ANN401 - nothing was prepared
    """Erase what was asked on the family's behalf."""
    await erase_family(unit, event.place_id, FamilyErased.model_validate(dict(event.data)))


async def person_erased(unit: Unit, event: Received, _: Any) -> None:  # noqa: ANN401 - nothing was prepared
    """Erase what was asked on one person's behalf."""
    await erase_person(unit, event.place_id, PersonErased.model_validate(dict(event.data)))

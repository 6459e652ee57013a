"""A copy of what the Hub holds about somebody (UK GDPR Article 15): asked for, reviewed, released, given.

It is put together from each service whenever it is looked at, and none of it is kept.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from connective.consent.commands.audit_acts import acting
from connective.consent.commands.audit_reading import looking
from connective.consent.commands.ledger_entries import note
from connective.consent.commands.list_due import schedule_and_keepers
from connective.consent.commands.ports import Keepers
from connective.consent.commands.refusals import translated
from connective.consent.commands.whom_it_names import Meant, whom_it_names
from connective.consent.domain.access_copies import (
    CopyItem,
    Withheld,
    check_given,
    check_release,
    content_hash,
    item_of,
)
from connective.consent.domain.ledger import EntryKind, pseudonym
from connective.consent.domain.retention import in_words
from connective.consent.storage.access_copies import add_copy, held_here, load_copy, save_release
from connective.consent.storage.audit_look import Look
from connective.consent.storage.people import known_keys, person_keys
from connective.consent.storage.schedule import schedule_of
from connective.contracts.holdings import Holdings
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.idempotency import Attempt, Done
from connective.kit.ids import new_id
from connective.kit.problems import NotFound

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy as it is put together now, beside what is kept of it; `about` is what Article 15(1) asks to be told."""

    row: Record
    items: tuple[CopyItem, ...]
    hidden: bool
    """Whereabouts are restricted: what locates is left out, and an officer gives it by a safe way or not at all."""
    about: Mapping[str, list[str]]

    @property
    def content_hash(self) -> str:
        """The fingerprint of what is shown."""
        return content_hash(self.items)

    @property
    def given(self) -> tuple[CopyItem, ...]:
        """What the person is given: all but what was withheld."""
        return tuple(item for item in self.items if item.key not in self.row["withheld"])


async def ask_for_copy(
    database: Database,
    keepers: Keepers,
    actor: Actor,
    attempt: Attempt,
    *,
    meant: Meant,
    now: datetime,
) -> Done:
    """Begin a copy, held until it is released. Raises NotFound for a person of another legal entity's record.

    And Unacceptable where the request of the register names nobody, or several people.
    """
    with translated():
        person_id = await whom_it_names(database, actor, meant, now)
    _, organisations = await schedule_and_keepers(database, actor, now)
    found = await keepers.holdings(actor.place, organisations, person_id)
    async with acting(database, actor, attempt) as act:
        if act.done:
            return act.done
        if not found:
            raise NotFound
        key = (await person_keys(act.unit, act.place_id, [person_id]))[person_id]
        copy_id, person = new_id(), pseudonym(person_id, key)
        whom = (copy_id, act.place_id, act.entity_id, person_id, person, meant.information_request_id)
        await add_copy(act.unit, (*whom, actor.id, now))
        facts = {"access_copy_id": copy_id, "person": person}
        await note(act.unit, EntryKind.AUDIT, "access_copy.asked", now, facts)
        return await act.finish(Done(copy_id, 201))


async def put_together(database: Database, keepers: Keepers, actor: Actor, copy_id: UUID, *, now: datetime) -> Copy:
    """The copy as it is now, for its officer's review; the look is recorded. Raises NotFound, Unavailable."""
    found = await gather(database, keepers, actor, copy_id, now)
    asked: dict[str, Any] = {"access_copy_id": copy_id}
    async with looking(database, actor, "access_copy_read", now, asked) as look:
        return await _put_together(look, copy_id, found, asked)


async def give(
    database: Database, actor: Actor, copy_id: UUID, found: Mapping[str, Holdings], *, now: datetime
) -> Copy:
    """A released copy to be given to the person, recorded as an export. Raises NotFound, NotNow."""
    asked: dict[str, Any] = {"access_copy_id": copy_id}
    async with looking(database, actor, "access_copy_given", now, asked, kind=EntryKind.EXPORT) as look:
        made = await _put_together(look, copy_id, found, asked)
        check_given(made.row["state"], made.row["content_hash"], made.items)
        asked |= {"content_hash": made.content_hash, "withheld": len(made.row["withheld"])}
    return made


async def release_copy(
    database: Database,
    keepers: Keepers,
    actor: Actor,
    attempt: Attempt,
    copy_id: UUID,
    *,
    hash_seen: str,
    withheld: Mapping[str, Withheld],
    cleared: frozenset[str],
    now: datetime,
) -> Done:
    """Release what was reviewed, without what is withheld. Raises NotFound, NotNow, Unacceptable, Unavailable."""
    found = await gather(database, keepers, actor, copy_id, now)
    async with acting(database, actor, attempt) as act:
        if act.done:
            return act.done
        await load_copy(act, copy_id, lock=True)
        made = await _put_together(act, copy_id, found, {})
        check_release(made.items, hash_seen, withheld, cleared)
        kept = {key: why.value for key, why in withheld.items()}
        await save_release(act.unit, copy_id, hash_seen, kept, now)
        facts = {"access_copy_id": copy_id, "person": made.row["person"], "content_hash": hash_seen}
        counted = {"items": len(made.items), "withheld": len(kept)}
        await note(act.unit, EntryKind.AUDIT, "access_copy.released", now, facts | counted)
        return await act.finish(Done(copy_id, 200))


async def gather(
    database: Database, keepers: Keepers, actor: Actor, copy_id: UUID, now: datetime
) -> dict[str, Holdings]:
    """What the other services hold, asked before the transaction."""
    async with looking(database, actor, "access_copy_asked_about", now, {"access_copy_id": copy_id}) as look:
        person_id: UUID = (await load_copy(look, copy_id))["person_id"]
    _, organisations = await schedule_and_keepers(database, actor, now)
    found = await keepers.holdings(actor.place, organisations, person_id)
    if not found:
        raise NotFound
    return found


async def _put_together(look: Look, copy_id: UUID, found: Mapping[str, Holdings], asked: dict[str, Any]) -> Copy:
    row = await load_copy(look, copy_id)
    asked["person"] = row["person"]
    people, hidden = found["families"].person_ids, found["families"].hidden
    keys = await known_keys(look.unit, people)
    names = [pseudonym(person, key) for person, key in keys.items()]
    items = [
        item_of(service, item.section, item.data, review=item.review, file_id=item.file_id)
        for service, held in found.items()
        for item in held.items
    ]
    ours = await held_here(look, people, names, hidden=hidden)
    items += [item_of("consent", section, data, review=review) for section, data, review in ours]
    withheld = row["withheld"]
    row["withheld"] = json.loads(withheld) if isinstance(withheld, str) else withheld
    return Copy(row, tuple(items), hidden, await _about(look, items))


async def _about(look: Look, items: list[CopyItem]) -> dict[str, list[str]]:
    """What Article 15(1) and (2) ask to be told beside the data."""
    rules = await schedule_of(look.connection, look.place_id)
    purposes = sorted({str(p) for item in items for p in _listed(item.data, "purpose", "purposes")})
    to = sorted({str(item.data["to"]) for item in items if item.section == "who_received_what" and "to" in item.data})
    return {
        "Why it is used": purposes or ["To offer early help."],
        "Who received it": to or ["See the list below."],
        "How long it is kept": [in_words(rule) for rule in rules],
        "Where it came from": ["You, your family, and the organisations that recorded it, as each entry says."],
        "Decisions by machine": ["None: nobody is decided about by a machine alone."],
        "Your rights": [
            "You may ask for it to be put right, erased or used less, and you may object.",
            "You may complain to us, and to the Information Commissioner at ico.org.uk.",
        ],
    }


def _listed(data: Mapping[str, Any], *names: str) -> list[Any]:
    found: list[Any] = []
    for name in names:
        value = data.get(name)
        found += value if isinstance(value, list) else [value] if value else []
    return found

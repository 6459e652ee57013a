"""A place's own forms: drafted, rewritten, published and retired by who administers the place."""

from dataclasses import dataclass, replace

from connective.kit.actor import Actor
from connective.kit.database import Unit
from connective.kit.etags import refuse_stale
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.kit.ids import new_id
from connective.referrals.commands.refusals import FormStands, translated
from connective.referrals.commands.room import Room
from connective.referrals.domain.forms import Form
from connective.referrals.domain.place_forms import (
    PlaceForm,
    next_version,
    published,
    refuse_broken,
    retired,
    rewritten,
)
from connective.referrals.storage.events import audited
from connective.referrals.storage.form_library import forms
from connective.referrals.storage.place_forms import (
    add_draft,
    highest_used,
    lock_numbered,
    lock_published,
    save_place_form,
)


@dataclass(frozen=True, slots=True)
class Version:
    """Which version of which kind's form, and the change of it that the caller has seen."""

    kind: str
    number: int
    seen: int


async def draft_form(room: Room, actor: Actor, attempt: Attempt, form: Form) -> Done:
    """Keep the next version of a kind's form as a draft. Raises FormStands, InvalidDetails."""
    async with room.database.unit(actor) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done
        with translated():
            refuse_broken(form)
            numbered = replace(form, version=next_version(await highest_used(unit, form.kind)))
            new = PlaceForm(new_id(), actor.place, numbered, actor.id, room.clock())
            await add_draft(unit, new)
        return await remember(unit, attempt, Done(new.id, 201))


async def rewrite_form(room: Room, actor: Actor, which: Version, form: Form) -> PlaceForm:
    """Let a draft say something else. Raises NotFound, Stale, FormStands, InvalidDetails."""
    async with room.database.unit(actor) as unit:
        kept = await _locked(unit, which)
        with translated():
            after = rewritten(kept, replace(form, version=which.number))
        await save_place_form(unit, kept, after)
        return after


async def publish_form(room: Room, actor: Actor, attempt: Attempt, which: Version) -> Done:
    """Have new requests made on it; the version of before is retired in the same transaction.

    Raises NotFound, Stale, FormStands unless it is a draft, and InvalidDetails.
    """
    at = room.clock()
    async with room.database.unit(actor) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done
        kept = await _locked(unit, which)
        with translated():
            after = published(kept, actor.id, at)
        before = await lock_published(unit, which.kind)
        if before is not None:
            await save_place_form(unit, before, retired(before, actor.id, at))
        await save_place_form(unit, kept, after)
        unit.tell(audited(actor, "form.published", at, family_id=None), version=1)
        return await remember(unit, attempt, Done(kept.id, 200))


async def retire_form(room: Room, actor: Actor, attempt: Attempt, which: Version) -> Done:
    """Have no new request made on it: the product's own form of the kind counts again, where there is one.

    A draft is given up so. Raises NotFound, Stale, and FormStands for what is retired.
    """
    at = room.clock()
    async with room.database.unit(actor) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done
        kept = await _locked(unit, which)
        with translated():
            after = retired(kept, actor.id, at)
        await save_place_form(unit, kept, after)
        unit.tell(audited(actor, "form.retired", at, family_id=None), version=1)
        return await remember(unit, attempt, Done(kept.id, 200))


async def _locked(unit: Unit, which: Version) -> PlaceForm:
    if (which.kind, which.number) in forms():
        raise FormStands("This version came with the product and never changes: draft a version of your place's own.")
    kept = await lock_numbered(unit, which.kind, which.number)
    refuse_stale(which.seen, kept.version)
    return kept

"""What every change of a memorandum has in common, and the changes that need nothing else."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

from connective.consent.commands.ledger_entries import note
from connective.consent.commands.refusals import ruled_unit
from connective.consent.domain.agreement import Signature
from connective.consent.domain.agreement_text import terms_hash
from connective.consent.domain.ledger import EntryKind
from connective.consent.domain.memorandum import Memorandum, Progress, Report, end, report, sign, submit
from connective.consent.domain.memorandum_text import check_memorandum, memorandum_text, mentioned_in
from connective.consent.storage.entities import load_entities
from connective.consent.storage.memoranda import MemorandumAct, load_memorandum, save_memorandum
from connective.consent.storage.organisations import entity_of
from connective.kit.actor import Actor
from connective.kit.database import Database, Unit
from connective.kit.idempotency import Attempt, Done, earlier, remember

Change = Callable[[Unit, Memorandum, UUID], Awaitable[tuple[Memorandum, MemorandumAct]]]


async def _change(database: Database, actor: Actor, attempt: Attempt, memorandum_id: UUID, change: Change) -> Done:
    async with ruled_unit(database, actor) as unit:
        if done := await earlier(unit, attempt):
            return done
        entity_id = await entity_of(unit.connection, actor)
        before = await load_memorandum(unit.connection, actor.place, entity_id, memorandum_id, lock=True)
        after, act = await change(unit, before, entity_id)
        await save_memorandum(unit.connection, actor.place, after, act)
        facts = {
            "memorandum_id": memorandum_id,
            "legal_entity_id": entity_id,
            "state": after.state,
            "text_hash": after.text_hash,
        }
        await note(unit, EntryKind.AGREEMENT, f"memorandum_{act.name}", act.at, facts)
        return await remember(unit, attempt, Done(memorandum_id, 200))


async def submit_memorandum(
    database: Database, actor: Actor, attempt: Attempt, memorandum_id: UUID, now: datetime
) -> Done:
    """Freeze the text and ask each party's signatory. Raises AgreementIncomplete with what stops it."""

    async def change(unit: Unit, before: Memorandum, entity_id: UUID) -> tuple[Memorandum, MemorandumAct]:
        terms = before.terms
        register = await load_entities(unit.connection, actor.place, mentioned_in(terms))
        names = {e: register[e].name if e in register else "unknown" for e in mentioned_in(terms)}
        text = memorandum_text(before.reference, terms, names)
        stops = check_memorandum(terms, frozenset(register))
        after = submit(before, entity_id, text=text, text_hash=terms_hash(text, terms), stops=stops, at=now)
        return after, MemorandumAct("submitted", entity_id, actor.id, now)

    return await _change(database, actor, attempt, memorandum_id, change)


async def sign_memorandum(
    database: Database,
    actor: Actor,
    attempt: Attempt,
    memorandum_id: UUID,
    *,
    text_hash: str,
    name: str,
    position: str,
    now: datetime,
) -> Done:
    """Sign the hash of the text for the actor's legal entity; the last signature puts the memorandum in force."""

    async def change(_: Unit, before: Memorandum, entity_id: UUID) -> tuple[Memorandum, MemorandumAct]:
        signature = Signature(entity_id, actor.id, text_hash, now, name, position)
        return sign(before, signature), MemorandumAct("signed", entity_id, actor.id, now, signature=signature)

    return await _change(database, actor, attempt, memorandum_id, change)


async def report_commitment(
    database: Database,
    actor: Actor,
    attempt: Attempt,
    memorandum_id: UUID,
    *,
    commitment: int,
    progress: Progress,
    words: str,
    now: datetime,
) -> Done:
    """Say how a commitment stands; earlier reports stay."""

    async def change(_: Unit, before: Memorandum, entity_id: UUID) -> tuple[Memorandum, MemorandumAct]:
        said = Report(commitment, progress, words, actor.id, now)
        return report(before, entity_id, said), MemorandumAct("reported", entity_id, actor.id, now, report=said)

    return await _change(database, actor, attempt, memorandum_id, change)


async def end_memorandum(
    database: Database, actor: Actor, attempt: Attempt, memorandum_id: UUID, *, reason: str, now: datetime
) -> Done:
    """End a memorandum, with a reason; agreements to share that name it stand on their own."""

    async def change(_: Unit, before: Memorandum, entity_id: UUID) -> tuple[Memorandum, MemorandumAct]:
        return end(before, entity_id, now), MemorandumAct("ended", entity_id, actor.id, now, reason)

    return await _change(database, actor, attempt, memorandum_id, change)

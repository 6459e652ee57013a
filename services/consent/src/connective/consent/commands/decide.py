from datetime import datetime

from connective.consent.commands.ports import Families
from connective.consent.commands.receivers import answers_back
from connective.consent.commands.recording import Batch, decision_entries, decision_row, take
from connective.consent.storage.locks import lock_for_deciding, locks_for_deciding
from connective.consent.storage.people import keep_facts
from connective.consent.storage.records import record
from connective.consent.storage.works import DECIDING
from connective.contracts.permissions import Permission
from connective.contracts.sharing import PersonFacts, Question
from connective.kit.actor import Actor
from connective.kit.database import Database, Unit
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.kit.problems import NotAllowed, NotFound


async def decide_questions(database: Database, actor: Actor, questions: tuple[Question, ...], now: datetime) -> Batch:
    """Decide and record any number of questions for another service, which has checked the asker's right to ask."""
    locks = locks_for_deciding(actor.place, questions)
    async with database.unit(actor, by_key=True, first=locks, work=DECIDING) as unit:
        return await decide_in(unit, questions, now)


async def decide_for_worker(
    database: Database,
    families: Families,
    actor: Actor,
    attempt: Attempt,
    questions: tuple[Question, ...],
    *,
    now: datetime,
) -> Done:
    """Decide and record questions that a worker asks for their own organisation, about people they may see.

    So may a recipient about people it was shown, for what it sends back. Raises NotFound for another organisation's
    question or a person the worker may not see: the answer would tell; NotAllowed for a role that sees no families.
    """
    if any(q.discloser_organisation_id != actor.organisation for q in questions):
        raise NotFound
    people = tuple({person: None for q in questions for person in q.subjects})
    known: tuple[PersonFacts, ...] = ()
    if not await answers_back(database, actor, questions):
        if not actor.may(Permission.FAMILIES_FAMILY_READ):
            raise NotAllowed("You may ask about people whom the other organisation showed yours, to answer it.")
        known = (await families.facts(actor, people, None)).people
    async with database.unit(actor, by_key=True, work=DECIDING) as unit:
        if done := await earlier(unit, attempt):
            return done
        await keep_facts(unit, unit.actor.place, known, now)
        await lock_for_deciding(unit, questions)
        batch = await decide_in(unit, questions, now)
        return await remember(unit, attempt, Done(batch.id, 201))


async def decide_in(unit: Unit, questions: tuple[Question, ...], now: datetime) -> Batch:
    """Decide and record in a transaction that holds the questions' locks."""
    batch = await take(unit, questions, now)
    rows = [decision_row(unit.actor, batch, nth) for nth in range(len(batch.taken))]
    await record(unit, rows, None, decision_entries(unit.actor, batch))
    return batch

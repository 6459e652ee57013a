"""I5: no disclosure starts after a withdrawal's commit, over thousands of interleavings on a real PostgreSQL.

Nor after whatever else stops sharing: an objection, a restriction of processing, the suspension of the agreement.
"""

import asyncio
import random
from collections import Counter
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest
from consent_room import CHILD, MOTHER, PLACE, PR, SALT, SCHOOL, Room, terms

from connective.consent.commands.disclose import disclose
from connective.consent.commands.record_consent import Said, record_consent
from connective.consent.commands.withdraw_consent import withdraw_consent
from connective.consent.domain.consent import ConsentState, How, Kind, Manner, Scope, Spoken
from connective.contracts.authority import Authority
from connective.contracts.sharing import DisclosureAsked, Outcome, Question
from connective.kit.actor import Actor, ActorKind
from connective.kit.idempotency import Attempt
from connective.kit.ids import new_id

READINGS = 2_000
"""As many in all: each falls before, into or after a withdrawal."""
READINGS_OF_EACH_OTHER = 600
READERS = 10
_NOTHING: frozenset[str] = frozenset()
_BY_PHONE = Manner(How.TELEPHONE)


def actor(organisation: object) -> Actor:
    return Actor(ActorKind.PERSON, str(new_id()), PLACE, organisation)  # type: ignore[arg-type]  # a UUID of the room


def attempt() -> Attempt:
    return Attempt(str(new_id()), "test", b"")


def yes(child: UUID) -> Said:
    spoken = (Spoken(child, Authority(PR)),)
    scope = Scope(frozenset(), _NOTHING, frozenset(), frozenset())
    kind, given = Kind.AGREEMENT_TO_ENGAGE, ConsentState.GIVEN
    return Said(kind, given, None, MOTHER, "", spoken, scope, _BY_PHONE, "", None)


class Race:
    """A yes is given for one child after another, and withdrawn while the child's record is read.

    Each round has a child of its own, so that a reading costs the same in the last round as in the first. Nothing waits
    for a time: readers read on and on, what stops them begins once so many have been answered as chance has it, and
    each reads once more after it was committed. So it always falls among readings under way, and both ends are seen
    on the busiest machine: by the clock, what takes several steps came after every reading where each step is slow.
    """

    def __init__(self, room: Room, seed: int) -> None:
        self.room = room
        self.database = room.running.database
        self.worker, self.reader = actor(SCHOOL), actor(SALT)
        self.chance = random.Random(seed)  # noqa: S311 - chooses waits, keeps no secret
        self.outcomes: list[Outcome] = []
        self.agreement = ""
        self.begins_after, self.begins, self.stopped = 0, asyncio.Event(), asyncio.Event()

    async def child(self) -> UUID:
        """Another child of the family, as families would tell of them; the mother was told what is shared."""
        people, child = self.room.families.people, new_id()
        people[child] = people[CHILD].model_copy(update={"person_id": child})
        told = {"person_ids": [str(child)], "how": "in_person", "told_on": str(self.room.today)}
        await self.room.post("/notices", told, self.room.worker(), 201)
        return child

    async def read_on(self, child: UUID) -> None:
        """Read until it is stopped, and once more."""
        stopped = False
        while not stopped:
            stopped = self.stopped.is_set()
            await self.read(child)

    async def read(self, child: UUID) -> None:
        question = Question.model_validate(self.room.question(subjects=[str(child)]))
        asked = DisclosureAsked(question=question, request_id=new_id(), request_version=1)
        signer = self.room.running.composition.parts.signer
        answered = await disclose(self.database, signer, self.reader, asked, self.room.clock())
        self.outcomes.append(answered.taken.decision.outcome)
        if len(self.outcomes) >= self.begins_after:
            self.begins.set()

    async def withdraw(self, consent_id: object, owner: asyncpg.Connection) -> int:
        """Withdraw in the midst of the readers; how many disclosures had started when that was committed."""
        now = self.room.clock()
        await withdraw_consent(self.database, self.worker, attempt(), consent_id, words="", manner=_BY_PHONE, now=now)  # type: ignore[arg-type]  # a UUID
        return int(await owner.fetchval("SELECT count(*) FROM disclosure"))

    async def stop(self, how: str, child: UUID, owner: asyncpg.Connection) -> int:
        """Stop sharing about the child otherwise, in the midst of the readers; how many had started by then."""
        room, officer = self.room, self.room.officer()
        if how == "objection":
            said = {"person_id": str(child), "raised_by": str(MOTHER), "reason": "Not with them.", "how": "telephone"}
            await room.post("/objections", said, room.worker(), 201)
        elif how == "restriction":
            asked = {"person_id": str(child), "ground": "accuracy_contested"}
            await room.post("/audit/processing-restrictions", asked, officer, 201)
        else:
            await room.post(f"{self.agreement}/suspend", {"reason": "A breach."}, officer, 200)
        return int(await owner.fetchval("SELECT count(*) FROM disclosure"))

    async def run(self, owner: asyncpg.Connection, how: str = "withdrawal") -> None:
        """One round: whatever disclosure is there in the end was there when what stops it had committed."""
        child, now = await self.child(), self.room.clock()
        done = await record_consent(self.database, self.room.families, self.worker, attempt(), yes(child), now=now)
        self.begins.clear()
        self.stopped.clear()
        self.begins_after = len(self.outcomes) + self.chance.randint(1, 2 * READERS)
        async with asyncio.TaskGroup() as together:
            for _ in range(READERS):
                together.create_task(self.read_on(child))
            await self.begins.wait()
            withdrawn = how == "withdrawal"
            started = await (self.withdraw(done.resource_id, owner) if withdrawn else self.stop(how, child, owner))
            self.stopped.set()
        assert await owner.fetchval("SELECT count(*) FROM disclosure") == started, how
        if how == "suspension":
            await self.room.post(f"{self.agreement}/reinstate", {"reason": "Settled."}, self.room.officer(), 200)


async def test_no_disclosure_starts_after_a_withdrawal_commits(room: Room, owner: asyncpg.Connection) -> None:
    await room.agree("DSA-1", terms(room.today), SCHOOL, SALT)
    race = Race(room, seed=20261122)
    while len(race.outcomes) < READINGS:
        room.clock.move(timedelta(milliseconds=1))
        await race.run(owner)
    ends = Counter(race.outcomes)
    assert ends.keys() == {Outcome.DENY, Outcome.PERMIT}
    assert min(ends.values()) > READINGS / 10, "both orders happened, often"
    decided = await owner.fetchval("SELECT count(*) FROM ledger_entry WHERE kind IN ('decision', 'disclosure')")
    assert decided == len(race.outcomes), "every reading, permitted or not, is in the ledger"


@pytest.mark.parametrize("how", ["objection", "restriction", "suspension"])
async def test_no_disclosure_starts_after_what_else_stops_it_commits(
    room: Room, owner: asyncpg.Connection, how: str
) -> None:
    version = await room.agree("DSA-1", terms(room.today), SCHOOL, SALT)
    race = Race(room, seed=20261123)
    race.agreement = f"/agreements/{version['agreement_id']}/versions/1"
    while len(race.outcomes) < READINGS_OF_EACH_OTHER:
        room.clock.move(timedelta(milliseconds=1))
        await race.run(owner, how)
    ends = Counter(race.outcomes)
    assert ends.keys() == {Outcome.DENY, Outcome.PERMIT}
    assert min(ends.values()) > READINGS_OF_EACH_OTHER / 20, "both orders happened"

"""What may be read one by one is exactly what is listed: consents, notices, objections, sharing once and agreements."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import consent_builders as b
from consent_room import (
    CHARITY,
    CHILD,
    COUNCIL,
    EARLY_HELP,
    FOOD_BANK,
    MOTHER,
    NHS,
    ORGANISATIONS,
    PLACE,
    SALT,
    SCHOOL,
    Room,
)
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.consent.domain.agreement import State
from connective.consent.domain.consent import How, Manner, Scope, Spoken
from connective.consent.queries.agreements import Filters, list_agreements, read_agreement, read_version
from connective.consent.queries.statements import list_consents, list_notices, read_consent, read_notice
from connective.consent.storage.agreements import add_agreement, add_version
from connective.consent.storage.objections import add_objection, list_objections, load_objection
from connective.consent.storage.one_offs import add_one_off, list_one_offs, read_one_off
from connective.consent.storage.organisations import entity_of
from connective.consent.storage.overrides import add_override, list_overrides, load_override
from connective.consent.storage.statements import add_consent, add_notice, manner_columns, scope_columns
from connective.contracts.authority import Authority
from connective.kit.actor import Actor, ActorKind
from connective.kit.ids import new_id
from connective.kit.problems import NotFound
from connective.local.comparing import always

ASKERS = (SCHOOL, EARLY_HELP, SALT, FOOD_BANK)
KINDS = ("consent", "notice", "objection", "one_off", "override")
PLANS = st.lists(st.tuples(st.sampled_from(KINDS), st.sampled_from(ASKERS)), min_size=1, max_size=8)
_SCOPE = Scope(frozenset(), frozenset(), frozenset(), frozenset())


def asker(organisation: UUID) -> Actor:
    return Actor(ActorKind.PERSON, str(new_id()), PLACE, organisation)


async def make(room: Room, kind: str, organisation: UUID) -> UUID:
    """One record of this kind, recorded by this organisation."""
    who, now, record_id = asker(organisation), room.clock(), new_id()
    sharing = {
        "id": record_id,
        "recipient_organisation_id": FOOD_BANK,
        "person_ids": [CHILD],
        "categories": ["identity"],
        "reason": "x",
        "stands_until": now,
    }
    async with room.running.database.unit(who) as unit:
        if kind == "consent":
            said = {"id": record_id, "kind": "agreement_to_engage", "state": "given", "giver_id": MOTHER, "note": ""}
            said |= {"said_at": now, "expires_at": now + timedelta(days=9), "version": 1, "family_id": None}
            said |= {"giver_kind": "person", "spoken_by": "", **scope_columns(_SCOPE)}
            said |= manner_columns(Manner(How.WRITTEN))
            await add_consent(unit.connection, who, said, [Spoken(CHILD, Authority.PARENTAL_RESPONSIBILITY)])
        elif kind == "notice":
            told: dict[str, Any] = {"id": record_id, "recipient_organisation_ids": [], "purposes": [], "how": "written"}
            told |= {"interpreter": None, "language": "en", "document_reference": "", "document_version": ""}
            await add_notice(unit.connection, who, told | {"told_on": now.date(), "recorded_at": now}, [CHILD])
        elif kind == "objection":
            values = {"id": record_id, "person_id": CHILD, "raised_by": MOTHER, "state": "open", "reason": ""}
            values |= {"recipient_organisation_ids": [], "raised_at": now, "resolution": "", "version": 1, "how": ""}
            await add_objection(unit.connection, who, values)
        elif kind == "one_off":
            values = sharing | {"ground": "vital_interests", "condition": "", "decision": "share", "form": None}
            await add_one_off(unit.connection, who, who.organisation, values, now)
        else:
            values = sharing | {"share": True, "risk_of_not_sharing": "x", "family_told": True, "family_told_note": ""}
            values |= {"used_at": now, "review_by": now, "decision_id": new_id(), "review_note": "", "version": 1}
            await add_override(unit.connection, who, values)
    return record_id


async def listed(connection: AsyncConnection, who: Actor, kind: str, room: Room) -> set[UUID]:
    """What the list of this kind shows to the asker."""
    most = 100_000
    if kind == "consent":
        rows: list[Any] = await list_consents(connection, who, [CHILD], None, most)
    elif kind == "notice":
        rows = await list_notices(connection, who, [CHILD], None, most)
    elif kind == "objection":
        rows = await list_objections(connection, await entity_of(connection, who), None, None, most)
    elif kind == "one_off":
        rows = await list_one_offs(connection, who, limit=most)
    else:
        rows = await list_overrides(connection, who, None, most, now=room.clock())
    return {row["id"] for row in rows}


async def may_read(connection: AsyncConnection, who: Actor, kind: str, record_id: UUID) -> bool:
    """Does reading this one record answer, rather than say that there is none?"""
    entity_id = await entity_of(connection, who)
    readers: dict[str, Callable[[], Awaitable[Any]]] = {
        "consent": lambda: read_consent(connection, who, record_id),
        "notice": lambda: read_notice(connection, who, record_id),
        "objection": lambda: load_objection(connection, entity_id, record_id),
        "one_off": lambda: read_one_off(connection, who, record_id),
        "override": lambda: load_override(connection, who, record_id),
    }
    try:
        await readers[kind]()
    except NotFound:
        return False
    return True


async def test_reading_and_listing_never_differ(room: Room) -> None:
    made: list[tuple[str, UUID, UUID]] = []

    async def holds(plan: list[tuple[str, UUID]]) -> None:
        fresh = [(kind, organisation, await make(room, kind, organisation)) for kind, organisation in plan]
        made.extend(fresh)
        for organisation in ASKERS:
            who = asker(organisation)
            async with room.running.database.reading(who) as connection:
                shown = {kind: await listed(connection, who, kind, room) for kind in KINDS}
                for kind, keeper, record_id in fresh:
                    read = await may_read(connection, who, kind, record_id)
                    assert read is (record_id in shown[kind]), (kind, keeper, organisation)
                    same_entity = ORGANISATIONS[keeper] == ORGANISATIONS[organisation]
                    assert not read or same_entity, "nothing is shown beyond the legal entity"
                    assert read or keeper != organisation, "an organisation sees its own"

    await always(PLANS, holds, examples=25)
    assert {kind for kind, _, _ in made} == set(KINDS)


VERSIONS = st.lists(
    st.tuples(st.sampled_from(State), st.frozensets(st.sampled_from([COUNCIL, NHS, CHARITY]))), min_size=1, max_size=3
)
"""The state of each version of an agreement, and whom its terms name."""


async def draft(room: Room, lead: UUID, versions: list[tuple[State, frozenset[UUID]]]) -> UUID:
    """An agreement led by this organisation's legal entity, with these versions."""
    who, agreement_id = asker(lead), new_id()
    async with room.running.database.unit(who) as unit:
        led_by = ORGANISATIONS[lead]
        made: dict[str, Any] = {"reference": f"DSA-{agreement_id}", "lead_entity_id": led_by}
        await add_agreement(unit.connection, who, agreement_id, at=room.clock(), **made)
        for number, (state, named) in enumerate(versions, 1):
            terms = b.terms(audit_entity_ids=named)
            version = b.version(agreement_id=agreement_id, number=number, state=state, terms=terms, **made)
            await add_version(unit.connection, PLACE, version)
    return agreement_id


async def readable(connection: AsyncConnection, who: Actor, agreement_id: UUID, versions: int, room: Room) -> set[int]:
    """The versions that answer when they are read one by one."""
    found = set()
    for number in range(1, versions + 1):
        try:
            await read_version(connection, who, agreement_id, number, room.clock().date())
        except NotFound:
            continue
        found.add(number)
    return found


async def within(connection: AsyncConnection, who: Actor, agreement_id: UUID) -> set[int]:
    """The versions that the agreement itself shows; none where it is not found."""
    try:
        return {version.number for version in (await read_agreement(connection, who, agreement_id)).versions}
    except NotFound:
        return set()


async def test_agreements_are_listed_to_those_who_may_read_them(room: Room) -> None:
    async def holds(drawn: tuple[UUID, list[tuple[State, frozenset[UUID]]]]) -> None:
        lead, versions = drawn
        agreement_id = await draft(room, lead, versions)
        for organisation in ASKERS:
            who, own = asker(organisation), ORGANISATIONS[organisation]
            async with room.running.database.reading(who) as connection:
                lines = await list_agreements(connection, who, Filters(), None, 1000, today=room.clock().date())
                shown = {v.number for line in lines if line.id == agreement_id for v in line.versions}
                assert shown == await within(connection, who, agreement_id)
                assert shown == await readable(connection, who, agreement_id, len(versions), room)
            named = {n for n, (state, seen_by) in enumerate(versions, 1) if state != State.DRAFT and own in seen_by}
            assert shown == (set(range(1, len(versions) + 1)) if ORGANISATIONS[lead] == own else named)

    await always(st.tuples(st.sampled_from(ASKERS), VERSIONS), holds, examples=15)

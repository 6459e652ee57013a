"""Recording people in a family: what registering a family and adding to one have in common."""

from datetime import date
from uuid import UUID

from connective.families.commands.drafts import FamilyDraft, Member, PeopleDraft
from connective.families.commands.matching import Hit, hits
from connective.families.commands.means import Means
from connective.families.domain.addresses import Address, may_leave
from connective.families.domain.duplicates import unseen
from connective.families.domain.refusals import BadRelationship, LikelyDuplicate
from connective.families.domain.relationships import Relationship, check_relationship
from connective.families.domain.tokens import Known
from connective.families.storage import mapping, tables
from connective.families.storage.mapping import Keeper
from connective.families.storage.pictures import load
from connective.families.storage.writing import add, add_rows
from connective.kit.actor import Actor
from connective.kit.database import Unit


def known_of_draft(member: Member, home: Address | None, day: date) -> Known:
    """The facts by which somebody new may turn out to be known."""
    lives_here = home is not None and may_leave(home) and member.membership.at_home_on(day)
    postcode = home.postcode if home is not None and lives_here else None
    return Known(member.person.name, member.person.date_of_birth, postcode, member.person.nhs_number)


async def likely_duplicates(unit: Unit, actor: Actor, draft: FamilyDraft, day: date, means: Means) -> tuple[Hit, ...]:
    """Known people whom the draft probably records again, other than those the worker has looked at.

    Those whose data are stored and not used are among them, without a name: a second record would use them after all.
    """
    asked = [known_of_draft(member, draft.address, day) for member in draft.people.members]
    found = await hits(unit, actor, asked, means.search_key)
    found += await hits(unit, actor, asked, means.search_key, stored_only=True)
    doubtful = {m.person_id for m in unseen((h.match for h in found), draft.people.duplicates_seen)}
    joining = {m.person_id for m in draft.people.joining}
    strongest = sorted(found, key=lambda h: h.match.score)
    by_person = {h.match.person_id: h for h in strongest if h.match.person_id in doubtful - joining}
    return tuple(by_person.values())


def duplicate_refusal(found: tuple[Hit, ...]) -> LikelyDuplicate:
    """The refusal that shows the candidates: ids, and what the worker may be told of them."""
    return LikelyDuplicate(
        "Look at the candidates. Use the record if it is the same person; else send again with their ids in "
        "duplicates_seen. One that is processing_restricted is stored and shown to nobody, at their request: ask the "
        "data protection officer first.",
        candidates=[
            {
                "person_id": str(hit.match.person_id),
                "name": hit.name,
                "year_of_birth": hit.birth_year,
                "processing_restricted": hit.stored_only,
                "kept_by_your_organisation": hit.kept_by_you,
                "resembles": f"/people/{hit.asked}",
            }
            for hit in found
        ],
    )


async def check_relationships(unit: Unit, draft: PeopleDraft) -> None:
    """Refuse a relationship with somebody who is not in the family, and what the domain refuses."""
    loaded = await load(unit.connection, family_ids=[draft.family_id], person_ids=_joining(draft))
    members = {m.person_id for m in loaded.picture.memberships if m.family_id == draft.family_id}
    members |= {member.person.id for member in draft.members} | _joining(draft)
    known: tuple[Relationship, ...] = loaded.picture.relationships
    for new in draft.relationships:
        if not {new.person_id, new.of_person_id} <= members:
            raise BadRelationship("Both people must be in the family.", "person_id", within="/relationships")
        known = (*known, check_relationship(new, known))


def _joining(draft: PeopleDraft) -> set[UUID]:
    return {membership.person_id for membership in draft.joining}


async def write_people(unit: Unit, draft: PeopleDraft, keeper: Keeper) -> None:
    """Write the draft's people, memberships, relationships and what belongs to each person."""
    people = [{**mapping.of_person(m.person), "upn_sealed": m.sealed_upn} for m in draft.members]
    await add_rows(unit, tables.person, people, keeper)
    memberships = [*(m.membership for m in draft.members), *draft.joining]
    await add(unit, tables.membership, mapping.of_membership, memberships, keeper)
    await add(unit, tables.relationship, mapping.of_relationship, draft.relationships, keeper)
    contacts = [contact for m in draft.members for contact in m.contacts]
    await add(unit, tables.contact_point, mapping.of_contact, contacts, keeper)
    await add(unit, tables.need, mapping.of_need, [need for m in draft.members for need in m.needs], keeper)
    pregnancies = [m.pregnancy for m in draft.members if m.pregnancy is not None]
    await add(unit, tables.pregnancy, mapping.of_pregnancy, pregnancies, keeper)

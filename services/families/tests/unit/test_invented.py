from collections import Counter
from datetime import date
from itertools import pairwise
from uuid import UUID

from connective.families.domain.families import Residence
from connective.families.domain.identifiers import canonical_postcode, check_nhs_number
from connective.families.domain.invented_families import Invented, invent_families
from connective.families.domain.relationships import Kind, Responsibility, check_relationship

TODAY = date(2026, 3, 1)
KEEPER = UUID(int=1)


def invented(count: int, seed: int = 1) -> list[Invented]:
    return [family for group in invent_families(count, seed, KEEPER, TODAY) for family in group]


def test_the_same_seed_invents_the_same_families() -> None:
    assert invented(30) == invented(30)
    assert {f.id for f in invented(30)}.isdisjoint(f.id for f in invented(30, seed=2))
    assert len({f.id for f in invented(300)}) == 300


def test_asking_for_more_later_only_adds() -> None:
    for few in range(1, 25):
        assert {f.id for f in invented(few)} <= {f.id for f in invented(40)}
        assert len(invented(few)) == few


def test_every_shape_is_there() -> None:
    families = invented(40)
    births = [Counter(p.date_of_birth for p in f.people) for f in families]
    held = {r.responsibility for f in families for r in f.relationships if r.kind is Kind.KINSHIP_CARER}
    assert any(2 in days.values() for days in births)
    assert held == {Responsibility.SPECIAL_GUARDIANSHIP, None}
    assert any(m.residence is Residence.PART_TIME for f in families for m in f.memberships)
    assert any(f.address and f.address.withheld for f in families)
    assert any(f.pregnancies for f in families)


def test_nobody_invented_could_be_real_and_every_rule_holds() -> None:
    for family in invented(200):
        for person in family.people:
            assert person.date_of_birth is not None
            assert person.date_of_birth < TODAY
            assert person.nhs_number is None or check_nhs_number(person.nhs_number, synthetic=True)
        assert all(c.value.startswith("07700900") for c in family.contacts)
        assert family.address is not None
        assert canonical_postcode(family.address.postcode or "") == family.address.postcode
        for number, relationship in enumerate(family.relationships):
            check_relationship(relationship, tuple(family.relationships[:number]))


def test_a_parent_was_grown_up_when_a_child_was_born() -> None:
    for family in invented(300):
        born = {person.id: person.date_of_birth for person in family.people if person.date_of_birth}
        children = {r.of_person_id for r in family.relationships if r.kind in {Kind.PARENT, Kind.KINSHIP_CARER}}
        for relationship in family.relationships:
            parent, child = born.get(relationship.person_id), born.get(relationship.of_person_id)
            if relationship.of_person_id in children and parent and child:
                assert (child - parent).days >= 17.9 * 365.25
        days = sorted({born[each] for each in children if each in born})
        assert all((later - earlier).days >= 270 for earlier, later in pairwise(days))

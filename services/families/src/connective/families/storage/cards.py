"""Search cards: all that a search of the place may reach, and nothing more.

A card holds a name and a year of birth, with keyed tokens of the facts it is found by. Whoever must not be found, and
everybody who lives with them, has no card: absent from answers and from their timing. Whoever's data are stored and not
used (UK GDPR Article 18) has one without name and year, which no search reads: it warns who would register them anew.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from connective.families.domain.addresses import current_address, homes_of, may_leave
from connective.families.domain.families import living_with
from connective.families.domain.people import Person
from connective.families.domain.shared import Picture
from connective.families.domain.tokens import Fact, Known, Token, tokens_of
from connective.families.storage.mapping import Keeper
from connective.families.storage.pictures import load
from connective.kit.database import Unit

_MOST_CANDIDATES = 500
_FORGET = "DELETE FROM search_token WHERE person_id = ANY($1::uuid[])"
_FORGET_CARDS = "DELETE FROM search_card WHERE person_id = ANY($1::uuid[])"
_ADD_CARDS = """
INSERT INTO search_card (person_id, place_id, organisation_id, name, birth_year, stored_only)
SELECT p, $1, $2, n, y, s FROM unnest($3::uuid[], $4::text[], $5::int[], $6::bool[]) AS c (p, n, y, s)
"""
_ADD_TOKENS = """
INSERT INTO search_token (place_id, token, person_id, organisation_id, fact)
SELECT $1, t, p, $2, f FROM unnest($3::bytea[], $4::uuid[], $5::text[]) AS c (t, p, f)
"""
_FIND = f"""
SELECT t.person_id, t.fact, t.token, c.name, c.birth_year, c.organisation_id
FROM search_token t JOIN search_card c ON c.person_id = t.person_id AND c.stored_only = $5
WHERE t.place_id = $1 AND t.person_id IN (
  SELECT s.person_id FROM search_token s WHERE s.place_id = $1 AND s.token = ANY($2::bytea[])
    AND EXISTS (
      SELECT 1 FROM search_token n WHERE n.place_id = $1 AND n.token = ANY($3::bytea[]) AND n.person_id = s.person_id)
  UNION SELECT s.person_id FROM search_token s WHERE s.place_id = $1 AND s.token = ANY($4::bytea[])
  LIMIT {_MOST_CANDIDATES})
"""  # noqa: S608 - constants only; values go as parameters

_ONE = """
SELECT t.fact, t.token, c.name, c.birth_year, c.organisation_id
FROM search_token t JOIN search_card c ON c.person_id = t.person_id
WHERE t.place_id = $1 AND t.person_id = $2 AND NOT c.stored_only
"""


@dataclass(frozen=True, slots=True)
class Card:
    """What a search may show of somebody, and the tokens they are found by."""

    person_id: UUID
    organisation_id: UUID
    name: str
    birth_year: int | None
    tokens: frozenset[Token]


async def find(
    unit: Unit, place_id: UUID, asked: Iterable[frozenset[Token]], *, stored_only: bool = False
) -> tuple[Card, ...]:
    """Everybody in the place who shares a strong fact and a part of a name, or an NHS number, with one asked about.

    Or, where that is asked, those alone whose data are stored and not used: their cards have no name.
    """
    tokens = frozenset().union(*asked)
    facts = [t.value for t in tokens if t.fact in {Fact.BORN, Fact.HOME}]
    names = [t.value for t in tokens if t.fact is Fact.NAME]
    numbers = [t.value for t in tokens if t.fact is Fact.NHS]
    held: dict[UUID, set[Token]] = {}
    cards = {}
    for row in await unit.fetch(_FIND, (place_id, facts, names, numbers, stored_only)):
        held.setdefault(row.person_id, set()).add(Token(Fact(row.fact), row.token))
        cards[row.person_id] = row
    return tuple(
        Card(person_id, row.organisation_id, row.name, row.birth_year, frozenset(held[person_id]))
        for person_id, row in cards.items()
    )


def known_of(person: Person, picture: Picture, day: date) -> Known:
    """The facts somebody is found by. An address that may not leave finds nobody either."""
    home = current_address(picture.addresses, homes_of(person.id, picture.memberships, day), day)
    postcode = home.postcode if home is not None and may_leave(home) else None
    return Known(person.name, person.date_of_birth, postcode, person.nhs_number)


async def refresh(unit: Unit, keeper: Keeper, family_ids: Iterable[UUID], key: bytes, day: date) -> None:
    """Make the cards of everybody in these families anew from the record as it now is."""
    people = frozenset((await load(unit.connection, family_ids=family_ids)).picture.people)
    loaded = await load(unit.connection, person_ids=people)
    hidden = living_with(loaded.must_not_be_found(), loaded.picture.memberships, day)
    await forget(unit, people)
    known = {i: known_of(loaded.picture.people[i], loaded.picture, day) for i in sorted(people - hidden)}
    await write_cards(unit, keeper, known, key, stored=loaded.stored_only())


async def forget(unit: Unit, people: Iterable[UUID]) -> None:
    """Take the cards of these people out: no search finds them any more."""
    people = list(people)
    await unit.run(_FORGET, (people,))
    await unit.run(_FORGET_CARDS, (people,))


async def card_of(unit: Unit, place_id: UUID, person_id: UUID) -> Card | None:
    """The card of one person of the place; None for whoever has none, whether hidden, merged or unknown."""
    rows = await unit.fetch(_ONE, (place_id, person_id))
    if not rows:
        return None
    tokens = frozenset(Token(Fact(row.fact), row.token) for row in rows)
    return Card(person_id, rows[0].organisation_id, rows[0].name, rows[0].birth_year, tokens)


async def write_cards(
    unit: Unit, keeper: Keeper, known: dict[UUID, Known], key: bytes, stored: frozenset[UUID] = frozenset()
) -> None:
    """Write a card and its tokens for each of these people, who have none; without a name for those stored only."""
    names = ["" if i in stored else k.name.full for i, k in known.items()]
    years = [None if i in stored else k.date_of_birth and k.date_of_birth.year for i, k in known.items()]
    cards = (list(known), names, years, [i in stored for i in known])
    await unit.run(_ADD_CARDS, (keeper.place_id, keeper.organisation_id, *cards))
    found = [(t, i) for i, k in known.items() for t in tokens_of(k, keeper.place_id, key)]
    tokens = ([t.value for t, _ in found], [i for _, i in found], [t.fact.value for t, _ in found])
    await unit.run(_ADD_TOKENS, (keeper.place_id, keeper.organisation_id, *tokens))

from datetime import date
from uuid import UUID

import pytest

from connective.contracts.categories import Purpose
from connective.families.domain.duplicates import Likeness, Match, compare, ranked, unseen
from connective.families.domain.names import Name
from connective.families.domain.refusals import SearchTooWide
from connective.families.domain.search import check_search
from connective.families.domain.tokens import Fact, Known, Token, tokens_of

PLACE, KEY = UUID(int=1), b"k" * 32
BORN = date(2022, 5, 5)
HOME = "TA20 1QX"
LILY = Known(Name("Lily Rose", "Hart"), BORN, HOME)


def tokens(known: Known) -> frozenset[Token]:
    return tokens_of(known, PLACE, KEY)


def like(asked: Known, held: Known) -> Likeness:
    return compare(UUID(int=7), tokens(asked), tokens(held)).likeness


@pytest.mark.parametrize(
    ("held", "likeness"),
    [
        (LILY, Likeness.LIKELY_SAME),
        (Known(Name("Lily", "Hart"), BORN), Likeness.LIKELY_SAME),
        (Known(Name("Lily", "Reed", previous_family=("Hart",)), BORN), Likeness.LIKELY_SAME),
        (Known(Name("Lilian", "Hart", known_as="Lily"), BORN), Likeness.LIKELY_SAME),
        (Known(Name("Lily", "Reed"), BORN, HOME), Likeness.LIKELY_SAME),
        (Known(Name("Lily", "Hart"), None, HOME), Likeness.LIKELY_SAME),
        (Known(Name("Ruby Rose", "Hart"), BORN, HOME), Likeness.LIKELY_TWIN),
        (Known(Name("Ruby", "Hart"), BORN, "TA20 9ZZ"), Likeness.POSSIBLE),
        (Known(Name("Hart", "Lily"), BORN), Likeness.POSSIBLE),
        (Known(Name("Lily", "Reed"), BORN, "TA20 9ZZ"), Likeness.POSSIBLE),
        (Known(Name("Lily", "Hart"), date(1990, 1, 1), HOME), Likeness.UNLIKE),
        (Known(Name("Sam", "Moss"), BORN, HOME), Likeness.UNLIKE),
    ],
)
def test_the_rules(held: Known, likeness: Likeness) -> None:
    assert like(LILY, held) is likeness


def test_one_nhs_number_is_one_person_and_two_are_two() -> None:
    one = Known(Name("Lily", "Hart"), BORN, HOME, "9993395633")
    assert like(one, Known(Name("Lili", "Heart"), None, None, "9993395633")) is Likeness.LIKELY_SAME
    other = Known(Name("Lily", "Hart"), BORN, None, "9999939082")
    assert like(one, other) is Likeness.POSSIBLE
    assert like(one, Known(Name("Lily", "Hart"), BORN, HOME, "9999939082")) is Likeness.LIKELY_TWIN


def test_tokens_tell_nothing_without_the_key_and_meet_only_in_their_place() -> None:
    here = tokens(LILY)
    assert here.isdisjoint(tokens_of(LILY, UUID(int=2), KEY))
    assert here.isdisjoint(tokens_of(LILY, PLACE, b"j" * 32))
    assert all(len(token.value) == 16 for token in here)


def test_the_most_alike_come_first_and_never_more_than_asked() -> None:
    matches = [
        Match(UUID(int=i), Likeness.POSSIBLE if i else Likeness.UNLIKE, frozenset({Fact.NAME}), i % 3) for i in range(8)
    ]
    assert [m.person_id.int for m in ranked(matches, 5)] == [2, 5, 1, 4, 7]


def test_twins_never_stop_a_registration_and_seen_candidates_no_longer_do() -> None:
    same = Match(UUID(int=1), Likeness.LIKELY_SAME, frozenset(), 1)
    twin = Match(UUID(int=2), Likeness.LIKELY_TWIN, frozenset(), 1)
    assert unseen([same, twin], frozenset()) == (same,)
    assert unseen([same, twin], frozenset({same.person_id})) == ()


def test_a_search_needs_one_more_fact_and_a_purpose() -> None:
    check_search(LILY, Purpose.REFERRAL)
    with pytest.raises(SearchTooWide):
        check_search(Known(Name("Lily", "Hart")), Purpose.REFERRAL)
    with pytest.raises(SearchTooWide):
        check_search(LILY, Purpose.RESEARCH)

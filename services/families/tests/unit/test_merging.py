"""Two records of one human: who may make them one, and what the united record says."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from connective.families.domain.duplicates import Likeness, Match
from connective.families.domain.merging import (
    Merge,
    MergeAction,
    MergeReason,
    MergeState,
    agree,
    decline,
    differing,
    parted,
    refuse_twins,
    undo,
    united,
)
from connective.families.domain.names import make_name
from connective.families.domain.people import Person, Sex
from connective.families.domain.refusals import AlreadyEnded, LikelyTwin, NotTheSecondPerson
from connective.families.domain.restrictions import Restriction, RestrictionKind, standing
from connective.kit.ids import new_id

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SCHOOL, CHARITY = new_id(), new_id()


def merge(other_keeper: bool = False) -> Merge:
    return Merge(
        id=new_id(),
        person_id=new_id(),
        merged_person_id=new_id(),
        keepers=(SCHOOL, CHARITY if other_keeper else SCHOOL),
        likeness=Likeness.LIKELY_SAME,
        shared=(),
        differs=(),
        proposed_by="ada",
        proposed_organisation_id=SCHOOL,
        proposed_at=NOW,
    )


def test_one_keepers_records_take_one_agreement_and_never_the_proposers() -> None:
    one = merge()
    with pytest.raises(NotTheSecondPerson):
        agree(one, SCHOOL, "ada", NOW)
    made = agree(one, SCHOOL, "bea", NOW)
    assert (made.state, made.settled_by, made.version, made.legal) == (
        MergeState.MERGED,
        "bea",
        2,
        {MergeAction.UNDO},
    )
    with pytest.raises(AlreadyEnded):
        agree(made, SCHOOL, "cai", NOW)


def test_two_keepers_agree_each_for_themselves_by_different_people() -> None:
    half = agree(merge(other_keeper=True), SCHOOL, "bea", NOW)
    assert (half.state, half.awaiting) == (MergeState.PROPOSED, (CHARITY,))
    with pytest.raises(AlreadyEnded):
        agree(half, SCHOOL, "cai", NOW)
    with pytest.raises(NotTheSecondPerson):
        agree(half, CHARITY, "bea", NOW)
    assert agree(half, CHARITY, "cai", NOW).state is MergeState.MERGED


def test_what_was_declined_is_over_and_what_was_merged_is_undone_once() -> None:
    declined = decline(merge(), "bea", MergeReason.DIFFERENT_PEOPLE, NOW)
    with pytest.raises(AlreadyEnded):
        undo(declined, "bea", MergeReason.DIFFERENT_PEOPLE, NOW)
    undone = undo(agree(merge(), SCHOOL, "bea", NOW), "bea", MergeReason.DIFFERENT_PEOPLE, NOW)
    assert (undone.state, undone.legal) == (MergeState.UNDONE, frozenset())
    with pytest.raises(AlreadyEnded):
        undo(undone, "bea", MergeReason.DIFFERENT_PEOPLE, NOW)


def test_likely_twins_are_refused_and_others_pass() -> None:
    with pytest.raises(LikelyTwin):
        refuse_twins(Match(new_id(), Likeness.LIKELY_TWIN, frozenset(), 50))
    for likeness in set(Likeness) - {Likeness.LIKELY_TWIN}:
        match = Match(new_id(), likeness, frozenset(), 50)
        assert refuse_twins(match) is match


STAYS = Person(new_id(), make_name("Asha", "Hart"), Sex.FEMALE, date(1995, 5, 5), language="Polish")
MERGED = Person(
    new_id(), make_name("Asha", "Reed", "Ash", ("Moss",)), Sex.FEMALE, language="Welsh", gp_practice="Vale Surgery"
)


def test_what_stays_says_what_it_said_and_the_other_fills_its_gaps() -> None:
    both = united(STAYS, MERGED)
    assert (both.id, both.language, both.gp_practice, both.name.known_as) == (STAYS.id, "Polish", "Vale Surgery", "Ash")
    assert both.name.previous_family == ("Reed", "Moss")
    assert differing(STAYS, MERGED) == ("family_name", "language")


def test_parting_takes_back_what_was_filled_in_and_keeps_what_was_changed_since() -> None:
    both = united(STAYS, MERGED)
    assert parted(both, STAYS, MERGED) == STAYS
    changed = replace(both, gp_practice="Hill Surgery", interpreter=True)
    after = parted(changed, STAYS, MERGED)
    assert (after.gp_practice, after.interpreter, after.name) == ("Hill Surgery", True, STAYS.name)


def test_of_several_restrictions_the_stricter_stands() -> None:
    person = new_id()

    def restriction(kind: RestrictionKind, *names: str, active: bool = True) -> Restriction:
        lifted = None if active else NOW
        return Restriction(new_id(), person, kind, "x", NOW, named_actor_ids=frozenset(names), lifted_at=lifted)

    hides, shuts = RestrictionKind.WHEREABOUTS, RestrictionKind.CONFLICT
    several = (
        restriction(hides, "a", "b"),
        restriction(hides, "b", "c"),
        restriction(hides, active=False),
        restriction(shuts, "a"),
        restriction(shuts, "b"),
    )
    seeing, kept_out = standing(several, person, hides), standing(several, person, shuts)
    assert seeing is not None
    assert kept_out is not None
    assert (seeing.named_actor_ids, kept_out.named_actor_ids) == ({"b"}, {"a", "b"})
    assert standing(several, new_id(), hides) is None

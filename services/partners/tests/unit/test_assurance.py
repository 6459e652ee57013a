"""A provider's dossier: what vouches, until when, and which level follows, by the rules that are data."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from connective.contracts.categories import AssuranceLevel
from connective.partners.domain.assurance import (
    Held,
    ItemKind,
    Standing,
    lapsed,
    level_on,
    local_day,
    standings,
    warning_due,
)
from connective.partners.domain.dossier import (
    Item,
    ItemState,
    broken_item,
    decided,
    held_of,
    kinds_at_joining,
    may_become,
    recorded,
    with_last_day,
)
from connective.partners.storage.reference_data import assurance_rules

RULES = assurance_rules()
TODAY = date(2026, 3, 3)
NOW = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
NAMED, SHARED = AssuranceLevel.NAMED_ACCOUNTS, AssuranceLevel.SHARED_DEVICE
ACCOUNTS, TRAINING, DEVICE = ItemKind.NAMED_ACCOUNTS, ItemKind.TRAINING, ItemKind.SHARED_DEVICE


def item(kind: ItemKind = ItemKind.INSURANCE, state: ItemState = ItemState.VERIFIED, **told: date | None) -> Item:
    issued, expires = told.get("issued") or TODAY, told.get("expires")
    nobody = UUID(int=1)
    return Item(nobody, nobody, nobody, kind, "Policy AX-1", None, issued, expires, "a", NOW, state)


@pytest.mark.parametrize(
    ("held", "level"),
    [
        ([], SHARED),
        ([Held(ACCOUNTS, None)], SHARED),
        ([Held(ACCOUNTS, TODAY), Held(TRAINING, TODAY)], NAMED),
        ([Held(ACCOUNTS, TODAY), Held(TRAINING, TODAY - timedelta(days=1))], SHARED),
        ([Held(ACCOUNTS, None), Held(TRAINING, None), Held(ItemKind.INSURANCE, date(2020, 1, 1))], NAMED),
        ([Held(ACCOUNTS, None), Held(TRAINING, None), Held(DEVICE, TODAY)], SHARED),
        ([Held(ACCOUNTS, None), Held(TRAINING, None), Held(DEVICE, TODAY - timedelta(days=1))], NAMED),
    ],
    ids=["nothing", "untrained", "last-day", "day-after", "uninsured", "device", "device-no-more"],
)
def test_the_level_follows_from_what_is_vouched_for_on_the_day(held: list[Held], level: AssuranceLevel) -> None:
    assert level_on(held, RULES, TODAY) is level


def test_notices_are_due_at_their_days_and_the_nearest_is_told() -> None:
    def due(left: int) -> int | None:
        return warning_due(Held(TRAINING, TODAY + timedelta(days=left)), RULES, TODAY)

    assert [due(left) for left in (29, 28, 8, 7, 0, -1)] == [None, 28, 28, 7, 7, None]
    assert warning_due(Held(TRAINING, None), RULES, TODAY) is None


def test_what_lapsed_and_what_is_missing_is_told_in_words() -> None:
    held = [Held(ItemKind.INSURANCE, date(2026, 3, 2)), Held(TRAINING, TODAY), Held(ItemKind.VISIT, None)]
    assert [each.sentence for each in lapsed(held, RULES, TODAY)] == [
        "Public liability insurance: lapsed after 2 March 2026."
    ]
    found = {each.kind: each.standing for each in standings(held, RULES, TODAY)}
    assert found == {
        ItemKind.DBS_POLICY: Standing.MISSING,
        ItemKind.INSURANCE: Standing.LAPSED,
        ItemKind.NAMED_ACCOUNTS: Standing.MISSING,
        ItemKind.SAFEGUARDING_LEAD: Standing.MISSING,
        TRAINING: Standing.EXPIRING,
        ItemKind.VISIT: Standing.IN_DATE,
    }


def test_of_each_kind_the_verified_item_that_vouches_longest_counts() -> None:
    items = [
        item(expires=date(2026, 5, 1)),
        item(expires=date(2027, 5, 1)),
        item(expires=date(2028, 5, 1), state=ItemState.PROPOSED),
        item(expires=date(2028, 6, 1), state=ItemState.WITHDRAWN),
        item(ItemKind.QUALIFICATION),
        item(ItemKind.QUALIFICATION, expires=date(2026, 4, 1)),
    ]
    assert held_of(items) == (Held(ItemKind.INSURANCE, date(2027, 5, 1)), Held(ItemKind.QUALIFICATION, None))


def test_an_item_lasts_as_long_as_its_kind_allows_and_no_longer() -> None:
    assert with_last_day(item(), RULES).expires_on == date(2027, 3, 4)
    assert with_last_day(item(ItemKind.QUALIFICATION), RULES).expires_on is None
    day = timedelta(days=1)

    def broken(one: Item, *, vouched: bool = True) -> list[str]:
        return [each.code for each in broken_item(one, RULES, TODAY, vouched=vouched)]

    assert broken(item(expires=date(2027, 3, 4))) == []
    assert broken(item(expires=date(2027, 3, 5))) == ["too-long"]
    assert broken(item(issued=TODAY + day, expires=TODAY)) == ["in-the-future", "before-issue"]
    assert (broken(item(ItemKind.VISIT)), broken(item(ItemKind.VISIT), vouched=False)) == ([], ["by-place"])


def test_who_vouches_verifies_at_once_and_an_item_is_decided_once() -> None:
    proposal = recorded(item(), vouched=False)
    assert (proposal.state, proposal.decided_by) == (ItemState.PROPOSED, None)
    assert recorded(item(state=ItemState.PROPOSED), vouched=True).state is ItemState.VERIFIED
    refused = decided(proposal, ItemState.REFUSED, "b", NOW, "It is another policy.")
    assert (refused.version, refused.reason) == (2, "It is another policy.")
    verified = decided(proposal, ItemState.VERIFIED, "b", NOW, None)
    assert [may_become(verified, state) for state in ItemState] == [False, False, False, True]
    assert not any(may_become(refused, state) for state in ItemState)


def test_an_organisation_joins_with_what_its_level_needs() -> None:
    assert kinds_at_joining(NAMED, RULES) == {ACCOUNTS, TRAINING}
    assert kinds_at_joining(SHARED, RULES) == frozenset()


def test_days_are_englands() -> None:
    assert local_day(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == date(2026, 7, 1)

"""What is stored of passwords, at either cost."""

import pytest
from argon2 import extract_parameters

from connective.gateway.commands.passwords import Passwords
from connective.gateway.domain.password_rules import PasswordCost

PASSWORD = "three words apart"


@pytest.mark.parametrize(
    ("cost", "least"), [(PasswordCost.RECOMMENDED, (3, 64 * 1024, 4)), (PasswordCost.LEAST, (2, 19 * 1024, 1))]
)
async def test_a_password_costs_what_was_chosen_and_somebody_unknown_as_much(
    cost: PasswordCost, least: tuple[int, int, int]
) -> None:
    passwords = Passwords(cost)
    stored = await passwords.hash(PASSWORD)
    for each in (stored, passwords._nobodys):
        found = extract_parameters(each)
        assert (found.time_cost, found.memory_cost, found.parallelism) == least
        assert each.startswith("$argon2id$")
    assert not await passwords.check(PASSWORD, None)


async def test_a_password_that_was_stored_at_another_cost_is_still_right() -> None:
    dear, cheap = Passwords(), Passwords(PasswordCost.LEAST)
    for one, other in ((dear, cheap), (cheap, dear)):
        stored = await one.hash(PASSWORD)
        assert await other.check(PASSWORD, stored)
        assert not await other.check("three words together", stored)

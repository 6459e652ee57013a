from datetime import date

from connective.contracts.bank_holidays import is_bank_holiday


def test_englands_bank_holidays_are_known_and_those_of_the_rest_of_the_kingdom_are_not() -> None:
    assert is_bank_holiday(date(2026, 12, 25))
    assert is_bank_holiday(date(2026, 8, 31)), "the summer bank holiday"
    assert not is_bank_holiday(date(2026, 11, 30)), "St Andrew's day, in Scotland"
    assert not is_bank_holiday(date(2026, 3, 17)), "St Patrick's day, in Northern Ireland"

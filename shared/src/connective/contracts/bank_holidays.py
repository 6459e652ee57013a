"""England's bank holidays, which every clock of the Hub that counts working days leaves out."""

from datetime import date
from functools import cache

import holidays


@cache
def _of_year(year: int) -> frozenset[date]:
    # Asked for when a day is first looked at: every country's calendars are loaded with England's.
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def is_bank_holiday(day: date) -> bool:
    """Whether it is a bank holiday in England (Banking and Financial Dealings Act 1971, section 1)."""
    return day in _of_year(day.year)

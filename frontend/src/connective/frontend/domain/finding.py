"""Looking for somebody: a name, one more fact, and why; the same rules as the API's, told before it is asked."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from connective.frontend.domain.fields import Errors, Field, Typed, answered

PURPOSES = (("early_help_coordination", "To help a family we work with"), ("referral", "To ask for help for somebody"),
            ("safeguarding", "Because I am worried about somebody’s safety"))  # fmt: skip
GIVEN = Field(name="given_names", label="First name")
FAMILY = Field(name="family_name", label="Family name")
BORN = Field(name="born", label="Date of birth", kind="date", past=True)
POSTCODE = Field(name="postcode", label="Or a postcode where they live", kind="postcode")
PURPOSE = Field(name="purpose", label="Why are you looking?", kind="radios", options=PURPOSES,
                required="Choose why you are looking")  # fmt: skip
WHO = (GIVEN, FAMILY, BORN, POSTCODE)
"""What is asked of somebody who is looked for."""
_AT = {BORN.name: "date_of_birth"}


def search_of(fields: Sequence[Field], typed: Typed, today: date) -> tuple[dict[str, Any], Errors]:
    """What the API is asked, and what is wrong with what was typed."""
    found, errors = answered(fields, typed, today)
    if not {GIVEN.name, FAMILY.name} & found.keys():
        errors.insert(0, (FAMILY.name, "Enter a first name or a family name"))
    if not errors and not {BORN.name, POSTCODE.name} & found.keys():
        errors.append((BORN.first, "Enter a date of birth or a postcode too: a name alone finds too many people"))
    return {_AT.get(name, name): value for name, value in found.items()}, errors

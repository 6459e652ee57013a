"""Looking for somebody: a name, one more fact, and why; the same rules as the API's, told before it is asked."""

from dataclasses import dataclass
from typing import Any

from connective.frontend.domain.typed import typed_date, typed_postcode

PURPOSES = (("early_help_coordination", "To help a family we work with"), ("referral", "To ask for help for somebody"),
            ("safeguarding", "Because I am worried about somebody’s safety"))  # fmt: skip
Errors = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Search:
    """What somebody typed into the search."""

    given_names: str = ""
    family_name: str = ""
    day: str = ""
    month: str = ""
    year: str = ""
    postcode: str = ""
    purpose: str = ""

    def body(self) -> tuple[dict[str, Any], Errors]:
        """What the API is asked, and what is wrong with what was typed."""
        errors: Errors = []
        body: dict[str, Any] = {
            name: value
            for name, value in (("given_names", self.given_names), ("family_name", self.family_name))
            if value
        }
        if not body:
            errors.append(("family_name", "Enter a first name or a family name"))
        try:
            born = typed_date(self.day, self.month, self.year)
            if born is not None:
                body["date_of_birth"] = str(born)
        except ValueError as error:
            errors.append(("born-day", str(error)))
        try:
            postcode = typed_postcode(self.postcode)
            if postcode is not None:
                body["postcode"] = postcode
        except ValueError as error:
            errors.append(("postcode", str(error)))
        if not errors and not {"date_of_birth", "postcode"} & body.keys():
            errors.append(("born-day", "Enter a date of birth or a postcode too: a name alone finds too many people"))
        if self.purpose not in {code for code, _ in PURPOSES}:
            errors.append(("purpose", "Choose why you are looking"))
        return body | {"purpose": self.purpose}, errors

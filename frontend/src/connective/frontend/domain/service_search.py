"""A worker's search of the directory: by words, need, postcode, age, day, free places and language."""

from typing import Any

from connective.contracts.needs import needs_list
from connective.frontend.domain.directory import LANGUAGES
from connective.frontend.domain.referral_draft import Draft, Needed, Raw
from connective.frontend.domain.referring import one
from connective.frontend.domain.service_choice import wishes_of
from connective.frontend.domain.typed import typed_date, typed_postcode

Errors = list[tuple[str, str]]
_MOST_AGE = 120


def search_body(raw: Raw) -> tuple[dict[str, Any], Errors]:
    """What the API is asked, and what is wrong with what was typed. Words are looked for in listings: never a name."""
    body: dict[str, Any] = {**wishes_of(raw), "limit": 50}
    errors: Errors = []
    if len(one(raw, "words")) >= 2:
        body["words"] = one(raw, "words")[:100]
    if one(raw, "need") in needs_list().needs:
        body["needs"] = [one(raw, "need")]
    if "words" not in body and "needs" not in body:
        errors.append(("words", "Enter a word, or choose a need"))
    try:
        postcode = typed_postcode(one(raw, "postcode"))
        if postcode is not None:
            body["postcode"] = postcode
    except ValueError as error:
        errors.append(("postcode", str(error)))
    age = one(raw, "age")
    if age and not (age.isdecimal() and int(age) <= _MOST_AGE):
        errors.append(("age", "Age must be a number of years, like 4"))
    elif age:
        body["ages"] = [int(age)]
    try:
        typed_date(*(one(raw, f"day-{part}") for part in ("day", "month", "year")))
    except ValueError as error:
        errors.append(("day-day", str(error)))
    if one(raw, "language") in dict(LANGUAGES):
        body["language"] = one(raw, "language")
    return body, errors


def as_draft(raw: Raw) -> Draft:
    """The search as a referral without a family, so that both lists of services are put together alike."""
    code = one(raw, "need")
    needs = (Needed("", code, 0),) if code in needs_list().needs else ()
    return Draft("", "", postcode=one(raw, "postcode") or None, needs=needs, filters={"sort": raw.get("sort", [])})

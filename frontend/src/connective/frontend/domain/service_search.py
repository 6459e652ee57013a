"""A worker's search of the directory: by words, need, postcode, age, day, free places and language."""

from typing import Any

from connective.contracts.needs import needs_list
from connective.frontend.domain.directory import LANGUAGES
from connective.frontend.domain.fields import Errors, Field, answered, one
from connective.frontend.domain.referral_draft import Draft, Needed, Raw
from connective.frontend.domain.service_choice import WISHES, wishes_of

WORDS = Field(name="words", label="Words", hint="For example food, debt, toddler. Never a name.", longest=100)
POSTCODE = Field(name="postcode", label="Near this postcode", kind="postcode")
AGE = Field(name="age", label="Age of whoever needs it", kind="number", most=120, width="3")
LANGUAGE = Field(name="language", label="Language", kind="select", options=LANGUAGES, empty="Any")


def search_body(raw: Raw) -> tuple[dict[str, Any], Errors]:
    """What the API is asked, and what is wrong with what was typed. Words are looked for in listings: never a name."""
    body, errors = answered((WORDS, POSTCODE, *WISHES, AGE, LANGUAGE), raw)
    body = {name: body[name] for name in ("words", "postcode", "language") if name in body} | (
        {"ages": [body["age"]]} if "age" in body else {}
    )
    if len(body.get("words", "")) < 2:
        body.pop("words", None)
    if one(raw, "need") in needs_list().needs:
        body["needs"] = [one(raw, "need")]
    if "words" not in body and "needs" not in body:
        errors.insert(0, ("words", "Enter a word, or choose a need"))
    return body | wishes_of(raw) | {"limit": 50}, errors


def as_draft(raw: Raw) -> Draft:
    """The search as a referral without a family, so that both lists of services are put together alike."""
    code = one(raw, "need")
    needs = (Needed("", code, 0),) if code in needs_list().needs else ()
    return Draft("", "", postcode=one(raw, "postcode") or None, needs=needs, filters={"sort": raw.get("sort", [])})

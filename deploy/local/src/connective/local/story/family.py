"""The family of the story, invented: two adults, three children, the youngest hard to understand when he talks."""

from datetime import date
from typing import Any

POSTCODE = "TA20 1BP"


def the_family(today: date, birthday_of_three: date) -> dict[str, Any]:
    """What the worker types on one evening, as `POST /families` takes it."""
    return {
        "people": [
            {
                "key": "mother",
                "given_names": "Carys",
                "family_name": "Fernlea",
                "date_of_birth": "1994-03-11",
                "sex": "female",
                "language": "English",
                "gp_practice": "Vale Surgery (invented)",
                "contacts": [{"kind": "phone", "value": "07700 900417", "safe_contact": "text_only"}],
            },
            {
                "key": "father",
                "given_names": "Jory",
                "family_name": "Fernlea",
                "date_of_birth": "1992-10-02",
                "sex": "male",
            },
            {**_child("eldest", "Merryn", date(today.year - 10, 5, 17), "female"), "nhs_number": "999 158 1766"},
            _child("middle", "Tegan", date(today.year - 7, 1, 23), "female"),
            {
                **_child("youngest", "Piran", birthday_of_three, "male"),
                "education_setting": "Herne Hill Nursery School",
            },
        ],
        "relationships": [
            {"person": "mother", "of": "father", "kind": "partner"},
            *(
                {"person": parent, "of": child, "kind": "parent", "responsibility": held}
                for parent, held in (("mother", "birth_mother"), ("father", "birth_registration"))
                for child in ("eldest", "middle", "youngest")
            ),
        ],
        "address": {"kind": "home", "lines": ["3 Furnham Crescent"], "town": "Chard", "postcode": POSTCODE},
    }


def _child(key: str, given: str, born: date, sex: str) -> dict[str, Any]:
    return {
        "key": key,
        "given_names": given,
        "family_name": "Fernlea",
        "date_of_birth": str(born),
        "sex": sex,
        "language": "English",
        "education_setting": "Oaklands Primary School",
    }


def the_namesake(today: date) -> dict[str, Any]:
    """A child of the same name and birth date whom another school knows: the likely duplicate."""
    return {
        "people": [
            {"key": "carer", "given_names": "Lowen", "family_name": "Fernlea", "date_of_birth": "1969-06-30"},
            {
                "key": "child",
                "given_names": "Tegan",
                "family_name": "Fernlea",
                "date_of_birth": str(date(today.year - 7, 1, 23)),
                "sex": "female",
                "education_setting": "Brookside Primary School",
            },
        ],
        "relationships": [{"person": "carer", "of": "child", "kind": "grandparent"}],
        "address": {"kind": "home", "lines": ["12 Silver Street"], "town": "Ilminster", "postcode": "TA19 0DU"},
    }


NEEDS: list[tuple[str, str, int]] = [
    ("mother", "food_or_fuel_poverty", 3),
    ("mother", "eviction_risk", 3),
    ("mother", "parenting_support", 2),
    ("youngest", "child_0_5_speech_language", 3),
]
"""Whose need, which, and how severe (0 to 4)."""
STRENGTHS = [("mother", "asks_for_help"), ("eldest", "good_at_something"), ("youngest", "warm_and_close")]
"""What goes well for whom."""

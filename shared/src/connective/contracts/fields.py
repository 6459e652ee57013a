"""Which categories each shareable field of a family's record reveals.

This is the map that families builds a recipient's answer from: a field is given only when *all* of its categories
are permitted for that person. A field that is not here cannot leave. `tests/shape` fails on a form field that names
none of these.
"""

from connective.contracts.categories import Category as C  # noqa: N817 - the table reads better short

SHARED_FIELDS: dict[str, frozenset[C]] = {
    "address.current": frozenset({C.ADDRESS}),
    "address.outward_postcode": frozenset({C.ADDRESS}),
    "contact.email": frozenset({C.CONTACT_DETAILS}),
    "contact.phone": frozenset({C.CONTACT_DETAILS}),
    "contact.safe_contact_rule": frozenset({C.CONTACT_DETAILS}),
    "education.setting": frozenset({C.EDUCATION}),
    "household.adults": frozenset({C.HOUSEHOLD}),
    "household.children_by_age_band": frozenset({C.HOUSEHOLD}),
    "household.members": frozenset({C.HOUSEHOLD, C.IDENTITY}),
    "household.responsible_adults": frozenset({C.HOUSEHOLD, C.IDENTITY}),
    "needs.coded": frozenset({C.NEEDS}),
    "person.date_of_birth": frozenset({C.IDENTITY}),
    "person.full_name": frozenset({C.IDENTITY}),
    "person.interpreter": frozenset({C.COMMUNICATION}),
    "person.known_as": frozenset({C.IDENTITY}),
    "person.language": frozenset({C.COMMUNICATION}),
    "person.nhs_number": frozenset({C.IDENTIFIERS}),
    "person.sex": frozenset({C.IDENTITY}),
    "professionals.gp_practice": frozenset({C.PROFESSIONALS}),
    "strengths.coded": frozenset({C.NEEDS}),
}
"""`needs.coded` and `strengths.coded` give each code only when all that the code itself reveals is permitted too."""

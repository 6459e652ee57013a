"""The Hub's own services as this place's gateway trusts them: their public keys, to be held against the operator's."""

from collections.abc import Sequence

from connective.frontend.domain.answers import Part
from connective.frontend.domain.sheets import Facts, Section, Sheet, Shown, Table, Words, comma
from connective.frontend.domain.words import moment, sentence


def services_sheet(listed: Part) -> Sheet:
    """Each service with its keys; nothing is changed here."""
    sections: list[Section] = [
        Words(("The parts of the Hub know each other by these keys. Whoever runs the Hub has the same fingerprints "
               "where it runs, and changes a key there. If one here is none of theirs, tell them at once.",)),
    ]  # fmt: skip
    if listed.problem or not listed.items:
        none: Sequence[Sequence[Shown]] = []
        sections.append(Table("Services", ("Service",), none, "No service is known.", part=listed, what="the services"))
    for each in listed.items:
        keys: list[tuple[str, Shown]] = [
            (f"Key {key['kid']}", f"{key['thumbprint']}, made {moment(key['made_at']) or 'before this was noted'}")
            for key in each["keys"]
        ]
        rows: list[tuple[str, Shown]] = [
            *keys,
            ("Last changed", moment(each["last_rotated_at"]) or "Not noted"),
            ("May ask the others", comma(each["permissions"]) or "Nothing"),
        ]
        sections.append(Facts(rows, heading=sentence(each["service"])))
    return Sheet("The Hub’s own services", sections, back=("Back to the place", "/admin"))

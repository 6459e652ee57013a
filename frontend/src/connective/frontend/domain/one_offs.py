"""Decisions to share once without an agreement, and not to share, as whoever decides them reads them."""

from collections.abc import Mapping, Sequence
from typing import Any

from connective.frontend.domain.answers import Part
from connective.frontend.domain.fields import Field
from connective.frontend.domain.sharing_acts import DECISIONS, FORM, GROUNDS, INFORMED, REQUEST
from connective.frontend.domain.sheets import Cell, Facts, Section, Sheet, Shown, Table, comma, tag
from connective.frontend.domain.words import category, count, day, in_order, moment

Body = Mapping[str, Any]
LIST = "/one-offs"
READ = "consent:one_off:read"
_DECISIONS = {each[0]: each[1] for each in DECISIONS}
_GROUNDS = {each[0]: each[1] for each in GROUNDS}
_INFORMED = {each[0]: each[1] for each in INFORMED}
_COLOURS = {"share": "green", "share_part": "yellow", "do_not_share": "grey"}
_ELSEWHERE = "Another organisation"


def one_offs_sheet(listed: Part, organisations: Mapping[str, str]) -> Sheet:
    """Every decision of one's legal entity, the oldest first; none with a name."""
    rows: list[list[Shown]] = [
        [Cell(moment(each["decided_at"]), f"{LIST}/{each['id']}"), _decision(each),
         organisations.get(each["recipient_organisation_id"], _ELSEWHERE), count(len(each["person_ids"]), "person",
                                                                                 "people")]
        for each in listed.items
    ]  # fmt: skip
    table = Table(
        "Decisions to share once, or not to", ("Decided", "Decision", "With", "About"), rows,
        "Nothing was decided yet.", part=listed, what="decisions", path=LIST,
    )  # fmt: skip
    return Sheet("Sharing once, without an agreement", [table], back=("Back to your home page", "/home"))


def one_off_sheet(one_off: Body, organisations: Mapping[str, str]) -> Sheet:
    """One decision: what was decided, and both forms of Annex B as they were filled in."""
    names = organisations
    shared = one_off["decision"] != "do_not_share"
    sections: list[Section] = [
        Facts((
            ("Decision", _decision(one_off)),
            ("Decided", moment(one_off["decided_at"])),
            ("By", names.get(one_off["organisation_id"], _ELSEWHERE)),
            ("With", names.get(one_off["recipient_organisation_id"], _ELSEWHERE)),
            ("About", count(len(one_off["person_ids"]), "person", "people")),
            ("Information", comma(category(each) for each in in_order(one_off["categories"]))),
            ("Ground", _GROUNDS.get(one_off["ground"], "")),
            ("Why", one_off["reason"]),
            ("On condition", one_off["condition"]),
            ("Stands until", moment(one_off["stands_until"]) if shared else ""),
        )),
    ]  # fmt: skip
    if one_off["request"]:
        sections.append(Facts(_filled_in(REQUEST, one_off["request"]), heading="The request"))
    sections.append(Facts(_filled_in(FORM, one_off["form"]), heading="How it was decided"))
    return Sheet("A decision about sharing once", sections, back=("Back to decisions", LIST))


def _decision(one_off: Body) -> Cell:
    code = str(one_off["decision"])
    return tag(_DECISIONS.get(code, code), _COLOURS.get(code, "grey"))


def _filled_in(fields: Sequence[Field], form: Body) -> list[tuple[str, Shown]]:
    return [(each.label, _value(each, form.get(each.name))) for each in fields]


def _value(field: Field, value: Any) -> str:  # noqa: ANN401 - whatever the field holds
    if field.name == "family_informed":
        return _INFORMED.get(value, "")
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if field.kind == "date":
        return comma(day(each) for each in (value if isinstance(value, list) else [value]) if each)
    return str(value or "")

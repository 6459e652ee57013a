"""What a family was told about sharing, as whoever works with it reads it."""

from typing import Any

from connective.frontend.domain.answers import Part, Refused
from connective.frontend.domain.notices import notice_sheet, notices_sheet
from connective.frontend.domain.sheets import Cell, Facts, Table

NAMES = {"p1": "Maya", "p2": "Jago"}


def told(key: str, on: str, *people: str, **more: Any) -> dict[str, Any]:
    return {
        "id": key, "person_ids": list(people), "recipient_organisation_ids": [], "purposes": [], "how": "in_person",
        "interpreter": None, "language": "en", "document_reference": "", "document_version": "", "told_on": on,
        "recorded_at": f"{on}T10:00:00Z", **more,
    }  # fmt: skip


def table_of(part: Part) -> Table:
    return next(each for each in notices_sheet(part, NAMES, "f").sections if isinstance(each, Table))


def test_tellings_stand_the_newest_first() -> None:
    both = told("n1", "2026-01-05", "p1", "p2", document_reference="PN-4", document_version="2")
    newer = told("n2", "2026-03-05", "p2", "p9")
    table = table_of(Part({"items": [both, newer]}))
    assert [row[0] for row in table.rows] == [
        Cell("5 March 2026", "/families/f/notices/n2"), Cell("5 January 2026", "/families/f/notices/n1")
    ]  # fmt: skip
    assert [row[1] for row in table.rows] == ["Jago, somebody of another family", "Maya, Jago"]
    assert [row[2] for row in table.rows] == ["In words", "PN-4 2"]


def test_what_did_not_come_is_said_and_not_counted_as_none() -> None:
    failed = table_of(Part(problem=Refused(503, "unreachable", "")))
    assert failed.part is not None
    assert failed.part.problem is not None
    assert "Nobody has recorded" in table_of(Part({"items": []})).empty


def test_one_telling_says_with_whom_and_in_which_language() -> None:
    notice = told("n1", "2026-01-05", "p1", language="pl", interpreter={"name": "A. Nowak", "language": "pl"},
                  recipient_organisation_ids=["o"], purposes=["referral"])  # fmt: skip
    sheet = notice_sheet(notice, NAMES, {"o": "The larder"}, "f")
    facts = dict(next(each for each in sheet.sections if isinstance(each, Facts)).rows)
    assert (facts["Whom"], facts["About sharing with"], facts["What for"]) == ("Maya", "The larder", "Asking for help")
    assert (facts["In which language"], facts["Interpreter"]) == ("Polish", "A. Nowak")
    plain = notice_sheet(told("n2", "2026-01-05", "p1"), NAMES, {}, "f")
    facts = dict(next(each for each in plain.sections if isinstance(each, Facts)).rows)
    assert (facts["In which language"], facts["About sharing with"]) == ("English", "Everybody who is asked to help")
    assert "Maya" not in sheet.title

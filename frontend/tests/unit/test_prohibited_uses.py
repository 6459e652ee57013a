"""What nobody may use information for: who has accepted it, who is asked to, and that none is accepted unread."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from connective.frontend.domain.answers import Part
from connective.frontend.domain.home import HomeParts, home_of
from connective.frontend.domain.prohibited_uses import (
    accepting,
    missing,
    state_of,
    to_accept,
    uses_sheet,
    waits_for,
)
from connective.frontend.domain.sessions import Person
from connective.frontend.domain.sheets import Cell, Facts, Table

USES = {"debt_recovery": "To recover a debt.", "marketing": "To sell anything."}
CURRENT: dict[str, Any] = {"version": 1, "applies_from": "2026-01-01", "grace_days": 28, "uses": USES}
COMING: dict[str, Any] = {**CURRENT, "version": 2, "applies_from": "2027-01-01"}


def line(state: str, accepted: int | None = None, due_by: str | None = None) -> dict[str, Any]:
    at = "2026-02-03T10:00:00Z" if accepted else None
    return {
        "organisation_id": "o", "accepted_version": accepted, "accepted_at": at, "state": state, "due_by": due_by,
    }  # fmt: skip


def found(*lines: dict[str, Any], coming: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"current": CURRENT, "coming": coming, "items": list(lines), "next_cursor": None}


def rows_of(sheet: Any) -> Any:
    return next(each for each in sheet.sections if isinstance(each, Table)).rows


def test_everybody_reads_the_text_and_only_who_may_is_led_to_accept_it() -> None:
    read = uses_sheet(found(line("lacking")), {"o": "The larder"}, may_accept=False)
    facts = next(each for each in read.sections if isinstance(each, Facts))
    assert facts.rows[0] == ("Debt recovery", "To recover a debt.")
    assert rows_of(read)[0][3] == ""
    signs = uses_sheet(found(line("lacking")), {"o": "The larder"}, may_accept=True)
    assert rows_of(signs)[0][3] == Cell("Read and accept", "/prohibited-uses/o", hidden="for The larder")
    done = uses_sheet(found(line("accepted", 1)), {"o": "The larder"}, may_accept=True)
    assert rows_of(done)[0][1:4] == ["3 February 2026", Cell("Accepted", tag="green"), ""]


def test_a_newer_text_is_offered_before_it_is_in_force() -> None:
    assert to_accept(line("accepted", 1), found()) is None
    assert to_accept(line("accepted", 1), found(coming=COMING)) == COMING
    assert to_accept(line("lacking"), found(coming=COMING)) == CURRENT, "what is in force comes first"
    assert to_accept(line("accepted", 2), found(coming=COMING)) is None


def test_where_an_organisation_stands_is_said_in_a_word() -> None:
    assert state_of(line("lacking")).text == "Not accepted"
    assert state_of(line("due", 1, "2027-01-29")).text == "Accept by 29 January 2027"


def test_a_line_waits_until_it_is_accepted() -> None:
    assert waits_for(Part(found(line("lacking"))), "o") == line("lacking")
    assert waits_for(Part(found(line("accepted", 1))), "o") is None
    assert waits_for(Part(found(line("lacking"))), "another") is None
    assert waits_for(None, "o") is None


def test_none_is_accepted_unread() -> None:
    form = accepting("The larder", CURRENT)
    assert [each.code for each in form.fields[0].offered] == ["debt_recovery", "marketing"]
    assert "larder" not in form.title, "titles name nobody"
    assert missing(["debt_recovery"], CURRENT)[0][0] == "accepts"
    assert missing(["marketing", "debt_recovery"], CURRENT) == []


def test_the_first_page_asks_whoever_may_accept_it() -> None:
    person = Person(
        id=UUID(int=1), name="Bea Otter", place_id=UUID(int=2), organisation_id=UUID(int=3), roles=frozenset(),
        organisation_name="The larder", permissions=frozenset({"gateway:terms:accept"}), organisations=1,
    )  # fmt: skip
    now = datetime(2027, 1, 20, tzinfo=UTC)

    def waiting(each: dict[str, Any]) -> list[Any]:
        own = {**each, "organisation_id": str(person.organisation_id)}
        return home_of(person, HomeParts(terms=Part(found(own))), now).waiting or []

    (soon,) = waiting(line("due", 1, "2027-01-29"))
    assert (soon.href, soon.late, soon.which) == (f"/prohibited-uses/{person.organisation_id}", False, "The larder")
    (never,) = waiting(line("lacking"))
    assert (never.late, never.when) == (True, "now")
    assert waiting(line("accepted", 1)) == []

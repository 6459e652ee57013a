"""Handing on all of somebody's work: who is offered, also where they left, and what is said afterwards."""

from connective.frontend.domain.handing_on import done_address, hand_on_view, handed_on_sheet
from connective.frontend.domain.sheets import Facts

COLLEAGUES = [("a", "Maya Parrett"), ("b", "Ros Tolland")]


def test_colleagues_are_offered_by_name_and_who_left_without_one() -> None:
    whose, to = hand_on_view(COLLEAGUES).fields
    assert whose.words == to.words == dict(COLLEAGUES)
    whose, to = hand_on_view(COLLEAGUES, "gone").fields
    assert "left" in whose.words["gone"]
    assert "gone" not in to.words, "nobody who left takes work on"
    assert hand_on_view(COLLEAGUES, "a").fields[0].words == dict(COLLEAGUES)


def test_how_much_it_is_now_is_said() -> None:
    assert done_address("b", 3, 2) == "/requests/handed-on?to=b&sent=3&received=2"
    sheet = handed_on_sheet("Ros Tolland", 3, 2)
    (facts,) = [each for each in sheet.sections if isinstance(each, Facts)]
    assert [cell.text for _, cell in facts.present] == ["3", "2"]
    assert sheet.heading == "The work was handed on to Ros Tolland"
    assert "Ros" not in sheet.title, "a title names nobody"
    assert handed_on_sheet("", 3, 2).heading == sheet.title

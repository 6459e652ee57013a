"""What the hub board says: counts that tell of nobody, whose turn it is, and what came from outside."""

from datetime import UTC, datetime, timedelta
from typing import Any

from connective.frontend.domain.board import (
    Lists,
    cells_chart,
    of_hub,
    quarter_said,
    quarters,
    returned_chart,
    returned_of,
    supply_chart,
    work_of,
)
from connective.frontend.domain.charts import Bar, Chart
from connective.frontend.domain.intake import closing, intake_page, waiting_of

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
NAMES = {"larder": "The Larder", "school": "Oaklands"}


def request(days: int = 1, *, due: str | None = "recipient", state: str = "received", **more: Any) -> dict[str, Any]:
    at = (NOW + timedelta(days=1)).isoformat()
    return {
        "reference": "REQ-1",
        "service_kind": "food_bank",
        "state": state,
        "referrer_organisation_id": "school",
        "recipient_organisation_id": "larder",
        "submitted_at": (NOW - timedelta(days=days)).isoformat(),
        "due": due and {"clock": "acknowledge_by", "owner": due, "at": at},
        **more,
    }


def bars(chart: Chart) -> list[tuple[str, int | None]]:
    return [(each.label, each.value) for each in chart.bars]


def test_the_board_counts_by_agency_age_and_turn() -> None:
    yours = [request(40, due="coordinator"), request(1, due="coordinator", state="completed")]
    cells = [("larder", "1_to_3_months", None), ("gone", "under_1_week", 15), ("larder", "under_1_week", 10)]
    counts = {
        "by_recipient": [{"recipient_organisation_id": i, "age": age, "requests": n} for i, age, n in cells],
        "by_turn": [{"turn": "coordinator", "requests": None}, {"turn": "recipient", "requests": 10}],
    }
    late = request(3, why="unseen", due="recipient")
    late["due"]["at"] = (NOW - timedelta(days=2)).isoformat()
    lapsed = request(20, due=None, state="lapsed", recipient_organisation_id="gone")
    view = work_of(Lists(yours, [late], [lapsed], counts=counts), NAMES, NOW)
    agency, turn = view.charts
    assert bars(agency) == [
        ("An organisation that is not listed: less than a week", 15),
        ("The Larder: less than a week", 10),
        ("The Larder: 1 to 3 months", None),
    ]
    assert bars(turn) == [("Whoever was asked", 10), ("Yours", None)]
    assert [each.turn for each in view.yours] == ["Yours"]
    assert [(each.state, each.when, each.late) for each in view.stuck] == [
        ("Nobody has opened it", "2 days late", True)
    ]
    assert [(each.answers, each.when) for each in view.lapsed] == [
        ("An organisation that is not listed", "sent 20 days ago")
    ]
    assert of_hub(yours, ["school"]) == yours
    assert of_hub(yours, ["elsewhere"]) == []
    assert all(not chart.bars for chart in work_of(Lists(()), NAMES, NOW).charts), "counts that did not come"


def test_a_chart_its_table_and_its_file_say_the_same() -> None:
    chart = Chart("k", "Title", "About.", "Need", "Families", [Bar("=SUM(A1)", 40), Bar("Food", None), Bar("None", 0)])
    assert chart.csv().splitlines() == ["Need,Families", "'=SUM(A1),40", "Food,fewer than 10", "None,0"]
    assert chart.sentence == "=SUM(A1): 40; Food: fewer than 10; None: 0"
    drawn = chart.drawn
    assert [each.hidden for each in drawn] == [False, True, False]
    assert drawn[0].width > drawn[1].width > drawn[2].width == 0
    assert Chart("k", "t", "a", "l", "c", []).height > 0
    cells = cells_chart("k", "t", "a", [("b", None), ("c", 10), ("a", 30)], labels="l", counts="c")
    assert bars(cells) == [("a", 30), ("c", 10), ("b", None)]


def test_what_came_back_without_action_is_hidden_where_the_api_hides_it() -> None:
    figures: list[dict[str, Any]] = [
        {"service_id": "s1", "organisation_id": "larder", "ended": 40, "returned": 20,
         "reasons": [{"code": "at_capacity", "count": 20}, {"code": "out_of_area", "count": None}]},
        {"service_id": "gone", "organisation_id": "larder", "ended": None, "returned": None, "reasons": []},
    ]  # fmt: skip
    chart = returned_chart(returned_of(figures, {"s1": "Food parcel"}, NAMES))
    assert chart.csv().splitlines()[1:] == [
        "A service that is not listed any more,not told,fewer than 10 ended",
        "Food parcel,20,40 ended; At capacity: 20; Out of area: not told",
    ]
    supplies = [{"kind": "food_bank", "services": 2, "taking_requests": 0, "with_room": 0, "full": 1, "not_known": 1,
                 "gap": True}]  # fmt: skip
    note = supply_chart(supplies).bars[0].note
    assert note == "No room anywhere: a gap, 2 services, 1 full, 1 not told, none takes requests here"


def test_quarters_are_named_and_said() -> None:
    assert quarters(NOW) == ["2026-Q4", "2026-Q3", "2026-Q2", "2026-Q1", "2025-Q4"]
    assert quarter_said("2026-Q1") == "January to March 2026"


def test_an_intake_says_who_asks_until_it_has_ended() -> None:
    intake = {
        "id": "i", "reference": "INT-1", "source": "self", "state": "waiting", "version": 1,
        "service_kind": "food_bank",
        "sender_organisation_id": None, "received_at": "2026-11-20T10:00:00Z", "due_at": "2026-11-22T00:00:00Z",
        "lapses_at": "2026-12-18T10:00:00Z", "overdue": True, "ended_at": None, "end_code": None, "sentence": None,
        "allowed_actions": ["close", "match"],
        "content": {
            "people": [{"first_name": "Odile", "last_name": "Canary", "part": "adult", "birth_date": "1990-02-03"}],
            "contact": {"telephone": "01632 960321", "email": None, "safe_to_leave_message": False},
            "language": "fr", "interpreter_needed": True, "address": None, "postcode": "TA20 1AA",
            "needs": ["food_or_fuel_poverty"], "words": {"text": "Help", "categories": ["needs"]},
        },
    }  # fmt: skip
    page = intake_page(intake, {}, NOW)
    assert page.people == ["Odile Canary, adult, born on 3 February 1990"]
    assert dict(page.facts)["Safe to leave a message"] == "No: speak to them themselves"
    assert dict(page.facts)["Telephone"] == "01632 960321"
    assert (page.late, page.by_itself, page.may_match, page.words) == (True, True, True, "Help")
    over = intake | {"state": "closed", "content": None, "end_code": "helped", "allowed_actions": [],
                     "ended_at": "2026-11-23T09:00:00Z", "sentence": "A parcel."}  # fmt: skip
    ended = intake_page(over, {}, NOW)
    assert (ended.shown, ended.ended, ended.may_close) == (False, "They were helped at once. A parcel", False)
    lines = waiting_of([over, intake], {}, NOW)
    assert [(each.state, each.late) for each in lines] == [("Waiting", True), ("Closed", False)]
    assert closing("", "x" * 301)[1] == [
        ("code", "Choose why you close it"),
        ("sentence", "Use 300 characters or fewer"),
    ]
    assert closing("helped", "") == ({"code": "helped", "sentence": None}, [])

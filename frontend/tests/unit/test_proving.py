"""What officers read and type: decisions in words, clocks, forms, and what a verification found."""

from datetime import UTC, datetime, timedelta
from typing import Any

from connective.frontend.domain.answers import Part, Refused
from connective.frontend.domain.article_30 import registers
from connective.frontend.domain.fields import answered
from connective.frontend.domain.proving_acts import ACTS, BEGIN
from connective.frontend.domain.proving_copies import release, sections
from connective.frontend.domain.proving_decisions import decision_page
from connective.frontend.domain.proving_erasures import erasure
from connective.frontend.domain.proving_filters import filled, filters, query_of
from connective.frontend.domain.proving_home import officer_home
from connective.frontend.domain.proving_ledger import ledger_page, verdict
from connective.frontend.domain.proving_lists import SHARING, table_of
from connective.frontend.domain.proving_objections import OBJECTIONS, objection
from connective.frontend.domain.proving_records import breach, finding, override, request, sample
from connective.frontend.domain.proving_retention import deletion, hold, run, schedule
from connective.frontend.domain.proving_seen import seen_table, who_saw
from connective.frontend.domain.proving_tables import Cell, Known, Table
from connective.frontend.domain.proving_words import account_mark, act, days_left, hours_left, person_mark, plain
from connective.frontend.pages.proving import csv_of

NOW = datetime(2026, 7, 1, 9, 30, tzinfo=UTC)
PERSON = "ace9c4add25d1ba0363f4496298174a0"
ACCOUNT = "01a2059d-5821-7266-9bea-0a85b54656b5"
KNOWN = Known(
    NOW, own=ACCOUNT, organisations={"o1": "Oaklands Primary School", "o2": "Chard Community Larder"},
    entities={"e1": "Levelshire Council"}, agreements={"a1": "DSA-1: Food"},
    permissions=frozenset(
        {"consent:audit:write", "consent:retention:decide", "consent:override:review", "consent:decision:read"}
    ),
)  # fmt: skip
RULES = [
    {"rule": n, "name": f"rule_{n}", "passed": n != 2, "sentence": "It does not share `contact_details`."}
    for n in range(1, 8)
]
DECISION = {
    "id": "d", "outcome": "partial", "discloser_organisation_id": "o1", "recipient_organisation_id": "o2",
    "purpose": "referral", "asked": ["identity", "address"], "permitted": {PERSON: ["identity"]},
    "refusals": [{"rule": 2, "code": "x", "category": "address", "person": PERSON,
                  "sentence": "No `address`.", "remedy": "Ask."}],
    "rules": RULES, "warnings": ["Training ends on 2026-09-01."], "agreement_reference": "DSA-1",
    "agreement_version": 2,
    "basis": "6(1)(e)", "asked_by": ACCOUNT, "decided_at": "2026-06-30T09:30:00Z",
}  # fmt: skip
BREACH = {
    "id": "b", "kind": "loss", "description": "A folder was lost.", "aware_at": "2026-06-30T09:30:00Z",
    "due_at": "2026-07-03T09:30:00Z", "since": "2026-06-29T09:30:00Z", "until": "2026-06-30T09:30:00Z",
    "people": [PERSON],
    "agreement_id": "a1", "recorded_by": ACCOUNT, "state": "open", "overdue": False, "assessed_at": None, "risk": None,
    "assessment": "", "ico_notified": None, "ico_notified_at": None, "ico_reference": "",
    "people_told": None, "reason": "",
}  # fmt: skip


def test_nothing_raw_is_left_in_what_the_api_says() -> None:
    text = (
        f"{ACCOUNT}: given on 2026-11-22 until 2027-11-22 by parental_responsibility about {PERSON}; `contact_details`"
    )
    said = plain(text)
    assert said == (
        "record b546 56b5: given on 22 November 2026 until 22 November 2027 by parental responsibility "
        "about person ace9 c4ad; contact details"
    )
    assert (
        plain(f"A school ({ACCOUNT}), signed 2026-11-22T23:35:34.90Z") == "A school, signed 22 November 2026, 11:35pm"
    )
    assert person_mark(PERSON) == "Person ace9 c4ad"
    assert (account_mark(ACCOUNT, ACCOUNT), account_mark(ACCOUNT), account_mark("service:families")) == (
        "You", "Account b546 56b5", "The Hub (families)",
    )  # fmt: skip
    assert act("audit.disclosures_listed") == "Audit: disclosures listed"


def test_clocks_are_told_in_words() -> None:
    assert hours_left("2026-07-03T12:42:00Z", NOW) == "51 hours and 12 minutes left"
    assert hours_left("2026-07-01T09:00:00Z", NOW) == "30 minutes late"
    assert hours_left("2026-07-01T10:30:00Z", NOW) == "1 hour left"
    assert days_left("2026-07-02", NOW) == ("due tomorrow", False)
    assert days_left("2026-06-29", NOW) == ("2 days late", True)


def test_a_decision_shows_all_seven_rules_and_what_would_help() -> None:
    steps = [{"rule": 2, "looked_at": [{"what": "discloser", "found": "named_accounts"}], "passed": False}]
    path = Part({"steps": steps, "outcome": "partial", "outcome_now": "deny"})
    page = decision_page(DECISION, path, KNOWN)
    assert page.sentence.endswith("Yes, but 1 of 2 kinds of information stay back.")
    assert [rule.number for rule in page.rules] == list(range(1, 8))
    assert page.rules[1].looked_at == [("Who shares", "named accounts")]
    assert page.rules[1].concluded == "It does not share contact details."
    assert page.refusals.rows[0][0] == Cell("Address")
    assert "something has changed since" in page.now_differs
    bare = decision_page({**DECISION, "outcome": "deny", "basis": None}, Part(problem=Refused(503, "x", "")), KNOWN)
    assert bare.sentence.endswith("No.")
    assert not bare.rules[0].looked_at


def test_a_breach_counts_its_hours_down_and_offers_what_comes_next() -> None:
    page = breach(BREACH, KNOWN)
    assert page.clock is not None
    assert (page.clock.words, page.clock.gone, page.clock.late) == ("48 hours left", 24, False)
    assert page.acts == [("Assess the risk", "/audit/breaches/b/assess")]
    assessed = breach(
        {**BREACH, "state": "assessed", "assessed_at": BREACH["aware_at"], "risk": "high", "assessment": "Bad."}, KNOWN
    )
    assert assessed.acts[0] == ("Decide what to do", "/audit/breaches/b/decide")
    decided = {
        **BREACH,
        "state": "decided",
        "ico_notified": True,
        "ico_notified_at": "2026-07-01T09:00:00Z",
        "people_told": True,
    }
    assert breach(decided, KNOWN).clock is None
    assert not breach(decided, KNOWN).acts


def test_an_override_gives_its_reasons_to_the_lead_alone() -> None:
    seen: dict[str, Any] = {
        "id": "v", "organisation_name": "Oaklands Primary School", "recipient_organisation_id": "o2",
        "recipient_organisation_name": None, "people": [PERSON], "categories": ["identity"], "share": True,
        "family_told": False, "used_by": "x", "used_at": "2026-06-30T09:30:00Z", "stands_until": "2026-07-07T09:30:00Z",
        "review_by": "2026-07-01T09:00:00Z", "overdue": True, "decision_id": "d", "restriction_confirmed_by": None,
        "reviewed_by": None, "reviewed_at": None, "upheld": None,
    }  # fmt: skip
    officer = override(seen, KNOWN)
    assert not officer.acts
    assert officer.tag == Cell("30 minutes late", tag="red")
    lead = override(
        {**seen, "reason": "Danger.", "risk_of_not_sharing": "Harm.", "family_told_note": "", "review_note": ""}, KNOWN
    )
    assert [words for words, _ in lead.acts] == ["Review it", "Confirm that it goes beyond a restriction"]
    assert "Danger." in [each.value.text for each in lead.facts]


def test_findings_samples_and_requests_say_what_can_be_done_now() -> None:
    found = {
        "id": "f", "kind": "volume", "actor_id": ACCOUNT, "organisation_id": "o1", "organisation_name": None,
        "on_day": "2026-06-30", "sentence": "17 people.", "facts": {"people": 17.0}, "state": "open",
        "reviewed_at": None,
    }  # fmt: skip
    assert not finding(found, KNOWN).acts, "nobody answers for their own reading"
    assert finding({**found, "actor_id": "other"}, KNOWN).acts
    drawn = {
        "id": "s", "of": "disclosures", "state": "open", "drawn_at": "2026-06-30T09:30:00Z",
        "drawn_by": ACCOUNT, "size": 1,
        "population": 4, "since": "2026-06-01T00:00:00Z", "until": "2026-06-30T00:00:00Z", "seed": "7",
        "items": [{"nth": 1, "record_id": "r", "result": None, "note": ""}],
    }  # fmt: skip
    assert sample(drawn, KNOWN).tables[0].rows[0][0].href == "/audit/samples/s/items/1"
    assert not sample(drawn, KNOWN).acts, "a sample is closed once every item was looked at"
    wanted = {
        "id": "q", "reference": "SAR-1", "kind": "access", "about": "", "people": [], "received_on": "2026-06-01",
        "due_on": "2026-07-01", "acknowledge_by": None, "acknowledged_on": None, "paused_since": None,
        "pause_reason": None,
        "extended_months": 0, "extension_reason": "", "answers": [], "waiting_for": ["e1"], "standing": "outstanding",
        "origin": None, "access_copy_ids": [], "correction_ids": [],
    }  # fmt: skip
    page = request(wanted, KNOWN)
    assert page.tag == Cell("due today", tag="yellow")
    assert [words for words, _ in page.acts] == ["Answer it", "Let the clock stand still", "Take more time"]
    complaint = request({**wanted, "kind": "complaint", "due_on": None, "acknowledge_by": "2026-07-01"}, KNOWN)
    assert complaint.acts[0] == ("Acknowledge it", "/audit/requests/q/acknowledge")


def test_a_verification_says_whole_or_which_entry_is_wrong() -> None:
    signed = {"size": 3, "signed_at": "2026-07-01T09:00:00Z", "root": "aa", "key_id": "k"}
    whole = verdict({"fault": None, "checkpoint": signed, "size": 5}, NOW.isoformat())
    assert (whole.whole, whole.heading) == (True, "The ledger is whole")
    assert "2 newer entries are sealed" in whole.sentences[1]
    fault = {"seq": 17, "entry_id": ACCOUNT, "code": "entry_altered", "sentence": "x"}
    broken = verdict({"fault": fault, "checkpoint": None, "size": 5}, NOW.isoformat())
    assert (broken.whole, broken.heading, broken.entry) == (False, "Entry 17 of the ledger is wrong", 17)
    assert broken.sentences[0] == "An entry was changed after it was sealed."
    page = ledger_page(Part(signed), Part({"items": [signed]}), Part({"keys": [{"kid": "k"}]}), NOW)
    assert page.facts[1].value.text.endswith("(30 minutes ago)")
    assert page.keys == ["k"]


def test_what_is_typed_becomes_what_the_api_takes() -> None:
    fields = filled(BEGIN["breaches"].fields, KNOWN)
    typed = ({
        "kind": ["loss"], "description": ["A folder."], "aware_at-day": ["1"], "aware_at-month": ["July"],
        "aware_at-year": ["2026"], "aware_at-time": ["10.30am"], "since-day": ["30"], "since-month": ["6"],
        "since-year": ["2026"], "until-day": [""], "people": [f"{PERSON},\n{PERSON}"],
    })  # fmt: skip
    body, errors = answered(fields, typed)
    assert body["aware_at"] == "2026-07-01T09:30:00Z", "a time is meant in England"
    assert body["since"] == "2026-06-29T23:00:00Z", "no time is the beginning of the day"
    assert body["people"] == [PERSON, PERSON]
    assert errors == [("until-day", "Enter when it ended")]
    _, wrong = answered(fields, ({"people": ["Carys"], "aware_at-time": ["9am"]}))
    assert ("aware_at-day", "Enter the day too") in wrong
    assert any(anchor == "people" for anchor, _ in wrong)
    months, _ = answered(ACTS["requests", "extend"].fields, ({"months": ["2"], "reason": ["Complex."]}))
    assert months == {"months": 2, "reason": "Complex."}


def test_filters_ask_for_whole_days_in_england() -> None:
    questions = filters(("agreement_id", "from", "to"), KNOWN)
    typed = ({"agreement_id": ["a1"], "from-day": ["1"], "from-month": ["7"], "from-year": ["2026"],
                   "to-day": ["1"], "to-month": ["7"], "to-year": ["2026"]})  # fmt: skip
    assert query_of(questions, typed) == (
        {"agreement_id": "a1", "from": "2026-06-30T23:00:00Z", "to": "2026-07-01T23:00:00Z"}, [],
    )  # fmt: skip


def test_the_home_counts_what_waits_and_says_what_did_not_come() -> None:
    failed = Part(problem=Refused(503, "x", ""))
    parts = {
        "overrides": Part({"items": [{"overdue": True}], "next_cursor": None}), "findings": failed,
        "reviews": Part({"items": [], "next_cursor": None}), "breaches": Part({"items": [BREACH], "next_cursor": None}),
        "outstanding": Part({"items": [{"id": "1"}, {"id": "2"}]}), "overdue": Part({"items": [{"id": "2"}]}),
        "checkpoint": Part({"size": 1234, "signed_at": "2026-07-01T09:00:00Z"}),
    }  # fmt: skip
    view = officer_home(parts, NOW)
    assert [(each.number, each.more, each.late) for each in view.figures] == [
        ("1", "1 overdue", True), ("1", "48 hours left", False), ("2", "1 late", True), ("0", "", False),
        ("1,234", "Last signed 1 July 2026, 10am".replace("10am", "10:00am"), False),
    ]  # fmt: skip
    assert view.missing == [("unusual access", failed)]

    def offered(**may: bool) -> set[str]:
        return {href for each in officer_home(parts, NOW, **may).groups for _, href, _ in each.links}

    assert offered() - offered(decisions=False) == {"/one-offs"}


def test_a_list_names_organisations_and_never_ids() -> None:
    line = {
        "disclosed_at": "2026-06-30T09:30:00Z", "decision_id": "d", "discloser_organisation_id": "o1",
        "recipient_organisation_id": "gone", "agreement_reference": None, "agreement_version": None,
        "purpose": "referral",
        "categories": ["identity", "identifiers"], "people": [PERSON], "undelivered_at": None,
    }  # fmt: skip
    table = table_of(SHARING["disclosures"], [line], KNOWN)
    assert [cell.text for cell in table.rows[0]][1:4] == [
        "Oaklands Primary School",
        "An organisation that has left",
        "None",
    ]
    assert table.rows[0][0].href == "/audit/decisions/d"
    assert csv_of(Table("x", ("A",), [(Cell("=1+1"),)])) == "A\r\n'=1+1\r\n", "no spreadsheet takes it for a formula"
    sighting = {
        "at": "2026-06-30T09:30:00Z", "how": "disclosure", "record_id": "r", "act": "request.read", "actor_id": "x",
        "organisation_id": "o2", "organisation_name": None, "categories": [], "purpose": None, "people": [PERSON],
    }  # fmt: skip
    assert seen_table([sighting], KNOWN).rows[0][0].href == "/audit/disclosures/r"
    assert who_saw([sighting, sighting], KNOWN) == ["Chard Community Larder"]


def test_retention_says_what_would_go_and_who_confirmed() -> None:
    at = "2026-06-30T09:30:00Z"
    listed = {
        "id": "n", "asked_at": at, "asked_by": ACCOUNT, "on_day": "2026-06-30", "would_go": 1, "held_back": 0,
        "for_review": 0, "approved_at": None, "state": "listed", "complete": True,
    }  # fmt: skip
    item = {"nth": 1, "outcome": "would_go", "rule_key": "case_record", "people": 2, "reasons": [], "result": None}
    assert run(listed, KNOWN, [item]).acts == [("Approve this list", "/audit/runs/n/approve")]
    held = {
        "id": "h", "reference": "HOLD-1", "reason": "A claim.", "family_ids": ["f"], "person_ids": [],
        "agreement_ids": ["a1"],
        "placed_at": at, "placed_by": ACCOUNT, "review_on": str((NOW - timedelta(days=1)).date()), "reviewed_at": None,
        "state": "review_due",
    }  # fmt: skip
    assert hold(held, KNOWN).tag == Cell("Stands, review 1 day late", tag="red")
    erased = {
        "id": "e", "person": None, "people": 3, "ordered_at": at, "ordered_by": ACCOUNT, "rule_key": None,
        "completed_at": None, "state": "under_way", "request_id": None,
        "parts": [{"service": "families", "asked_at": at, "done_at": None, "removed": None, "kept": None}],
    }  # fmt: skip
    assert erasure(erased, KNOWN).facts[0].value.text == "A family of 3"
    owed = {
        "id": "d", "legal_entity_id": "e1", "owed_since": at, "due_on": "2026-07-02", "request_ids": ["r"],
        "agreement_id": None,
        "at_end": "", "state": "outstanding", "own": True,
    }  # fmt: skip
    assert deletion(owed, KNOWN).facts[0].value.text == "Levelshire Council"
    rule = {"what": "Records", "in_words": "Kept.", "action": "erase", "reason": "Law.", "source": "Act"}
    assert len(schedule([rule]).rows) == 1


def test_the_registers_of_processing_are_cards_without_codes() -> None:
    line = {
        "controller": "Council",
        "purpose": "referral",
        "direction": "gives",
        "categories": ["needs"],
        "ends_on": "2029-11-21",
    }
    card = registers([line], [])[0].entries[0]
    assert card.title == "Council: Gives for asking for help (referral)"
    assert [each.value.text for each in card.facts] == ["Needs and the reason for asking", "21 November 2029"]


def test_a_copy_is_released_only_when_each_doubtful_part_was_looked_at() -> None:
    items = [
        {"key": "k1", "section": "identity", "review": False, "has_file": False,
         "data": {"given_names": "Piran", "date_of_birth": "2023-07-26", "previous": [], "sealed": False}},
        {"key": "k2", "section": "contacts", "review": True, "has_file": True,
         "data": {"at": "2026-06-30T09:30:00Z", "who": {"kind": "home_visit"}}},
    ]  # fmt: skip
    shown = sections(items)
    assert [each.title for each in shown] == ["Identity", "Contacts"]
    assert [each.items[0].has_file for each in shown] == [False, True]
    assert shown[0].items[0].lines == [("Given names", "Piran"), ("Date of birth", "26 July 2023"), ("Sealed", "No")]
    assert shown[1].items[0].lines == [("At", "30 June 2026, 10:30am"), ("Who, kind", "Home visit")]
    _, errors = release(items, ({"hold": ["k1"]}))
    assert errors == [("item-k2", "Choose whether part 2 is given"), ("why", "Choose why parts are held back")]
    body, errors = release(items, ({
        "content_hash": ["h"], "hold": ["k1"], "why": ["serious_harm"], "item-k2": ["give"],
    }))  # fmt: skip
    assert (body, errors) == ({"content_hash": "h", "withhold": {"k1": "serious_harm"}, "clear": ["k2"]}, [])


def test_an_objection_is_listed_without_names_and_decided_once() -> None:
    each = {"id": "b", "person_id": "p", "raised_by": "p", "state": "open", "recipient_organisation_ids": [],
            "reason": "", "how": "telephone", "raised_at": "2026-07-01T09:00:00Z", "resolved_at": None,
            "resolution": ""}  # fmt: skip
    known = Known(datetime(2026, 7, 2, tzinfo=UTC), permissions=frozenset({"consent:agreement:review"}))
    line = OBJECTIONS.line(each, known)
    assert [cell.text for cell in line][1:3] == ["Anybody", "To be weighed"]
    assert objection(each, known).acts == [("Decide about it", "/audit/objections/b/resolve")]
    assert not objection(each, Known(known.now)).acts, "nobody else decides"
    decided = objection({**each, "state": "dismissed", "resolved_at": "2026-07-02T09:00:00Z"}, known)
    assert not decided.acts

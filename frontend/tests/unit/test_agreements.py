"""What the pages of agreements say, from answers as the API gives them; drafts as they are typed; the map of flows."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from connective.frontend.domain import draft_fields, drafting, flow_map, partnership
from connective.frontend.domain import sharing_words as say
from connective.frontend.domain.agreements import Asker, register_lines, turns, version_page
from connective.frontend.domain.answers import FieldProblem, Part, Refused
from connective.frontend.domain.comments import subjects, threads
from connective.frontend.domain.fields import errors_of
from connective.frontend.domain.sessions import Person
from connective.frontend.pages.browser import Form

TODAY = date(2026, 11, 23)
NAMES = {"e1": "Blackdown Schools Trust", "e2": "Chard Community Larder", "e3": "Levelshire Council"}


def asker(entity_id: str, *permissions: str) -> Asker:
    person = Person(UUID(int=1), "Somebody", UUID(int=2), None, None, frozenset(), frozenset(permissions), 1)
    return Asker(person, entity_id, NAMES)


SIGNATORY = asker("e2", "consent:agreement:sign")
OFFICER = asker("e1", "consent:agreement:review")


def terms(**changes: Any) -> dict[str, Any]:
    made = drafting.blank_terms(("e1", "e2"), "2026-11-23")
    parties = [each | {"joins_late": False, "excluded_organisation_ids": []} for each in made["parties"]]
    flow = {"from_entity_id": "e1", "to_entity_id": "e2", "purpose": "referral", "categories": ["identity", "health"]}
    return made | {"title": "Food", "parties": parties, "flows": [flow | {"methods": ["api"]}]} | changes


def version(state: str, **changes: Any) -> dict[str, Any]:
    return {
        "agreement_id": "a", "reference": "DSA-1", "number": 1, "lead_entity_id": "e3", "state": state,
        "state_reason": "", "terms": terms(), "text": "", "text_hash": "", "findings": [], "reviews": [],
        "signatures": [], "awaits_signature_of": [], "allowed_actions": [], **changes,
    }  # fmt: skip


def told(one: dict[str, Any], who: Asker) -> list[tuple[str, bool]]:
    return [(f"{turn.who} {turn.what}", turn.ours) for turn in turns(one, who, TODAY)]


def test_whose_turn_it_is_is_said_in_every_state() -> None:
    drafter = asker("e3", "consent:agreement:draft")
    assert told(version("draft"), drafter) == [
        ("Levelshire Council finishes the draft and sends it to be reviewed", True)
    ]
    reviews = [{"legal_entity_id": "e2", "approved": False, "note": "", "at": "2026-11-23T10:00:00Z"}]
    asked = told(version("in_review", reviews=reviews), OFFICER)
    assert asked[0] == ("Blackdown Schools Trust has its data protection officer review the text", True)
    assert asked[1] == ("Levelshire Council drafts the next version: Chard Community Larder asked for changes", False)
    waiting = version("awaiting_signatures", awaits_signature_of=["e1", "e2"])
    assert told(waiting, SIGNATORY)[0] == ("Chard Community Larder has its signatory sign", True)
    assert not any(ours for _, ours in told(waiting, OFFICER)), "an officer does not sign"
    later = version("awaiting_signatures", terms=terms(starts_on="2026-12-01"))
    assert told(later, OFFICER) == [("Nobody has to do anything: it comes into force on 1 December 2026", False)]
    due = version("suspended", terms=terms(review_on="2026-11-01"))
    assert [words for words, _ in told(due, OFFICER)] == [
        "Levelshire Council reviews it with the other parties: its review is due",
        "A party’s data protection officer can reinstate it; until then nothing is shared",
    ]
    assert told(version("expired"), OFFICER) == []


def test_a_version_shows_what_its_reader_can_do_and_nothing_as_a_code() -> None:
    basis = {"legal_entity_id": "e1", "purpose": "referral", "article_6": "6(1)(e)", "legal_power": "EA 2002 s175",
             "article_9": "9(2)(h)", "article_10": "", "schedule_1_paragraph": "Part 1 paragraph 2",
             "policy_document": "", "confidentiality_basis": ""}  # fmt: skip
    found = {"weight": "stops", "code": "no_retention", "pointer": "/retention", "sentence": "`contact_details` …"}
    shown = version("active", terms=terms(bases=[basis]), findings=[found], allowed_actions=["sign", "suspend"])
    page = version_page(shown, OFFICER, TODAY)
    assert page.acts == {"suspend"}
    assert page.flows[0].categories == [("identity", False), ("health and pregnancy", True)]
    assert page.bases[0].article_6 == "Public task, Article 6(1)(e)"
    assert page.bases[0].conditions == ["Health or social care, Article 9(2)(h)", "Schedule 1: Part 1 paragraph 2"]
    assert page.findings == [(True, "contact details …")]
    assert ("Impact assessment", "There is none yet, so it cannot come into force.") in page.facts


def test_the_register_has_one_line_for_each_agreement() -> None:
    one = {"id": "a", "reference": "DSA-1", "title": "Food", "state": "active", "version_in_force": 1,
           "party_ids": ["e1", "e2"], "purposes": ["referral"], "starts_on": "2025-11-01", "review_on": "2026-11-01",
           "ends_on": "2028-11-01",
           "versions": [{"number": 1, "state": "active"}, {"number": 2, "state": "draft"}]}  # fmt: skip
    (line,) = register_lines([one], OFFICER, TODAY)
    assert (line.parties, line.review_due) == ("Blackdown Schools Trust and Chard Community Larder", True)
    assert (line.state, line.later) == ("In force", "Version 2: draft")


def test_each_step_of_a_draft_gives_back_what_it_was_given() -> None:
    draft = terms(dpia={"reference": "D", "outcome": "O", "approved_on": "2026-10-01", "review_due_on": "2027-10-01"})
    draft["retention"] = [{"categories": ["identity", "health"], "rule": "A year."}]
    for step in drafting.STEPS:
        if step.key not in {"flows", "bases"}:
            after, errors = drafting.changed(step.key, draft, Form("", drafting.typed_of(step.key, draft)))
            assert not errors, step.key
            for name in step.terms:
                ordered = sorted(after[name][0]["categories"]) if name == "retention" else after[name]
                assert ordered == (["health", "identity"] if name == "retention" else draft[name]), name
    _, errors = drafting.changed("dates", draft, Form("", {"starts_on-day": ["31"], "starts_on-month": ["2"]}))
    assert [field for field, _ in errors] == ["starts_on-day", "review_on-day", "ends_on-day"]


def test_lines_of_a_draft_are_added_changed_and_taken_out() -> None:
    draft = terms()
    assert [(each.entity_id, each.needed, each.special) for each in drafting.wanted_bases(draft)] == [
        ("e1", True, ["Health and pregnancy"]),
        ("e2", True, ["Health and pregnancy"]),
    ]
    with_one, errors = drafting.with_basis(draft, "e1", "referral", Form("", {"article_6": ["6(1)(e)"]}))
    assert (len(with_one["bases"]), errors) == (1, [])
    assert drafting.with_basis(draft, "e1", "referral", Form(""))[1] == [("article_6", "Choose a lawful basis")]
    unused = drafting.without("flows", with_one, "0")
    assert [(each.entity_id, each.needed) for each in drafting.wanted_bases(unused)] == [("e1", False)]
    assert drafting.without("bases", unused, "e1/referral")["bases"] == []
    flow, errors = drafting.read_flow(Form("", drafting.typed_flow(draft["flows"][0])))
    assert (errors, drafting.has_flow(draft, flow)) == ([], True)
    _, errors = drafting.read_flow(Form("", {"from_entity_id": ["e1"], "to_entity_id": ["e1"]}))
    assert [field for field, _ in errors] == ["purpose", "categories", "methods", "to_entity_id"]


def test_a_finding_stands_in_the_step_where_it_is_put_right() -> None:
    for code, pointer, step in (
        ("basis_missing", "/flows/0", "bases"),
        ("flow_empty", "/flows/0/categories", "flows"),
        ("no_dpia", "/dpia", "assessment"),
        ("review_outside", "/review_on", "dates"),
    ):
        assert drafting.step_of({"code": code, "pointer": pointer}).key == step
    asked = draft_fields.of_step("assessment", (), (), Part())
    assert asked is not None
    for fields, pointer, leads_to in (
        (asked.fields, "/dpia/approved_on", "approved_on-day"),
        (draft_fields.PARTIES, "/parties/0/legal_entity_id", "party"),
        (draft_fields.of_flow((), 1), "/flows/1/categories", "categories"),
    ):
        wrong = Refused(422, "invalid", "", errors=(FieldProblem(pointer, "x", "Wrong."),))
        assert errors_of(wrong, fields) == [(leads_to, "Wrong.")]
    found = {"weight": "warns", "code": "no_privacy_notice", "pointer": "/privacy_notice", "sentence": "None."}
    tasks = {each.key: each.status for each in drafting.tasks(version("draft", findings=[found]))}
    assert (tasks["contacts"], tasks["about"]) == ("Done, with a warning", "Done")


def test_comments_stand_in_threads_under_what_they_are_about() -> None:
    known = subjects(terms(), OFFICER)
    first = {"id": "c", "thread_id": None, "pointer": "/flows/0", "legal_entity_id": "e2", "text": "Why?",
             "at": "2026-11-23T10:00:00Z", "resolved_at": None}  # fmt: skip
    (thread,) = threads([first, first | {"id": "d", "thread_id": "c", "text": "Because."}], known, OFFICER)
    assert thread.about == "What Blackdown Schools Trust shares with Chard Community Larder"
    assert [reply.text for reply in thread.replies] == ["Because."]


def mapped(giver: str, taker: str, **changes: Any) -> dict[str, Any]:
    return {
        "from_entity_id": giver, "from_entity_name": NAMES[giver], "to_entity_id": taker, "purpose": "referral",
        "to_entity_name": NAMES[taker], "categories": ["identity"], "agreement_id": "a", "ends_on": "2028-11-01",
        "agreement_reference": "=DSA-1", "agreement_version": 2, "moved": [], **changes,
    }  # fmt: skip


def test_the_map_has_one_arrow_for_each_pair_and_direction_and_its_table_says_all() -> None:
    moved = [{"disclosures": 2, "people": 1, "last_at": datetime(2026, 11, 22, tzinfo=UTC).isoformat()}]
    flows = [mapped("e1", "e2", moved=moved), mapped("e1", "e2", purpose="planning"), mapped("e2", "e1")]
    view = flow_map.flow_map(flows)
    assert [(each.number, each.moved) for each in view.arrows] == [(1, True), (2, False)]
    assert [(row.number, row.moved) for row in view.rows] == [
        (1, "2 times, 1 person, last on 22 November 2026"),
        (1, "Nothing"),
        (2, "Nothing"),
    ]
    assert all(0 <= node.x <= view.width and 0 <= node.y <= view.height for node in view.nodes)
    assert flow_map.flow_map([]).rows == []
    assert len(flow_map.narrowed(flows, "planning", "e1", "identity")) == 1
    table = flow_map.as_csv(view.rows).decode("utf-8-sig")
    assert "'=DSA-1, version 2" in table, "no spreadsheet runs a cell"


def test_coverage_names_what_went_and_what_was_refused() -> None:
    pair = {
        "discloser_organisation_name": "Oaklands", "recipient_organisation_name": None,
        "exchanged": [{"categories": ["identity", "needs"], "disclosures": 1, "agreement_reference": None,
                       "last_at": "2026-11-22T10:00:00Z"}],
        "blocked": [{"code": "no_agreement", "decisions": 2, "last_at": "2026-11-22T10:00:00Z"}],
    }  # fmt: skip
    (found,) = flow_map.pairs_of([pair])
    assert found.exchanged == [
        "Identity, needs and the reason for asking: 1 time under no agreement, last on 22 November 2026"
    ]
    assert found.blocked == ["2 tries refused: there is no agreement between them, last on 22 November 2026"]
    assert say.listed(["one", "two", "three"]) == "one, two and three"


def test_a_memorandum_shows_how_each_commitment_stands_and_who_has_yet_to_sign() -> None:
    promised = {"legal_entity_id": "e1", "kind": "people", "what": "A worker", "due_on": "2026-12-01"}
    stated = partnership.blank_memorandum(TODAY, "e1") | {"party_ids": ["e1", "e2"], "commitments": [promised]}
    line = promised | {"number": 1, "progress": None, "note": "", "overdue": True}
    one = {
        "id": "m", "reference": "MOU-1", "lead_entity_id": "e3", "state": "awaiting_signatures", "terms": stated,
        "commitments": [line], "text": "", "text_hash": "", "allowed_actions": ["sign", "end", "edit"],
        "signatures": [{"legal_entity_id": "e1", "name": "", "position": "", "at": "2026-11-23T10:00:00Z"}],
    }  # fmt: skip
    page = partnership.memorandum_page(one, SIGNATORY)
    assert (page.waits, page.acts) == (["Chard Community Larder"], {"sign", "end"})
    assert [(each.state, each.tag) for each in page.commitments] == [("Late: nothing reported yet", "red")]
    form = Form("", partnership.typed_memorandum(stated, "MOU-1"))
    assert partnership.read_memorandum(form) == (stated, [])
    _, errors = partnership.read_memorandum(Form("", form.fields | {"kind-0": [""], "due-0-day": ["x"]}))
    assert [field for field, _ in errors] == ["due-0-day", "kind-0"]


def test_the_register_of_entities_says_what_lapses() -> None:
    one = {
        "id": "e1", "name": "Trust", "kind": "academy_trust", "ico_registration": "ZA1", "dpo_contact": "d",
        "ico_registered_until": "2026-11-01", "training_valid_until": "2026-12-10",
        "processing_agreement_signed_at": None, "processing_agreement_ends_on": None,
    }  # fmt: skip
    other = one | {"id": "e2", "name": "Another", "processing_agreement_signed_at": "2026-01-01T10:00:00Z"}
    ours, theirs = partnership.entity_lines([other, one], OFFICER, TODAY)
    assert (ours.ico_tag, ours.training_tag, ours.contract_tag) == ("red", "yellow", "red")
    assert (theirs.contract, theirs.contract_tag) == ("Signed on 1 January 2026", "")

"""Deciding about sharing for one person: a safeguarding override, or once without an agreement; also not to share."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from connective.frontend.domain.fields import Errors, Field, Options, Typed, one
from connective.frontend.domain.paged_form import PagedForm, Step
from connective.frontend.domain.person_act import Body, Call, Known, PersonAct
from connective.frontend.domain.picture import short_name
from connective.frontend.domain.sheets import Link, Links, Sheet, Words
from connective.frontend.domain.words import CATEGORIES

USE = "consent:override:use"
DECIDE = "consent:one_off:decide"
DECISIONS: Options = (
    ("share", "Share what was asked for"),
    ("share_part", "Share a part of it"),
    ("do_not_share", "Do not share"),
)
GROUNDS: Options = (
    ("duty_in_law", "A law says that it must be shared"),
    ("vital_interests", "It is needed to save somebody’s life"),
    ("officer_decision", "It was weighed, and is right this once"),
)
INFORMED: Options = (("yes", "Yes"), ("no", "No"), ("unsafe_to", "No: it would not be safe"))
REQUEST = (
    Field(name="requester_organisation", label="Which organisation asked?", longest=200,
          required="Enter which organisation asked"),
    Field(name="requester_person_and_role", label="Who asked there, and as what?", longest=200,
          required="Enter who asked"),
    Field(name="received_on", label="When did they ask?", kind="date", past=True, hint="For example, 27 3 2026",
          required="Enter when they asked"),
    Field(name="data_requested", label="What did they ask for?", kind="long", longest=4000,
          required="Say what they asked for"),
    Field(name="purpose", label="What do they need it for?", kind="long", longest=4000,
          required="Say what they need it for"),
    Field(name="needed_by", label="By when do they need it?", kind="date", hint="For example, 27 3 2026"),
    Field(name="arrangements_asked_for", label="How should it reach them?", kind="long", longest=4000),
)  # fmt: skip
"""The request form of Annex B of the ICO's data sharing code, in its order."""
FORM = (
    Field(name="why_necessary", label="Why is it necessary?", kind="long", longest=4000),
    Field(name="lawful_basis", label="Lawful basis", longest=300, hint="For example, UK GDPR Article 6(1)(e)"),
    Field(name="legal_power", label="Power or duty in law", longest=300, hint="For example, Children Act 2004, s. 10"),
    Field(name="dpia_considered", label="Was a data protection impact assessment considered?", kind="yes_no",
          required="Say whether one was considered"),
    Field(name="dpia_outcome", label="What came of the assessment?", kind="long", longest=4000),
    Field(name="dpo_view", label="What does the data protection officer say?", kind="long", longest=4000),
    Field(name="security", label="How is it kept safe on the way, and there?", kind="long", longest=4000),
    Field(name="retention_and_deletion", label="How long is it kept there, and how deleted?", kind="long",
          longest=4000),
    Field(name="rights_arrangements", label="How can people use their rights?", kind="long", longest=4000),
    Field(name="family_informed", label="Has the family been told?", kind="radios", options=INFORMED,
          required="Say whether the family has been told"),
    Field(name="dates_of_sharing", label="When is it shared?", kind="date", sent="list",
          hint="Leave this out if it is not known yet. For example, 27 3 2026"),
    Field(name="decided_by_name_and_role", label="Who decided, and as what?", longest=300,
          hint="For example, Sam Doe, safeguarding lead"),
)  # fmt: skip
"""The decision form of Annex B, beside the decision and its reasons."""


def _others(known: Known) -> Options:
    people = [each["person"] for each in known.record["people"] if not each["until"]]
    return tuple((each["id"], short_name(each)) for each in people if each["id"] != known.person["id"])


def _what(known: Known) -> list[Field]:
    """To whom, about whom and which information: the same in both."""
    fields = [
        Field(name="recipient_organisation_id", label="With which organisation?", kind="select",
              options=known.organisations, required="Choose the organisation"),
        Field(name="also", label="Who else in the family is it about?", kind="choices", options=_others(known),
              pointer="/person_ids", hint="Leave this out if it is about nobody else"),
        Field(name="categories", label="Which information?", kind="choices", options=tuple(CATEGORIES.items()),
              required="Choose which information", hint="The least that will do"),
    ]  # fmt: skip
    return [each for each in fields if each.name != "also" or each.options]


def _whom(found: Body, known: Known) -> dict[str, Any]:
    return {
        "family_id": known.record["id"],
        "person_ids": [known.person["id"], *(found.get("also") or ())],
        "recipient_organisation_id": found["recipient_organisation_id"],
        "categories": found["categories"],
        "reason": found["reason"],
    }


_LEAD_READS = (
    "Your safeguarding lead reads what you write here. "
    "Officers and auditors see that an override was used, and not these words.",
)
_OFFICERS_READ = ("Officers read what you write here.",)


def _told(typed: Typed) -> Errors:
    untold = one(typed, "family_told") == "no" and not one(typed, "family_told_note")
    return [("family_told_note", "Say why the family was not told")] if untold else []


def _override_steps(known: Known) -> tuple[Step, ...]:
    """Few pages: it is used where something cannot wait."""
    fields = {each.name: each for each in (
        Field(name="share", label="What do you decide?", kind="yes_no", required="Choose what you decide",
              options=(("yes", "Share it now"), ("no", "Do not share it"))),
        *_what(known),
        Field(name="reason", label="Why?", kind="long", longest=4000, required="Say why",
              hint="Facts: what was seen or said, and by whom it was asked for"),
        Field(name="risk_of_not_sharing", label="What could happen if it is not shared?", kind="long", longest=4000,
              required="Say what could happen"),
        Field(name="family_told", label="Has the family been told?", kind="yes_no",
              required="Say whether the family has been told"),
        Field(name="family_told_note", label="If not, why not?", kind="long", longest=4000,
              hint="For example, that telling them would put somebody in danger"),
    )}  # fmt: skip
    return (
        _step(fields, "decision", f"Share for {known.who}’s safety?", "share"),
        _step(fields, "recipient", "With whom", "recipient_organisation_id", "also"),
        _step(fields, "information", "Which information", "categories"),
        _step(fields, "reasons", "The reasons", "reason", "risk_of_not_sharing", words=_LEAD_READS),
        _step(
            fields, "family", "What the family knows", "family_told", "family_told_note", wrong=_told, words=_LEAD_READS
        ),
    )


def _step(
    fields: Mapping[str, Field],
    code: str,
    heading: str,
    *names: str,
    when: Callable[[Typed], bool] | None = None,
    wrong: Callable[[Typed], Errors] | None = None,
    words: Sequence[str] = (),
) -> Step:
    asked = tuple(fields[each] for each in names if each in fields)
    return Step(code=code, heading=heading, fields=asked, when=when or _always, wrong=wrong, words=words)


def _override_calls(found: Body, known: Known) -> list[Call]:
    said = {name: found[name] for name in ("share", "risk_of_not_sharing", "family_told")}
    return [Call("/overrides", _whom(found, known) | said | {"family_told_note": found["family_told_note"] or ""})]


def begun_from(request: Body) -> dict[str, list[str]]:
    """What an override begins with that is thought of for a request that was stopped: to whom, and what it lacks."""
    status = request.get("status", {})
    lacking = [each["category"] for each in status.get("missing", ()) if each["category"]]
    recipient = status.get("recipient_organisation_id")
    begun = {"categories": lacking, "recipient_organisation_id": [recipient] if recipient else []}
    return {name: values for name, values in begun.items() if values}


def _asked(typed: Typed) -> bool:
    return one(typed, "was_asked") == "yes"


def _shares(typed: Typed) -> bool:
    return one(typed, "decision") != "do_not_share"


def _one_off_steps(known: Known) -> tuple[Step, ...]:
    """A few questions at a time: what nobody asked for has no request, and what is not shared travels nowhere."""
    fields = {each.name: each for each in (
        Field(name="was_asked", label="Did another organisation ask for it?", kind="yes_no",
              required="Say whether somebody asked for it"),
        *(_within(each, "request") for each in REQUEST),
        Field(name="decision", label="What do you decide?", kind="radios", options=DECISIONS,
              required="Choose what you decide"),
        *_what(known),
        Field(name="ground", label="On what ground?", kind="radios", options=GROUNDS, required="Choose the ground"),
        Field(name="reason", label="Why?", kind="long", longest=4000, required="Say why"),
        Field(name="condition", label="On what condition, if on one?", longest=300,
              hint="For example, only by telephone to the person named above"),
        *(_within(each, "form") for each in FORM),
    )}  # fmt: skip
    step = partial(_step, fields)
    return (
        step("request", "The request", "was_asked"),
        step("who", "Who asked", "requester_organisation", "requester_person_and_role", "received_on", when=_asked),
        step("wanted", "What they asked for", "data_requested", "purpose", "needed_by", "arrangements_asked_for",
             when=_asked, words=_OFFICERS_READ),
        step("decision", "The decision", "decision"),
        step("recipient", "With whom", "recipient_organisation_id", "also"),
        step("information", "Which information", "categories"),
        step("ground", "The ground", "ground", "lawful_basis", "legal_power"),
        step("reasons", "The reasons", "reason", "why_necessary", words=_OFFICERS_READ),
        step("weighed", "What was weighed", "dpia_considered", "dpia_outcome", "dpo_view", words=_OFFICERS_READ),
        step("sharing", "How it is shared", "condition", "dates_of_sharing", "security", "retention_and_deletion",
             when=_shares, words=_OFFICERS_READ),
        step("family", "What the family knows", "family_informed", "rights_arrangements", words=_OFFICERS_READ),
        step("decided", "Who decided", "decided_by_name_and_role"),
    )  # fmt: skip


def _always(_: Typed) -> bool:
    return True


_STEPS: dict[str, Callable[[Known], tuple[Step, ...]]] = {"override": _override_steps, "one-off": _one_off_steps}


def _fields(name: str, known: Known) -> Sequence[Field]:
    return [each for step in _STEPS[name](known) for each in step.fields]


def deciding_form(name: str, known: Known) -> PagedForm:
    """Deciding, page by page."""
    act = ACTS[name]
    person = f"/families/{known.record['id']}/people/{known.person['id']}"
    return PagedForm(
        title=act.title,
        address=f"{person}/{name}",
        steps=_STEPS[name](known),
        back=("Back to the person", person),
        button=act.button,
        about=f"About {known.who}.",
        words=act.words,
        warning=act.warning,
        about_families=True,
    )


def _within(field: Field, part: str) -> Field:
    """The same question, as a part of the API's body holds it."""
    return replace(field, pointer=f"/{part}/{field.name}")


def _one_off_calls(found: Body, known: Known) -> list[Call]:
    body = _whom(found, known) | {"decision": found["decision"], "ground": found["ground"]}
    body |= {"condition": found.get("condition") or "", "form": _said(FORM, found)}
    request = _said(REQUEST, found)
    return [Call("/disclosures/one-offs", body | ({"request": request} if request else {}))]


def _said(fields: Sequence[Field], found: Body) -> dict[str, Any]:
    return {each.name: found[each.name] for each in fields if found.get(each.name) is not None}


ACTS: dict[str, PersonAct] = {
    "override": PersonAct(
        "A safeguarding override", "Share for {who}’s safety?", partial(_fields, "override"), _override_calls,
        button="Record it", permission=USE, fits=lambda _: True, after="/audit/overrides/{id}",
        words=(
            "For what cannot wait and no agreement or yes covers, because somebody may come to harm. "
            "Share the least that will do, with whoever can protect them. A decision not to share is recorded too.",
            "This is not a report, and nobody here is watching for it. If you think that somebody is being harmed, "
            "phone first.",
            "What you type is kept for you alone until you record it.",
            "Where somebody’s whereabouts are restricted, a second person has to confirm it before it goes beyond "
            "the restriction.",
        ),
        warning="What you write is recorded with your name and the time, and nobody can change it. "
                "Your safeguarding lead reviews it within a working day unless your place says otherwise; "
                "officers and auditors see that it was used. "
                "A decision to share allows it at once, for 7 days at most.",
    ),
    "one-off": PersonAct(
        "Sharing once, without an agreement", "Share about {who} this once?", partial(_fields, "one-off"),
        _one_off_calls, button="Record the decision", permission=DECIDE, fits=lambda _: True,
        after="/one-offs/{id}?done=recorded",
        words=(
            "The questions are those of the Information Commissioner’s forms for requests and decisions "
            "(data sharing code, Annex B). A decision not to share is recorded in the same way. "
            "What you type is kept for you alone until you send it.",
            "Where it cannot wait and somebody may come to harm, use a safeguarding override.",
        ),
        warning="It is recorded with your name and the time, nobody can change it, and officers see it. "
                "A decision to share allows what it names for 28 days at most.",
    ),
}  # fmt: skip
"""Each by its name in the address."""


def whom_sheet(record: Body, request: str = "") -> Sheet:
    """Of whom something must be shared, where one comes from the family, or from a `request` that was stopped."""
    here = f"/families/{record['id']}"
    people = [each["person"] for each in record["people"] if not each["until"]]
    begun = f"?request={request}" if request else ""
    links = Links([Link(short_name(each), f"{here}/people/{each['id']}/override{begun}") for each in people])
    words = Words(ACTS["override"].words[:2])
    return Sheet(
        "A safeguarding override", [words, links], heading="Whom is it about?", back=("Back to the family", here)
    )

"""What officers do: each act as its words, its questions, and the call of the API that carries it out."""

from dataclasses import dataclass

from connective.frontend.domain import proving_objections as objecting
from connective.frontend.domain.fields import Field, Options
from connective.frontend.domain.proving_queues import BREACHES, DECIDE, GROUNDS, RELEASES, REQUESTS, WRITE

REVIEW = "consent:override:review"
OFFICERS = "Officers of the parties read it. It stays in the record: name nobody who need not be named."
LEAD = "The data protection officer and auditors do not read it; safeguarding leads of your organisation do."


@dataclass(frozen=True, slots=True)
class Act:
    """One thing an officer does with a form."""

    title: str
    button: str
    path: str
    """Of the API; `{id}` stands for the record."""
    permission: str
    fields: tuple[Field, ...] = ()
    said: str = ""
    put: bool = False
    """It replaces something, and names the version that was looked at."""
    of_kinds: frozenset[str] = frozenset()
    """Which requests of the register it answers, where it asks for one."""


def _options(words: dict[str, str]) -> Options:
    return tuple(words.items())


_PEOPLE = Field(name="people", label="Whom does it concern?", kind="people",
                hint="Pseudonyms, one a line, as pages about a person show them. None, if unknown")  # fmt: skip
_AGREEMENT = Field(
    name="agreement_id", label="Under which agreement, if one?", kind="select", empty="None in particular"
)

BEGIN: dict[str, Act] = {
    "samples": Act("Draw a sample", "Draw the sample", "/audit/samples", WRITE, (
        Field(name="of", label="What do you want to look at?", kind="radios",
              options=(("disclosures", "Disclosures"), ("decisions", "Decisions")), required="Choose what to look at"),
        Field(name="since", label="From", kind="moment", hint="For example, 27 3 2026, 9am",
              required="Enter the first day"),
        Field(name="until", label="Until", kind="moment", hint="A time that is over. For example, 27 4 2026, 5pm",
              required="Enter the last day"),
        Field(name="size", label="How many?", kind="number", hint="For example, 10",
              required="Enter how many to draw"),
        Field(name="organisation_id", label="Of one organisation only?", kind="select", empty="None in particular"),
        Field(name="purpose", label="For one purpose only?", kind="select", empty="None in particular"),
    ), "They are drawn by chance. What was drawn cannot be changed afterwards."),
    "breaches": Act("Record a breach", "Record the breach", "/audit/breaches", WRITE, (
        Field(name="kind", label="What happened?", kind="radios", options=_options(BREACHES),
              required="Choose what happened"),
        Field(name="description", label="Say what happened", kind="long", hint=OFFICERS, required="Say what happened"),
        Field(name="aware_at", label="When did you become aware?", kind="moment",
              hint="The 72 hours begin here. For example, 27 3 2026, 2:30pm", required="Enter when you became aware"),
        Field(name="since", label="It may have begun", kind="moment", hint="For example, 26 3 2026, 9am",
              required="Enter a day"),
        Field(name="until", label="It ended", kind="moment", hint="For example, 27 3 2026, 2pm",
              required="Enter when it ended"),
        _PEOPLE, _AGREEMENT,
    ), "Record it as soon as you know of it: the clock runs from when you became aware of it."),
    "requests": Act("Enter a request", "Enter the request", "/audit/information-requests", WRITE, (
        Field(name="reference", label="Your reference", hint="Without a name in it, for example SAR-2026-014",
              required="Enter a reference"),
        Field(name="kind", label="What is asked?", kind="radios", options=_options(REQUESTS),
              required="Choose what is asked"),
        Field(name="received_on", label="When did it arrive?", kind="date", hint="For example, 27 3 2026",
              required="Enter when it arrived"),
        Field(name="about", label="What is it about?", kind="long", hint=OFFICERS), _PEOPLE,
    )),
    "restrictions": Act("Restrict the use of information", "Restrict", "/audit/processing-restrictions", DECIDE, (
        Field(name="information_request_id", label="Which request asks for it?", kind="select",
              required="Choose the request"),
        Field(name="ground", label="Why?", kind="radios", options=_options(GROUNDS), required="Choose why"),
    ), "It stands at once. Before it is lifted the person is told.",
       of_kinds=frozenset({"objection", "rectification", "restriction"})),
    "copies": Act("Begin a copy", "Put it together", "/audit/access-copies", RELEASES, (
        Field(name="information_request_id", label="Which request asks for it?", kind="select",
              hint="Requests for a copy that are not answered yet", required="Choose the request"),
        Field(name="person", label="If it names nobody, or several people: whom is it about?", kind="person",
              pointer="/person_id", hint="A pseudonym, as pages about a person show it"),
    ), "Check first that whoever asks may have it: who they are, and for a child that they understand it or that the "
       "other has parental responsibility. You look everything through before it leaves.",
       of_kinds=frozenset({"access"})),
    "corrections": Act("Tell of a correction", "Tell whoever received it", "/audit/corrections", WRITE, (
        Field(name="kind", label="What happened to the information?", kind="radios",
              options=(("rectified", "It was corrected"), ("erased", "It was erased"),
                       ("restricted", "Its use was restricted")),
              required="Choose what happened to it"),
        Field(name="people", label="About whom?", kind="people", hint="Pseudonyms, one a line",
              required="Say about whom"),
        Field(name="categories", label="Which information?", kind="choices", required="Choose which information"),
        Field(name="since", label="Shared since when?", kind="moment",
              hint="Whoever received it since then is told. For example, 27 3 2026", required="Enter since when"),
        Field(name="what", label="What is different now?", kind="long",
              hint="Whoever received it reads this. Name nobody. For example: the year of birth was wrong",
              required="Say what is different"),
    )),
    "holds": Act("Place a legal hold", "Place the hold", "/retention/holds", DECIDE, (
        Field(name="reference", label="Your reference", required="Enter a reference"),
        Field(name="reason", label="Why must it be kept?", kind="long", hint=OFFICERS,
              required="Say why it must be kept"),
        Field(name="agreement_ids", label="Which agreement’s records?", kind="select", required="Choose what to hold",
              sent="list"),
        Field(name="review_on", label="When will you look at it again?", kind="date", hint="For example, 27 3 2027",
              required="Enter a day"),
    ), "While it stands, nothing it covers is erased."),
    "runs": Act("List what would go", "List it", "/retention/runs", DECIDE, (),
                "Nothing is erased by this. You get a list to look through; erasing takes another person’s approval."),
}  # fmt: skip
"""Forms that make something new, by the list under which they stand."""

ACTS: dict[tuple[str, str], Act] = {
    ("overrides", "review"): Act("Review this override", "Save the review", "/overrides/{id}/review", REVIEW, (
        Field(name="upheld", label="Was it right?", kind="yes_no", required="Say whether it was right"),
        Field(name="note", label="Why?", kind="long", hint=LEAD, required="Say why"),
    ), "Ask: was it for somebody’s safety, the least that would do, and to somebody able to protect them?"),
    ("overrides", "confirm-restriction"): Act(
        "Confirm that it goes beyond a restriction", "Confirm", "/overrides/{id}/confirm-restriction",
        "consent:override:use", (),
        "Where somebody’s whereabouts are restricted, sharing them takes a second person. You are that person."),
    ("findings", "answer"): Act("Answer this question", "Save the answer", "/audit/findings/{id}/answer", WRITE, (
        Field(name="state", label="What did you find?", kind="radios",
              options=(("explained", "There was a good reason"), ("referred", "It is passed on to be looked into")),
              required="Choose what you found"),
        Field(name="note", label="Say what you were told, and by whom", kind="long", hint=OFFICERS,
              required="Say what you were told"),
    ), "An answer stands. Somebody other than the person it is about gives it."),
    ("samples", "close"): Act("Close this sample", "Close it", "/audit/samples/{id}/close", WRITE, (
        Field(name="conclusion", label="What do you conclude?", kind="long", hint=OFFICERS,
              required="Say what you conclude"),)),
    ("breaches", "assess"): Act("Assess the risk", "Save the assessment", "/audit/breaches/{id}/assess", WRITE, (
        Field(name="risk", label="How likely is harm to the people concerned?", kind="radios",
              options=(("unlikely", "Unlikely"), ("likely", "Likely"), ("high", "Likely, and serious")),
              required="Choose how likely"),
        Field(name="assessment", label="Why do you think so?", kind="long", hint=OFFICERS, required="Say why"),
    )),
    ("breaches", "decide"): Act("Decide what to do", "Save the decision", "/audit/breaches/{id}/decide", WRITE, (
        Field(name="notified_at", label="When was the Commissioner told?", kind="moment",
              hint="Leave it empty if you decide not to tell. For example, 27 3 2026, 2:30pm"),
        Field(name="ico_reference", label="The Commissioner’s reference, if there is one"),
        Field(name="people_told", label="Have the people concerned been told?", kind="yes_no",
              required="Say whether they were told"),
        Field(name="reason", label="Why so?", kind="long",
              hint="Needed where the Commissioner is not told, or late, and where a high risk is not told to the "
                   "people. The Commissioner may read it: name nobody"),
    ), "A decision is taken once, and stays in the record for the Commissioner."),
    ("objections", "resolve"): Act("Decide about an objection", "Save the decision", "/objections/{id}/resolve",
        objecting.REVIEW, objecting.RESOLVE_FIELDS, objecting.RESOLVE_SAID),
    ("requests", "acknowledge"): Act("Acknowledge this complaint", "It was acknowledged",
        "/audit/information-requests/{id}/acknowledge", WRITE, (), "A complaint is acknowledged within 30 days."),
    ("requests", "pause"): Act("Let the clock stand still", "Stop the clock", "/audit/information-requests/{id}/pause",
        WRITE, (Field(name="reason", label="What do you wait for?", kind="radios",
                      options=(("identity", "Proof of who they are"), ("clarification", "What exactly they ask for")),
                      required="Choose what you wait for"),)),
    ("requests", "resume"): Act("Let the clock run again", "Start the clock",
        "/audit/information-requests/{id}/resume", WRITE, (), "What you waited for has come."),
    ("requests", "extend"): Act("Take more time", "Extend", "/audit/information-requests/{id}/extend", WRITE, (
        Field(name="months", label="How much longer?", kind="radios", options=(("1", "1 month"), ("2", "2 months")),
              required="Choose how much longer", sent="number"),
        Field(name="reason", label="Why is it complex?", kind="long",
              hint="The person is told this within the first month, and officers read it", required="Say why"),
    )),
    ("requests", "answer"): Act("Answer for what we hold", "Save the answer", "/audit/information-requests/{id}/answer",
        WRITE, (Field(name="outcome", label="How did you answer?", kind="radios",
                      options=(("done", "As asked"), ("partly", "In part"), ("refused", "Refused"),
                               ("not_held", "We hold nothing")),
                      required="Choose how you answered"),
                Field(name="note", label="Anything to remember?", kind="long", hint=OFFICERS))),
    ("restrictions", "lift"): Act("Lift this restriction", "Lift it",
        "/audit/processing-restrictions/{id}/lift", DECIDE, (
        Field(name="because", label="Why?", kind="radios",
              options=(("found_accurate", "It was found to be right"),
                       ("found_inaccurate", "It was wrong, and was corrected"),
                       ("grounds_prevail", "The reasons for using it prevail"), ("claim_over", "The claim is over"),
                       ("person_asked", "The person asked")),
              required="Choose why"),
        Field(name="person_told_on", label="When was the person told?", kind="date",
              hint="Before it is lifted. For example, 27 3 2026", required="Enter when they were told"),
    )),
    ("corrections", "confirm"): Act("Confirm for what we hold", "Confirm", "/audit/corrections/{id}/confirm", WRITE, (
        Field(name="outcome", label="What did you do?", kind="radios",
              options=(("done", "We did the same"), ("not_held", "We hold nothing of it"), ("disputed", "We disagree")),
              required="Choose what you did"),
        Field(name="note", label="Anything to remember?", kind="long", hint=OFFICERS),
    )),
    ("holds", "lift"): Act("Lift this hold", "Lift it", "/retention/holds/{id}/lift", DECIDE, (
        Field(name="reason", label="Why?", kind="long", hint=OFFICERS, required="Say why"),)),
    ("holds", "review"): Act("Look at this hold again", "Keep it", "/retention/holds/{id}/review", DECIDE, (
        Field(name="review_on", label="When will you look at it next?", kind="date", hint="For example, 27 3 2027",
              required="Enter a day"),
        Field(name="note", label="Why does it still stand?", kind="long", hint=OFFICERS, required="Say why"),
    ), put=True),
    ("runs", "approve"): Act("Approve this list", "Approve, and erase", "/retention/runs/{id}/approve", DECIDE, (
        Field(name="list_hash", label="", kind="hidden", required="Open the list again: it has changed"),
    ), "What the list says would go is erased for good. Somebody other than whoever asked for the list approves it."),
    ("deletions", "confirm"): Act("Confirm what became of the information", "Confirm",
        "/retention/deletions/{id}/confirm", "consent:deletion:confirm", (
        Field(name="how", label="What became of it?", kind="radios",
              options=(("deleted", "Deleted"), ("returned", "Returned"), ("nothing_held", "We held nothing"),
                       ("retained_by_law", "A law makes us keep it")),
              required="Choose what became of it"),
        Field(name="name", label="Who says so?", hint="A name for the certificate", required="Enter a name"),
        Field(name="position", label="As what?"),
        Field(name="done_on", label="When?", kind="date", hint="For example, 27 3 2026", required="Enter when"),
        Field(name="note", label="Anything to remember?", kind="long", hint=OFFICERS),
    )),
}  # fmt: skip
"""Forms about one record, by its list and the last word of their address."""

RESULT = Act("Record what you found", "Save", "/audit/samples/{id}/items/{nth}/result", WRITE, (
    Field(name="result", label="What did you find?", kind="radios",
          options=(("in_order", "In order"), ("not_in_order", "Not in order"), ("question", "A question is open")),
          required="Choose what you found"),
    Field(name="note", label="Anything to remember?", kind="long", hint=OFFICERS),
))  # fmt: skip

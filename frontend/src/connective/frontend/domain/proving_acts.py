"""What officers do: each act as its words, its questions, and the call of the API that carries it out."""

from dataclasses import dataclass

from connective.frontend.domain.proving_forms import Field, Options
from connective.frontend.domain.proving_queues import BREACHES, DECIDE, GROUNDS, REQUESTS, WRITE

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


def _options(words: dict[str, str]) -> Options:
    return tuple(words.items())


_PEOPLE = Field("people", "Whom does it concern?", "people",
                "Pseudonyms, one a line, as pages about a person show them. None, if you do not know yet")  # fmt: skip
_AGREEMENT = Field("agreement_id", "Under which agreement, if one?", "select")

BEGIN: dict[str, Act] = {
    "samples": Act("Draw a sample", "Draw the sample", "/audit/samples", WRITE, (
        Field("of", "What do you want to look at?", "choice",
              options=(("disclosures", "Disclosures"), ("decisions", "Decisions")), needed="Choose what to look at"),
        Field("since", "From", "moment", "For example, 27 3 2026, 9am", needed="Enter the first day"),
        Field("until", "Until", "moment", "A time that is over. For example, 27 4 2026, 5pm",
              needed="Enter the last day"),
        Field("size", "How many?", "number", "For example, 10", needed="Enter how many to draw"),
        Field("organisation_id", "Of one organisation only?", "select"),
        Field("purpose", "For one purpose only?", "select"),
    ), "They are drawn by chance. What was drawn cannot be changed afterwards."),
    "breaches": Act("Record a breach", "Record the breach", "/audit/breaches", WRITE, (
        Field("kind", "What happened?", "choice", options=_options(BREACHES), needed="Choose what happened"),
        Field("description", "Say what happened", "long", OFFICERS, needed="Say what happened"),
        Field("aware_at", "When did you become aware?", "moment",
              "The 72 hours begin here. For example, 27 3 2026, 2:30pm", needed="Enter when you became aware"),
        Field("since", "It may have begun", "moment", "For example, 26 3 2026, 9am", needed="Enter a day"),
        Field("until", "It ended", "moment", "For example, 27 3 2026, 2pm", needed="Enter when it ended"),
        _PEOPLE, _AGREEMENT,
    ), "Record it as soon as you know of it: the clock runs from when you became aware of it."),
    "requests": Act("Enter a request", "Enter the request", "/audit/information-requests", WRITE, (
        Field("reference", "Your reference", hint="Without a name in it, for example SAR-2026-014",
              needed="Enter a reference"),
        Field("kind", "What is asked?", "choice", options=_options(REQUESTS), needed="Choose what is asked"),
        Field("received_on", "When did it arrive?", "date", "For example, 27 3 2026", needed="Enter when it arrived"),
        Field("about", "What is it about?", "long", OFFICERS), _PEOPLE,
    )),
    "restrictions": Act("Restrict the use of information", "Restrict", "/audit/processing-restrictions", DECIDE, (
        Field("information_request_id", "Which request asks for it?", "select", needed="Choose the request"),
        Field("ground", "Why?", "choice", options=_options(GROUNDS), needed="Choose why"),
    ), "It stands at once. Before it is lifted the person is told."),
    "corrections": Act("Tell of a correction", "Tell whoever received it", "/audit/corrections", WRITE, (
        Field("kind", "What happened to the information?", "choice", options=(
            ("rectified", "It was corrected"), ("erased", "It was erased"), ("restricted", "Its use was restricted")),
              needed="Choose what happened to it"),
        Field("people", "About whom?", "people", "Pseudonyms, one a line", needed="Say about whom"),
        Field("categories", "Which information?", "many", needed="Choose which information"),
        Field("since", "Shared since when?", "moment", "Whoever received it since then is told. For example, 27 3 2026",
              needed="Enter since when"),
        Field("what", "What is different now?", "long",
              "Whoever received it reads this. Name nobody. For example: the year of birth was wrong",
              needed="Say what is different"),
    )),
    "holds": Act("Place a legal hold", "Place the hold", "/retention/holds", DECIDE, (
        Field("reference", "Your reference", needed="Enter a reference"),
        Field("reason", "Why must it be kept?", "long", OFFICERS, needed="Say why it must be kept"),
        Field("agreement_ids", "Which agreement’s records?", "select", needed="Choose what to hold", lone=True),
        Field("review_on", "When will you look at it again?", "date", "For example, 27 3 2027", needed="Enter a day"),
    ), "While it stands, nothing it covers is erased."),
    "runs": Act("List what would go", "List it", "/retention/runs", DECIDE, (),
                "Nothing is erased by this. You get a list to look through; erasing takes another person’s approval."),
}  # fmt: skip
"""Forms that make something new, by the list under which they stand."""

ACTS: dict[tuple[str, str], Act] = {
    ("overrides", "review"): Act("Review this override", "Save the review", "/overrides/{id}/review", REVIEW, (
        Field("upheld", "Was it right?", "yes_no", needed="Say whether it was right"),
        Field("note", "Why?", "long", LEAD, needed="Say why"),
    ), "Ask: was it for somebody’s safety, the least that would do, and to somebody able to protect them?"),
    ("overrides", "confirm-restriction"): Act(
        "Confirm that it goes beyond a restriction", "Confirm", "/overrides/{id}/confirm-restriction",
        "consent:override:use", (),
        "Where somebody’s whereabouts are restricted, sharing them takes a second person. You are that person."),
    ("findings", "answer"): Act("Answer this question", "Save the answer", "/audit/findings/{id}/answer", WRITE, (
        Field("state", "What did you find?", "choice", options=(
            ("explained", "There was a good reason"), ("referred", "It is passed on to be looked into")),
              needed="Choose what you found"),
        Field("note", "Say what you were told, and by whom", "long", OFFICERS, needed="Say what you were told"),
    ), "An answer stands. Somebody other than the person it is about gives it."),
    ("samples", "close"): Act("Close this sample", "Close it", "/audit/samples/{id}/close", WRITE, (
        Field("conclusion", "What do you conclude?", "long", OFFICERS, needed="Say what you conclude"),)),
    ("breaches", "assess"): Act("Assess the risk", "Save the assessment", "/audit/breaches/{id}/assess", WRITE, (
        Field("risk", "How likely is harm to the people concerned?", "choice", options=(
            ("unlikely", "Unlikely"), ("likely", "Likely"), ("high", "Likely, and serious")),
              needed="Choose how likely"),
        Field("assessment", "Why do you think so?", "long", OFFICERS, needed="Say why"),
    )),
    ("breaches", "decide"): Act("Decide what to do", "Save the decision", "/audit/breaches/{id}/decide", WRITE, (
        Field("notified_at", "When was the Commissioner told?", "moment",
              "Leave it empty if you decide not to tell. For example, 27 3 2026, 2:30pm"),
        Field("ico_reference", "The Commissioner’s reference, if there is one"),
        Field("people_told", "Have the people concerned been told?", "yes_no", needed="Say whether they were told"),
        Field("reason", "Why so?", "long",
              "Needed where the Commissioner is not told, or late, and where a high risk is not told to the people"),
    ), "A decision is taken once, and stays in the record for the Commissioner."),
    ("requests", "acknowledge"): Act("Acknowledge this complaint", "It was acknowledged",
        "/audit/information-requests/{id}/acknowledge", WRITE, (), "A complaint is acknowledged within 30 days."),
    ("requests", "pause"): Act("Let the clock stand still", "Stop the clock", "/audit/information-requests/{id}/pause",
        WRITE, (Field("reason", "What do you wait for?", "choice", options=(
            ("identity", "Proof of who they are"), ("clarification", "What exactly they ask for")),
                      needed="Choose what you wait for"),)),
    ("requests", "resume"): Act("Let the clock run again", "Start the clock",
        "/audit/information-requests/{id}/resume", WRITE, (), "What you waited for has come."),
    ("requests", "extend"): Act("Take more time", "Extend", "/audit/information-requests/{id}/extend", WRITE, (
        Field("months", "How much longer?", "choice", options=(("1", "1 month"), ("2", "2 months")),
              needed="Choose how much longer"),
        Field("reason", "Why is it complex?", "long", "The person is told this within the first month",
              needed="Say why"),
    )),
    ("requests", "answer"): Act("Answer for what we hold", "Save the answer", "/audit/information-requests/{id}/answer",
        WRITE, (Field("outcome", "How did you answer?", "choice", options=(
            ("done", "As asked"), ("partly", "In part"), ("refused", "Refused"), ("not_held", "We hold nothing")),
                      needed="Choose how you answered"),
                Field("note", "Anything to remember?", "long", OFFICERS))),
    ("restrictions", "lift"): Act("Lift this restriction", "Lift it",
        "/audit/processing-restrictions/{id}/lift", DECIDE, (
        Field("because", "Why?", "choice", options=(
            ("found_accurate", "It was found to be right"), ("found_inaccurate", "It was wrong, and was corrected"),
            ("grounds_prevail", "The reasons for using it prevail"), ("claim_over", "The claim is over"),
            ("person_asked", "The person asked")), needed="Choose why"),
        Field("person_told_on", "When was the person told?", "date", "Before it is lifted. For example, 27 3 2026",
              needed="Enter when they were told"),
    )),
    ("corrections", "confirm"): Act("Confirm for what we hold", "Confirm", "/audit/corrections/{id}/confirm", WRITE, (
        Field("outcome", "What did you do?", "choice", options=(
            ("done", "We did the same"), ("not_held", "We hold nothing of it"), ("disputed", "We disagree")),
              needed="Choose what you did"),
        Field("note", "Anything to remember?", "long", OFFICERS),
    )),
    ("holds", "lift"): Act("Lift this hold", "Lift it", "/retention/holds/{id}/lift", DECIDE, (
        Field("reason", "Why?", "long", OFFICERS, needed="Say why"),)),
    ("holds", "review"): Act("Look at this hold again", "Keep it", "/retention/holds/{id}/review", DECIDE, (
        Field("review_on", "When will you look at it next?", "date", "For example, 27 3 2027", needed="Enter a day"),
        Field("note", "Why does it still stand?", "long", OFFICERS, needed="Say why"),
    ), put=True),
    ("runs", "approve"): Act("Approve this list", "Approve, and erase", "/retention/runs/{id}/approve", DECIDE, (
        Field("list_hash", "", "hidden", needed="Open the list again: it has changed"),
    ), "What the list says would go is erased for good. Somebody other than whoever asked for the list approves it."),
    ("deletions", "confirm"): Act("Confirm what became of the information", "Confirm",
        "/retention/deletions/{id}/confirm", "consent:deletion:confirm", (
        Field("how", "What became of it?", "choice", options=(
            ("deleted", "Deleted"), ("returned", "Returned"), ("nothing_held", "We held nothing"),
            ("retained_by_law", "A law makes us keep it")), needed="Choose what became of it"),
        Field("name", "Who says so?", hint="A name for the certificate", needed="Enter a name"),
        Field("position", "As what?"),
        Field("done_on", "When?", "date", "For example, 27 3 2026", needed="Enter when"),
        Field("note", "Anything to remember?", "long", OFFICERS),
    )),
}  # fmt: skip
"""Forms about one record, by its list and the last word of their address."""

RESULT = Act("Record what you found", "Save", "/audit/samples/{id}/items/{nth}/result", WRITE, (
    Field("result", "What did you find?", "choice", options=(
        ("in_order", "In order"), ("not_in_order", "Not in order"), ("question", "A question is open")),
          needed="Choose what you found"),
    Field("note", "Anything to remember?", "long", OFFICERS),
))  # fmt: skip

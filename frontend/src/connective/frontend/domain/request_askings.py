"""The forms that ask the same of every request: nothing of it has to be read to show them."""

from connective.frontend.domain import request_codes as codes
from connective.frontend.domain.fields import Field
from connective.frontend.domain.request_forms import (
    SAFEGUARDING,
    Asking,
    Body,
    Built,
    checked,
    report_fields,
    reported,
    with_words,
    words_fields,
)
from connective.frontend.domain.words import BANDS


def _voucher(values: Body) -> Built:
    children = {band: values[f"band-{band}"] for band in BANDS if values[f"band-{band}"]}
    body = {"adults": values["adults"] or 0, "children_by_age_band": children, "packing_notes": values["packing_notes"]}
    return body | ({"valid_until": values["valid_until"]} if values["valid_until"] else {}), []


VOUCHER = Asking(
    title="Give the family a voucher",
    button="Make the voucher",
    versioned=False,
    build=_voucher,
    words=("A voucher holds no name: how many to feed, and what to pack. The family shows it, and is helped today.",),
    fields=(
        Field(name="adults", label="How many adults?", kind="number", required="Say how many adults"),
        *(
            Field(
                name=f"band-{band}",
                label=f"How many children {text}?",
                kind="number",
                pointer=f"/children_by_age_band/{band}",
            )
            for band, text in BANDS.items()
        ),
        Field(name="packing_notes", label="What to pack, or leave out", kind="choices", options=codes.PACKING),
        Field(
            name="valid_until",
            label="Until when? (optional)",
            kind="date",
            hint="Three days unless you say so; 14 at most",
        ),
    ),
)


def _declined(values: Body) -> Built:
    body, errors = with_words(values)
    if values["code"] == "other" and not values["text"]:
        errors.append(("text", "Say in words why, when you choose another reason"))
    if values["code"] == "needs_statutory_help" and not values["front_door"]:
        errors.append(("front_door", "Say who telephones the front door"))
    return body, errors


def _reassessed(values: Body) -> Built:
    body, errors = with_words(values)
    return body | {"code": "assessed_not_eligible"}, errors


_DECLINE_FIELDS = (
    Field(
        name="family_sentence",
        label="What the family is told",
        kind="long",
        rows=3,
        hint="One plain, kind sentence. Whoever asked you reads it to them.",
        required="Say what the family is told",
    ),
    Field(
        name="next_step",
        label="What the family can do next",
        kind="long",
        rows=3,
        required="Say what they can do next",
        hint="For example, another service that can help. Whoever asked you reads it to the family.",
    ),
    Field(
        name="second_look",
        label="How they can ask for a second look",
        kind="long",
        rows=2,
        hint="For example, a telephone number and whom to ask for. Whoever asked you reads it to the family.",
        required="Say how they can ask for a second look",
    ),
    Field(
        name="tells", label="Who tells the family?", kind="choice", options=codes.TELLS, required="Say who tells them"
    ),
    Field(name="tell_by", label="By when? (optional)", kind="date", hint="Two working days from now unless you say so"),
    *words_fields(
        "What else you want to tell whoever asked (optional)",
        "Only whoever asked you reads this, and only if they may see what it tells.",
        pointer="/text",
    ),
)
_FRONT_DOOR = Field(
    name="front_door",
    label="If more help than yours is needed: who telephones the front door?",
    kind="choice",
    options=codes.FRONT_DOOR,
    hint="Only for “More help than ours is needed”.",
)
_OTHER_READS = "The other side reads this, if they may see what it tells. They get a notice without a word of it."

ASKINGS: dict[str, Asking] = {
    "ask": Asking(
        title="Ask a question",
        button="Send the question",
        words=("The request waits for their answer meanwhile.",),
        fields=words_fields("Your question", _OTHER_READS, required="Write your question"),
    ),
    "answer": Asking(
        title="Answer their question",
        button="Send the answer",
        fields=words_fields("Your answer", _OTHER_READS, required="Write your answer"),
    ),
    "message": Asking(
        title="Write a message",
        button="Send the message",
        path="messages",
        versioned=False,
        fields=words_fields("Your message", _OTHER_READS, required="Write your message"),
    ),
    "waitlist": Asking(
        title="Put it on the waiting list",
        button="Put on the waiting list",
        fields=(
            Field(
                name="expected_on",
                label="When do you expect a place?",
                kind="date",
                required="Say when you expect a place",
            ),
        ),
    ),
    "pause": Asking(
        title="Pause the work",
        button="Pause",
        fields=(
            Field(name="reason", label="Why?", kind="choice", options=codes.PAUSE, required="Say why it pauses"),
            Field(
                name="review_on", label="When do you look at it again?", kind="date", required="Say when you look again"
            ),
        ),
    ),
    "decline": Asking(
        title="Decline this request",
        button="Decline",
        warns=True,
        build=_declined,
        words=("A no never counts against a family. It stays a task until they have been told.",),
        fields=(
            Field(name="code", label="Why?", kind="choice", options=codes.DECLINE, required="Say why"),
            _FRONT_DOOR,
            *_DECLINE_FIELDS,
        ),
    ),
    "reassess": Asking(
        title="End it: our assessment found that it is not for them",
        button="End it",
        warns=True,
        fields=_DECLINE_FIELDS,
        build=_reassessed,
    ),
    "contact-attempts": Asking(
        title="Log a try to reach the family",
        button="Log it",
        versioned=False,
        words=(
            "Whoever asked sees how often you tried. After as many tries in vain as your service promises they are "
            "told: silence can be a sign.",
        ),
        fields=(
            Field(
                name="method",
                label="How did you try?",
                kind="choice",
                options=codes.METHOD,
                required="Say how you tried",
            ),
            Field(
                name="reached",
                label="Did you reach somebody?",
                kind="yes_no",
                required="Say whether you reached somebody",
            ),
        ),
    ),
    "concern-reported": Asking(
        title="Note that you reported a concern",
        button="Save",
        versioned=False,
        build=reported,
        fields=report_fields(),
        words=("Never write here what the concern is. A concern is telephoned; this notes only that you did so.",),
    ),
    "withdraw": Asking(
        title="Take this request back",
        button="Take it back",
        warns=True,
        words=("It ends for good, and they see nothing of the family any more. To ask again you send a new one.",),
        fields=(Field(name="reason", label="Why?", kind="choice", options=codes.WITHDRAW, required="Say why"),),
    ),
    "submit": Asking(
        title="Send this request",
        button="Send",
        fields=(SAFEGUARDING, *report_fields("")),
        build=checked,
        words=(
            "Whether it may be shared is decided anew. If it may not, it stays here, and you see what would clear it.",
        ),
    ),
    "second-look": Asking(
        title="Ask for a second look",
        button="Ask",
        versioned=False,
        words=("You can ask once. They cannot read the request any more: tell them the rest by telephone.",),
        fields=(
            Field(
                name="reason",
                label="Why should they look again?",
                kind="choice",
                options=codes.SECOND_LOOK,
                required="Say why",
            ),
        ),
    ),
    "second-look-answer": Asking(
        title="Answer the second look",
        button="Send the answer",
        path="second-look/answer",
        versioned=False,
        build=with_words,
        fields=(
            Field(
                name="answer",
                label="You looked again",
                kind="choice",
                options=codes.SECOND_ANSWER,
                required="Choose one",
            ),
            *words_fields("What you want to tell them (optional)", _OTHER_READS, pointer="/text"),
        ),
    ),
    "family-told": Asking(
        title="Has the family been told?",
        button="Save",
        versioned=False,
        fields=(Field(name="code", label="What happened?", kind="choice", options=codes.TOLD, required="Choose one"),),
    ),
    "vouchers": VOUCHER,
}
"""Forms that ask the same of every request."""

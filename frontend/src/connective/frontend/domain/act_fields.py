"""What is asked of officers and signatories: of agreements in force, memoranda, arrangements and legal entities."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from connective.frontend.domain import sharing_words as say
from connective.frontend.domain.fields import Field, Option
from connective.frontend.domain.partnership import COMMITMENT_KINDS, PARTS, PROGRESS

Names = Sequence[tuple[str, str]]
"""Legal entities by id and name."""
REVIEW = (
    Field(
        name="approved",
        label="Do you approve this text for your organisation?",
        kind="radios",
        options=(
            Option("yes", "Yes, it can be signed"),
            Option("no", "No, it has to change", "The text is frozen: the lead then drafts the next version."),
        ),
    ),
    Field(
        name="note",
        label="What you say about it",
        kind="long",
        hint="The other parties and their officers read this. Name nobody’s family in it.",
    ),
)
SIGNATURE = (
    Field(name="name", label="Your full name", hint="It stands on the printed agreement."),
    Field(name="position", label="Your position", hint="For example, Chief executive."),
    Field(
        name="read",
        label="",
        kind="choices",
        options=(("yes", "I have read this text, and may sign it for my organisation"),),
    ),
)
REASON = (
    Field(
        name="reason",
        label="Why",
        kind="long",
        hint="The parties, their officers and auditors read this. Name nobody’s family in it.",
    ),
)
REPORT = (
    Field(
        name="progress",
        label="It is",
        kind="radios",
        options=tuple((code, words) for code, (words, _) in PROGRESS.items()),
    ),
    Field(
        name="note",
        label="What you say about it",
        kind="long",
        hint="All partners read this. Name nobody’s family in it.",
        rows=3,
    ),
)
_REGISTERED = "ico_registered_until"
_TRAINED = "training_valid_until"
ENTITY = (
    Field(name="name", label="Its name in law", width="30"),
    Field(
        name="kind",
        label="What is it?",
        kind="select",
        options=tuple(say.ENTITY_KINDS.items()),
        hint="The lawful bases open to it depend on this.",
    ),
    Field(
        name="ico_registration",
        label="Registration at the Information Commissioner’s Office",
        hint="For example, ZA123456.",
        width="10",
    ),
    Field(name=_REGISTERED, label="Registered until", kind="date"),
    Field(name=_TRAINED, label="Data protection training of its staff valid until", kind="date"),
    Field(
        name="dpo_contact",
        label="How to reach its data protection officer",
        hint="An address that is read every working day.",
        width="30",
    ),
)
ENTITY_DATES = (
    Field(name=_REGISTERED, label="Registered at the Information Commissioner’s Office until", kind="date"),
    Field(name=_TRAINED, label="Data protection training of your staff valid until", kind="date"),
    Field(name="dpo_contact", label="How to reach your data protection officer", width="30"),
)
CONTRACT = (
    Field(name="document_reference", label="Reference of the contract that you signed"),
    Field(name="confirms", label="It settles", kind="choices", options=tuple(PARTS.items()), hint="Confirm each."),
    Field(
        name="refrains_from",
        label="Your organisation never uses what it learns here for",
        kind="choices",
        options=tuple(say.PROHIBITED.items()),
        hint="Confirm each. Research only under an agreement that names it.",
    ),
    Field(name="ends_on", label="Until when", kind="date", hint="Leave it empty if no end is agreed."),
)


def of_comment(subjects: Mapping[str, str], *, reply: bool) -> list[Field]:
    """A comment on one clause or the whole, or a reply in a thread, which is about what its thread is about."""
    about = Field(
        name="pointer",
        label="What it is about",
        kind="select",
        options=tuple((code, words) for code, words in subjects.items() if code),
        empty="The whole agreement",
    )
    text = Field(
        name="text",
        label="What you want to say",
        kind="long",
        hint="Everybody who may read the agreement reads this. Name nobody’s family in it.",
    )
    return [text] if reply else [about, text]


def of_arrangement(names: Names) -> list[Field]:
    """What a joint-controller arrangement says."""
    everybody = tuple(names)
    return [
        Field(name="reference", label="Reference", hint="For example, JCA 2026/2."),
        Field(name="title", label="Title", width="30"),
        Field(
            name="entity_ids",
            label="Who decides together?",
            kind="choices",
            options=everybody,
            hint="Yours among them.",
        ),
        Field(name="purposes", label="What for?", kind="choices", options=tuple(say.PURPOSES.items())),
        Field(name="informs_entity_id", label="Who informs families?", kind="select", options=everybody),
        Field(
            name="answers_entity_id",
            label="Who answers people who use their rights?",
            kind="select",
            options=everybody,
        ),
        Field(
            name="breach_entity_id",
            label="Who tells the Information Commissioner and people of a breach?",
            kind="select",
            options=everybody,
        ),
        Field(name="essence", label="In plain English", kind="long", hint="People may ask to read this.", rows=4),
        Field(name="document_reference", label="Document, if there is one"),
        Field(name="starts_on", label="From when", kind="date"),
        Field(name="ends_on", label="Until when", kind="date", hint="Leave it empty if no end is agreed."),
    ]


def of_memorandum(names: Names, *, new: bool) -> list[Field]:
    """What a memorandum says, but for its commitments; its reference stands once it has one."""
    reference = Field(name="reference", label="Reference", hint="For example, MOU 2026/3.")
    reference = reference if new else replace(reference, kind="hidden")
    return [
        reference,
        Field(name="title", label="Title", width="30"),
        Field(
            name="aims",
            label="What do the partners want to change together?",
            kind="long",
            rows=4,
            hint="All partners read this, and it is part of what they sign.",
        ),
        Field(
            name="governance",
            label="Who meets, how often, and who settles what they cannot?",
            kind="long",
            rows=3,
            hint="All partners read this too.",
        ),
        Field(name="party_ids", label="Who are the partners?", kind="choices", options=tuple(names)),
        Field(name="starts_on", label="When does it start?", kind="date"),
        Field(name="review_on", label="By when is it reviewed?", kind="date"),
        Field(name="ends_on", label="When does it end?", kind="date"),
    ]


def of_commitment(number: int, names: Names) -> list[Field]:
    """What one partner brings, in the row of this number."""
    at = f"/commitments/{number}"
    return [
        Field(name=f"what-{number}", label="What is promised", width="30", pointer=f"{at}/what"),
        Field(
            name=f"legal_entity_id-{number}",
            label="Who does it?",
            kind="select",
            options=tuple(names),
            pointer=f"{at}/legal_entity_id",
        ),
        Field(
            name=f"kind-{number}",
            label="What do they bring?",
            kind="select",
            options=tuple(COMMITMENT_KINDS.items()),
            pointer=f"{at}/kind",
        ),
        Field(name=f"due-{number}", label="By when?", kind="date", pointer=f"{at}/due_on"),
    ]

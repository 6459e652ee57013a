"""What each page of an agreement's draft asks: the questions, in the order of the page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from connective.frontend.domain import sharing_words as say
from connective.frontend.domain.answers import Part
from connective.frontend.domain.drafting import WantedBasis
from connective.frontend.domain.fields import Field, Option, Options

Names = Sequence[tuple[str, str]]
"""Legal entities by id and name."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The questions of one page, under headings of their own where they have some."""

    parts: Sequence[tuple[str, Sequence[Field]]]
    words: str = ""
    nothing: str = ""
    """What is said in place of questions where there is nothing to ask yet."""

    @property
    def fields(self) -> list[Field]:
        """All of them."""
        return [each for _, fields in self.parts for each in fields]


PARTIES = (Field(name="party", label="Which organisations in law are parties?", kind="choices", pointer="/parties"),)
"""What refusals of parties are about. Each choice has questions of its own, which `of_party` says."""


def of_new(templates: Iterable[Mapping[str, Any]], names: Names) -> list[Field]:
    """What a draft begins from."""
    known = [Option(each["key"], each["name"], each["summary"]) for each in templates]
    begins = (*known, Option("none", "From nothing", "You name everything yourself."))
    return [
        Field(name="template", label="What do you start from?", kind="radios", options=begins),
        _line("reference", "Reference", "As your register calls it, for example DSA 2026/14.", "20"),
        _pick("referrer_id", "Who asks for help", names, "The legal entity, for example a schools trust."),
        _pick("provider_id", "Who gives it", names, "More parties can be added later."),
        Field(name="starts_on", label="From when", kind="date"),
    ]


def of_step(key: str, names: Names, shared: Sequence[str], extra: Part) -> Asked | None:
    """What one step asks; None for those that list lines or parties in a way of their own."""
    if key == "retention":
        return _retention(shared)
    if key == "audit":
        return Asked([("", _audit(names, extra))])
    return _STEPS.get(key)


def of_party(entity_id: str, teams: Names) -> list[Field]:
    """What is asked of one party where it is ticked. Teams are asked about where there are several."""
    fields = [
        _pick(f"role-{entity_id}", "Its role", tuple(say.PARTY_ROLES.items()), empty="Controller"),
        Field(
            name=f"late-{entity_id}",
            label="When does it join?",
            kind="choices",
            options=(("yes", "Later, by its own signature: the others do not wait for it"),),
        ),
    ]
    if len(teams) > 1:
        hint = "All others of this party take part."
        label = "Teams that are left out"
        fields.append(Field(name=f"without-{entity_id}", label=label, kind="choices", options=tuple(teams), hint=hint))
    return fields


def of_flow(parties: Names, place: int = 0) -> list[Field]:
    """What one flow asks, which stands at this place of the draft's."""
    kinds = tuple((code, words + _protected(code)) for code, words in say.CATEGORIES.items())
    fields = [
        _pick("from_entity_id", "Who shares?", parties),
        _pick("to_entity_id", "Who receives?", parties),
        _pick("purpose", "What is it for?", tuple(say.PURPOSES.items())),
        Field(
            name="categories",
            label="What may be shared?",
            kind="choices",
            options=kinds,
            hint="No more than is needed. What is specially protected needs a condition beside its basis.",
        ),
        Field(name="methods", label="How?", kind="choices", options=tuple(say.METHODS.items())),
    ]
    return _at(fields, f"/flows/{place}")


def _at(fields: Iterable[Field], pointer: str) -> list[Field]:
    """The same where the API has them in the list of their kind."""
    return [replace(each, pointer=f"{pointer}/{each.name}") for each in fields]


def _protected(code: str) -> str:
    if code in say.SPECIAL:
        return " (specially protected)"
    return " (criminal offence data)" if code in say.OFFENCE else ""


def of_basis(wanted: WantedBasis, authority: str, place: int = 0) -> list[Field]:
    """What is asked of one party's basis; about offences where its flows share them, or an authority stands there."""
    conditions = (Option("", "None: nothing specially protected is shared"), *_articles(say.ARTICLE_9))
    offences = _line(
        "article_10",
        "Authority for criminal offence data (Article 10)",
        "Its flows share offending: name what in law allows it.",
    )
    fields = [
        Field(name="article_6", label="Lawful basis", kind="radios", options=_articles(say.ARTICLE_6)),
        _line(
            "legal_power",
            "Legal power",
            "The Act and section that gives the task or duty. Needed for a public task or a legal obligation. "
            "For example, Children Act 2004 s10.",
        ),
        Field(
            name="article_9",
            label="Condition for specially protected information",
            kind="radios",
            options=conditions,
            hint=f"Its flows share {say.listed(wanted.special).lower()}: that is specially protected, and needs a "
            "condition."
            if wanted.special
            else "",
        ),
        _line(
            "schedule_1_paragraph",
            "Paragraph of Schedule 1 to the Data Protection Act 2018",
            "Where the condition needs one. For example, Part 1 paragraph 2 (health or social care).",
        ),
        _line(
            "policy_document",
            "Appropriate policy document",
            "Its reference, where the paragraph asks for one.",
            "20",
        ),
        offences if wanted.offence or authority else Field(name="article_10", label="", kind="hidden"),
        _line(
            "confidentiality_basis",
            "How the duty of confidence is met",
            "Needed for health bodies. For example, Implied consent for direct care.",
        ),
    ]
    return _at(fields, f"/bases/{place}")


def _articles(told: Mapping[str, tuple[str, str]]) -> Options:
    return tuple(Option(code, f"{words}, Article {code}", hint) for code, (words, hint) in told.items())


def _line(name: str, label: str, hint: str = "", width: str = "30", pointer: str = "") -> Field:
    return Field(name=name, label=label, hint=hint, width=width, pointer=pointer)


def _box(name: str, label: str, hint: str, rows: int = 5, pointer: str = "") -> Field:
    return Field(name=name, label=label, kind="long", hint=hint, rows=rows, pointer=pointer)


def _pick(name: str, label: str, options: Names, hint: str = "", empty: str = "Choose one") -> Field:
    return Field(name=name, label=label, kind="select", options=tuple(options), hint=hint, empty=empty)


def _retention(shared: Sequence[str]) -> Asked:
    if not shared:
        return Asked([], nothing="Name the flows first: they say what is kept.")
    words = (
        "Say for each kind how long whoever receives it keeps it, so that a records officer can apply it. For example: "
        "One year after the last contact, then deleted."
    )
    return Asked([("", [_line(f"kept-{code}", say.CATEGORIES[code]) for code in shared])], words)


def _audit(names: Names, memoranda: Part) -> list[Field]:
    whose = Field(
        name="audit_entity_ids",
        label="Whose auditors may see what moves under it?",
        kind="choices",
        options=tuple(names),
        hint="They see people by a pseudonym only. Without anybody here nobody can audit it.",
    )
    if memoranda.problem:
        return [whose, Field(name="memorandum_id", label="", kind="hidden")]
    offered = [(each["id"], f"{each['reference']}: {each['terms']['title']}") for each in memoranda.items]
    label = "Which memorandum of understanding does it serve?"
    hint = "A memorandum says what the partners do together. It permits no sharing."
    return [whose, _pick("memorandum_id", label, offered, hint, "None")]


_STEPS = {
    "about": Asked(
        [
            (
                "",
                [
                    _line("title", "Title", "What people will call it, for example Sharing for emergency food."),
                    _box(
                        "summary",
                        "In plain English",
                        "Two or three sentences. Anybody reads them in the public register.",
                    ),
                    _box(
                        "necessity",
                        "Why is it necessary?",
                        "What would go wrong without it, and why less would not do. This is public too.",
                    ),
                    Field(name="people_covered", label="About whom?", kind="radios", options=tuple(say.PEOPLE.items())),
                ],
            )
        ]
    ),
    "limits": Asked(
        [
            (
                "",
                [
                    Field(
                        name="prohibited_uses",
                        label="What may it never be used for?",
                        kind="choices",
                        options=tuple(say.PROHIBITED.items()),
                        hint="Families trust that help is not used against them.",
                    ),
                    _box(
                        "onward_sharing",
                        "May it be passed on?",
                        "To whom, and who has to agree first. The parties read this.",
                        3,
                    ),
                    _box(
                        "security",
                        "How is it kept safe?",
                        "Accounts, training, encryption, copies, and who is told of a breach by when. The parties "
                        "read this.",
                    ),
                ],
            )
        ]
    ),
    "assessment": Asked(
        [
            (
                "",
                [
                    Field(
                        name="there",
                        label="Is there one for this sharing?",
                        kind="radios",
                        options=(("yes", "Yes"), ("no", "Not yet")),
                    )
                ],
            ),
            (
                "If there is one",
                [
                    _line("reference", "Its reference", "", "20", "/dpia/reference"),
                    _box(
                        "outcome",
                        "Its outcome",
                        "What was decided about the risks. The parties read this.",
                        3,
                        "/dpia/outcome",
                    ),
                    Field(name="approved_on", label="When was it approved?", kind="date", pointer="/dpia/approved_on"),
                    Field(
                        name="review_due_on",
                        label="By when is it reviewed?",
                        kind="date",
                        pointer="/dpia/review_due_on",
                    ),
                ],
            ),
        ],
        "A data protection impact assessment (DPIA) weighs the risks to families. Without one the agreement cannot "
        "come into force.",
    ),
    "contacts": Asked(
        [
            (
                "",
                [
                    _line(
                        "rights_contact",
                        "Who answers people who use their rights?",
                        "An address that is read every working day. It stands in the public register.",
                    ),
                    _line("complaints_contact", "Who answers complaints?", "Public too."),
                    _line("breach_contact", "Who is told of a breach?"),
                    _line(
                        "privacy_notice",
                        "Where is the privacy notice?",
                        "The address of the notice that tells families of this sharing.",
                    ),
                ],
            )
        ]
    ),
    "dates": Asked(
        [
            (
                "",
                [
                    Field(name="starts_on", label="When does it start?", kind="date"),
                    Field(
                        name="review_on",
                        label="By when is it reviewed?",
                        kind="date",
                        hint="Within a year of the start.",
                    ),
                    Field(name="ends_on", label="When does it end?", kind="date"),
                    Field(
                        name="at_end",
                        label="What happens to the information then?",
                        kind="radios",
                        options=tuple(say.AT_END.items()),
                    ),
                ],
            )
        ]
    ),
}

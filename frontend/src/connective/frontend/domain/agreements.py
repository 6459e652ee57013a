"""The pages of agreements: the register, one version as its parties read it, and whose turn it is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from connective.frontend.domain import sharing_words as say
from connective.frontend.domain.sessions import Person
from connective.frontend.domain.words import day, in_order, moment

DRAFT = "consent:agreement:draft"
REVIEW = "consent:agreement:review"
SIGN = "consent:agreement:sign"
COMMENT = "consent:agreement:comment"
_OPENED_BY = {
    "edit": DRAFT, "submit": DRAFT, "review": REVIEW, "suspend": REVIEW, "reinstate": REVIEW, "sign": SIGN,
    "terminate": SIGN,
}  # fmt: skip
"""What a person needs beside their legal entity's being able to: the API says the latter alone."""
_IN_FORCE = frozenset({"active", "suspended"})
_SOMEBODY = "An organisation that is not on the register"
Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """One agreement in the register."""

    href: str
    reference: str
    title: str
    state: str
    tag: str
    parties: str
    purposes: str
    review: str
    review_due: bool
    ends: str
    later: str
    """What is under way beside the version that is in force; empty where nothing is."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Something that has to happen next, and who does it."""

    who: str
    what: str
    ours: bool = False


@dataclass(frozen=True, slots=True)
class PartyRow:
    """One party."""

    name: str
    role: str
    notes: str


@dataclass(frozen=True, slots=True)
class FlowRow:
    """One line of what may be shared."""

    giver: str
    taker: str
    purpose: str
    categories: list[tuple[str, bool]]
    """Each in few words, and whether it is specially protected."""
    methods: list[str]


@dataclass(frozen=True, slots=True)
class BasisRow:
    """On what one party relies for one purpose."""

    party: str
    purpose: str
    article_6: str
    power: str
    conditions: list[str]


@dataclass(frozen=True, slots=True)
class Said:
    """A review or a signature."""

    party: str
    what: str
    when: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class VersionPage:
    """One version of an agreement."""

    path: str
    agreement: str
    reference: str
    number: int
    title: str
    lead: str
    state: str
    tag: str
    reason: str
    draft: bool
    parties: list[PartyRow]
    flows: list[FlowRow]
    bases: list[BasisRow]
    terms: Mapping[str, Any]
    facts: list[tuple[str, str]]
    kept: list[tuple[str, str]]
    reviews: list[Said]
    signatures: list[Said]
    turns: list[Turn]
    acts: frozenset[str]
    findings: list[tuple[bool, str]]
    """Whether it stops the draft, and the sentence."""
    text: str
    text_hash: str


@dataclass(frozen=True, slots=True)
class Asker:
    """Who looks at it: the person, and the legal entity of their organisation."""

    person: Person
    entity_id: str | None
    names: Names = field(default_factory=dict)

    def name(self, entity_id: str) -> str:
        """A legal entity's name."""
        return self.names.get(entity_id, _SOMEBODY)


def register_lines(items: Iterable[Mapping[str, Any]], asker: Asker, today: date) -> list[RegisterLine]:
    """The register, as people read it."""
    return [_line(each, asker, today) for each in items]


def _line(one: Mapping[str, Any], asker: Asker, today: date) -> RegisterLine:
    state, tag = say.state_of(one["state"])
    newest = one["versions"][-1]
    under_way = one["version_in_force"] is not None and newest["number"] > one["version_in_force"]
    later = f"Version {newest['number']}: {say.state_of(newest['state'])[0].lower()}" if under_way else ""
    return RegisterLine(
        href=f"/agreements/{one['id']}",
        reference=one["reference"],
        title=one["title"] or "Without a title yet",
        state=state,
        tag=tag,
        parties=say.listed(asker.name(each) for each in one["party_ids"]) or "Nobody yet",
        purposes=", ".join(say.purpose(each) for each in one["purposes"]),
        review=day(one["review_on"]),
        review_due=one["state"] == "active" and one["review_on"] <= str(today),
        ends=day(one["ends_on"]),
        later=later,
    )


def version_page(version: Mapping[str, Any], asker: Asker, today: date) -> VersionPage:
    """One version, whole, for whoever looks at it."""
    terms = version["terms"]
    state, tag = say.state_of(version["state"])
    return VersionPage(
        path=f"/agreements/{version['agreement_id']}/versions/{version['number']}",
        agreement=f"/agreements/{version['agreement_id']}",
        reference=version["reference"],
        number=version["number"],
        title=terms["title"] or "An agreement without a title yet",
        lead=asker.name(version["lead_entity_id"]),
        state=state,
        tag=tag,
        reason=version["state_reason"],
        draft=version["state"] == "draft",
        parties=[_party(each, asker) for each in terms["parties"]],
        flows=[flow_row(each, asker) for each in terms["flows"]],
        bases=[basis_row(each, asker) for each in terms["bases"]],
        terms=terms,
        facts=_facts(terms, asker),
        kept=[(say.kinds(each["categories"]), each["rule"]) for each in terms["retention"]],
        reviews=[_review(each, asker) for each in version["reviews"]],
        signatures=[_signature(each, asker) for each in version["signatures"]],
        turns=turns(version, asker, today),
        acts=acts(version["allowed_actions"], asker.person),
        findings=[(each["weight"] == "stops", plain(each["sentence"])) for each in version["findings"]],
        text=version["text"],
        text_hash=version["text_hash"],
    )


def acts(allowed: Sequence[str], person: Person) -> frozenset[str]:
    """What this person can do: what their legal entity could, as far as their own role opens it."""
    return frozenset(each for each in allowed if person.may(_OPENED_BY[each]))


def _party(party: Mapping[str, Any], asker: Asker) -> PartyRow:
    apart = len(party["excluded_organisation_ids"])
    notes = ["Joins later, by its own signature"] if party["joins_late"] else []
    notes += ["1 team is left out" if apart == 1 else f"{apart} teams are left out"] if apart else []
    return PartyRow(asker.name(party["legal_entity_id"]), say.PARTY_ROLES[party["role"]], "; ".join(notes))


def flow_row(flow: Mapping[str, Any], asker: Asker) -> FlowRow:
    """One line of what may be shared, as people read it."""
    protected = say.SPECIAL | say.OFFENCE
    shared = [(say.category(each).lower(), each in protected) for each in in_order(flow["categories"])]
    return FlowRow(
        asker.name(flow["from_entity_id"]),
        asker.name(flow["to_entity_id"]),
        say.purpose(flow["purpose"]),
        shared,
        [words for code, words in say.METHODS.items() if code in flow["methods"]],
    )


def basis_row(basis: Mapping[str, Any], asker: Asker) -> BasisRow:
    """What one party relies on, as people read it."""
    conditions = [
        ("", say.article_9(basis["article_9"])),
        ("Article 10: ", basis["article_10"]),
        ("Schedule 1: ", basis["schedule_1_paragraph"]),
        ("Policy document: ", basis["policy_document"]),
        ("Confidentiality: ", basis["confidentiality_basis"]),
    ]
    return BasisRow(
        asker.name(basis["legal_entity_id"]),
        say.purpose(basis["purpose"]),
        say.article_6(basis["article_6"]),
        basis["legal_power"],
        [label + value for label, value in conditions if value],
    )


def _facts(terms: Mapping[str, Any], asker: Asker) -> list[tuple[str, str]]:
    dpia = terms["dpia"]
    assessment = "There is none yet, so it cannot come into force."
    if dpia:
        assessment = (
            f"{dpia['reference']}. Approved on {day(dpia['approved_on'])}, to be reviewed by "
            f"{day(dpia['review_due_on'])}. {dpia['outcome']}"
        )
    auditors = say.listed(sorted(asker.name(each) for each in terms["audit_entity_ids"]))
    never = [words for code, words in say.PROHIBITED.items() if code in terms["prohibited_uses"]]
    facts = [
        ("About whom", say.PEOPLE[terms["people_covered"]]),
        ("Why it is necessary", terms["necessity"]),
        ("Never used for", ", ".join(never)),
        ("Passing it on", terms["onward_sharing"]),
        ("Security", terms["security"]),
        ("Impact assessment", assessment),
        ("Who may audit it", auditors or "Nobody is named"),
        ("People who use their rights", terms["rights_contact"]),
        ("Complaints", terms["complaints_contact"]),
        ("Breaches", terms["breach_contact"]),
        ("Privacy notice", terms["privacy_notice"]),
        ("Starts", day(terms["starts_on"])),
        ("Reviewed by", day(terms["review_on"])),
        ("Ends", day(terms["ends_on"])),
        ("When it ends", say.AT_END[terms["at_end"]]),
    ]
    return [(label, value or "Not stated yet") for label, value in facts]


def _review(review: Mapping[str, Any], asker: Asker) -> Said:
    what = "Approved the text" if review["approved"] else "Asked for changes"
    return Said(asker.name(review["legal_entity_id"]), what, moment(review["at"]), review["note"])


def _signature(signature: Mapping[str, Any], asker: Asker) -> Said:
    who = ", ".join(each for each in (signature["name"], signature["position"]) if each)
    return Said(asker.name(signature["legal_entity_id"]), who or "Signed", moment(signature["at"]))


def turns(version: Mapping[str, Any], asker: Asker, today: date) -> list[Turn]:
    """What has to happen next, and who does it; ours first."""
    found = _TURNS.get(version["state"], _nobody)(version, asker, today)
    return sorted(found, key=lambda each: not each.ours)


def _turn(entity_id: str, what: str, asker: Asker, permission: str) -> Turn:
    ours = entity_id == asker.entity_id and asker.person.may(permission)
    return Turn(asker.name(entity_id), what, ours)


def _nobody(_version: Mapping[str, Any], _asker: Asker, _today: date) -> list[Turn]:
    return []


def _of_draft(version: Mapping[str, Any], asker: Asker, _today: date) -> list[Turn]:
    return [_turn(version["lead_entity_id"], "finishes the draft and sends it to be reviewed", asker, DRAFT)]


def _of_review(version: Mapping[str, Any], asker: Asker, _today: date) -> list[Turn]:
    latest = {each["legal_entity_id"]: each["approved"] for each in version["reviews"]}
    found = []
    for party in version["terms"]["parties"]:
        entity_id = party["legal_entity_id"]
        if party["joins_late"] or latest.get(entity_id):
            continue
        if entity_id in latest:
            words = f"drafts the next version: {asker.name(entity_id)} asked for changes"
            found.append(_turn(version["lead_entity_id"], words, asker, DRAFT))
        else:
            found.append(_turn(entity_id, "has its data protection officer review the text", asker, REVIEW))
    return found


def _of_signing(version: Mapping[str, Any], asker: Asker, today: date) -> list[Turn]:
    late = {each["legal_entity_id"] for each in version["terms"]["parties"] if each["joins_late"]}
    awaited = [each for each in version["awaits_signature_of"] if each not in late]
    found = [_turn(each, "has its signatory sign", asker, SIGN) for each in awaited]
    if not found and version["terms"]["starts_on"] > str(today):
        return [Turn("Nobody", f"has to do anything: it comes into force on {day(version['terms']['starts_on'])}")]
    return found


def _of_force(version: Mapping[str, Any], asker: Asker, today: date) -> list[Turn]:
    signed = {each["legal_entity_id"] for each in version["signatures"]}
    late = [each["legal_entity_id"] for each in version["terms"]["parties"] if each["joins_late"]]
    found = [_turn(each, "can still join, by its own signature", asker, SIGN) for each in late if each not in signed]
    if version["terms"]["review_on"] <= str(today):
        words = "reviews it with the other parties: its review is due"
        found.append(_turn(version["lead_entity_id"], words, asker, DRAFT))
    if version["state"] == "suspended":
        found.append(Turn("A party’s data protection officer", "can reinstate it; until then nothing is shared"))
    return found


_TURNS = {
    "draft": _of_draft,
    "in_review": _of_review,
    "awaiting_signatures": _of_signing,
    "active": _of_force,
    "suspended": _of_force,
}


def plain(words: str) -> str:
    """A finding's sentence with its codes as words: `health` is health, research stays research."""
    parts = words.split("`")
    return "".join(say.category(each).lower() if number % 2 else each for number, each in enumerate(parts))

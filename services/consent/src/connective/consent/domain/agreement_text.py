"""The text a signatory reads, and the hash they sign: it binds the words and the structured terms to each other."""

from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from connective.consent.domain.agreement_terms import AtEnd, Flow, LawfulBasis, Party, Terms
from connective.consent.domain.canonical import canonical, plain
from connective.consent.domain.documents import Document, Section
from connective.consent.domain.registers import Register

_AT_END = {
    AtEnd.DELETE: "Each party deletes what it received, and confirms that it has, with a name and the date.",
    AtEnd.RETURN: "Each party returns what it received, and confirms that it has, with a name and the date.",
}
_WORDS = {
    "contact_details": "contact details",
    "disability_send": "disability and special educational needs",
    "ethnicity_religion": "ethnicity and religion",
    "identifiers": "identifying numbers",
    "identity": "identity (names, birth date, sex)",
    "needs": "needs and the reason for asking",
    "offending": "offending",
    "professionals": "who else is involved",
    "progress": "progress (state, dates, reason)",
    "sex_life_orientation": "sex life and orientation",
    "staff_safety": "what a visitor must know to be safe",
    "voice": "own words and wishes",
    "api": "between systems (API)",
    "hub_page": "the Hub's own page (hub page)",
    "secure_link": "a secure link",
}


def in_words(value: StrEnum) -> str:
    """A code as an officer reads it."""
    return _WORDS.get(value.value, value.value.replace("_", " "))


def listed(values: Iterable[StrEnum]) -> str:
    """Several codes as an officer reads them, in the order of the alphabet."""
    return ", ".join(sorted(in_words(value) for value in values)) or "none"


def long_date(day: date) -> str:
    """A day as it is written in England."""
    return f"{day.day} {day:%B %Y}"


def basis_in_words(basis: LawfulBasis) -> str:
    """Everything one party relies on for one purpose, in one line."""
    parts = [f"Article {basis.article_6.value}"]
    parts += [basis.legal_power] if basis.legal_power else []
    parts += [f"Article {basis.article_9.value}"] if basis.article_9 else []
    parts += [f"Article 10: {basis.article_10}"] if basis.article_10 else []
    paragraph = basis.schedule_1_paragraph
    parts += [f"Schedule 1 {'paragraph ' if paragraph[:1].isdigit() else ''}{paragraph}"] if paragraph else []
    parts += [f"policy document {basis.policy_document}"] if basis.policy_document else []
    parts += [f"confidentiality: {basis.confidentiality_basis}"] if basis.confidentiality_basis else []
    return "; ".join(parts)


def excluded_in_words(party: Party, register: Register) -> str:
    """Which organisations of a party do not inherit, by name; empty where all do."""
    teams = sorted(register.team(each) for each in party.excluded_organisation_ids)
    return f"without {', '.join(teams)}" if teams else ""


def _party_row(party: Party, register: Register) -> tuple[str, ...]:
    entity = register.entities.get(party.legal_entity_id)
    joins = "joins later, by its own signature" if party.joins_late else ""
    return (
        register.name(party.legal_entity_id),
        in_words(party.role),
        entity.ico_registration if entity else "",
        entity.dpo_contact if entity else "",
        "; ".join(part for part in (joins, excluded_in_words(party, register)) if part),
    )


def _flow_row(flow: Flow, register: Register) -> tuple[str, ...]:
    return (
        register.name(flow.from_entity_id),
        register.name(flow.to_entity_id),
        in_words(flow.purpose),
        listed(flow.categories),
        listed(flow.methods),
    )


def _who_and_what(terms: Terms, register: Register) -> Iterator[Section]:
    summary = [terms.summary]
    if register.memorandum is not None:
        line = register.memorandum
        summary.append(f"It serves the memorandum of understanding {line.reference}, {line.title}.")
    yield Section("What this agreement is for", tuple(summary))
    yield Section(
        "Who is bound by it",
        columns=("Party", "Role", "ICO registration", "Data protection officer", "Notes"),
        rows=tuple(_party_row(party, register) for party in terms.parties),
    )
    yield Section(
        "What is shared",
        (f"About: {in_words(terms.people_covered)}.",),
        columns=("From", "To", "For", "What", "How"),
        rows=tuple(_flow_row(flow, register) for flow in terms.flows),
    )
    yield Section(
        "On what basis",
        ("Each party states its own basis for each purpose; none borrows another's.",),
        columns=("Party", "For", "Basis"),
        rows=tuple((register.name(b.legal_entity_id), in_words(b.purpose), basis_in_words(b)) for b in terms.bases),
    )


def _limits(terms: Terms) -> Iterator[Section]:
    yield Section("Why it is necessary", (terms.necessity,))
    yield Section("What it may never be used for", points=tuple(sorted(map(in_words, terms.prohibited_uses))))
    yield Section("Onward sharing", (terms.onward_sharing,))
    yield Section("Security", (terms.security,))
    yield Section(
        "How long it is kept",
        columns=("What", "Kept"),
        rows=tuple((listed(r.categories), r.rule) for r in terms.retention),
    )


def _answering(terms: Terms, register: Register) -> Iterator[Section]:
    points = [
        f"People who use their rights: {terms.rights_contact}",
        f"Complaints: {terms.complaints_contact}",
        f"Breaches: {terms.breach_contact}",
    ]
    points += [f"Privacy notice: {terms.privacy_notice}"] if terms.privacy_notice else []
    yield Section("Who answers", points=tuple(points))
    yield Section("Impact assessment", (_assessment(terms),))
    auditors = ", ".join(sorted(register.name(e) for e in terms.audit_entity_ids)) or "nobody"
    yield Section("Audit", (f"What moves under this agreement may be audited by: {auditors}.",))
    dates = (
        f"Starts on {long_date(terms.starts_on)}",
        f"Reviewed by {long_date(terms.review_on)}",
        f"Ends on {long_date(terms.ends_on)}",
    )
    yield Section("When", points=dates)
    yield Section("At the end", (_AT_END[terms.at_end],))


def _assessment(terms: Terms) -> str:
    dpia = terms.dpia
    if dpia is None:
        return "There is none."
    dates = f"approved on {long_date(dpia.approved_on)}, review due on {long_date(dpia.review_due_on)}"
    return f"{dpia.reference}, {dates}. Outcome: {dpia.outcome}"


def terms_document(reference: str, version: int, terms: Terms, register: Register) -> Document:
    """The agreement as its parties read it."""
    sections = (*_who_and_what(terms, register), *_limits(terms), *_answering(terms, register))
    return Document(terms.title, reference, version, sections)


def terms_hash(text: str, terms: object) -> str:
    """What signatories sign, in hex: SHA-256 over the canonical JSON of text and terms together."""
    return sha256(canonical({"text": text, "terms": plain(terms)})).hexdigest()


def excluded_teams(terms: Terms) -> frozenset[UUID]:
    """Every organisation that these terms exclude from what its legal entity is party to."""
    return frozenset(each for party in terms.parties for each in party.excluded_organisation_ids)


def mentioned(terms: Terms) -> frozenset[UUID]:
    """Every legal entity these terms name."""
    parties = {p.legal_entity_id for p in terms.parties} | {b.legal_entity_id for b in terms.bases}
    flows = {e for f in terms.flows for e in (f.from_entity_id, f.to_entity_id)}
    return frozenset(parties | flows | terms.audit_entity_ids)

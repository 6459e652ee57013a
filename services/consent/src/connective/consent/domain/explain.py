"""The path of a decision: for each of the seven rules what it looked at and what it concluded.

The conclusions are the recorded ones. What was looked at is shown as it stands when somebody asks, with the outcome it
would give now, so that a decision and a later change are never mistaken for each other.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from connective.consent.domain.agreement_terms import LawfulBasis
from connective.consent.domain.consent import Kind
from connective.consent.domain.decision import decide
from connective.consent.domain.evidence import Evidence, PartyEvidence, Statement, SubjectEvidence
from connective.contracts.sharing import Decision, Outcome, Question

Naming = Callable[[UUID], str]
"""How a person is called in the answer: by id for who asked, by pseudonym for officers."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing a rule looked at."""

    what: str
    found: str


@dataclass(frozen=True, slots=True)
class Step:
    """One rule: what it looked at, whether it passed, and its sentence."""

    rule: int
    name: str
    looked_at: tuple[Fact, ...]
    passed: bool
    concluded: str


@dataclass(frozen=True, slots=True)
class Path:
    """All seven, in order."""

    steps: tuple[Step, ...]
    outcome: Outcome
    outcome_now: Outcome
    looked_at_at: datetime


def _listed(codes: object) -> str:
    return ", ".join(sorted(str(code) for code in codes)) or "every one"  # type: ignore[attr-defined]  # any collection


def _party(side: str, party: PartyEvidence | None) -> Fact:
    if party is None:
        return Fact(side, "not on the register")
    state = "active" if party.active else "suspended"
    signed = "signed" if party.processing_signed else "not signed"
    return Fact(side, f"{party.name}: {state}; processing agreement {signed}; {party.assurance_level.value}")


def _parties(_question: Question, evidence: Evidence, _: Naming) -> Iterator[Fact]:
    yield _party("discloser", evidence.discloser)
    yield _party("recipient", evidence.recipient)


def _agreements(question: Question, evidence: Evidence, _: Naming) -> Iterator[Fact]:
    if evidence.same_entity:
        yield Fact("legal entity", "both are teams of one")
    for flow in evidence.flows:
        shared = _listed(flow.categories & question.categories) if flow.categories & question.categories else "none"
        yield Fact(
            f"agreement {flow.reference} version {flow.version}",
            f"{flow.state.value} from {flow.starts_on} to {flow.ends_on}; of what is asked it shares {shared}; by "
            f"{_listed(m.value for m in flow.methods)}; about {flow.people_covered.value}; impact assessment due "
            f"{flow.dpia_review_due_on}",
        )
    for party in (evidence.discloser, evidence.recipient):
        if party is not None:
            dates = f"ICO registration until {party.ico_registered_until}, training until {party.training_valid_until}"
            yield Fact(party.name, dates)
    if evidence.one_off is not None:
        yield Fact("one-off disclosure", f"{evidence.one_off.one_off_id}: {evidence.one_off.ground.value}")
    if not evidence.flows and evidence.one_off is None and not evidence.same_entity:
        yield Fact("agreement", "none between these legal entities for this purpose in this direction")


def _named(evidence: Evidence, entity_id: UUID) -> str:
    for party in (evidence.discloser, evidence.recipient):
        if party is not None and party.legal_entity_id == entity_id:
            return party.name
    return str(entity_id)


def _bases(evidence: Evidence) -> Iterator[tuple[str, LawfulBasis]]:
    for flow in evidence.flows:
        for basis in (flow.discloser_basis, flow.recipient_basis):
            yield f"{flow.reference} version {flow.version}, {_named(evidence, basis.legal_entity_id)}", basis


def _conditions(_question: Question, evidence: Evidence, _: Naming) -> Iterator[Fact]:
    for where, basis in _bases(evidence):
        article_9 = basis.article_9.value if basis.article_9 else "no Article 9 condition"
        schedule = (
            f"Schedule 1 paragraph {basis.schedule_1_paragraph}" if basis.schedule_1_paragraph else "no Schedule 1"
        )
        yield Fact(where, f"{article_9}; {basis.article_10 or 'no Article 10 condition'}; {schedule}")


def _statement(statement: Statement) -> str:
    until = f" until {statement.expires_at.date()}" if statement.expires_at else ""
    return f"{statement.state.value} on {statement.said_at.date()}{until} by {statement.authority.value}"


def _said(kind: Kind, subject: SubjectEvidence, question: Question, name: Naming) -> Iterator[Fact]:
    who = name(subject.person_id)
    found = False
    for one in subject.statements:
        scope = one.scope.covers(question.recipient_organisation_id, question.service_kind, question.purpose)
        if one.kind is kind:
            found = True
            covers = "covers this" if scope else "does not cover this"
            yield Fact(f"{kind.value} about {who}", f"{one.consent_id}: {_statement(one)}; {covers}")
    for ruling in subject.rulings:
        if ruling.kind is kind:
            said = "to share" if ruling.share else "not to share"
            yield Fact(f"ruling about {who}", f"{ruling.ruling_id}: {said}, on {ruling.decided_at.date()}")
    if not found:
        yield Fact(f"{kind.value} about {who}", "nothing recorded")


def _engagement(question: Question, evidence: Evidence, name: Naming) -> Iterator[Fact]:
    for subject in evidence.subjects:
        yield from _said(Kind.AGREEMENT_TO_ENGAGE, subject, question, name)


def _basis(question: Question, evidence: Evidence, name: Naming) -> Iterator[Fact]:
    for where, basis in _bases(evidence):
        yield Fact(where, f"{basis.article_6.value}; {basis.legal_power or 'no power named'}")
    for subject in evidence.subjects:
        who = name(subject.person_id)
        yield from _said(Kind.CONSENT, subject, question, name)
        yield Fact(f"notices to {who}", str(len(subject.notices)))
        yield Fact(f"objections of {who}", ", ".join(o.state.value for o in subject.objections) or "none")


def _restrictions(_question: Question, evidence: Evidence, name: Naming) -> Iterator[Fact]:
    for subject in evidence.subjects:
        kinds = ", ".join(r.kind for r in subject.restrictions) or "none"
        yield Fact(f"restrictions on {name(subject.person_id)}", kinds)


def _override(_question: Question, evidence: Evidence, _: Naming) -> Iterator[Fact]:
    standing = evidence.override
    if standing is None:
        yield Fact("safeguarding override", "none stands")
        return
    confirmed = "confirmed by a second person" if standing.restriction_confirmed else "not beyond a restriction"
    yield Fact("safeguarding override", f"{standing.override_id}: {_listed(standing.categories)}; {confirmed}")


_LOOKS = (_parties, _agreements, _conditions, _engagement, _basis, _restrictions, _override)


def explain(question: Question, recorded: Decision, evidence: Evidence, at: datetime, name: Naming) -> Path:
    """The path of a recorded decision over the evidence as it stands at this instant."""
    steps = tuple(
        Step(result.rule, result.name, tuple(look(question, evidence, name)), result.passed, result.sentence)
        for result, look in zip(recorded.rules, _LOOKS, strict=True)
    )
    return Path(steps, recorded.outcome, decide(question, evidence, at).outcome, at)

"""What an officer would say of an agreement's text before anybody signs it.

A finding that *stops* keeps the version a draft. A finding that only *warns* lets it be signed: what it warns of is
still held by the decision's rules, category by category, when somebody asks to share.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from uuid import UUID

from connective.consent.domain.agreement_terms import Article6, Flow, LawfulBasis, Terms
from connective.consent.domain.conditions import missing_condition
from connective.consent.domain.findings import Finding, Weight
from connective.consent.domain.legal_entities import EntityKind, LegalEntity
from connective.contracts.categories import OFFENCE_CATEGORIES, SPECIAL_CATEGORIES, Category

Entities = Mapping[UUID, LegalEntity]
REVIEW_AT_LEAST_EVERY = timedelta(days=366)


def _stops(code: str, pointer: str, sentence: str) -> Finding:
    return Finding(Weight.STOPS, code, pointer, sentence)


def _warns(code: str, pointer: str, sentence: str) -> Finding:
    return Finding(Weight.WARNS, code, pointer, sentence)


def _named(entities: Entities, entity_id: UUID) -> str:
    entity = entities.get(entity_id)
    return entity.name if entity else "a legal entity that is not on the register"


def _check_parties(terms: Terms, entities: Entities) -> Iterator[Finding]:
    if len(terms.parties) < 2:
        yield _stops("too_few_parties", "/parties", "An agreement needs at least two parties.")
    counted = Counter(p.legal_entity_id for p in terms.parties)
    for number, party in enumerate(terms.parties):
        pointer = f"/parties/{number}/legal_entity_id"
        if counted[party.legal_entity_id] > 1:
            yield _stops("party_twice", pointer, f"{_named(entities, party.legal_entity_id)} is named twice.")
        if party.legal_entity_id not in entities:
            yield _stops("party_unknown", pointer, "This legal entity is not on the register of the place.")
    if terms.parties and all(p.joins_late for p in terms.parties):
        yield _stops("nobody_founds", "/parties", "At least one party must sign before others can join late.")


def _check_flow(terms: Terms, entities: Entities, number: int, flow: Flow) -> Iterator[Finding]:
    pointer = f"/flows/{number}"
    if flow.from_entity_id == flow.to_entity_id:
        yield _stops("flow_to_itself", pointer, "A flow within one legal entity is no disclosure and needs no line.")
    if not flow.categories:
        yield _stops("flow_empty", f"{pointer}/categories", "The flow names no categories.")
    if not flow.methods:
        yield _stops("flow_without_method", f"{pointer}/methods", "The flow names no method of sharing.")
    for entity_id in (flow.from_entity_id, flow.to_entity_id):
        name = _named(entities, entity_id)
        if terms.party(entity_id) is None:
            yield _stops("flow_outsider", pointer, f"The flow names {name}, which is not a party.")
        elif terms.basis(entity_id, flow.purpose) is None:
            sentence = f"{name} gives no Article 6 basis for the purpose {flow.purpose.value}, which a flow names."
            yield _stops("basis_missing", pointer, sentence)
    if Category.IMMIGRATION in flow.categories:
        sentence = "The flow shares immigration data. No template does; be sure that it is necessary and safe."
        yield _warns("immigration_shared", f"{pointer}/categories", sentence)


def _check_conditions(terms: Terms, entities: Entities, number: int, flow: Flow) -> Iterator[Finding]:
    sensitive = sorted(flow.categories & (SPECIAL_CATEGORIES | OFFENCE_CATEGORIES))
    for category in sensitive:
        for entity_id in (flow.from_entity_id, flow.to_entity_id):
            basis = terms.basis(entity_id, flow.purpose)
            missing = missing_condition(basis, category) if basis else None
            if missing:
                sentence = (
                    f"A flow shares `{category.value}`, but {_named(entities, entity_id)} gives {missing.words} for "
                    f"{flow.purpose.value}: until it does, that category is not shared."
                )
                yield _warns(missing.code, f"/flows/{number}/categories", sentence)


def _check_flows(terms: Terms, entities: Entities) -> Iterator[Finding]:
    if not terms.flows:
        yield _stops("no_flows", "/flows", "The agreement lists no flows, so nothing could be shared under it.")
    for number, flow in enumerate(terms.flows):
        yield from _check_flow(terms, entities, number, flow)
        yield from _check_conditions(terms, entities, number, flow)


_INTERESTS = frozenset({Article6.RECOGNISED_INTEREST, Article6.LEGITIMATE_INTEREST})
_LAID_DOWN_IN_LAW = frozenset({Article6.LEGAL_OBLIGATION, Article6.PUBLIC_TASK})


def _check_basis(basis: LawfulBasis, entity: LegalEntity, pointer: str) -> Iterator[Finding]:
    article = basis.article_6
    if article in _INTERESTS and entity.is_public_authority:
        sentence = f"{article.value} is not open to a public authority for its own task, and {entity.name} is one."
        yield _stops("interest_of_public_authority", f"{pointer}/article_6", sentence)
    if article is Article6.PUBLIC_TASK and not entity.is_public_authority:
        sentence = f"{article.value} is for a task that law lays on the party itself: {entity.name} cannot borrow one."
        yield _stops("borrowed_public_task", f"{pointer}/article_6", sentence)
    if article in _LAID_DOWN_IN_LAW and not basis.legal_power:
        sentence = f"{entity.name} relies on {article.value} but names no legal power."
        yield _stops("no_legal_power", f"{pointer}/legal_power", sentence)
    if basis.schedule_1_paragraph and not basis.policy_document:
        sentence = f"{entity.name} relies on a Schedule 1 paragraph but names no appropriate policy document."
        yield _warns("no_policy_document", f"{pointer}/policy_document", sentence)
    if entity.kind is EntityKind.NHS_BODY and not basis.confidentiality_basis:
        sentence = f"{entity.name} holds data in confidence, but no confidentiality basis is given."
        yield _warns("no_confidentiality_basis", f"{pointer}/confidentiality_basis", sentence)


def _check_bases(terms: Terms, entities: Entities) -> Iterator[Finding]:
    counted = Counter((b.legal_entity_id, b.purpose) for b in terms.bases)
    for number, basis in enumerate(terms.bases):
        pointer = f"/bases/{number}"
        if counted[basis.legal_entity_id, basis.purpose] > 1:
            name = _named(entities, basis.legal_entity_id)
            yield _stops("basis_twice", pointer, f"{name} gives two bases for {basis.purpose.value}.")
        entity = entities.get(basis.legal_entity_id)
        if entity is not None:
            yield from _check_basis(basis, entity, pointer)


def _check_assessment(terms: Terms, _entities: Entities) -> Iterator[Finding]:
    if terms.dpia is None:
        yield _stops("no_dpia", "/dpia", "There is no data protection impact assessment, so it cannot be activated.")
    elif terms.dpia.review_due_on <= terms.starts_on:
        yield _stops("dpia_out_of_date", "/dpia/review_due_on", "The impact assessment is due for review at the start.")


def _check_dates(terms: Terms, _entities: Entities) -> Iterator[Finding]:
    if terms.ends_on <= terms.starts_on:
        yield _stops("ends_before_start", "/ends_on", "The end date is not after the start date.")
    if not terms.starts_on < terms.review_on <= terms.ends_on:
        yield _stops("review_outside", "/review_on", "The review date does not lie between start and end.")
    elif terms.review_on - terms.starts_on > REVIEW_AT_LEAST_EVERY:
        yield _warns("review_late", "/review_on", "The review is more than a year after the start.")


_MUST_SAY = {
    "title": "a title",
    "summary": "a summary in plain English for the public register",
    "necessity": "why the sharing is necessary",
    "onward_sharing": "whether data may be shared onward",
    "security": "how data are kept secure",
    "rights_contact": "who answers people who use their rights",
    "complaints_contact": "who answers complaints",
    "breach_contact": "who is told of a breach",
}


def _check_words(terms: Terms, _entities: Entities) -> Iterator[Finding]:
    for field, words in _MUST_SAY.items():
        if not getattr(terms, field).strip():
            yield _stops("not_stated", f"/{field}", f"The agreement does not say {words}.")
    if not terms.prohibited_uses:
        yield _warns("nothing_prohibited", "/prohibited_uses", "The agreement prohibits no use, such as debt recovery.")


def _check_retention(terms: Terms, _entities: Entities) -> Iterator[Finding]:
    shared = {c for flow in terms.flows for c in flow.categories}
    kept = {c for retention in terms.retention for c in retention.categories}
    for category in sorted(shared - kept):
        yield _stops("no_retention", "/retention", f"The agreement does not say how long `{category.value}` is kept.")


_CHECKS: tuple[Callable[[Terms, Entities], Iterator[Finding]], ...] = (
    _check_words,
    _check_parties,
    _check_flows,
    _check_bases,
    _check_assessment,
    _check_dates,
    _check_retention,
)


def check_terms(terms: Terms, entities: Entities) -> tuple[Finding, ...]:
    """Every finding on these terms, those that stop first. `entities` is the register, by id."""
    findings = [f for check in _CHECKS for f in check(terms, entities)]
    return tuple(sorted(findings, key=lambda f: f.weight != Weight.STOPS))


def stopping(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Those that keep the version a draft."""
    return tuple(f for f in findings if f.weight is Weight.STOPS)

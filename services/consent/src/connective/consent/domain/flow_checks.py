"""What an officer would say of an agreement's flows, and of the basis each party gives for them."""

from collections import Counter
from collections.abc import Iterator

from connective.consent.domain.agreement_terms import Article6, Flow, LawfulBasis, ProhibitedUse, Terms
from connective.consent.domain.conditions import missing_condition
from connective.consent.domain.findings import Finding, stops, warns
from connective.consent.domain.legal_entities import EntityKind, LegalEntity
from connective.consent.domain.registers import Register
from connective.contracts.categories import OFFENCE_CATEGORIES, SPECIAL_CATEGORIES, Category, Purpose


def _check_flow(terms: Terms, register: Register, number: int, flow: Flow) -> Iterator[Finding]:
    pointer = f"/flows/{number}"
    if flow.from_entity_id == flow.to_entity_id:
        yield stops("flow_to_itself", pointer, "A flow within one legal entity is no disclosure and needs no line.")
    if not flow.categories:
        yield stops("flow_empty", f"{pointer}/categories", "The flow names no categories.")
    if not flow.methods:
        yield stops("flow_without_method", f"{pointer}/methods", "The flow names no method of sharing.")
    for entity_id in (flow.from_entity_id, flow.to_entity_id):
        name = register.name(entity_id)
        if terms.party(entity_id) is None:
            yield stops("flow_outsider", pointer, f"The flow names {name}, which is not a party.")
        elif terms.basis(entity_id, flow.purpose) is None:
            sentence = f"{name} gives no Article 6 basis for the purpose {flow.purpose.value}, which a flow names."
            yield stops("basis_missing", pointer, sentence)
    if flow.purpose is Purpose.RESEARCH and ProhibitedUse.RESEARCH in terms.prohibited_uses:
        yield stops("prohibited_purpose", f"{pointer}/purpose", "The flow is for research, which is prohibited below.")
    if Category.IMMIGRATION in flow.categories:
        sentence = "The flow shares immigration data. No template does; be sure that it is necessary and safe."
        yield warns("immigration_shared", f"{pointer}/categories", sentence)


def _check_conditions(terms: Terms, register: Register, number: int, flow: Flow) -> Iterator[Finding]:
    sensitive = sorted(flow.categories & (SPECIAL_CATEGORIES | OFFENCE_CATEGORIES))
    for category in sensitive:
        for entity_id in (flow.from_entity_id, flow.to_entity_id):
            basis = terms.basis(entity_id, flow.purpose)
            missing = missing_condition(basis, category) if basis else None
            if missing:
                sentence = (
                    f"A flow shares `{category.value}`, but {register.name(entity_id)} gives {missing.words} for "
                    f"{flow.purpose.value}: until it does, that category is not shared."
                )
                yield warns(missing.code, f"/flows/{number}/categories", sentence)


def check_flows(terms: Terms, register: Register) -> Iterator[Finding]:
    """Every finding about the lines of the agreement."""
    if not terms.flows:
        yield stops("no_flows", "/flows", "The agreement lists no flows, so nothing could be shared under it.")
    for number, flow in enumerate(terms.flows):
        yield from _check_flow(terms, register, number, flow)
        yield from _check_conditions(terms, register, number, flow)


_INTERESTS = frozenset({Article6.RECOGNISED_INTEREST, Article6.LEGITIMATE_INTEREST})
_LAID_DOWN_IN_LAW = frozenset({Article6.LEGAL_OBLIGATION, Article6.PUBLIC_TASK})


def _check_basis(basis: LawfulBasis, entity: LegalEntity, pointer: str) -> Iterator[Finding]:
    article = basis.article_6
    if article in _INTERESTS and entity.is_public_authority:
        sentence = f"{article.value} is not open to a public authority for its own task, and {entity.name} is one."
        yield stops("interest_of_public_authority", f"{pointer}/article_6", sentence)
    if article is Article6.PUBLIC_TASK and not entity.is_public_authority:
        sentence = f"{article.value} is for a task that law lays on the party itself: {entity.name} cannot borrow one."
        yield stops("borrowed_public_task", f"{pointer}/article_6", sentence)
    if article is Article6.CONSENT and entity.is_public_authority:
        sentence = (
            f"{entity.name} relies on consent, which people can seldom refuse an authority freely: prefer a task."
        )
        yield warns("consent_of_public_authority", f"{pointer}/article_6", sentence)
    if article in _LAID_DOWN_IN_LAW and not basis.legal_power:
        sentence = f"{entity.name} relies on {article.value} but names no legal power."
        yield stops("no_legal_power", f"{pointer}/legal_power", sentence)
    if basis.schedule_1_paragraph and not basis.policy_document:
        sentence = f"{entity.name} relies on a Schedule 1 paragraph but names no appropriate policy document."
        yield warns("no_policy_document", f"{pointer}/policy_document", sentence)
    if entity.kind is EntityKind.NHS_BODY and not basis.confidentiality_basis:
        sentence = f"{entity.name} holds data in confidence, but no confidentiality basis is given."
        yield warns("no_confidentiality_basis", f"{pointer}/confidentiality_basis", sentence)


def check_bases(terms: Terms, register: Register) -> Iterator[Finding]:
    """Every finding about what each party relies on: bases are never borrowed from the other side."""
    counted = Counter((b.legal_entity_id, b.purpose) for b in terms.bases)
    for number, basis in enumerate(terms.bases):
        pointer = f"/bases/{number}"
        if counted[basis.legal_entity_id, basis.purpose] > 1:
            name = register.name(basis.legal_entity_id)
            yield stops("basis_twice", pointer, f"{name} gives two bases for {basis.purpose.value}.")
        if not any(f.purpose is basis.purpose and basis.legal_entity_id in f.ends for f in terms.flows):
            name = register.name(basis.legal_entity_id)
            yield warns(
                "basis_unused", pointer, f"{name} gives a basis for {basis.purpose.value}, but no flow needs it."
            )
        entity = register.entities.get(basis.legal_entity_id)
        if entity is not None:
            yield from _check_basis(basis, entity, pointer)

"""The text a signatory reads, and the hash they sign: it binds the words and the structured terms to each other."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from connective.consent.domain.agreement_terms import Flow, LawfulBasis, Terms
from connective.consent.domain.canonical import canonical, plain


def _listed(values: frozenset[StrEnum]) -> str:
    return ", ".join(sorted(v.value.replace("_", " ") for v in values)) or "none"


def _flow_line(flow: Flow, names: Mapping[UUID, str]) -> str:
    return (
        f"- From {names[flow.from_entity_id]} to {names[flow.to_entity_id]}, "
        f"for {flow.purpose.value.replace('_', ' ')}: {_listed(frozenset(flow.categories))}. "
        f"By: {_listed(frozenset(flow.methods))}."
    )


def _basis_line(basis: LawfulBasis, names: Mapping[UUID, str]) -> str:
    parts = [f"Article {basis.article_6.value}"]
    parts += [basis.legal_power] if basis.legal_power else []
    parts += [f"Article {basis.article_9.value}"] if basis.article_9 else []
    parts += [f"Article 10: {basis.article_10}"] if basis.article_10 else []
    parts += [f"Schedule 1 paragraph {basis.schedule_1_paragraph}"] if basis.schedule_1_paragraph else []
    parts += [f"policy document {basis.policy_document}"] if basis.policy_document else []
    parts += [f"confidentiality: {basis.confidentiality_basis}"] if basis.confidentiality_basis else []
    return f"- {names[basis.legal_entity_id]}, for {basis.purpose.value.replace('_', ' ')}: {'; '.join(parts)}."


def _assessment_line(terms: Terms) -> str:
    dpia = terms.dpia
    if dpia is None:
        return "Impact assessment: none."
    dates = f"approved {dpia.approved_on}, review due {dpia.review_due_on}"
    return f"Impact assessment: {dpia.reference}, {dates}: {dpia.outcome}"


def _lines(reference: str, version: int, terms: Terms, names: Mapping[UUID, str]) -> Iterator[str]:
    yield f"{terms.title} ({reference}, version {version})"
    yield terms.summary
    yield "Parties:"
    yield from (f"- {names[p.legal_entity_id]}, {p.role.value.replace('_', ' ')}" for p in terms.parties)
    yield "What is shared:"
    yield from (_flow_line(flow, names) for flow in terms.flows)
    yield "On what basis:"
    yield from (_basis_line(basis, names) for basis in terms.bases)
    yield f"About: {terms.people_covered.value}."
    yield f"Why it is necessary: {terms.necessity}"
    yield f"Never to be used for: {_listed(frozenset(terms.prohibited_uses))}."
    yield f"Onward sharing: {terms.onward_sharing}"
    yield f"Security: {terms.security}"
    yield "How long it is kept:"
    yield from (f"- {_listed(frozenset(r.categories))}: {r.rule}" for r in terms.retention)
    yield f"Rights: {terms.rights_contact} Complaints: {terms.complaints_contact} Breaches: {terms.breach_contact}"
    yield _assessment_line(terms)
    yield "Audit: " + (", ".join(sorted(names[e] for e in terms.audit_entity_ids)) or "none") + "."
    yield f"Starts {terms.starts_on}, reviewed {terms.review_on}, ends {terms.ends_on}."
    yield f"At the end, data: {terms.at_end.value}."


def terms_text(reference: str, version: int, terms: Terms, names: Mapping[UUID, str]) -> str:
    """The agreement in words. `names` gives the name of every legal entity the terms mention."""
    return "\n".join(_lines(reference, version, terms, names)) + "\n"


def terms_hash(text: str, terms: Terms) -> str:
    """What signatories sign, in hex: SHA-256 over the canonical JSON of text and terms together."""
    return sha256(canonical({"text": text, "terms": plain(terms)})).hexdigest()


def mentioned(terms: Terms) -> frozenset[UUID]:
    """Every legal entity these terms name."""
    parties = {p.legal_entity_id for p in terms.parties} | {b.legal_entity_id for b in terms.bases}
    flows = {e for f in terms.flows for e in (f.from_entity_id, f.to_entity_id)}
    return frozenset(parties | flows | terms.audit_entity_ids)

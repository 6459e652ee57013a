"""The words of a memorandum, and what an officer would say of them before anybody signs."""

from collections.abc import Iterator, Mapping
from uuid import UUID

from connective.consent.domain.findings import Finding, Weight
from connective.consent.domain.memorandum import Commitment, MemorandumTerms

_MUST_SAY = {
    "title": "what it is called",
    "aims": "what the partners want to bring about together",
    "governance": "who meets, how often, and who settles a disagreement",
}


def _stops(code: str, pointer: str, sentence: str) -> Finding:
    return Finding(Weight.STOPS, code, pointer, sentence)


def _check_commitment(terms: MemorandumTerms, number: int, commitment: Commitment) -> Iterator[Finding]:
    pointer = f"/commitments/{number}"
    if commitment.legal_entity_id not in terms.party_ids:
        yield _stops("commitment_of_outsider", pointer, "The commitment is made by somebody who is not a party.")
    if not commitment.what.strip():
        yield _stops("commitment_empty", f"{pointer}/what", "The commitment does not say what is promised.")
    if not terms.starts_on <= commitment.due_on <= terms.ends_on:
        sentence = "The commitment is due outside the time the memorandum runs."
        yield _stops("commitment_outside", f"{pointer}/due_on", sentence)


def check_memorandum(terms: MemorandumTerms, known: frozenset[UUID]) -> tuple[Finding, ...]:
    """Every finding on these terms. `known` are the legal entities on the place's register."""
    found = [
        _stops("not_stated", f"/{field}", f"The memorandum does not say {words}.")
        for field, words in _MUST_SAY.items()
        if not getattr(terms, field).strip()
    ]
    if len(set(terms.party_ids)) < 2:
        found.append(_stops("too_few_parties", "/party_ids", "A memorandum needs at least two different parties."))
    for number, party in enumerate(terms.party_ids):
        if party not in known:
            sentence = "This legal entity is not on the register of the place."
            found.append(_stops("party_unknown", f"/party_ids/{number}", sentence))
    if not terms.commitments:
        found.append(_stops("no_commitments", "/commitments", "Nobody commits to anything, so nothing can be tracked."))
    for number, commitment in enumerate(terms.commitments):
        found.extend(_check_commitment(terms, number, commitment))
    if not terms.starts_on < terms.review_on <= terms.ends_on:
        found.append(_stops("review_outside", "/review_on", "The review date does not lie between start and end."))
    return tuple(found)


def memorandum_text(reference: str, terms: MemorandumTerms, names: Mapping[UUID, str]) -> str:
    """The memorandum in words. `names` gives the name of every legal entity it mentions."""
    lines = [
        f"{terms.title} ({reference})",
        "This memorandum says what we will do together. It does not permit anybody to share personal data.",
        "Partners: " + "; ".join(names[party] for party in terms.party_ids) + ".",
        f"What we want: {terms.aims}",
        f"How we decide: {terms.governance}",
        "What each of us commits:",
    ]
    lines += [
        f"{number}. {names[c.legal_entity_id]}, {c.kind.value}, by {c.due_on}: {c.what}"
        for number, c in enumerate(terms.commitments, start=1)
    ]
    lines.append(f"Starts {terms.starts_on}, reviewed {terms.review_on}, ends {terms.ends_on}.")
    return "\n".join(lines) + "\n"


def mentioned_in(terms: MemorandumTerms) -> frozenset[UUID]:
    """Every legal entity these terms name."""
    return frozenset(terms.party_ids) | {c.legal_entity_id for c in terms.commitments}

"""What changed from one version of an agreement to another, in sentences an officer reads before signing."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from connective.consent.domain.agreement_terms import Flow, LawfulBasis, Party, Terms
from connective.consent.domain.agreement_text import basis_in_words, excluded_in_words, in_words, listed, long_date
from connective.consent.domain.registers import Register
from connective.contracts.categories import Category, Purpose


class Change(StrEnum):
    """What happened to a part of the text."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Difference:
    """One change: where, what it was and is, and the sentence that says it."""

    change: Change
    pointer: str
    sentence: str
    before: str | None
    after: str | None


def _kind(before: str | None, after: str | None) -> Change:
    if not before:
        return Change.ADDED
    return Change.REMOVED if not after else Change.CHANGED


def _difference(pointer: str, before: str | None, after: str | None, sentence: str) -> Difference:
    return Difference(_kind(before, after), pointer, sentence, before or None, after or None)


_WORDS: Mapping[str, str] = {
    "title": "title",
    "summary": "summary for the public",
    "necessity": "reason why the sharing is necessary",
    "onward_sharing": "clause on onward sharing",
    "security": "clause on security",
    "rights_contact": "contact for people's rights",
    "complaints_contact": "contact for complaints",
    "breach_contact": "contact for breaches",
    "privacy_notice": "privacy notice",
}


def _texts(old: Terms, new: Terms) -> Iterator[Difference]:
    for field, words in _WORDS.items():
        before, after = getattr(old, field), getattr(new, field)
        if before != after:
            verb = {Change.ADDED: "is now stated", Change.REMOVED: "is no longer stated", Change.CHANGED: "has changed"}
            sentence = f"The {words} {verb[_kind(before, after)]}."
            yield _difference(f"/{field}", before, after, sentence)


def _single(old: Terms, new: Terms) -> Iterator[Difference]:
    if old.people_covered is not new.people_covered:
        before, after = in_words(old.people_covered), in_words(new.people_covered)
        yield _difference("/people_covered", before, after, f"It is now about {after}; before, about {before}.")
    if old.at_end is not new.at_end:
        before, after = in_words(old.at_end), in_words(new.at_end)
        yield _difference("/at_end", before, after, f"At the end each party must now {after} the data, not {before}.")
    for field, words in (("starts_on", "starts"), ("review_on", "is reviewed"), ("ends_on", "ends")):
        was, now = long_date(getattr(old, field)), long_date(getattr(new, field))
        if was != now:
            yield _difference(f"/{field}", was, now, f"It now {words} on {now}; before, on {was}.")
    if old.memorandum_id != new.memorandum_id:
        before, after = str(old.memorandum_id or ""), str(new.memorandum_id or "")
        yield _difference("/memorandum_id", before, after, "It names another memorandum of understanding, or none.")


def _assessment(old: Terms, new: Terms) -> Iterator[Difference]:
    def words(terms: Terms) -> str:
        dpia = terms.dpia
        if dpia is None:
            return ""
        return f"{dpia.reference}, review due on {long_date(dpia.review_due_on)}: {dpia.outcome}"

    before, after = words(old), words(new)
    if old.dpia != new.dpia:
        sentence = "It rests on another impact assessment, or on another outcome of it."
        yield _difference("/dpia", before, after, sentence)


def _party_words(party: Party, register: Register) -> str:
    late = "joining late" if party.joins_late else ""
    return ", ".join(filter(None, (in_words(party.role), late, excluded_in_words(party, register))))


def _parties(old: Terms, new: Terms, register: Register) -> Iterator[Difference]:
    was = {p.legal_entity_id: p for p in old.parties}
    now = {p.legal_entity_id: p for p in new.parties}
    for entity, name in _named([*was, *(e for e in now if e not in was)], register):
        before = _party_words(was[entity], register) if entity in was else None
        after = _party_words(now[entity], register) if entity in now else None
        if was.get(entity) == now.get(entity):
            continue
        sentence = {
            Change.ADDED: f"{name} is now a party, as {after}.",
            Change.REMOVED: f"{name} is no longer a party.",
            Change.CHANGED: f"{name} was a party as {before}; now it is {after}.",
        }[_kind(before, after)]
        yield _difference("/parties", before, after, sentence)


def _named(entities: list[UUID], register: Register) -> Iterator[tuple[UUID, str]]:
    return ((entity, register.name(entity)) for entity in entities)


Line = tuple[UUID, UUID, Purpose]


def _merged(flows: tuple[Flow, ...], part: Callable[[Flow], frozenset[StrEnum]]) -> dict[Line, frozenset[StrEnum]]:
    found: dict[Line, frozenset[StrEnum]] = {}
    for flow in flows:
        line = (flow.from_entity_id, flow.to_entity_id, flow.purpose)
        found[line] = found.get(line, frozenset()) | part(flow)
    return found


def _flows(old: Terms, new: Terms, register: Register) -> Iterator[Difference]:
    was, now = _merged(old.flows, _categories), _merged(new.flows, _categories)
    for line in [*was, *(each for each in now if each not in was)]:
        giver, taker = register.name(line[0]), register.name(line[1])
        way = f"from {giver} to {taker} for {in_words(line[2])}"
        gone, come = was.get(line, frozenset()), now.get(line, frozenset())
        before, after = (listed(gone) if gone else None), (listed(come) if come else None)
        if come - gone:
            yield _difference("/flows", before, after, f"Now also shared {way}: {listed(come - gone)}.")
        if gone - come:
            yield _difference("/flows", before, after, f"No longer shared {way}: {listed(gone - come)}.")
    ways_was, ways_now = _merged(old.flows, _methods), _merged(new.flows, _methods)
    for line in (each for each in ways_now if each in ways_was and ways_now[each] != ways_was[each]):
        before, after = listed(ways_was[line]), listed(ways_now[line])
        sentence = f"What goes from {register.name(line[0])} to {register.name(line[1])} now travels by: {after}."
        yield _difference("/flows", before, after, sentence)


def _categories(flow: Flow) -> frozenset[StrEnum]:
    return frozenset[StrEnum](flow.categories)


def _methods(flow: Flow) -> frozenset[StrEnum]:
    return frozenset[StrEnum](flow.methods)


def _bases(old: Terms, new: Terms, register: Register) -> Iterator[Difference]:
    def by_party(bases: tuple[LawfulBasis, ...]) -> dict[tuple[UUID, Purpose], str]:
        return {(b.legal_entity_id, b.purpose): basis_in_words(b) for b in bases}

    was, now = by_party(old.bases), by_party(new.bases)
    for key in [*was, *(each for each in now if each not in was)]:
        before, after = was.get(key), now.get(key)
        if before != after:
            name, purpose = register.name(key[0]), in_words(key[1])
            sentence = {
                Change.ADDED: f"{name} now gives a basis for {purpose}: {after}.",
                Change.REMOVED: f"{name} no longer gives a basis for {purpose}.",
                Change.CHANGED: f"{name} relied for {purpose} on {before}; now on {after}.",
            }[_kind(before, after)]
            yield _difference("/bases", before, after, sentence)


def _limits(old: Terms, new: Terms, register: Register) -> Iterator[Difference]:
    if old.prohibited_uses != new.prohibited_uses:
        before, after = listed(old.prohibited_uses), listed(new.prohibited_uses)
        allowed, forbidden = old.prohibited_uses - new.prohibited_uses, new.prohibited_uses - old.prohibited_uses
        if forbidden:
            yield Difference(Change.ADDED, "/prohibited_uses", f"Now prohibited: {listed(forbidden)}.", before, after)
        if allowed:
            sentence = f"No longer prohibited: {listed(allowed)}."
            yield Difference(Change.REMOVED, "/prohibited_uses", sentence, before, after)
    was, now = _kept(old), _kept(new)
    for category in sorted(was.keys() | now.keys()):
        before, after = was.get(category, ""), now.get(category, "")
        if before != after:
            sentence = f"How long {in_words(category)} is kept has changed."
            yield _difference("/retention", before, after, sentence)
    if old.audit_entity_ids != new.audit_entity_ids:
        before, after = (
            ", ".join(sorted(register.name(e) for e in each)) for each in (old.audit_entity_ids, new.audit_entity_ids)
        )
        yield _difference("/audit_entity_ids", before, after, f"It may now be audited by: {after or 'nobody'}.")


def _kept(terms: Terms) -> dict[Category, str]:
    return {category: retention.rule for retention in terms.retention for category in retention.categories}


def compare(old: Terms, new: Terms, register: Register) -> tuple[Difference, ...]:
    """Every difference, in the order of the text: who, what, on what basis, within which limits, who answers, when."""
    return (
        *_texts(old, new),
        *_parties(old, new, register),
        *_flows(old, new, register),
        *_bases(old, new, register),
        *_limits(old, new, register),
        *_assessment(old, new),
        *_single(old, new),
    )

"""What an officer would say of an agreement's text before anybody signs it.

A finding that *stops* keeps the version a draft. A finding that only *warns* lets it be signed: what it warns of is
still held by the decision's rules, category by category, when somebody asks to share.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta

from connective.consent.domain.agreement_terms import Terms
from connective.consent.domain.findings import Finding, Weight, stops, warns
from connective.consent.domain.flow_checks import check_bases, check_flows
from connective.consent.domain.registers import Register
from connective.consent.domain.standing_checks import check_standing

REVIEW_AT_LEAST_EVERY = timedelta(days=366)


def _check_parties(terms: Terms, register: Register) -> Iterator[Finding]:
    if len(terms.parties) < 2:
        yield stops("too_few_parties", "/parties", "An agreement needs at least two parties.")
    counted = Counter(p.legal_entity_id for p in terms.parties)
    for number, party in enumerate(terms.parties):
        pointer = f"/parties/{number}/legal_entity_id"
        if counted[party.legal_entity_id] > 1:
            yield stops("party_twice", pointer, f"{register.name(party.legal_entity_id)} is named twice.")
        if party.legal_entity_id not in register.entities:
            yield stops("party_unknown", pointer, "This legal entity is not on the register of the place.")
    if terms.parties and all(p.joins_late for p in terms.parties):
        yield stops("nobody_founds", "/parties", "At least one party must sign before others can join late.")


def _check_assessment(terms: Terms, register: Register) -> Iterator[Finding]:
    if terms.dpia is None:
        yield stops("no_dpia", "/dpia", "There is no data protection impact assessment, so it cannot be activated.")
    elif terms.dpia.review_due_on <= terms.starts_on:
        yield stops("dpia_out_of_date", "/dpia/review_due_on", "The impact assessment is due for review at the start.")
    elif terms.dpia.approved_on > register.today:
        yield stops("dpia_not_approved", "/dpia/approved_on", "The impact assessment is approved only in the future.")
    elif not (terms.dpia.reference.strip() and terms.dpia.outcome.strip()):
        yield stops("dpia_without_outcome", "/dpia", "The impact assessment has no reference or states no outcome.")


def _check_dates(terms: Terms, register: Register) -> Iterator[Finding]:
    if terms.ends_on < register.today:
        yield stops("ended_already", "/ends_on", "The end date has passed.")
    if terms.ends_on <= terms.starts_on:
        yield stops("ends_before_start", "/ends_on", "The end date is not after the start date.")
    if not terms.starts_on < terms.review_on <= terms.ends_on:
        yield stops("review_outside", "/review_on", "The review date does not lie between start and end.")
    elif terms.review_on - terms.starts_on > REVIEW_AT_LEAST_EVERY:
        yield warns("review_late", "/review_on", "The review is more than a year after the start.")


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


def _check_words(terms: Terms, _register: Register) -> Iterator[Finding]:
    for field, words in _MUST_SAY.items():
        if not getattr(terms, field).strip():
            yield stops("not_stated", f"/{field}", f"The agreement does not say {words}.")
    if not terms.prohibited_uses:
        yield warns("nothing_prohibited", "/prohibited_uses", "The agreement prohibits no use, such as debt recovery.")
    if not terms.privacy_notice.strip():
        sentence = "The agreement names no privacy notice, so nobody can tell where families are told of it."
        yield warns("no_privacy_notice", "/privacy_notice", sentence)


def _check_retention(terms: Terms, _register: Register) -> Iterator[Finding]:
    shared = {c for flow in terms.flows for c in flow.categories}
    kept = {c for retention in terms.retention for c in retention.categories}
    for category in sorted(shared - kept):
        yield stops("no_retention", "/retention", f"The agreement does not say how long `{category.value}` is kept.")


def _check_audit(terms: Terms, _register: Register) -> Iterator[Finding]:
    if not terms.audit_entity_ids:
        yield warns(
            "nobody_audits", "/audit_entity_ids", "The audit clause names nobody, so no auditor can look into it."
        )


_CHECKS: tuple[Callable[[Terms, Register], Iterator[Finding]], ...] = (
    _check_words,
    _check_parties,
    check_flows,
    check_bases,
    _check_assessment,
    _check_dates,
    _check_retention,
    _check_audit,
    check_standing,
)


def check_terms(terms: Terms, register: Register) -> tuple[Finding, ...]:
    """Every finding on these terms, those that stop first."""
    findings = [f for check in _CHECKS for f in check(terms, register)]
    return tuple(sorted(findings, key=lambda f: f.weight != Weight.STOPS))


def stopping(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Those that keep the version a draft."""
    return tuple(f for f in findings if f.weight is Weight.STOPS)

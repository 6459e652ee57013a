"""What an officer would say of how the parties stand: on the register, to each other, and to their memorandum."""

from collections.abc import Iterator

from connective.consent.domain.agreement_terms import PartyRole, Terms
from connective.consent.domain.findings import Finding, stops, warns
from connective.consent.domain.registers import Register


def _check_registered(terms: Terms, register: Register) -> Iterator[Finding]:
    for number, party in enumerate(terms.parties):
        entity = register.entities.get(party.legal_entity_id)
        pointer = f"/parties/{number}"
        if entity is None:
            continue
        ends_on = entity.processing_agreement_ends_on
        if entity.processing_agreement_signed_at is None or (ends_on is not None and ends_on < register.today):
            sentence = f"{entity.name} has not signed the host's processing agreement: nothing moves until it has."
            yield warns("no_processing_agreement", pointer, sentence)
        if entity.ico_registered_until < register.today:
            ended = entity.ico_registered_until
            sentence = f"{entity.name}'s registration with the Information Commissioner ended on {ended}."
            yield warns("ico_registration_lapsed", pointer, sentence)
        if entity.training_valid_until < register.today:
            sentence = (
                f"The data protection training of {entity.name}'s staff was due on {entity.training_valid_until}."
            )
            yield warns("training_lapsed", pointer, sentence)
        if not any(party.legal_entity_id in flow.ends for flow in terms.flows):
            yield warns("party_without_flow", pointer, f"{entity.name} is a party, but no flow runs from it or to it.")


def _check_joint(terms: Terms, register: Register) -> Iterator[Finding]:
    joint = frozenset(p.legal_entity_id for p in terms.parties if p.role is PartyRole.JOINT_CONTROLLER)
    if not joint:
        return
    if len(joint) == 1:
        name = register.name(next(iter(joint)))
        yield stops("joint_with_nobody", "/parties", f"{name} is named a joint controller, but with nobody.")
        return
    purposes = {f.purpose for f in terms.flows if f.ends <= joint}
    for purpose in sorted(purposes):
        if not any(a.covers(joint, purpose, max(register.today, terms.starts_on)) for a in register.arrangements):
            names = ", ".join(sorted(register.name(entity) for entity in joint))
            sentence = (
                f"{names} are joint controllers for {purpose.value}, but no confirmed arrangement says who informs and "
                "who answers (Article 26)."
            )
            yield stops("no_joint_arrangement", "/parties", sentence)


def _check_memorandum(terms: Terms, register: Register) -> Iterator[Finding]:
    if terms.memorandum_id is None:
        return
    if register.memorandum is None:
        sentence = "The agreement names a memorandum that the lead is not party to, or that does not exist."
        yield stops("memorandum_unknown", "/memorandum_id", sentence)
    elif not register.memorandum.in_force:
        sentence = f"The memorandum {register.memorandum.reference} is not in force."
        yield warns("memorandum_not_in_force", "/memorandum_id", sentence)


def check_standing(terms: Terms, register: Register) -> Iterator[Finding]:
    """Every finding about the parties' standing."""
    yield from _check_registered(terms, register)
    yield from _check_joint(terms, register)
    yield from _check_memorandum(terms, register)

"""Rule 1: both organisations active, processing agreements signed, the recipient assured for the category."""

from collections.abc import Iterator

from connective.consent.domain.answers import Refusal
from connective.consent.domain.evidence import PartyEvidence
from connective.consent.domain.rules.exchange import Exchange
from connective.consent.domain.verdicts import Ground, Verdict, refuse_all
from connective.contracts.categories import SHARED_DEVICE_REFUSES, AssuranceLevel

RULE = 1


def _grounds(party: PartyEvidence | None, side: str) -> Iterator[Ground]:
    if party is None:
        yield Ground(
            f"{side}_unknown",
            f"The {side} is not a registered organisation of this place, or its legal entity is not on the register.",
            "Ask the place's administrator to register the organisation and its legal entity.",
        )
        return
    if not party.active:
        yield Ground(
            f"{side}_suspended",
            f"The {side} is suspended.",
            "Ask the place's administrator why, and when it may be reinstated.",
        )
    if not party.processing_signed:
        yield Ground(
            f"{side}_has_no_processing_agreement",
            f"{party.name} has no signed processing agreement in date with the host of the Hub.",
            f"Ask the signatory of {party.name} to sign the processing agreement.",
        )


def parties(exchange: Exchange) -> Verdict:
    """Rule 1."""
    grounds = (*_grounds(exchange.discloser, "discloser"), *_grounds(exchange.recipient, "recipient"))
    refusals: list[Refusal] = [r for ground in grounds for r in refuse_all(RULE, ground, exchange.categories)]
    recipient = exchange.recipient
    beyond = exchange.categories & SHARED_DEVICE_REFUSES
    if recipient and recipient.assurance_level is AssuranceLevel.SHARED_DEVICE and beyond:
        ground = Ground(
            "assurance_too_low",
            "The recipient's people share one device or mailbox, so it may not receive this category.",
            "Send what remains, or ask the recipient to give each worker a named account with a second factor.",
        )
        refusals += refuse_all(RULE, ground, beyond)
    passed = "Both organisations are active, have signed the processing agreement and are assured for what is asked."
    return Verdict(RULE, refusals[0].sentence if refusals else passed, tuple(refusals))

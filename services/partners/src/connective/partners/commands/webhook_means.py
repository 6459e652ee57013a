"""What the commands about webhooks work with."""

from collections.abc import Iterable
from dataclasses import dataclass

from connective.contracts.events import EVENTS
from connective.contracts.subscriptions import WEBHOOKS
from connective.kit.database import Database
from connective.kit.outward import Reach, UnfitAddress, read_address
from connective.kit.sealing import Seal
from connective.partners.commands.refusals import refuse_broken
from connective.partners.domain.rules import Broken
from connective.partners.domain.webhooks import unknown_events


@dataclass(frozen=True, slots=True)
class WebhookMeans:
    """The database, the seal of secrets, and which addresses may be asked."""

    database: Database
    seal: Seal
    reach: Reach


def _is_for_partners(subject: str) -> bool:
    service, record = subject.split(".")[1:3]
    return subject in WEBHOOKS or f"hub.{service}.{record}.*" in WEBHOOKS


TYPES = tuple(sorted(event.type_name() for subject, event in EVENTS.items() if _is_for_partners(subject)))
"""Every type of event that a webhook may ask for."""


def refuse_unfit(means: WebhookMeans, url: str, events: Iterable[str]) -> None:
    """Raise RulesBroken for an address that is not asked, or events that do not exist."""
    broken = []
    try:
        read_address(url, means.reach)
    except UnfitAddress as unfit:
        broken.append(Broken("/url", unfit.code.replace("_", "-"), unfit.sentence))
    if unknown_events(events, TYPES):
        sentence = (
            "Each is a type such as hub.referrals.request.submitted.v1, or a kind such as hub.referrals.request.*"
        )
        broken.append(Broken("/events", "unknown-event", sentence))
    refuse_broken(broken)

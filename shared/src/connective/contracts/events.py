"""Every fact the services announce, by its subject: past tense, thin, and typed.

A payload holds identifiers, codes, times and the acting organisation; never a name, an address or free text. The
subject is `hub.<service>.<record>.<fact>`, the CloudEvents type is that with `.v1`. What a receiver may see beyond
the fact it fetches, so that permission is asked and the reading recorded. Each service's facts are in a module of
their own, and what befalls people and cases, officers, listings, webhooks and erasures in others.
"""

from connective.contracts import (  # noqa: F401 - their events are found below, as subclasses
    consent_events,
    directory_events,
    erasure_events,
    family_events,
    gateway_events,
    officer_events,
    partner_events,
    people_events,
    referral_events,
    webhook_events,
)
from connective.contracts.event import Event


def _leaves(cls: type[Event]) -> list[type[Event]]:
    own = [cls] if "subject" in vars(cls) else []
    return own + [leaf for sub in cls.__subclasses__() for leaf in _leaves(sub)]


EVENTS: dict[str, type[Event]] = {cls.subject: cls for cls in _leaves(Event)}
"""Every published fact by its subject."""

OUTWARD: frozenset[str] = frozenset(
    {
        "hub.consent.correction.announced",
        "hub.consent.disclosure.recorded",
        "hub.consent.override.review_overdue",
        "hub.consent.override.used",
        "hub.families.case.assessed",
        "hub.families.case.closed",
        "hub.families.case.opened",
        "hub.families.case.planned",
        "hub.families.case.reopened",
        "hub.families.case.reviewed",
        "hub.families.family.changed",
        "hub.families.family.registered",
        "hub.gateway.account.created",
        "hub.gateway.signin.failed_repeatedly",
        "hub.partners.listing.report_answered",
        "hub.partners.listing.report_overdue",
        "hub.partners.listing.reported",
        "hub.partners.listing.stale",
    }
)
"""Facts that no service consumes: they are for partners' webhooks, officers and measurement."""

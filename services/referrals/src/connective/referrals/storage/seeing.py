"""Who may see which rows: one predicate for "may see this one" and "list what I may see", so they cannot diverge."""

from sqlalchemy import ColumnElement, and_, or_, true

from connective.kit.actor import Actor, ActorKind
from connective.referrals.domain.request import Request
from connective.referrals.domain.states import Party
from connective.referrals.storage.tables import referral, request


def sent_by(actor: Actor) -> ColumnElement[bool]:
    """Requests that the actor's organisation made."""
    return and_(request.c.place_id == actor.place, request.c.referrer_organisation_id == actor.organisation)


def received_by(actor: Actor) -> ColumnElement[bool]:
    """Requests that were sent to the actor's organisation; a draft, or one taken back unread, was not."""
    return and_(
        request.c.place_id == actor.place,
        request.c.recipient_organisation_id == actor.organisation,
        request.c.submitted_at.is_not(None),
    )


def request_seen_by(actor: Actor) -> ColumnElement[bool]:
    """Requests on which the actor's organisation is a party; the Hub's own work sees those of its place."""
    if actor.kind is ActorKind.SERVICE:
        return true() if actor.place_id is None else request.c.place_id == actor.place_id
    return or_(sent_by(actor), received_by(actor))


def referral_seen_by(actor: Actor) -> ColumnElement[bool]:
    """Referrals that the actor's organisation made: a recipient never learns of them."""
    return and_(referral.c.place_id == actor.place, referral.c.organisation_id == actor.organisation)


def parties_of(request_: Request, actor: Actor) -> frozenset[Party]:
    """In what capacities the actor's organisation may act; both, where it refers to itself."""
    held = set()
    if request_.referrer_organisation_id == actor.organisation_id:
        held.add(Party.REFERRER)
    if request_.recipient_organisation_id == actor.organisation_id and request_.submitted_at is not None:
        held.add(Party.RECIPIENT)
    return frozenset(held)

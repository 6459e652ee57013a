"""Who may see which rows: one predicate for "may see this one" and "list what I may see", so they cannot diverge.

Each is written once, for an actor at hand (`…_by`) and for statements that are compiled once and told the actor at
every call (`SENT`, `RECEIVED`, `SEEN`).
"""

from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, and_, bindparam, or_, true

from connective.kit.actor import Actor, ActorKind
from connective.referrals.domain.request import Request
from connective.referrals.domain.states import Party
from connective.referrals.storage.tables import referral, request

Id = UUID | ColumnElement[Any]
"""An id, or the place in a compiled statement where it goes."""


class Sight(Enum):
    """How far an actor sees."""

    EVERYWHERE = "everywhere"
    """The Hub's own work for all places, such as its clock."""
    PARTY = "party"
    PLACE = "place"
    """The Hub's own work in one place."""


def _sent(place: Id, organisation: Id) -> ColumnElement[bool]:
    return and_(request.c.place_id == place, request.c.referrer_organisation_id == organisation)


def _received(place: Id, organisation: Id) -> ColumnElement[bool]:
    return and_(
        request.c.place_id == place,
        request.c.recipient_organisation_id == organisation,
        request.c.submitted_at.is_not(None),
    )


_PLACE: ColumnElement[Any] = bindparam("asker_place", type_=Uuid)
_ORGANISATION: ColumnElement[Any] = bindparam("asker_organisation", type_=Uuid)
SENT = _sent(_PLACE, _ORGANISATION)
RECEIVED = _received(_PLACE, _ORGANISATION)
SEEN: dict[Sight, ColumnElement[bool]] = {
    Sight.EVERYWHERE: true(),
    Sight.PARTY: or_(SENT, RECEIVED),
    Sight.PLACE: request.c.place_id == _PLACE,
}


def sight_of(actor: Actor) -> Sight:
    """The Hub's own work sees the requests of its place, or of all; everybody else those they are a party to."""
    if actor.kind is not ActorKind.SERVICE:
        return Sight.PARTY
    return Sight.EVERYWHERE if actor.place_id is None else Sight.PLACE


def asker(actor: Actor) -> dict[str, UUID]:
    """The values of a compiled statement that say who asks. Raises NotAllowed for a party without an organisation."""
    sight = sight_of(actor)
    if sight is Sight.EVERYWHERE:
        return {}
    if sight is Sight.PLACE:
        return {"asker_place": actor.place}
    return {"asker_place": actor.place, "asker_organisation": actor.organisation}


def sent_by(actor: Actor) -> ColumnElement[bool]:
    """Requests that the actor's organisation made."""
    return _sent(actor.place, actor.organisation)


def received_by(actor: Actor) -> ColumnElement[bool]:
    """Requests that were sent to the actor's organisation; a draft, or one taken back unread, was not."""
    return _received(actor.place, actor.organisation)


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

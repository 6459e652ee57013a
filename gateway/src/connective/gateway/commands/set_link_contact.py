"""Where an organisation's links go, with the PIN that opens them; and having one posted now."""

from dataclasses import dataclass, replace
from uuid import UUID

from connective.contracts.gateway_events import GatewayAudited
from connective.contracts.permissions import Role
from connective.gateway.commands.passwords import Passwords
from connective.gateway.commands.refusals import NoLinkPosted, UnfitCredential
from connective.gateway.domain.links import LinkContact, weak_pin
from connective.gateway.storage.links import ask_for_link, drop_contact, find_contact, is_of_place, keep_contact
from connective.kit.actor import Actor
from connective.kit.clock import Clock
from connective.kit.database import Database, Unit
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.kit.ids import new_id
from connective.kit.problems import FieldError, NotFound


@dataclass(frozen=True, slots=True)
class Links:
    """What these commands work with."""

    database: Database
    passwords: Passwords
    clock: Clock


def refuse_others(actor: Actor, organisation_id: UUID) -> None:
    """Raise NotFound for another organisation, except to who looks after the whole place."""
    if organisation_id != actor.organisation_id and Role.PLACE_ADMIN not in actor.roles:
        raise NotFound


async def set_contact(links: Links, actor: Actor, attempt: Attempt, contact: LinkContact, pin: str) -> Done:
    """Set it, instead of what was set before. Raises NotFound, and UnfitCredential for a PIN that is easily guessed."""
    refuse_others(actor, contact.organisation_id)
    sentence = weak_pin(pin)
    if sentence is not None:
        raise UnfitCredential(sentence, errors=(FieldError("/pin", "weak", sentence),))
    sealed = replace(contact, pin_hash=await links.passwords.hash(pin))
    async with links.database.unit(actor) as unit:
        if done := await earlier(unit, attempt):
            return done
        await _refuse_unknown(unit, contact.organisation_id)
        await keep_contact(unit, sealed)
        _enter(links, unit, actor, "link.contact_set", contact.organisation_id)
        return await remember(unit, attempt, Done(contact.organisation_id, 201))


async def remove_contact(links: Links, actor: Actor, attempt: Attempt, organisation_id: UUID) -> Done:
    """Post no more links there; sessions that are open end. Raises NotFound."""
    refuse_others(actor, organisation_id)
    async with links.database.unit(actor) as unit:
        if done := await earlier(unit, attempt):
            return done
        await _refuse_unknown(unit, organisation_id)
        await drop_contact(unit, organisation_id)
        _enter(links, unit, actor, "link.contact_removed", organisation_id)
        return await remember(unit, attempt, Done(organisation_id, 204))


async def show_contact(links: Links, actor: Actor, organisation_id: UUID) -> LinkContact:
    """Where they go. Raises NotFound."""
    refuse_others(actor, organisation_id)
    async with links.database.reading(actor) as connection:
        found = await find_contact(connection, organisation_id)
    if found is None:
        raise NotFound
    return found


async def post_link(links: Links, actor: Actor, attempt: Attempt, request_id: UUID) -> Done:
    """Have a link for one request posted to one's own organisation. Raises NoLinkPosted."""
    async with links.database.unit(actor) as unit:
        if done := await earlier(unit, attempt):
            return done
        made = await ask_for_link(unit, actor.organisation, request_id, links.clock())
        if made is None:
            raise NoLinkPosted("Your organisation has no address for links, or had enough for this request today.")
        return await remember(unit, attempt, Done(request_id, 202))


async def _refuse_unknown(unit: Unit, organisation_id: UUID) -> None:
    if not await is_of_place(unit, organisation_id, unit.actor.place):
        raise NotFound


def _enter(links: Links, unit: Unit, actor: Actor, act: str, organisation_id: UUID) -> None:
    entry = GatewayAudited(
        act_id=new_id(), act=act, actor_id=actor.id, organisation_id=organisation_id, at=links.clock()
    )
    unit.tell(entry, version=1)

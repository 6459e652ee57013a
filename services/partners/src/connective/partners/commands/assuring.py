"""What every change of a dossier does: who may vouch, and the level that follows, announced where it differs."""

from datetime import datetime
from uuid import UUID

from connective.kit.actor import Actor
from connective.kit.database import Unit
from connective.partners.commands.authority import runs_the_place
from connective.partners.commands.refusals import NotYours
from connective.partners.commands.telling import tell_organisation_changed
from connective.partners.domain.dossier import held_of
from connective.partners.domain.organisations import Organisation, assured
from connective.partners.storage.assurance import coordinates_a_hub_of, verified_items
from connective.partners.storage.organisations import save_organisation
from connective.partners.storage.reference_data import assurance_rules


async def vouches(unit: Unit, actor: Actor, organisation_id: UUID) -> bool:
    """Whether the actor may verify: the place's administrator or its hub's coordinator, about another organisation.

    Nobody verifies for the organisation they act for: what an organisation says of itself is a proposal.
    """
    if actor.organisation_id == organisation_id:
        return False
    return runs_the_place(actor) or await coordinates_a_hub_of(unit.connection, actor, organisation_id)


async def refuse_unless_keeping(unit: Unit, actor: Actor, organisation_id: UUID) -> bool:
    """Whether the actor vouches; raises NotYours for one who neither does nor acts for the organisation itself."""
    vouched = await vouches(unit, actor, organisation_id)
    if not vouched and actor.organisation_id != organisation_id:
        raise NotYours
    return vouched


async def follow_dossier(unit: Unit, before: Organisation, now: datetime) -> Organisation:
    """Give the organisation the level that its dossier shows now; it has to be locked. Announces what differs."""
    held = held_of(await verified_items(unit.connection, before.place_id, before.id))
    after = assured(before, held, assurance_rules(), now)
    if after is not before:
        await save_organisation(unit.connection, after)
        tell_organisation_changed(unit, before, after)
    return after

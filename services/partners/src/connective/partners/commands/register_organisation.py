"""Register an organisation that joins the place, with what it has shown the place on joining."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from connective.contracts.categories import AssuranceLevel
from connective.kit.actor import Actor
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.kit.ids import new_id
from connective.partners.commands.authority import refuse_unless_running_the_place
from connective.partners.commands.means import Means
from connective.partners.commands.refusals import refuse_broken
from connective.partners.commands.telling import tell_act, tell_registered
from connective.partners.domain.assurance import local_day
from connective.partners.domain.codes import OrganisationState
from connective.partners.domain.dossier import (
    AT_JOINING,
    Item,
    ItemState,
    held_of,
    kinds_at_joining,
    recorded,
    with_last_day,
)
from connective.partners.domain.organisations import Organisation, Profile, broken_profile, canonical_profile
from connective.partners.storage.assurance import add_items
from connective.partners.storage.organisations import add_organisation
from connective.partners.storage.reference_data import assurance_rules


async def register_organisation(
    means: Means,
    actor: Actor,
    attempt: Attempt,
    profile: Profile,
    *,
    legal_entity_id: UUID,
    assurance_level: AssuranceLevel,
    now: datetime,
) -> Done:
    """Register it as a member, active from now on; what its level needs is the dossier's beginning.

    Raises NotYours and RulesBroken.
    """
    refuse_unless_running_the_place(actor)
    refuse_broken(broken_profile(profile))
    organisation = Organisation(
        id=new_id(),
        place_id=actor.place,
        legal_entity_id=legal_entity_id,
        profile=canonical_profile(profile),
        state=OrganisationState.ACTIVE,
        assurance_level=assurance_level,
        version=1,
        changed_at=now,
    )
    items = _shown(organisation, actor, now)
    organisation = replace(organisation, held=held_of(items))
    async with means.database.unit(actor) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done
        await add_organisation(unit.connection, organisation)
        await add_items(unit.connection, items)
        tell_registered(unit, organisation)
        tell_act(unit, "registered", organisation)
        return await remember(unit, attempt, Done(organisation.id, 201))


def _shown(organisation: Organisation, actor: Actor, now: datetime) -> list[Item]:
    """What the level it joins at needs, as seen by who registers it; each lapses as its kind does."""
    rules = assurance_rules()
    items = (
        Item(
            id=new_id(),
            place_id=organisation.place_id,
            organisation_id=organisation.id,
            kind=kind,
            evidence=AT_JOINING,
            account_id=None,
            issued_on=local_day(now),
            expires_on=None,
            recorded_by=actor.id,
            recorded_at=now,
            state=ItemState.PROPOSED,
        )
        for kind in sorted(kinds_at_joining(organisation.assurance_level, rules))
    )
    return [recorded(with_last_day(item, rules), vouched=True) for item in items]

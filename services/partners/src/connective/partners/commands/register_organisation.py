"""Register an organisation that joins the place."""

from datetime import datetime
from uuid import UUID

from connective.contracts.categories import AssuranceLevel
from connective.kit.actor import Actor
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.kit.ids import new_id
from connective.partners.commands.authority import refuse_unless_running_the_place
from connective.partners.commands.means import Means
from connective.partners.commands.refusals import refuse_broken
from connective.partners.commands.telling import tell_registered
from connective.partners.domain.codes import OrganisationState
from connective.partners.domain.organisations import Organisation, Profile, broken_profile, canonical_profile
from connective.partners.storage.organisations import add_organisation


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
    """Register it as a member, active from now on. Raises NotYours and RulesBroken."""
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
    async with means.database.unit(actor) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done
        await add_organisation(unit.connection, organisation)
        tell_registered(unit, organisation)
        return await remember(unit, attempt, Done(organisation.id, 201))

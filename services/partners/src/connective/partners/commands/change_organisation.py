"""Change what an organisation says of itself, or, for the place's administrator, what it is.

Its assurance level is nobody's to say: it follows from the dossier.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from connective.kit.actor import Actor
from connective.kit.etags import refuse_stale
from connective.partners.commands.authority import refuse_unless_own, refuse_unless_running_the_place
from connective.partners.commands.means import Means
from connective.partners.commands.refusals import refuse_broken
from connective.partners.commands.telling import tell_act, tell_organisation_changed
from connective.partners.domain.organisations import Organisation, broken_profile, canonical_profile, changed
from connective.partners.storage.organisations import lock_organisation, save_organisation

_PLACES_TO_SAY = frozenset({"kind", "legal_entity_id"})
"""What an organisation cannot say of itself: these decide what it may receive."""


async def change_organisation(
    means: Means, actor: Actor, organisation_id: UUID, *, based_on: int, changes: Mapping[str, Any], now: datetime
) -> Organisation:
    """Apply the changes to the version they are based on. Raises NotFound, NotYours, Stale and RulesBroken."""
    async with means.database.unit(actor) as unit:
        before = await lock_organisation(unit.connection, actor, organisation_id)
        refuse_unless_own(actor, before.id)
        if changes.keys() & _PLACES_TO_SAY:
            refuse_unless_running_the_place(actor)
        refuse_stale(based_on, before.version)
        after = _changed(before, changes, now)
        if after is not before:
            await save_organisation(unit.connection, after)
            tell_organisation_changed(unit, before, after)
            tell_act(unit, "changed", after, tuple(sorted(changes)))
        return after


def _changed(before: Organisation, changes: Mapping[str, Any], now: datetime) -> Organisation:
    told = {name: value for name, value in changes.items() if name != "legal_entity_id"}
    profile = replace(before.profile, **told)
    refuse_broken(broken_profile(profile))
    entity = changes.get("legal_entity_id", before.legal_entity_id)
    return changed(before, now, profile=canonical_profile(profile), legal_entity_id=entity)

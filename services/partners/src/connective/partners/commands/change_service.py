"""Change a service of the directory."""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from connective.kit.actor import Actor
from connective.kit.etags import refuse_stale
from connective.kit.ids import new_id
from connective.partners.commands.authority import refuse_unless_own
from connective.partners.commands.means import Means
from connective.partners.commands.refusals import refuse_broken
from connective.partners.commands.telling import tell_service_changed
from connective.partners.commands.watching import tell_watchers
from connective.partners.commands.whereabouts import placed
from connective.partners.domain.locations import identified
from connective.partners.domain.services import Listing, Terms, broken_service, changed
from connective.partners.storage.services import Owned, lock_service, save_service
from connective.partners.storage.works import TELLING

_TERMS = frozenset(each.name for each in fields(Terms))


async def change_service(
    means: Means, actor: Actor, service_id: UUID, *, based_on: int, changes: Mapping[str, Any], now: datetime
) -> Owned:
    """Apply the changes to the version they are based on. Raises NotFound, NotYours, Stale, RulesBroken and more.

    A status of `defunct` withdraws the service: it is no longer found, and the others are told that it ended.
    """
    await _read_postcodes_ahead(means, changes)
    async with means.database.unit(actor, work=TELLING) as unit:
        before = await lock_service(unit.connection, actor, service_id)
        refuse_unless_own(actor, before.organisation.id)
        refuse_stale(based_on, before.service.version)
        listing, terms = _applied(before, changes)
        if "locations" in changes:
            listing = await placed(listing, means.postcodes)
            known = before.service.listing.locations
            listing = replace(listing, locations=identified(listing.locations, known, new_id))
        refuse_broken(broken_service(listing, terms, before.organisation, means.needs))
        after = changed(before.service, now, listing=listing, terms=terms)
        if after is not before.service:
            await save_service(unit.connection, after)
            tell_service_changed(unit, before.service, after)
            await tell_watchers(unit, [after], "changed")
        return Owned(after, before.organisation)


async def _read_postcodes_ahead(means: Means, changes: Mapping[str, Any]) -> None:
    """Let slow readings of the postcode directory happen before the transaction holds the row."""
    if "locations" in changes:
        await placed(Listing("", "", frozenset(), locations=changes["locations"]), means.postcodes)


def _applied(before: Owned, changes: Mapping[str, Any]) -> tuple[Listing, Terms]:
    of_terms = {name: value for name, value in changes.items() if name in _TERMS}
    of_listing = {name: value for name, value in changes.items() if name not in _TERMS}
    return replace(before.service.listing, **of_listing), replace(before.service.terms, **of_terms)

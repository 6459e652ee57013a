"""Watch the dossiers by the clock: announce what nears its end and what lapsed, and let the level follow the day."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from connective.contracts.partner_events import AssuranceExpiring, AssuranceLapsed
from connective.kit.actor import service_actor
from connective.kit.database import Database, Unit
from connective.partners.commands.assuring import follow_dossier
from connective.partners.commands.watching import tell_watchers
from connective.partners.domain.assurance import ItemKind, local_day
from connective.partners.domain.organisations import Organisation
from connective.partners.storage.assurance import LAPSED, Noticed, notice_ends
from connective.partners.storage.organisations import lock_organisation
from connective.partners.storage.reference_data import assurance_rules
from connective.partners.storage.services import services_by_id
from connective.partners.storage.watching import watched_of


async def watch_assurance(database: Database, places: Iterable[UUID], now: datetime) -> None:
    """Announce each stage of each item once; run late, it announces the nearest stage alone."""
    stages = (*assurance_rules().warn_days, LAPSED)
    for place in places:
        actor = service_actor("partners", place)
        async with database.unit(actor) as unit:
            noticed = await notice_ends(unit.connection, place, today=local_day(now), stages=stages, at=now)
            for organisation_id, ends in _by_organisation(noticed).items():
                before = await lock_organisation(unit.connection, actor, organisation_id)
                after = await follow_dossier(unit, before, now)
                _tell(unit, after, ends)
                if LAPSED in ends.values():
                    for owned in await services_by_id(unit.connection, actor, await watched_of(unit, organisation_id)):
                        await tell_watchers(unit, [owned.service], "assurance_lapsed")


def _by_organisation(noticed: Iterable[Noticed]) -> dict[UUID, dict[tuple[ItemKind, date], int]]:
    """Of each organisation the items that came nearer their end, each with its nearest stage; in a fixed order."""
    nearest: defaultdict[UUID, dict[tuple[ItemKind, date], int]] = defaultdict(dict)
    for each in sorted(noticed, key=lambda one: (one.organisation_id, one.kind, -one.stage)):
        nearest[each.organisation_id][each.kind, each.until] = each.stage
    return nearest


def _tell(unit: Unit, organisation: Organisation, ends: dict[tuple[ItemKind, date], int]) -> None:
    for (kind, until), stage in ends.items():
        about = {
            "organisation_id": organisation.id,
            "kind": str(kind),
            "expires_on": until,
            "assurance_level": organisation.assurance_level,
        }
        event = AssuranceLapsed(**about) if stage == LAPSED else AssuranceExpiring(**about, within_days=stage)
        unit.tell(event, version=organisation.version, place_id=organisation.place_id)

"""What an upgrade carries over: levels that were typed in become dossiers, and lists of members become stays."""

import asyncpg
from partners_room import PLACE

from connective.kit.ids import new_id
from connective.kit.migrations import migrate
from connective.local.testing import MakeDatabase

_ORGANISATION = """
INSERT INTO organisation (id, place_id, legal_entity_id, name, kind, identifiers, details, state, assurance_level,
  version, changed_at) VALUES ($1, $2, $3, 'Larder', 'food_bank', '[]', '{}', 'active', $4, 1, now())
"""
_HUB = """
INSERT INTO hub (id, place_id, name, outward_postcodes, member_organisation_ids, version, changed_at)
VALUES ($1, $2, 'Chard hub', '{}', $3, 1, '2026-01-05T10:00:00Z')
"""


async def before_dossiers(owner_url: str) -> None:
    await migrate("partners", owner_url, to="0007")


async def test_an_upgrade_carries_levels_and_members_over_and_can_be_taken_back(service_database: MakeDatabase) -> None:
    database = await service_database("partners", before_dossiers, variant="before-dossiers")
    owner = await asyncpg.connect(database.owner_url)
    await owner.execute("SELECT set_config('app.place', $1, false)", str(PLACE))
    named, shared, listed = new_id(), new_id(), new_id()
    await owner.execute(_ORGANISATION, named, PLACE, new_id(), "named_accounts")
    await owner.execute(_ORGANISATION, shared, PLACE, new_id(), "shared_device")
    await owner.execute(_ORGANISATION, listed, PLACE, None, "named_accounts")
    await owner.execute(_HUB, new_id(), PLACE, [named, shared])
    for _ in range(2):
        await migrate("partners", database.owner_url)
        held = await owner.fetch("SELECT id FROM organisation WHERE jsonb_array_length(assurance) = 2")
        items = await owner.fetch("SELECT organisation_id, kind, state FROM assurance_item ORDER BY kind")
        assert [row["id"] for row in held] == [named]
        assert [tuple(row) for row in items] == [
            (named, "named_accounts", "verified"),
            (named, "training", "verified"),
        ]
        members = await owner.fetch("SELECT organisation_id FROM hub_member WHERE left_at IS NULL ORDER BY 1")
        assert [row["organisation_id"] for row in members] == sorted((named, shared))
        await migrate("partners", database.owner_url, to="0007", down=True)
    await owner.close()

"""Routes for the other services alone."""

from connective.contracts.holdings import HeldFile, HeldFileAsked, Holdings, HoldingsAsked
from connective.contracts.permissions import Permission
from connective.contracts.retention import FamilyPeopleAsked, OpenAnswered, OpenAsked, PeopleAsked, PersonStands
from connective.kit.actor import service_actor
from connective.kit.app import router
from connective.kit.policy import Access, operation
from connective.kit.problems import Unavailable
from connective.referrals.api.deps import PartsDep
from connective.referrals.commands.erase_family import preview_family
from connective.referrals.commands.erase_person import preview_person
from connective.referrals.commands.read_held_file import read_held_file
from connective.referrals.queries.find_holdings import find_holdings
from connective.referrals.queries.find_open import find_open

routes = router(prefix="/internal", tags=["internal"])


@routes.post(
    "/retention/open",
    operation_id="referrals_find_open_families",
    **operation(Permission.REFERRALS_RETENTION_READ, access=Access.INTERNAL, relation="none"),
)
async def still_open(body: OpenAsked, parts: PartsDep) -> OpenAnswered:
    """Which of these families have requests that are still open."""
    return await find_open(parts.room.database, service_actor("referrals"), body)


@routes.post(
    "/retention/person",
    operation_id="referrals_preview_person_erasure",
    **operation(Permission.REFERRALS_RETENTION_READ, access=Access.INTERNAL, relation="none"),
)
async def person(body: PeopleAsked, parts: PartsDep) -> PersonStands:
    """What erasing one person would take out, and whether a request that names them is open; nothing is changed."""
    return await preview_person(parts.room.database, body)


@routes.post(
    "/retention/family",
    operation_id="referrals_preview_family_erasure",
    **operation(Permission.REFERRALS_RETENTION_READ, access=Access.INTERNAL, relation="none"),
)
async def family(body: FamilyPeopleAsked, parts: PartsDep) -> PersonStands:
    """What erasing a whole family would take out; nothing is changed."""
    return await preview_family(parts.room.database, body)


@routes.post(
    "/holdings",
    operation_id="referrals_find_holdings",
    **operation(Permission.REFERRALS_HOLDINGS_READ, access=Access.INTERNAL, relation="none"),
)
async def holdings(body: HoldingsAsked, parts: PartsDep) -> Holdings:
    """What is held about one person, for the copy they ask for (consent, on an officer's order, which it records)."""
    return await find_holdings(parts.room.database, service_actor("referrals"), body)


@routes.post(
    "/holdings/file",
    operation_id="referrals_read_held_file",
    **operation(Permission.REFERRALS_HOLDINGS_READ, access=Access.INTERNAL, relation="none", refuses=(Unavailable,)),
)
async def held_file(body: HeldFileAsked, parts: PartsDep) -> HeldFile:
    """A file that goes with a request about the person, whole, for the copy they ask for."""
    return await read_held_file(parts.room.database, parts.files.vault, service_actor("referrals"), body)

"""Every operation says who may use it, every route is described, and the gateway's one document holds all of them."""

import httpx
from matrix_operations import Operation

from connective.contracts.permissions import Permission
from connective.gateway.domain.routes import BASES
from connective.kit.policy import Access
from connective.local.services import GATEWAY
from connective.local.stack import Stack

_UNDESCRIBED = {"/livez", "/readyz", "/metrics"}
"""Health and figures: for the machines that watch, on the service's own port alone."""


async def test_every_operation_declares_a_policy(operations: list[Operation], outside: list[Operation]) -> None:
    undeclared = [f"{each.service}: {each.name}" for each in (*operations, *outside) if each.policy is None]
    assert not undeclared, "These operations declare no policy: " + ", ".join(undeclared)


async def test_every_policy_is_made_of_known_words(operations: list[Operation]) -> None:
    accesses, permissions = {str(a) for a in Access}, {str(p) for p in Permission}
    wrong = [
        each.name
        for each in operations
        if each.access not in accesses or (each.permission is not None and each.permission not in permissions)
    ]
    assert not wrong


async def test_a_permission_is_of_the_service_it_opens(operations: list[Operation]) -> None:
    foreign = [each.name for each in operations if each.permission and each.permission.split(":")[0] != each.service]
    assert not foreign


async def test_only_internal_operations_lie_under_internal(operations: list[Operation]) -> None:
    for each in operations:
        assert (each.access == Access.INTERNAL) == each.path.startswith("/internal"), each.name


async def test_health_and_figures_are_all_that_is_not_described(
    hub: Stack, doors: dict[str, httpx.AsyncClient], operations: list[Operation]
) -> None:
    """A route that answers but is not described would be in no sweep: metrics name every route that was hit."""
    for service in hub.services:
        for path in sorted(_UNDESCRIBED):
            assert (await doors[service].get(path)).status_code == 200, f"{service} {path}"
        for path in ("/docs", "/redoc", "/admin", "/debug", "/"):
            assert (await doors[service].get(path)).status_code == 404, f"{service} {path}"


async def test_the_one_document_holds_every_operation_that_clients_may_reach(
    operations: list[Operation], outside: list[Operation]
) -> None:
    bases = tuple(f"/{base}/" for several in BASES.values() for base in several)
    reachable = {
        f"{each.method} {'' if each.path.startswith(bases) else '/api/v1'}{each.path}"
        for each in operations
        if each.access != Access.INTERNAL
    }
    described = {each.name for each in outside}
    assert reachable - described == set(), "These are missing from the merged document."
    assert not [name for name in described if "/internal" in name]


async def test_operation_ids_are_unique_and_name_their_service(outside: list[Operation]) -> None:
    ids = [str(each.described["operationId"]) for each in outside]
    assert len(ids) == len(set(ids))
    assert not [
        name for name in ids if name.split("_")[0] not in {"consent", "families", "partners", "referrals", GATEWAY}
    ]

"""One account opens so many different people's records in a day, whichever service shows them, and no more."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from gateway_calls import call, token
from gateway_hub import Hub

from connective.gateway.commands.tell_spent import telling_spent
from connective.gateway.domain.budgets import Budget, Spent, day_of, read_look, seconds_left
from connective.kit.ids import new_id


def test_days_are_the_places_own() -> None:
    summer, winter = datetime(2026, 7, 1, 23, 30, tzinfo=UTC), datetime(2026, 12, 1, 23, 30, tzinfo=UTC)
    assert (day_of(summer), day_of(winter)) == (date(2026, 7, 2), date(2026, 12, 1))
    assert (seconds_left(winter), seconds_left(summer)) == (1_800, 84_600)


@pytest.mark.parametrize(
    ("act", "shown"),
    [
        ({"person_ids": ["p1", "p2", "p1"], "family_id": "f"}, ["p1", "p2"]),
        ({"person_ids": [], "family_id": "f"}, ["f"]),
        ({"request_id": "r"}, ["r"]),
        ({"person_ids": [], "family_id": None, "family_ids": ["f", "r"]}, ["f", "r"]),
        ({"family_id": None}, []),
    ],
    ids=["people", "family", "request", "list", "nobody"],
)
def test_a_look_names_whom_it_showed(act: dict[str, Any], shown: list[str]) -> None:
    ids = {name: new_id() for name in ("p1", "p2", "f", "r")}
    told = {
        key: [str(ids[each]) for each in value] if isinstance(value, list) else value and str(ids[value])
        for key, value in act.items()
    }
    look = read_look(told | {"actor_id": str(new_id())}, datetime.now(UTC))
    assert (list(look.subjects) if look else []) == [ids[each] for each in shown]
    assert read_look(told | {"actor_id": "service:referrals"}, datetime.now(UTC)) is None


def test_what_is_done_for_a_family_goes_on() -> None:
    spent = Spent(frozenset({"a"}))
    for service, method, path, refused in (
        ("families", "GET", b"/api/v1/families/1", True),
        ("families", "POST", b"/api/v1/people/searches", True),
        ("referrals", "GET", b"/fhir/Task", True),
        ("families", "POST", b"/api/v1/families", False),
        ("referrals", "POST", b"/api/v1/referrals", False),
        ("consent", "POST", b"/api/v1/overrides", False),
        ("partners", "GET", b"/api/v1/services", False),
    ):
        assert spent.refuses(service, method, path, "a") is refused, path
        assert not spent.refuses(service, method, path, "b")


async def test_the_last_person_of_the_day_is_the_last(make_hub: Any) -> None:
    async with make_hub(people_a_day=3, people_a_day_of_systems=4) as hub:
        people = [new_id() for _ in range(3)]

        async def shown(service: str, account: UUID, *whom: UUID) -> None:
            said = {"actor_id": str(account), "act_id": str(new_id()), "act": "family.read", "family_id": str(uuid4())}
            await hub.event(f"hub.{service}.audit.recorded", new_id(), said | {"person_ids": list(map(str, whom))})
            await hub.parts.standing.refresh()

        async def read(hub: Hub, account: UUID) -> Any:
            return await call(hub, "GET", "/families", token(hub, "support_worker", subject=str(account)))

        await shown("families", hub.worker, *people[:2])
        await shown("families", hub.worker, *people[:2])
        assert (await read(hub, hub.worker)).status_code == 503, "let through, and nobody answers here"
        await shown("referrals", hub.worker, people[2])
        refused = await read(hub, hub.worker)
        assert (refused.status_code, refused.json()["type"]) == (429, "/problems/people-budget-spent")
        assert 0 < int(refused.headers["retry-after"]) <= 25 * 3_600
        assert (await read(hub, hub.two_hats)).status_code == 503
        tell = telling_spent(hub.running.database, Budget(3, 4))
        for _ in range(2):
            await tell(datetime.now(UTC))
        told = await hub.rows("SELECT 1 FROM outbox WHERE outbox::text LIKE '%account.budget_spent%'")
        assert len(told) == 1
        await shown("families", new_id(), *people)
        assert len(await hub.rows("SELECT 1 FROM people_seen")) == 1, "of strangers nothing is kept"
        system = (await hub.by_secret()).json()["access_token"]
        await shown("referrals", hub.secret_client, *people)
        assert (await call(hub, "GET", "/requests", system)).status_code == 503, "a system works for many people"
        await shown("referrals", hub.secret_client, new_id())
        assert (await call(hub, "GET", "/requests", system)).status_code == 429
        assert (await call(hub, "POST", "/requests/searches", system, {})).status_code == 429
        await tell(datetime.now(UTC))
        told = await hub.rows("SELECT 1 FROM outbox WHERE outbox::text LIKE '%client.budget_spent%'")
        assert len(told) == 1

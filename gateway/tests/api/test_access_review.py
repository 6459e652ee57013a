"""The fourteenth of the officer's questions: leavers, training before access, second factor. Nobody is named."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from gateway_calls import call, token
from gateway_hub import WORKER_EMAIL, Hub

from connective.gateway.domain.access_review import Reviewed, Training, UnfitDay, training_of
from connective.kit.ids import new_id

TODAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_training_counts_for_a_year_unless_said_and_never_from_a_day_to_come() -> None:
    assert training_of("GDPR", TODAY, None, TODAY) == Training("GDPR", TODAY, date(2027, 3, 2))
    assert training_of("GDPR", date(2024, 2, 29), None, TODAY).valid_until == date(2025, 3, 1)
    for completed_on, until in (
        (date(2026, 3, 3), None),
        (TODAY, TODAY),
        (TODAY, date(2026, 1, 1)),
        (TODAY, date(2029, 4, 1)),
    ):
        with pytest.raises(UnfitDay):
            training_of("GDPR", completed_on, until, TODAY)


def test_an_account_is_dormant_after_a_quarter_and_late_when_its_holder_had_left() -> None:
    def reviewed(signed: datetime | None, disabled: datetime | None = None, left: date | None = None) -> Reviewed:
        return Reviewed(new_id(), new_id(), ("dpo",), signed, disabled, left, None, untrained_at_last_sign_in=False)

    assert reviewed(None).is_dormant(NOON)
    assert not reviewed(NOON - timedelta(days=90)).is_dormant(NOON)
    assert reviewed(NOON - timedelta(days=91)).is_dormant(NOON)
    assert not reviewed(None, NOON).is_dormant(NOON)
    assert reviewed(None, NOON, TODAY - timedelta(days=4)).days_open_after_leaving == 4
    assert reviewed(None, NOON, TODAY).days_open_after_leaving == 0
    assert reviewed(None, NOON).days_open_after_leaving is None


async def registered(hub: Hub) -> None:
    """School and charity are on the register, each of its own legal entity."""
    for organisation in (hub.school, hub.charity):
        await hub.organisation(organisation, new_id(), 3, state="active")


async def review(hub: Hub, organisation: UUID, **query: Any) -> Any:
    officer = token(hub, "auditor", organisation_id=organisation)
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    answer = await call(hub, "GET", f"/accounts/access-review?{asked}", officer)
    assert answer.status_code == 200, answer.text
    assert WORKER_EMAIL not in answer.text
    assert "Two Hats" not in answer.text
    return answer.json()


async def test_an_officer_asks_who_has_access_trained_and_gone(hub: Hub) -> None:
    """14. Are leavers gone, was everybody trained before access, and is there a second factor?"""
    await registered(hub)
    admin = token(hub, "place_admin")
    assert (await hub.sign_in(email=WORKER_EMAIL)).status_code == 303
    before = await review(hub, hub.school)
    (school,) = before["organisations"]
    assert (school["accounts"], school["open"], school["training_in_date"], school["dormant"]) == (2, 2, 0, 1)
    assert (school["untrained_at_last_sign_in"], school["second_factor"], before["second_factor"]) == (1, 2, True)
    day = datetime.now(UTC).date()
    done = {"course": "Data protection", "completed_on": str(day)}
    told = await call(hub, "POST", f"/accounts/{hub.worker}/training", admin, done)
    assert (told.status_code, told.json()["completed_on"]) == (201, str(day))
    shown = await call(hub, "GET", f"/accounts/{hub.two_hats}", admin)
    left = {"left_on": str(day - timedelta(days=3))}
    match = {"If-Match": shown.headers["etag"]}
    to_come = await call(
        hub, "POST", f"/accounts/{hub.two_hats}/disable", admin, {"left_on": str(day + timedelta(days=1))}, **match
    )
    assert to_come.status_code == 422
    gone = await call(hub, "POST", f"/accounts/{hub.two_hats}/disable", admin, left, **match)
    assert gone.status_code == 200, gone.text
    after = await review(hub, hub.school)
    (school,) = after["organisations"]
    assert (school["open"], school["disabled"], school["closed_after_leaving"]) == (1, 1, 1)
    assert (school["training_in_date"], school["untrained_at_last_sign_in"]) == (1, 0)
    items = {item["account_id"]: item for item in after["items"]}
    assert items[str(hub.worker)]["training_in_date"] is True
    assert items[str(hub.worker)]["last_sign_in_at"]
    assert (items[str(hub.two_hats)]["days_open_after_leaving"], items[str(hub.two_hats)]["left_on"]) == (
        3,
        left["left_on"],
    )
    acts = [row["act"] for row in await hub.rows("SELECT data::jsonb ->> 'act' AS act FROM outbox")]
    assert acts.count("accounts.reviewed") == 2
    assert "training.recorded" in acts


async def test_an_officer_sees_their_own_legal_entity_alone_a_page_at_a_time(hub: Hub) -> None:
    await registered(hub)
    first = await review(hub, hub.school, limit=1)
    second = await review(hub, hub.school, limit=1, cursor=first["next_cursor"])
    assert len({item["account_id"] for page in (first, second) for item in page["items"]}) == 2
    assert second["next_cursor"] is None
    theirs = await review(hub, hub.charity)
    assert [item["account_id"] for item in theirs["items"]] == [str(hub.two_hats)]
    assert {o["organisation_id"] for o in theirs["organisations"]} == {str(hub.charity)}
    nobody = await review(hub, uuid4())
    assert (nobody["items"], nobody["organisations"]) == ([], [])
    refused = await call(hub, "GET", "/accounts/access-review", token(hub, "support_worker"))
    assert refused.status_code == 403

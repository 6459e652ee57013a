"""The fourteenth of the officer's questions: leavers, training before access, second factor; and whose access it is."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from gateway_calls import call, token
from gateway_hub import ISSUER, TWO_HATS_EMAIL, WORKER_EMAIL, Hub

from connective.gateway.commands.post_notices import posting_notices
from connective.gateway.commands.watch_reviews import asking_for_reviews, review_condition
from connective.gateway.domain.access_review import (
    AccessOutcome,
    Confirmation,
    Reviewed,
    Training,
    UnfitDay,
    training_of,
)
from connective.kit.ids import new_id
from connective.kit.mail import KeptPost

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
        return Reviewed(
            new_id(), "Ana", new_id(), ("dpo",), signed, disabled, left, None, untrained_at_last_sign_in=False
        )

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
    assert all(each["name"] for each in answer.json()["items"]), "nobody confirms the access of an id"
    return answer.json()


async def test_an_officer_asks_who_has_access_trained_and_gone(hub: Hub) -> None:
    """14. Are leavers gone, was everybody trained before access, and is there a second factor?"""
    await registered(hub)
    admin = token(hub, "place_admin")
    assert (await hub.sign_in(email=WORKER_EMAIL)).status_code == 303
    before = await review(hub, hub.school)
    assert {each["account_id"] for each in (await review(hub, hub.school, account=hub.worker))["items"]} == {
        str(hub.worker)
    }
    (school,) = before["organisations"]
    assert (school["accounts"], school["open"], school["training_in_date"], school["dormant"]) == (2, 2, 0, 1)
    assert (school["untrained_at_last_sign_in"], school["second_factor"], before["second_factor"]) == (1, 2, True)
    day = datetime.now(UTC).date()
    done = {"course": "Data protection", "completed_on": str(day)}
    told = await call(hub, "POST", f"/accounts/{hub.worker}/training", admin, done)
    assert (told.status_code, told.json()["completed_on"]) == (201, str(day))
    shown = await call(hub, "GET", f"/accounts/{hub.two_hats}", admin)
    until = told.json()["valid_until"]
    whole = {"course": "Data protection", "completed_on": str(day), "valid_until": until}
    assert until > str(day), "it counts for a year"
    listed = (await call(hub, "GET", "/accounts", admin)).json()["items"]
    trained = {each["id"]: each["training"] for each in listed}
    assert (trained[str(hub.worker)], trained[str(hub.two_hats)]) == (whole, None)
    assert (await call(hub, "GET", "/me", token(hub, "support_worker", subject=str(hub.worker)))).json()[
        "training"
    ] == whole
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
    assert acts.count("accounts.reviewed") == 3
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


async def test_access_is_confirmed_twice_a_year_and_what_is_to_go_is_shown_until_it_is_gone(hub: Hub) -> None:
    await registered(hub)
    officer = token(hub, "dpo", organisation_id=hub.school)

    async def one(account: UUID = hub.worker) -> dict[str, Any]:
        (found,) = [each for each in (await review(hub, hub.school))["items"] if each["account_id"] == str(account)]
        return dict(found)

    path = f"/accounts/{hub.worker}/access-confirmations"
    keep = {"organisation_id": str(hub.school), "outcome": "keep"}
    assert (await one())["review_due"] is True, "nobody has said yet that it is right"
    for stranger in (token(hub, "dpo", organisation_id=hub.charity), token(hub, "dpo", organisation_id=uuid4())):
        assert (await call(hub, "POST", path, stranger, keep)).status_code == 404
    said = await call(hub, "POST", path, officer, keep)
    assert (said.status_code, said.json()["review_due"]) == (201, False), said.text
    assert (await one())["confirmation"]["outcome"] == "keep"
    own = token(hub, "dpo", organisation_id=hub.school, subject=str(hub.worker))
    refused = await call(hub, "POST", path, own, keep)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/own-access")
    asked = await call(hub, "POST", path, officer, keep | {"outcome": "remove"})
    assert asked.json()["review_due"] is True
    admin = token(hub, "place_admin")
    shown = await call(hub, "GET", f"/accounts/{hub.worker}", admin)
    gone = await call(hub, "POST", f"/accounts/{hub.worker}/disable", admin, **{"If-Match": shown.headers["etag"]})
    assert gone.status_code == 200, gone.text
    closed = await one()
    assert (closed["review_due"], closed["confirmation"]["outcome"]) == (False, "remove")
    acts = [row["act"] for row in await hub.rows("SELECT data::jsonb ->> 'act' AS act FROM outbox")]
    assert (acts.count("access.confirmed"), acts.count("access.removal_asked")) == (1, 1)


async def test_the_officer_of_whoever_runs_the_place_reviews_all_of_it(hub: Hub) -> None:
    await registered(hub)
    officer = token(hub, "auditor", organisation_id=hub.school)
    everything = "/accounts/access-review?scope=place"
    refused = await call(hub, "GET", everything, officer)
    assert refused.status_code == 403
    runs = "UPDATE membership SET roles = roles || ARRAY['place_admin'] WHERE organisation_id = $1"
    await hub.rows(runs, hub.school)
    answer = await call(hub, "GET", everything, officer)
    assert answer.status_code == 200, answer.text
    assert {o["organisation_id"] for o in answer.json()["organisations"]} >= {str(hub.school), str(hub.charity)}
    theirs = {"organisation_id": str(hub.charity), "outcome": "keep", "scope": "place"}
    said = await call(hub, "POST", f"/accounts/{hub.two_hats}/access-confirmations", officer, theirs)
    assert said.status_code == 201, said.text
    unknown = await call(hub, "POST", f"/accounts/{uuid4()}/access-confirmations", officer, theirs)
    assert unknown.status_code == 404


async def test_what_waits_is_listed_written_to_and_alarms_and_nobody_is_cut_off(hub: Hub) -> None:
    await registered(hub)
    now, post = datetime.now(UTC), KeptPost()
    await hub.rows("UPDATE membership SET roles = roles || ARRAY['dpo'] WHERE account_id = $1", hub.two_hats)
    asking, posting = asking_for_reviews(hub.running.database), posting_notices(hub.running.database, post, ISSUER)

    async def a_round(at: datetime) -> tuple[list[tuple[str, str]], bool]:
        """Who is written to about what, and whether an alarm is up."""
        post.sent.clear()
        await asking(at)
        await posting(at + timedelta(minutes=1))
        condition = await review_condition(hub.running.database, at)
        return [(mail.to, mail.subject) for mail in post.sent], condition.alarm

    review_it = (TWO_HATS_EMAIL, "Who has access waits for you to confirm it")
    assert await a_round(now) == ([review_it], False), "nobody has confirmed anything yet"
    assert await a_round(now + timedelta(days=6)) == ([], False)
    assert await a_round(now + timedelta(days=8)) == ([review_it], False)
    officer = token(hub, "dpo", organisation_id=hub.school)
    keep = {"organisation_id": str(hub.school), "outcome": "keep"}
    before = await review(hub, hub.school, due="true")
    assert {each["account_id"] for each in before["items"]} == {str(hub.worker), str(hub.two_hats)}
    assert [(each["review_due"], each["to_be_removed"]) for each in before["organisations"]] == [(2, 0)]
    kept = await call(hub, "POST", f"/accounts/{hub.worker}/access-confirmations", officer, keep)
    assert datetime.fromisoformat(kept.json()["confirmed_until"]) > now + timedelta(days=182)
    ends = keep | {"outcome": "remove"}
    await call(hub, "POST", f"/accounts/{hub.two_hats}/access-confirmations", officer, ends)
    after = await review(hub, hub.school, due="true")
    assert [each["account_id"] for each in after["items"]] == [str(hub.two_hats)]
    assert [(each["review_due"], each["to_be_removed"]) for each in after["organisations"]] == [(1, 1)]
    await hub.rows("UPDATE membership SET roles = roles || ARRAY['partner_admin'] WHERE account_id = $1", hub.worker)
    letters, alarm = await a_round(now + timedelta(days=16))
    assert ((WORKER_EMAIL, "Access waits for you to take it away") in letters, alarm) == (True, True)
    assert (await call(hub, "GET", "/me", token(hub, "dpo", subject=str(hub.two_hats)))).status_code == 200


def test_a_review_is_due_again_after_half_a_year_or_when_roles_change() -> None:
    def reviewed(said: Confirmation | None, disabled: datetime | None = None) -> Reviewed:
        whose = (new_id(), "Ana", new_id(), ("dpo",), NOON, disabled, None, None)
        return Reviewed(*whose, untrained_at_last_sign_in=False, confirmation=said)

    def said(days: int, *roles: str, outcome: AccessOutcome = AccessOutcome.KEEP) -> Confirmation:
        return Confirmation(outcome, roles, "x", NOON - timedelta(days=days))

    assert reviewed(None).is_due(NOON)
    assert not reviewed(said(182, "dpo")).is_due(NOON)
    assert reviewed(said(183, "dpo")).is_due(NOON)
    assert reviewed(said(1, "dpo", "auditor")).is_due(NOON)
    assert reviewed(said(1, "dpo", outcome=AccessOutcome.REMOVE)).is_due(NOON)
    assert not reviewed(None, disabled=NOON).is_due(NOON)

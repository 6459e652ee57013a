"""Looking after accounts: sessions listed and ended, leavers out at once, lost factors, and what partners may do."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from gateway_calls import approve, call, token
from gateway_hub import TWO_HATS_EMAIL, WORKER_EMAIL, Hub

from connective.gateway.commands.carry_out import carrying_out


class Office:
    """The place's administrator, and one of the school and of the charity."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.place = token(hub, "place_admin")
        self.school = token(hub, "partner_admin")
        self.charity = token(hub, "partner_admin", organisation_id=hub.charity)

    async def ask(self, method: str, path: str, bearer: str, body: Any = None, version: int = 0) -> httpx.Response:
        match = {"If_Match": f'"{version}"'} if version else {}
        return await call(self.hub, method, path, bearer, body, **match)

    async def listed(self, bearer: str, query: str = "") -> list[str]:
        answer = await self.ask("GET", f"/accounts{query}", bearer)
        assert answer.status_code == 200, answer.text
        return [each["email"] for each in answer.json()["items"]]

    async def told(self) -> str:
        rows = await self.hub.rows("SELECT data::text AS data FROM outbox WHERE subject = 'hub.gateway.audit.recorded'")
        return " ".join(row["data"] for row in rows)

    async def letters(self) -> list[str]:
        return [row["kind"] for row in await self.hub.rows("SELECT kind FROM letter ORDER BY made_at")]


@pytest.fixture
def office(hub: Hub) -> Office:
    hub.browser.cookies.clear()
    return Office(hub)


async def test_colleagues_know_each_other_by_name_and_nobody_of_another_organisation(office: Office) -> None:
    worker = token(office.hub, "support_worker")
    answer = await office.ask("GET", "/me/colleagues", worker)
    assert answer.status_code == 200, answer.text
    here = {each["id"]: each for each in answer.json()["items"]}
    assert str(office.hub.worker) in here
    assert set(here[str(office.hub.worker)]) == {"id", "name", "roles"}
    everybody = (await office.ask("GET", "/accounts?disabled=false", office.school)).json()["items"]
    assert here.keys() == {each["id"] for each in everybody}
    there = (await office.ask("GET", "/me/colleagues", office.charity)).json()["items"]
    of_both = {each["id"] for each in there} & here.keys()
    works_there = (await office.ask("GET", "/accounts?disabled=false", office.charity)).json()["items"]
    assert {each["id"] for each in there} == {each["id"] for each in works_there}
    assert str(office.hub.worker) not in of_both


async def test_one_sees_and_ends_what_is_open_under_ones_own_account(office: Office) -> None:
    hub = office.hub
    one = await hub.person_tokens()
    hub.browser.cookies.clear()
    two = await hub.person_tokens()
    here = two["access_token"]
    shown = (await office.ask("GET", "/me/sessions", here)).json()["items"]
    assert [(each["program"], each["organisation_name"], each["current"]) for each in shown] == [
        ("The Hub's pages", "School", False),
        ("The Hub's pages", "School", True),
    ]
    first = await office.ask("GET", "/me/sessions?limit=1", here)
    assert [each["id"] for each in first.json()["items"]] == [shown[0]["id"]]
    onward = await office.ask("GET", f"/me/sessions?limit=1&cursor={first.json()['next_cursor']}", here)
    assert onward.json()["items"][0]["current"] is True
    stranger = token(hub, "support_worker")
    assert (await office.ask("GET", "/me/sessions", stranger)).json()["items"] == []
    assert (await office.ask("DELETE", f"/me/sessions/{shown[0]['id']}", stranger)).status_code == 204
    assert (await office.ask("DELETE", f"/me/sessions/{uuid4()}", here)).status_code == 204, "nothing is told"
    assert (await hub.me(one["access_token"])).status_code == 200, "and nothing of anybody else's ended"
    for _ in range(2):
        assert (await office.ask("DELETE", f"/me/sessions/{shown[0]['id']}", here)).status_code == 204
    assert (await hub.me(one["access_token"])).status_code == 401
    assert (await hub.refresh(one["refresh_token"])).status_code == 400
    hub.browser.cookies.clear()
    three = await hub.person_tokens()
    assert (await office.ask("DELETE", "/me/sessions", here)).status_code == 204
    assert (await hub.me(three["access_token"])).status_code == 401
    assert (await hub.me(here)).status_code == 200, "here one stays signed in"
    system = (await hub.by_secret()).json()["access_token"]
    assert (await office.ask("GET", "/me/sessions", system)).status_code == 403


async def test_a_leaver_is_out_within_seconds_and_stays_out_until_two_agree(office: Office) -> None:
    hub, path = office.hub, f"/accounts/{office.hub.worker}"
    tokens = await hub.person_tokens()
    assert (await office.ask("POST", f"{path}/disable", office.school, version=1)).status_code == 200
    assert (await hub.me(tokens["access_token"])).status_code == 401
    assert (await hub.refresh(tokens["refresh_token"])).status_code == 400
    hub.parts.tokens.about_to_read()
    hub.parts.tokens.deny(type(hub.parts.tokens._denials)(frozenset()))
    assert (await hub.me(tokens["access_token"])).status_code == 200, "as a process that has not heard of it yet"
    await hub.parts.standing.refresh()
    assert (await hub.me(tokens["access_token"])).status_code == 401, "each reads the deny-list every second"
    subjects = {row["subject"] for row in await hub.rows("SELECT subject FROM outbox")}
    assert {"hub.gateway.account.disabled", "hub.gateway.token.revoked"} <= subjects
    body = {"kind": "account_opened", "account_id": str(hub.worker)}
    assert (await office.ask("POST", "/proposals", office.charity, body)).status_code == 404, "nobody of theirs"
    other = {**body, "account_id": str(hub.two_hats)}
    assert (await office.ask("POST", "/proposals", office.place, other)).status_code == 404, "that one is open"
    await approve(hub, await office.ask("POST", "/proposals", office.place, body))
    assert (await office.ask("GET", path, office.place)).json()["disabled_at"] is None
    assert (await hub.refresh(tokens["refresh_token"])).status_code == 400, "nothing of before comes back"
    hub.browser.cookies.clear()
    assert (await hub.give_password()).status_code == 303
    assert await office.letters() == ["account_opened"]
    assert "account_opened.approved" in await office.told()


async def test_an_administrator_signs_somebody_out_everywhere(office: Office) -> None:
    hub, path = office.hub, f"/accounts/{office.hub.worker}/end-sessions"
    tokens = await hub.person_tokens()
    assert (await office.ask("POST", path, office.charity)).status_code == 404
    assert (await office.ask("POST", path, office.school)).status_code == 200
    assert (await hub.me(tokens["access_token"])).status_code == 401
    assert await office.letters() == ["sessions_ended"]
    assert "account.sessions_ended" in await office.told()
    assert (await hub.person_tokens())["access_token"], "and they may sign in again"


async def test_lost_second_factors_go_when_two_agree_and_a_new_one_is_set_up(office: Office) -> None:
    hub = office.hub
    tokens = await hub.person_tokens()
    body = {"kind": "account_factors", "account_id": str(hub.worker)}
    shared = {**body, "account_id": str(hub.two_hats)}
    assert (await office.ask("POST", "/proposals", office.school, shared)).status_code == 403, "theirs too"
    assert (await office.ask("POST", "/proposals", office.charity, body)).status_code == 404
    made = await office.ask("POST", "/proposals", office.school, body)
    path = f"/proposals/{made.json()['id']}/approve"
    assert (await office.ask("POST", path, office.school, version=1)).status_code == 409
    assert (await office.ask("POST", path, office.charity, version=1)).status_code == 404
    assert (await hub.me(tokens["access_token"])).status_code == 200
    second = await office.ask("POST", path, token(hub, "partner_admin"), version=1)
    assert second.status_code == 200, second.text
    assert (await hub.me(tokens["access_token"])).status_code == 401
    hub.browser.cookies.clear()
    given = await hub.give_password()
    assert "Set up a second step" in (await hub.browser.get(given.headers["location"])).text
    await carrying_out(hub.running.database)(datetime.now(UTC) + timedelta(seconds=5))
    assert await office.letters() == ["factors_reset"], "once"
    assert "account_factors.approved" in await office.told()
    await hub.rows("UPDATE membership SET roles = '{place_admin}' WHERE account_id = $1", hub.worker)
    assert (await office.ask("POST", "/proposals", office.school, body)).status_code == 403, "who reaches beyond them"


async def test_a_process_that_dies_between_the_approval_and_what_follows_leaves_it_to_the_next_run(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = office.hub
    tokens = await hub.person_tokens()
    body = {"kind": "account_factors", "account_id": str(hub.worker)}
    made = await office.ask("POST", "/proposals", office.place, body)

    async def dies(*_: object) -> None:
        raise RuntimeError("the process ended here")

    with monkeypatch.context() as patched:
        patched.setattr("connective.gateway.api.proposals.carry_out", dies)
        path = f"/proposals/{made.json()['id']}/approve"
        assert (await office.ask("POST", path, token(hub, "place_admin"), version=1)).status_code == 500
    assert await office.letters() == [], "approved, and nothing of it done yet"
    run = carrying_out(hub.running.database)
    await asyncio.gather(*(run(datetime.now(UTC) + timedelta(seconds=1)) for _ in range(4)))
    await hub.parts.standing.refresh()
    assert (await hub.me(tokens["access_token"])).status_code == 401
    assert await office.letters() == ["factors_reset"], "by one of four workers, and once"
    held = "SELECT 1 FROM second_factor WHERE account_id = $1 AND removed_at IS NULL"
    assert not await hub.rows(held, hub.worker)


async def test_accounts_are_found_by_organisation_role_and_standing(office: Office) -> None:
    hub = office.hub
    both, charity = [WORKER_EMAIL, TWO_HATS_EMAIL], [TWO_HATS_EMAIL]
    assert await office.listed(office.place) == both
    assert await office.listed(office.place, f"?organisation_id={hub.charity}") == charity
    assert await office.listed(office.place, "?role=partner_worker") == charity
    assert await office.listed(office.place, f"?role=partner_worker&organisation_id={hub.school}") == []
    assert await office.listed(office.place, "?disabled=true") == []
    assert await office.listed(office.place, f"?account={hub.two_hats}") == charity
    assert await office.listed(office.place, f"?account={hub.two_hats}&account={hub.worker}") == both
    assert await office.listed(office.charity, f"?account={hub.worker}") == [], "of others one learns nothing"
    assert await office.listed(office.school) == both
    assert await office.listed(office.charity) == charity
    shown = (await office.ask("GET", f"/accounts/{hub.two_hats}", office.charity)).json()
    assert [each["organisation_name"] for each in shown["memberships"]] == ["Charity"], "not what they are elsewhere"
    assert (await office.ask("GET", f"/accounts/{hub.worker}", office.charity)).status_code == 404


async def test_a_partner_changes_what_somebody_is_in_its_own_organisation_alone(office: Office) -> None:
    hub, path = office.hub, f"/accounts/{office.hub.two_hats}"
    whole = await office.ask("POST", f"{path}/disable", office.charity, version=1)
    assert whole.status_code == 403, whole.text
    member = {"organisation_id": str(hub.charity), "organisation_name": "Charity", "roles": ["partner_admin"]}
    body = {"kind": "account_roles", "account_id": str(hub.two_hats), "memberships": [member]}

    async def proposed(**changes: Any) -> httpx.Response:
        said = body | {"memberships": [member | changes]}
        return await office.ask("POST", "/proposals", office.charity, said)

    assert (await proposed(organisation_id=str(hub.school))).status_code == 404
    assert (await proposed(roles=["place_admin"])).status_code == 403
    foreign = body | {"account_id": str(hub.worker)}
    assert (await office.ask("POST", "/proposals", office.charity, foreign)).status_code == 404
    made = await proposed()
    second = token(hub, "partner_admin", organisation_id=hub.charity)
    approved = await office.ask("POST", f"/proposals/{made.json()['id']}/approve", second, version=1)
    assert approved.status_code == 200, approved.text
    held = (await office.ask("GET", path, office.place)).json()["memberships"]
    assert [(each["organisation_name"], each["roles"]) for each in held] == [
        ("Charity", ["partner_admin"]),
        ("School", ["support_worker"]),
    ]
    end = f"{path}/memberships/{hub.charity}/end"
    assert (await office.ask("POST", end, office.school, version=2)).status_code == 404
    assert (await office.ask("POST", end, office.charity, version=2)).status_code == 200
    held = (await office.ask("GET", path, office.place)).json()["memberships"]
    assert [each["organisation_name"] for each in held] == ["School"]
    assert (await office.ask("GET", path, office.charity)).status_code == 404
    assert "account.membership_ended" in await office.told()

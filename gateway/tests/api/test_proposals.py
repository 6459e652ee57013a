"""Changes of roles and keys: one administrator proposes, another approves, and the ledger is told of both."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from gateway_calls import call, token
from gateway_hub import PLACE, Hub
from joserfc.jwk import ECKey

from connective.kit.ids import new_id


class Office:
    """Two administrators of the charity, and two of the place."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.one = token(hub, "partner_admin", organisation_id=hub.charity)
        self.two = token(hub, "partner_admin", organisation_id=hub.charity)
        self.place = token(hub, "place_admin")
        self.place_too = token(hub, "place_admin")
        self.elsewhere = token(hub, "partner_admin")

    async def propose(self, bearer: str, **body: Any) -> httpx.Response:
        return await call(self.hub, "POST", "/proposals", bearer, body)

    async def decide(self, verb: str, proposal: Any, bearer: str) -> httpx.Response:
        made = proposal.json()
        version = f'"{made["version"]}"'
        return await call(self.hub, "POST", f"/proposals/{made['id']}/{verb}", bearer, If_Match=version)

    async def roles(self, bearer: str, *roles: str) -> httpx.Response:
        member = {"organisation_id": str(self.hub.school), "organisation_name": "School", "roles": list(roles)}
        return await self.propose(bearer, kind="account_roles", account_id=str(self.hub.worker), memberships=[member])

    async def told(self) -> list[str]:
        found = await self.hub.rows(
            "SELECT outbox::text AS told FROM outbox WHERE subject = 'hub.gateway.audit.recorded' ORDER BY id"
        )
        return [row["told"] for row in found]


@pytest.fixture
def office(hub: Hub) -> Office:
    return Office(hub)


async def test_roles_change_when_a_second_administrator_approves(office: Office) -> None:
    hub = office.hub
    tokens = await hub.person_tokens()
    before = tokens["access_token"]
    made = await office.roles(office.place, "practice_lead")
    assert made.status_code == 201, made.text
    assert made.json()["allowed_actions"] == ["withdraw"]
    assert (await hub.me(before)).json()["roles"] == ["support_worker"]
    own = await office.decide("approve", made, office.place)
    assert (own.status_code, own.json()["type"]) == (409, "/problems/own-proposal")
    approved = await office.decide("approve", made, office.place_too)
    assert (approved.status_code, approved.json()["state"]) == (200, "approved")
    assert (await hub.me(before)).status_code == 401, "a token that says the old role is refused at once"
    after = (await hub.refresh(tokens["refresh_token"])).json()["access_token"]
    assert (await hub.me(after)).json()["roles"] == ["practice_lead"], "the next one counts, in the very same second"
    assert (await office.decide("reject", made, office.place_too)).status_code == 412
    told = " ".join(await office.told())
    assert "account_roles.proposed" in told
    assert "account_roles.approved" in told
    assert "practice_lead" in told


async def test_who_gets_a_new_role_signs_in_with_it(office: Office) -> None:
    made = await office.roles(office.place, "practice_lead")
    assert (await office.decide("approve", made, office.place_too)).status_code == 200
    account = (await call(office.hub, "GET", f"/accounts/{office.hub.worker}", office.place)).json()
    assert account["memberships"][0]["roles"] == ["practice_lead"]
    assert account["version"] == 2


async def test_a_secret_is_rotated_with_overlap(office: Office) -> None:
    hub = office.hub
    body = {"kind": "client_credential", "client_id": str(hub.secret_client), "authentication": "client_secret_basic"}
    made = await office.propose(office.one, **body, overlap_hours=1)
    assert made.status_code == 201, made.text
    secret = made.json()["client_secret"]
    assert secret
    assert "secret_hash" not in made.text
    assert (await hub.by_secret(secret)).status_code == 401, "not before somebody else has agreed"
    assert (await office.decide("approve", made, office.elsewhere)).status_code == 404
    assert (await office.decide("approve", made, office.two)).status_code == 200
    assert (await hub.by_secret(secret)).status_code == 200
    assert (await hub.by_secret()).status_code == 200, "both count while systems are changed over"
    shown = (await call(hub, "GET", f"/clients/{hub.secret_client}", office.one)).json()
    ends = [each["expires_at"] for each in shown["credentials"]]
    assert ends[1] is None
    assert datetime.fromisoformat(ends[0]) <= datetime.now(UTC) + timedelta(hours=1)
    await hub.rows("UPDATE client_credential SET expires_at = now() WHERE expires_at IS NOT NULL")
    assert (await hub.by_secret()).status_code == 401
    assert (await hub.by_secret(secret)).status_code == 200


async def test_a_secret_that_is_replayed_is_not_shown_again(office: Office) -> None:
    body = {"kind": "client_credential", "client_id": str(office.hub.secret_client)}
    body |= {"authentication": "client_secret_basic"}
    key = str(uuid4())
    first = await call(office.hub, "POST", "/proposals", office.one, body, Idempotency_Key=key)
    again = await call(office.hub, "POST", "/proposals", office.one, body, Idempotency_Key=key)
    assert first.json()["client_secret"]
    assert (again.json()["id"], again.json()["client_secret"]) == (first.json()["id"], None)


async def test_a_system_is_bound_to_its_networks(office: Office) -> None:
    hub = office.hub
    old = (await hub.by_secret()).json()["access_token"]
    body = {"kind": "client_change", "client_id": str(hub.secret_client), "networks": ["192.0.2.0/24"]}
    made = await office.propose(office.one, **body)
    assert (await office.decide("approve", made, office.place)).status_code == 200
    assert (await hub.by_secret()).status_code == 401, "tests come from this machine"
    assert (await hub.me(old)).status_code == 200, "lives out its five minutes"
    bound = hub.parts.tokens.issue(bound_claims(hub))
    assert (await hub.me(bound)).status_code == 401
    await hub.rows("UPDATE client SET networks = '{127.0.0.0/8}' WHERE id = $1", hub.secret_client)
    answer = await hub.by_secret()
    assert answer.status_code == 200, answer.text
    assert (await hub.me(answer.json()["access_token"])).status_code == 200


def bound_claims(hub: Hub) -> Any:
    from gateway_support import claims

    who = {"subject": str(hub.secret_client), "client_id": str(hub.secret_client), "roles": (), "session_id": new_id()}
    where = {"place_id": PLACE, "organisation_id": hub.charity, "networks": ("192.0.2.0/24",)}
    return claims(**who, **where, scope="requests:list")


async def test_what_changed_since_is_proposed_anew(office: Office) -> None:
    hub = office.hub
    body = {"kind": "client_change", "client_id": str(hub.secret_client), "name": "Another name"}
    first, second = await office.propose(office.one, **body), await office.propose(office.one, **body)
    assert (await office.decide("approve", first, office.two)).status_code == 200
    late = await office.decide("approve", second, office.two)
    assert (late.status_code, late.json()["type"]) == (409, "/problems/proposal-closed")
    assert (await office.decide("withdraw", second, office.one)).status_code == 200
    shown = (await call(hub, "GET", "/proposals", office.one)).json()["items"]
    assert [each["state"] for each in shown] == ["approved", "withdrawn"]
    assert (await call(hub, "GET", "/proposals", office.elsewhere)).json()["items"] == []


async def test_a_proposal_lapses_after_a_week(office: Office) -> None:
    hub = office.hub
    made = await office.propose(
        office.one, kind="client_change", client_id=str(hub.secret_client), scopes=["requests:read"]
    )
    await hub.rows("UPDATE proposal SET proposed_at = now() - interval '7 days'")
    assert (await office.decide("approve", made, office.two)).status_code == 409
    shown = (await call(hub, "GET", f"/proposals/{made.json()['id']}", office.two)).json()
    assert (shown["state"], shown["allowed_actions"]) == ("expired", [])


async def test_the_database_itself_keeps_a_proposer_from_approving(office: Office) -> None:
    made = await office.roles(office.place, "practice_lead")
    with pytest.raises(Exception, match="four_eyes"):
        await office.hub.rows(
            "UPDATE proposal SET state = 'approved', decided_by = proposed_by, decided_at = now() WHERE id = $1",
            made.json()["id"],
        )


async def test_what_may_not_be_proposed_is_refused(office: Office) -> None:
    hub = office.hub
    client = {"client_id": str(hub.key_client)}
    private = ECKey.generate_key("P-256", {"kid": "x"}, private=True).as_dict(private=True)
    by_key = {"kind": "client_credential", "authentication": "private_key_jwt"}
    refused = [
        ({"kind": "client_change", **client, "networks": ["0.0.0.0/0"]}, 422),
        ({"kind": "client_change", **client, "scopes": ["openid"]}, 422),
        ({**by_key, **client, "keys": [private]}, 422),
        ({**by_key, **client}, 422),
        ({**by_key, **client, "jwks_uri": "http://partner.example.org/keys"}, 422),
        ({**by_key, **client, "jwks_uri": "https://127.0.0.1/keys"}, 422),
        ({**by_key, **client, "jwks_uri": "https://keys.internal/"}, 422),
        ({"kind": "client_change", "client_id": str(uuid4()), "name": "x"}, 404),
        ({"kind": "client_change", "client_id": str(hub.pages), "name": "x"}, 404),
        ({"kind": "everything"}, 422),
    ]
    for body, status in refused:
        answer = await office.propose(office.one, **body)
        assert answer.status_code == status, (body, answer.text)
    assert (await office.roles(office.one, "place_admin")).status_code == 404, "that person works elsewhere"
    assert (await office.roles(office.elsewhere, "place_admin")).status_code == 403
    assert (await office.roles(token(hub, "support_worker"), "place_admin")).status_code == 403

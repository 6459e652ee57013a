"""Invitations: two administrators let somebody in, a letter leads to a password and a second factor, once."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from gateway_calls import approve, call, token
from gateway_hub import ISSUER, PASSWORD, TWO_HATS_EMAIL, WORKER_EMAIL, Hub, form_token, passkey_options

from connective.gateway.commands.post_letters import posting_letters
from connective.kit.mail import KeptPost, SmtpPost
from connective.kit.software_passkey import SoftwarePasskey

NEW_EMAIL = "new.person@charity.example.org"
GOOD = "heron lantern willow"


class Desk:
    """An administrator of the charity, the mailbox of whoever is invited, and their browser."""

    def __init__(self, hub: Hub) -> None:
        self.hub, self.post = hub, KeptPost()
        self.admin = token(hub, "partner_admin", organisation_id=hub.charity)

    async def invite(self, email: str = NEW_EMAIL, bearer: str = "", **changes: Any) -> httpx.Response:
        said = {"email": email, "name": "New Person", "organisation_id": str(self.hub.charity)}
        body = said | {"roles": ["partner_worker"]} | changes
        return await call(self.hub, "POST", "/invitations", bearer or self.admin, body)

    async def letters(self, later: timedelta = timedelta(seconds=1)) -> list[str]:
        """Secrets of all letters posted by now."""
        await posting_letters(self.hub.running.database, self.post, ISSUER)(datetime.now(UTC) + later)
        found = (re.search(r"#(hubinvite_\w+)", mail.text) for mail in self.post.sent)
        return [each[1] for each in found if each]

    async def form(self, page: httpx.Response, step: str, **fields: str) -> httpx.Response:
        data = {"form_token": form_token(page.text)} | fields
        return await self.hub.browser.post(f"/oauth/{step}", data=data)

    async def opened(self, secret: str) -> httpx.Response:
        """The page behind the letter, or what the first one says."""
        page = await self.hub.browser.get("/oauth/invitation")
        answer = await self.form(page, "invitation/open", key=secret)
        return await self.hub.browser.get(answer.headers["location"]) if answer.status_code == 303 else answer


@pytest.fixture
def desk(hub: Hub) -> Desk:
    hub.browser.cookies.clear()
    return Desk(hub)


async def test_a_person_who_is_invited_sets_a_password_and_a_second_factor_and_works(desk: Desk) -> None:
    hub = desk.hub
    made = await desk.invite()
    assert (made.status_code, made.json()["state"]) == (201, "proposed"), made.text
    assert await desk.letters() == [], "nobody lets people in alone"
    own = await call(hub, "POST", f"/proposals/{made.json()['proposal_id']}/approve", desk.admin, If_Match='"1"')
    assert own.json()["type"] == "/problems/own-proposal"
    await approve(hub, made)
    secret = (await desk.letters())[0]
    mail = desk.post.sent[0]
    assert mail.to == NEW_EMAIL
    assert not [word for word in ("Charity", "partner", "New Person", NEW_EMAIL) if word in mail.subject + mail.text]
    stored = await hub.rows("SELECT to_jsonb(i)::text AS row FROM invitation AS i")
    assert secret not in stored[0]["row"]
    page = await desk.opened(secret)
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "Charity" in page.text
    for password, why in (
        ("short", "at least 12"),
        ("Password1234!", "tried first"),
        (NEW_EMAIL, "e-mail address out"),
    ):
        answer = await desk.form(page, "invitation/accept", name="New Person", password=password)
        assert (answer.status_code, why in answer.text) == (422, True), password
    assert (await desk.form(page, "invitation/accept", name=" ", password=GOOD)).status_code == 422
    answer = await desk.form(page, "invitation/accept", name="Neve Person", password=GOOD)
    assert answer.headers["location"] == "/oauth/account"
    enrol = await hub.browser.get("/oauth/account")
    assert "Set up a second step" in enrol.text
    key = SoftwarePasskey()
    posted = key.register(passkey_options(enrol.text), ISSUER)
    assert (
        "Keep your recovery codes"
        in (await desk.form(enrol, "account/enrol/passkey", credential=posted, name="Key")).text
    )
    sent = await hub.browser.get("/oauth/authorize", params=hub.query())
    tokens = (await hub.redeem(httpx.URL(sent.headers["location"]).params["code"])).json()
    me = (await hub.me(tokens["access_token"])).json()
    assert (me["name"], me["roles"], me["organisation_id"]) == ("Neve Person", ["partner_worker"], str(hub.charity))
    shown = (await call(hub, "GET", f"/invitations/{made.json()['id']}", desk.admin)).json()
    assert (shown["state"], shown["allowed_actions"]) == ("accepted", [])
    told = [row["told"] for row in await hub.rows("SELECT outbox::text AS told FROM outbox ORDER BY id")]
    for act in ("invitation.proposed", "invitation.approved", "account.created", "account.memberships_set"):
        assert [each for each in told if act in each], act
    assert not [each for each in told if NEW_EMAIL in each or "Neve" in each]


async def test_an_invitation_is_used_once_and_runs_out(desk: Desk) -> None:
    hub = desk.hub
    await approve(hub, await desk.invite())
    secret = (await desk.letters())[0]
    page = await desk.opened(secret)
    tries = [desk.form(page, "invitation/accept", name="New", password=GOOD) for _ in range(4)]
    statuses = sorted([each.status_code for each in await asyncio.gather(*tries)])
    assert statuses == [303, 410, 410, 410]
    assert (await desk.opened(secret)).status_code == 422
    other = await approve(hub, await desk.invite("other@charity.example.org"))
    later = (await desk.letters())[-1]
    await hub.rows("UPDATE invitation SET expires_at = now() WHERE accepted_at IS NULL")
    assert (await desk.opened(later)).status_code == 422
    shown = (await call(hub, "GET", f"/invitations/{other.json()['id']}", desk.admin)).json()
    assert (shown["state"], shown["allowed_actions"]) == ("expired", ["resend"])
    for wrong in ("", "hubinvite_x", "é" * 20):
        assert (await desk.opened(wrong)).status_code == 422


async def test_an_invitation_is_sent_again_and_withdrawn(desk: Desk) -> None:
    hub = desk.hub
    made = (await approve(hub, await desk.invite())).json()
    first = (await desk.letters())[0]

    async def act(verb: str, version: int) -> httpx.Response:
        return await call(hub, "POST", f"/invitations/{made['id']}/{verb}", desk.admin, If_Match=f'"{version}"')

    assert (await act("resend", 1)).status_code == 412
    assert (await act("resend", 2)).status_code == 200
    assert (await desk.opened(first)).status_code == 422, "from now on the old letter opens nothing"
    away = posting_letters(hub.running.database, SmtpPost("127.0.0.1", 1, "hub@example.org"), ISSUER)
    await away(datetime.now(UTC))
    second = (await desk.letters(timedelta(minutes=3)))[-1]
    assert (await desk.opened(second)).status_code == 200
    assert (await act("withdraw", 3)).json()["state"] == "withdrawn"
    assert (await desk.opened(second)).status_code == 422
    assert (await act("resend", 4)).json()["type"] == "/problems/invitation-closed"
    proposed = (await desk.invite("third@charity.example.org")).json()
    path = f"/proposals/{proposed['proposal_id']}"
    refused = await call(hub, "POST", f"{path}/reject", token(hub, "place_admin"), If_Match='"1"')
    assert refused.json()["state"] == "rejected"
    shown = (await call(hub, "GET", f"/invitations/{proposed['id']}", desk.admin)).json()
    assert shown["state"] == "withdrawn"
    assert len(await desk.letters()) == 2


async def test_whoever_has_an_account_accepts_signed_in_and_keeps_it(desk: Desk) -> None:
    hub = desk.hub
    known, new = await desk.invite(WORKER_EMAIL.upper()), await desk.invite()
    assert known.json().keys() == new.json().keys()
    told = [
        {**each.json(), "email": "", "id": "", "proposal_id": "", "invited_at": "", "expires_at": ""}
        for each in (known, new)
    ]
    assert told[0] == told[1], "the answer does not tell whether an account exists"
    await approve(hub, known)
    secret = (await desk.letters())[0]
    page = await desk.opened(secret)
    assert "There is an account" in page.text
    door = await hub.browser.get("/oauth/invitation")
    second = await desk.form(door, "invitation/accept", name="Xenia", password=GOOD)
    assert second.status_code == 410, "no second account"
    await desk.opened(secret)
    asked = await desk.form(door, "invitation/confirm")
    assert asked.headers["location"] == "/oauth/account"
    page = await hub.browser.get("/oauth/account")
    await desk.form(page, "account/sign-in", email=WORKER_EMAIL, password=PASSWORD)
    await hub.give_passkey(await hub.browser.get("/oauth/account"), hub.passkey)
    assert "An invitation waits" in (await hub.browser.get("/oauth/account")).text
    page = await hub.browser.get("/oauth/invitation/accept")
    assert "You are signed in as Worker" in page.text
    assert (await desk.form(page, "invitation/confirm")).headers["location"] == "/oauth/account?joined"
    assert "You accepted the invitation" in (await hub.browser.get("/oauth/account?joined")).text
    roles = await hub.rows("SELECT roles FROM membership WHERE account_id = $1 ORDER BY roles", hub.worker)
    assert [list(row["roles"]) for row in roles] == [["partner_worker"], ["support_worker"]]
    choice = await hub.browser.get("/oauth/authorize", params=hub.query())
    assert "Charity" in choice.text, "one chooses for whom one works"


async def test_another_account_cannot_accept_it(desk: Desk) -> None:
    hub = desk.hub
    await approve(hub, await desk.invite(TWO_HATS_EMAIL, roles=["partner_volunteer"]))
    await hub.sign_in()
    page = await desk.opened((await desk.letters())[0])
    assert "which is another account" in page.text
    door = await hub.browser.get("/oauth/invitation")
    assert (await desk.form(door, "invitation/confirm")).status_code == 410


async def test_a_partner_invites_into_its_own_organisation_and_no_role_beyond_it(desk: Desk) -> None:
    hub, place = desk.hub, token(desk.hub, "place_admin")
    assert (await desk.invite(organisation_id=str(hub.school))).status_code == 404
    for role in ("place_admin", "hub_coordinator", "auditor"):
        assert (await desk.invite(roles=[role])).status_code == 403, role
    assert (await desk.invite(bearer=place, roles=["hub_coordinator"])).status_code == 201
    assert (await desk.invite(bearer=token(hub, "support_worker"))).status_code == 403
    assert (await desk.invite(bearer=place, organisation_id=str(uuid4()), roles=["signatory"])).status_code == 422
    old = token(hub, "partner_admin", organisation_id=hub.charity, authenticated_at=1)
    assert (await desk.invite(bearer=old)).json()["type"] == "/problems/fresh-second-factor-needed"
    made = (await desk.invite()).json()
    stranger = token(hub, "partner_admin")
    assert (await call(hub, "GET", f"/invitations/{made['id']}", stranger)).status_code == 404
    assert (await call(hub, "POST", f"/invitations/{made['id']}/withdraw", stranger, If_Match='"1"')).status_code == 404
    counts = [
        len((await call(hub, "GET", "/invitations", who)).json()["items"]) for who in (desk.admin, place, stranger)
    ]
    assert counts == [2, 2, 0]

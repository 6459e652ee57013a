"""Signing in by an outside OpenID provider that others wrote, and every way of getting in by somebody else's answer."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

import pytest
import pytest_asyncio
from gateway_calls import call, token
from gateway_hub import ISSUER, Hub, form_action, form_token, hub_on
from gateway_providers import Outer, Outward, providers_for

from connective.gateway.api.joining import _PURPOSE
from connective.gateway.commands.forget_expired import forgetting
from connective.gateway.domain.joining import Proved
from connective.kit.migrations import migrate
from connective.local.nats import NatsServer
from connective.local.testing import DatabaseFactory


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def outer(
    database_factory: DatabaseFactory, nats_server: NatsServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Outer]:
    """One gateway with its providers for all of these: everybody in them is somebody else."""

    async def migrated(owner_url: str) -> None:
        await migrate("gateway", owner_url)

    database = await database_factory.create("gateway", migrated)
    urls = {"app_url": database.app_url, "reader_url": database.reader_url, "nats_url": nats_server.url("gateway")}
    async with (
        hub_on(tmp_path_factory.mktemp("outer"), **urls, key_sets_anywhere=True) as hub,
        providers_for(hub) as made,
    ):
        yield made
    await database_factory.drop(database)


def changed(url: str, **parameters: str | None) -> str:
    """An address with some of its parameters otherwise."""
    parts = urlsplit(url)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()} | parameters
    return urlunsplit(parts._replace(query=urlencode({k: v for k, v in query.items() if v is not None})))


async def me(hub: Hub, tokens: dict[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = (await hub.me(tokens["access_token"])).json()
    return shown


async def known(outer: Outer, subject: str) -> list[Any]:
    """Whose account a subject opens."""
    found = await outer.hub.rows("SELECT account_id FROM provider_identity WHERE subject = $1", subject)
    return [row["account_id"] for row in found]


async def acts(outer: Outer, act: str) -> list[dict[str, Any]]:
    """What the ledger is told of these."""
    rows = await outer.hub.rows("SELECT * FROM outbox WHERE outbox::text LIKE $1", f"%{act}%")
    return [dict(row) for row in rows]


async def letters(outer: Outer, kind: str) -> int:
    """How many letters of a kind wait for the worker or went to them."""
    found = await outer.hub.rows("SELECT 1 FROM letter WHERE account_id = $1 AND kind = $2", outer.hub.worker, kind)
    return len(found)


async def part(browser: Outward, issuer: str) -> Any:
    """Sign in by a provider no more."""
    page = await browser.client.get("/oauth/account")
    form = {"issuer": issuer, "form_token": form_token(page.text)}
    return await browser.client.post("/oauth/account/providers/part", data=form)


async def test_the_sign_in_page_offers_the_providers(outer: Outer) -> None:
    async with outer.browser() as browser:
        page = await browser.client.get("/oauth/authorize", params=outer.hub.query())
        assert f"/oauth/authorize/provider/{outer.ids['entra']}?" in page.text
        assert "Sign in by The council" in page.text
        out = await browser.go_out("entra")
        asked = parse_qs(urlsplit(out.headers["location"]).query)
        assert asked["code_challenge_method"] == ["S256"]
        assert asked["redirect_uri"] == [f"{ISSUER}/oauth/providers/{outer.ids['entra']}/callback"]
        assert {"state", "nonce", "code_challenge"} <= set(asked)
        cookie = out.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert asked["nonce"][0] not in cookie, "what binds the answer is under seal"


async def test_somebody_new_gets_the_roles_of_their_directory_and_is_asked_no_second_factor_twice(outer: Outer) -> None:
    async with outer.browser() as browser:
        tokens = await browser.tokens(await browser.come_back("entra", "ada"))
        shown = await me(outer.hub, tokens)
        assert (shown["roles"], shown["organisation_id"]) == (["support_worker"], str(outer.hub.school))
        fresh = await call(outer.hub, "POST", "/proposals", tokens["access_token"], {"kind": "everything"})
        assert fresh.status_code in {401, 403}
        weighs = await browser.client.get("/oauth/authorize", params=outer.hub.query(max_age="300"))
        assert weighs.status_code == 200
        assert "Set up" in weighs.text or "second" in weighs.text, "what weighs more asks for a factor of ours"
    told = " ".join(row["told"] for row in await outer.hub.rows("SELECT outbox::text AS told FROM outbox"))
    assert "account.created_by_provider" in told
    assert str(outer.ids["entra"]) in told
    assert "ada@council" not in told


async def test_where_the_provider_says_nothing_of_a_second_factor_ours_is_asked_for(outer: Outer) -> None:
    async with outer.browser() as browser:
        answer = await browser.come_back("keycloak", "kit")
        assert answer.status_code == 303, answer.text
        page = await browser.onward(answer)
        assert page.status_code == 200
        assert "authenticator app" in page.text.lower()


async def test_two_people_of_one_subject_at_two_providers_are_two(outer: Outer) -> None:
    for name in ("entra", "keycloak"):
        async with outer.browser() as browser:
            assert (await browser.come_back(name, "ada")).status_code == 303
    found = await outer.hub.rows("SELECT DISTINCT account_id FROM provider_identity WHERE subject = 'ada'")
    assert len(found) == 2


async def test_nobody_is_known_by_an_e_mail_address(outer: Outer) -> None:
    async with outer.browser() as browser:
        answer = await browser.come_back("entra", "cyd")
        assert answer.status_code == 400
        assert "never opened by an e-mail address" in answer.text
    assert not await outer.hub.rows("SELECT 1 FROM provider_identity WHERE subject = 'cyd'")


async def test_whom_no_rule_gives_a_role_stays_outside(outer: Outer) -> None:
    async with outer.browser() as browser:
        answer = await browser.come_back("entra", "bea")
        assert answer.status_code == 400
        assert "right\ngroup" in answer.text


async def test_roles_follow_the_directory_and_old_tokens_are_refused(outer: Outer) -> None:
    async with outer.browser() as browser:
        first = await browser.tokens(await browser.come_back("entra", "dot"))
        assert (await me(outer.hub, first))["roles"] == ["practice_lead", "support_worker"]
        await outer.hub.rows(
            """UPDATE provider SET role_rules = '[{"claim": "/roles", "value": "Hub.Lead", "roles": ["practice_lead"]}]'
            WHERE id = $1""",
            outer.ids["entra"],
        )
        await outer.hub.rows("UPDATE session SET created_at = now() - interval '1 minute'")
        second = await browser.tokens(await browser.come_back("entra", "dot"))
        assert (await me(outer.hub, second))["roles"] == ["practice_lead"]
        await outer.hub.rows("UPDATE provider SET role_rules = '[]' WHERE id = $1", outer.ids["entra"])
        assert (await browser.come_back("entra", "dot")).status_code == 400
        rules = '[{"claim": "/roles", "value": "Hub.Worker", "roles": ["support_worker"]}]'
        await outer.hub.rows("UPDATE provider SET role_rules = $2::jsonb WHERE id = $1", outer.ids["entra"], rules)


async def test_a_forged_answer_opens_nothing(outer: Outer) -> None:
    async with outer.browser() as browser, outer.browser() as stranger:
        sound = await browser.answer("entra", "ada")
        forged = {
            "another issuer": changed(sound, iss=outer.issuers["keycloak"]),
            "no issuer, though it is promised": changed(sound, iss=None),
            "another state": changed(sound, state="x" * 43),
            "no state": changed(sound, state=None),
            "two codes": sound + "&code=another",
            "another provider's address": sound.replace(str(outer.ids["entra"]), str(outer.ids["keycloak"])),
        }
        for what, url in forged.items():
            answer = await browser.client.get(url)
            assert answer.status_code == 400, what
            assert "hub-sign-in" not in answer.headers.get("set-cookie", ""), what
        csrf = await stranger.client.get(sound)
        assert csrf.status_code == 400, "an answer that another browser began (login CSRF)"


async def test_an_answer_is_taken_once(outer: Outer) -> None:
    async with outer.browser() as browser:
        sound = await browser.answer("entra", "ada")
        kept = list(browser.client.cookies.jar)
        assert (await browser.client.get(sound)).status_code == 303
        for cookie in kept:
            browser.client.cookies.jar.set_cookie(cookie)
        again = await browser.client.get(sound)
        assert again.status_code == 400
        assert "used before" in again.text


async def test_one_providers_code_is_not_taken_to_another(outer: Outer) -> None:
    """The mix-up: an answer of one provider, brought to where another's is expected, in the browser that began both."""
    async with outer.browser() as browser:
        code = parse_qs(urlsplit(await browser.answer("entra", "ada")).query)["code"][0]
        expected = await browser.answer("keycloak", "kit")
        mixed = await browser.client.get(changed(expected, code=code, iss=outer.issuers["entra"]))
        assert mixed.status_code == 400
        mixed = await browser.client.get(changed(expected, code=code))
        assert mixed.status_code == 400, "the other provider does not know the code"


async def test_who_declines_or_whose_provider_is_away_is_told_so(outer: Outer) -> None:
    async with outer.browser() as browser:
        declined = await browser.come_back("entra", "")
        assert declined.status_code == 400
        assert "did not sign you in" in declined.text
        away = await browser.go_out("away")
        assert (away.status_code, away.headers["retry-after"]) == (503, "60")
        assert "The charity does not answer" in away.text


async def test_without_new_accounts_only_who_is_known_comes_in(outer: Outer) -> None:
    await outer.hub.rows("UPDATE provider SET new_accounts = false WHERE id = $1", outer.ids["keycloak"])
    await outer.hub.rows("DELETE FROM provider_identity WHERE subject = 'kit'")
    async with outer.browser() as browser:
        answer = await browser.come_back("keycloak", "kit")
        assert (answer.status_code, "no account here yet" in answer.text) == (400, True)
    await outer.hub.rows("UPDATE provider SET new_accounts = true WHERE id = $1", outer.ids["keycloak"])


async def test_signing_out_ends_both_sides(outer: Outer) -> None:
    async with outer.browser() as browser:
        tokens = await browser.tokens(await browser.come_back("entra", "ada"))
        ends = f"{outer.issuers['entra']}/session/end"
        asked = {"client_id": "hub", "post_logout_redirect_uri": f"{ISSUER}/oauth/signed-out"}
        form = (await browser.client.get(ends, params=asked)).text
        xsrf = form.partition('name="xsrf" value="')[2].partition('"')[0]
        gone = await browser.client.post(f"{ends}/confirm", data={"xsrf": xsrf, "logout": "yes"})
        assert gone.headers["location"].startswith(f"{ISSUER}/oauth/signed-out"), gone.text
        told = (await browser.client.get(f"{outer.issuers['entra']}/told")).text
        path = f"/oauth/providers/{outer.ids['entra']}/back-channel-logout"
        elsewhere = await browser.client.post(
            path.replace(str(outer.ids["entra"]), str(outer.ids["keycloak"])), data={"logout_token": told}
        )
        assert elsewhere.status_code == 400
        assert (await outer.hub.me(tokens["access_token"])).status_code == 200
        twelve = await asyncio.gather(*(browser.client.post(path, data={"logout_token": told}) for _ in range(12)))
        assert sorted(each.status_code for each in twelve) == [200, *[400] * 11], "one token counts once"
        assert (await outer.hub.me(tokens["access_token"])).status_code == 401, "the provider ended it from its side"
        later = datetime.now(UTC) + timedelta(minutes=11)
        await forgetting(outer.hub.running.database)(later)
        assert not await outer.hub.rows("SELECT 1 FROM provider_answer"), "and is forgotten once its age refuses it"
        assert (await browser.client.post(path, data={"logout_token": tokens["access_token"]})).status_code == 400


async def test_who_signs_out_here_is_shown_the_way_out_there(outer: Outer) -> None:
    async with outer.browser() as browser:
        tokens = await browser.tokens(await browser.come_back("entra", "ada"))
        page = await browser.client.get("/oauth/account")
        form = {"form_token": form_token(page.text)}
        out = await browser.client.post(form_action(page.text, "/sign-out"), data=form)
        assert "You are still signed in at The council" in out.text
        assert f"{outer.issuers['entra']}/session/end?client_id=hub" in out.text
        assert (await outer.hub.me(tokens["access_token"])).status_code == 401
        assert "You may close this window" in (await browser.client.get("/oauth/signed-out")).text


async def test_a_provider_is_set_up_by_two_and_ended_by_one(outer: Outer) -> None:
    hub = outer.hub
    admin = token(hub, "place_admin")
    made = {"organisation_id": str(hub.charity), "organisation_name": "Charity", "name": "C", "client_id": "hub"}
    made |= {"issuer": outer.issuers["away"], "authentication": "client_secret_basic", "client_secret": "12345678"}
    rule = {"claim": "/groups", "value": "g", "roles": ["partner_worker"]}
    proposed = await outer.propose(**made, role_rules=[rule])
    assert proposed.status_code == 201
    assert "12345678" not in proposed.text
    assert "sealed_secret" not in proposed.text
    refused = [
        {"role_rules": [{**rule, "roles": ["place_admin"]}]},
        {"role_rules": [{**rule, "claim": "groups"}]},
        {"role_rules": [rule], "client_secret": None},
        {"role_rules": [rule], "issuer": "ftp://idp.example.org"},
    ]
    for body in refused:
        assert (await outer.propose(**made | body)).status_code == 422, body
    partner = token(hub, "partner_admin", organisation_id=hub.charity)
    own = await call(hub, "POST", "/proposals", partner, {"kind": "provider", **made, "role_rules": [rule]})
    assert own.status_code == 403
    await outer.set_up("short", **made, role_rules=[rule])
    path = f"/providers/{outer.ids['short']}"
    shown = await call(hub, "GET", path, admin)
    assert shown.json()["redirect_uri"] == f"{ISSUER}/oauth{path}/callback"
    assert "secret" not in " ".join(shown.json())
    ended = await call(hub, "POST", f"{path}/end", admin, If_Match=shown.headers["etag"])
    assert (ended.status_code, ended.json()["ended_at"] is None) == (200, False)
    listed = (await call(hub, "GET", "/providers", admin)).json()["items"]
    assert {each["id"] for each in listed} >= set(map(str, outer.ids.values()))
    async with outer.browser() as browser:
        assert (await browser.go_out("short")).headers["location"].startswith("/oauth/authorize?")


async def test_a_holder_joins_their_account_and_parts_it_again(outer: Outer) -> None:
    hub = outer.hub
    async with outer.browser() as browser:
        page = await browser.own_account()
        assert "Join your account to The council" in page.text
        asked = await browser.ask_to_join("entra", "eve")
        assert "Eve &lt;b&gt;" in asked.text
        assert not await known(outer, "eve"), "coming back alone joins nothing"
        again = await asyncio.gather(*(browser.say_yes(asked) for _ in range(4)))
        assert all("Your account is joined" in each.text for each in again)
        assert "Sign in by it no more" in again[0].text
    assert await known(outer, "eve") == [hub.worker]
    assert await letters(outer, "provider_joined") == 1, "of four answers one joins"
    told = await acts(outer, "provider.joined")
    assert len(told) == 1
    assert str(outer.ids["entra"]) in json.dumps(told, default=str)
    assert "eve@" not in json.dumps(told, default=str)
    async with outer.browser() as browser:
        tokens = await browser.tokens(await browser.come_back("entra", "eve"))
        shown = (await hub.me(tokens["access_token"])).json()
        assert (shown["id"], shown["roles"]) == (str(hub.worker), ["support_worker"])
        weak = await part(browser, outer.issuers["entra"])
        assert "Sign in by it no more" not in weak.text
        assert await known(outer, "eve") == [hub.worker], "who came by the provider alone confirms here first"
        async with outer.browser() as own:
            await own.own_account()
            gone = await part(own, outer.issuers["entra"])
            assert "is parted from that provider" in gone.text
        assert (await hub.me(tokens["access_token"])).status_code == 401, "what was begun by it is ended"
    assert not await known(outer, "eve")
    assert await letters(outer, "provider_parted") == 1
    assert len(await acts(outer, "provider.parted")) == 1


async def test_nobody_else_joins_anything(outer: Outer) -> None:
    hub = outer.hub
    async with outer.browser() as stranger:
        out = await stranger.client.get(f"/oauth/account/providers/{outer.ids['entra']}/join")
        assert (out.status_code, out.headers["location"]) == (303, "/oauth/account"), "nobody signed in here"
    async with outer.browser() as browser, outer.browser() as victim:
        await browser.own_account()
        await victim.own_account()
        out = await browser.client.get(f"/oauth/account/providers/{outer.ids['entra']}/join")
        assert re.search("[?&]prompt=login&max_age=600", out.headers["location"]), "a session left open proves nothing"
        answer = await browser.answer_to(out.headers["location"], "fay")
        assert (await victim.client.get(answer)).status_code == 400, "an answer that another browser began"
        asked = await browser.client.get(answer)
        forms = [dict(re.findall(r'name="(form_token|proved)" value="([^"]*)"', asked.text))]
        sealed = hub.parts.outside.journeys.close(
            Proved(hub.two_hats, outer.ids["entra"], "fay", 2**40).to_text(), _PURPOSE
        ).hex()
        late = hub.parts.outside.journeys.close(
            Proved(hub.worker, outer.ids["entra"], "fay", 1).to_text(), _PURPOSE
        ).hex()
        forms += [forms[0] | {"proved": each} for each in (sealed, late, "00", "no hex", "")]
        for form in (*forms[1:], forms[0] | {"form_token": "0" * 64}):
            assert (await browser.client.post("/oauth/account/providers/join", data=form)).status_code == 400, form
        assert (await victim.client.post("/oauth/account/providers/join", data=forms[0])).status_code == 400
        await hub.rows("UPDATE sign_in SET factor_at = now() - interval '6 minutes' WHERE account_id = $1", hub.worker)
        stale = await browser.client.post("/oauth/account/providers/join", data=forms[0])
        assert "passkey" in stale.text.lower(), "a second factor that is not fresh is asked for again"
        out = await browser.client.get(f"/oauth/account/providers/{outer.ids['entra']}/join")
        assert out.status_code == 200
    assert not await known(outer, "fay")


async def test_a_subject_opens_one_account_and_an_account_knows_one_subject_of_a_provider(outer: Outer) -> None:
    async with outer.browser() as browser:
        assert (await browser.come_back("entra", "fay")).status_code == 303, "an account of their own"
    theirs = await known(outer, "fay")
    async with outer.browser() as browser:
        await browser.own_account()
        refused = await browser.say_yes(await browser.ask_to_join("entra", "fay"))
        assert (refused.status_code, "Somebody else" in refused.text) == (400, True)
        assert "joined" in (await browser.say_yes(await browser.ask_to_join("entra", "cyd"))).text
        refused = await browser.say_yes(await browser.ask_to_join("entra", "eve"))
        assert "to somebody else at The council already" in refused.text
        assert "is parted" in (await part(browser, outer.issuers["entra"])).text
    assert await known(outer, "fay") == theirs
    assert not await known(outer, "eve") + await known(outer, "cyd")

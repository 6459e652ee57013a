"""A place's names, look and numbers: read by anybody, changed by its administrators, followed at once."""

from typing import Any
from uuid import uuid4

import httpx
from gateway_calls import call, token
from gateway_hub import PLACE, Hub

_PATH = f"/places/{PLACE}"


async def _anybody(hub: Hub, path: str) -> httpx.Response:
    return await hub.browser.get(f"/api/v1{path}")


async def _change(hub: Hub, bearer: str, version: int, **changes: Any) -> httpx.Response:
    return await call(hub, "PATCH", _PATH, bearer, changes, If_Match=f'"{version}"')


async def test_anybody_reads_whom_to_phone_and_how_the_place_looks(shared_hub: Hub) -> None:
    answer = await _anybody(shared_hub, _PATH)
    assert (answer.status_code, answer.headers["etag"]) == (200, '"1"'), answer.text
    place = answer.json()
    assert place["safeguarding"]["front_door_number"] == "01632 960101"
    assert place["safeguarding"]["sentence"].startswith("If someone is in danger now, call 999.")
    assert place["branding"] == {"display_name": "Test place", "colour": "#1d70b8", "logo_text": "Test place"}
    assert "listings_checked_within_days" not in place
    assert (await _anybody(shared_hub, "/places")).json()["items"] == [place]
    assert (await _anybody(shared_hub, f"/places/{uuid4()}")).status_code == 404
    assert "ratelimit" in answer.headers, "counted by address, as signing in is"


async def test_settings_are_the_places_administrators_to_see_and_change(shared_hub: Hub) -> None:
    settings, versions = f"{_PATH}/settings", f"{_PATH}/versions"
    stranger = token(shared_hub, "place_admin", place_id=uuid4())
    for path in (settings, versions):
        assert (await _anybody(shared_hub, path)).status_code == 401
        for role in ("support_worker", "partner_admin", "hub_coordinator"):
            assert (await call(shared_hub, "GET", path, token(shared_hub, role))).status_code == 403
        assert (await call(shared_hub, "GET", path, stranger)).status_code == 404
    assert (await _change(shared_hub, token(shared_hub, "partner_admin"), 1, name="Ours")).status_code == 403
    assert (await _change(shared_hub, stranger, 1, name="Ours")).status_code == 404
    unsigned = await shared_hub.browser.patch(f"/api/v1{_PATH}", json={"name": "Ours"})
    assert unsigned.status_code == 401


async def test_a_change_is_judged_as_the_file_is(shared_hub: Hub) -> None:
    admin = token(shared_hub, "place_admin")
    assert (await call(shared_hub, "PATCH", _PATH, admin, {"name": "New name"})).status_code == 428
    assert (await _change(shared_hub, admin, 9, name="New name")).status_code == 412
    for changes, pointer in (
        ({"name": "x"}, "/name"),
        ({"name": None}, "/name"),
        ({"branding": {"colour": "#ffdd00"}}, "/branding/colour"),
        ({"branding": {"colour": "yellow"}}, "/branding/colour"),
        ({"role_names": {"wizard": "Wizard"}}, "/role_names/wizard/[key]"),
        ({"role_names": {"partner_admin": ""}}, "/role_names/partner_admin"),
        ({"listings_checked_within_days": 1}, "/listings_checked_within_days"),
        ({"safeguarding": {"front_door_number": "01632 960199"}}, "/safeguarding"),
        ({"code": "other-place"}, "/code"),
    ):
        refused = await _change(shared_hub, admin, 1, **changes)
        assert refused.status_code == 422, (changes, refused.text)
        assert refused.json()["errors"][0]["pointer"].split("/")[:2] == pointer.split("/")[:2], refused.text
    assert "contrast" in (await _change(shared_hub, admin, 1, branding={"colour": "#FFDD00"})).text


async def test_an_administrator_changes_names_and_look(hub: Hub) -> None:
    admin = token(hub, "place_admin")
    wanted = {"early_help_name": "family support", "role_names": {"partner_worker": "Helper"}}
    wanted |= {"branding": {"colour": "#005A30", "logo_text": "Together"}, "listings_checked_within_days": 90}
    answer = await _change(hub, admin, 1, **wanted)
    assert (answer.status_code, answer.headers.get("etag")) == (200, '"2"'), answer.text
    changed = ["branding.colour", "branding.logo_text", "early_help_name", "listings_checked_within_days", "role_names"]
    assert answer.json()["differs_from_file"] == changed
    shown = (await _anybody(hub, _PATH)).json()
    assert (shown["version"], shown["early_help_name"]) == (2, "family support")
    assert shown["branding"] == {"display_name": "Test place", "colour": "#005a30", "logo_text": "Together"}
    back = await _change(hub, admin, 2, branding={"logo_text": None}, role_names={"partner_worker": None})
    assert (back.json()["branding"]["logo_text"], back.json()["role_names"]) == ("Test place", {})
    same = await _change(hub, admin, 3, early_help_name="family support")
    assert same.headers["etag"] == '"3"', "nothing differs, so nothing is told"
    history = (await call(hub, "GET", f"{_PATH}/versions?limit=1", admin)).json()
    older = (await call(hub, "GET", f"{_PATH}/versions?limit=1&cursor={history['next_cursor']}", admin)).json()
    assert (history["items"][0]["version"], older["items"][0]["changed"], older["next_cursor"]) == (3, changed, None)
    told = await hub.rows("SELECT subject, outbox::text AS told FROM outbox ORDER BY id")
    acts = [row["told"] for row in told if row["subject"] == "hub.gateway.audit.recorded"]
    assert "place.changed" in acts[0]
    assert "branding.colour" in acts[0]
    assert [row["subject"] for row in told].count("hub.gateway.place.changed") == 2


async def test_safeguarding_numbers_change_when_a_second_administrator_agrees(hub: Hub) -> None:
    one, two = token(hub, "place_admin"), token(hub, "place_admin")
    numbers = (await _anybody(hub, _PATH)).json()["safeguarding"]
    del numbers["sentence"]
    body = {"kind": "place_safeguarding", "safeguarding": numbers}
    assert (await call(hub, "POST", "/proposals", one, body)).status_code == 422, "nothing would change"
    numbers["front_door_number"] = "ask at reception"
    assert (await call(hub, "POST", "/proposals", one, body)).status_code == 422
    numbers["front_door_number"] = "01632 960777"
    partner = token(hub, "partner_admin", organisation_id=hub.charity)
    assert (await call(hub, "POST", "/proposals", partner, body)).status_code == 403
    made = await call(hub, "POST", "/proposals", one, body)
    assert made.status_code == 201, made.text
    assert made.json()["change"]["before"]["front_door_number"] == "01632 960101"
    approve = f"/proposals/{made.json()['id']}/approve"
    assert (await call(hub, "POST", approve, partner, If_Match='"1"')).status_code == 404
    assert (await call(hub, "POST", approve, one, If_Match='"1"')).json()["type"] == "/problems/own-proposal"
    assert "960777" not in (await _anybody(hub, _PATH)).text
    done = await call(hub, "POST", approve, two, If_Match='"1"')
    assert (done.status_code, done.json()["state"]) == (200, "approved"), done.text
    assert "01632 960777" in (await _anybody(hub, _PATH)).json()["safeguarding"]["sentence"]
    worker = (await hub.person_tokens())["access_token"]
    assert "01632 960777" in (await hub.me(worker)).json()["safeguarding"]
    (kept,) = (await call(hub, "GET", f"{_PATH}/versions", one)).json()["items"]
    assert kept["changed"] == ["safeguarding.front_door_number"]
    assert kept["approved_by"] not in {None, kept["changed_by"]}
    told = await hub.rows("SELECT outbox::text AS told FROM outbox WHERE subject LIKE 'hub.gateway.%' ORDER BY id")
    words = " ".join(row["told"] for row in told)
    assert "place_safeguarding.proposed" in words
    assert "place_safeguarding.approved" in words
    assert "Designated officer" not in words, "who holds that office is nobody's event"


async def test_numbers_that_were_proposed_for_another_state_of_the_place_are_proposed_anew(hub: Hub) -> None:
    one, two = token(hub, "place_admin"), token(hub, "place_admin")
    numbers = (await _anybody(hub, _PATH)).json()["safeguarding"] | {"adults_number": "01632 960778"}
    del numbers["sentence"]
    body = {"kind": "place_safeguarding", "safeguarding": numbers}
    made = await call(hub, "POST", "/proposals", one, body)
    assert (await _change(hub, two, 1, name="Another name")).status_code == 200
    late = await call(hub, "POST", f"/proposals/{made.json()['id']}/approve", two, If_Match='"1"')
    assert (late.status_code, late.json()["type"]) == (409, "/problems/proposal-closed")

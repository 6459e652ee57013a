"""A family whose names occur nowhere else went through every path: nothing of it is in a log, an event, or a figure.

By the order of files the records were by then made, read, changed and refused in every way of the matrix.
"""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from matrix_records import CANARIES, canary_words
from matrix_samples import Records
from nats.aio.client import Client

from connective.local.services import GATEWAY
from connective.local.stack import Stack

_FEWEST_EVENTS = 50


def _found(text: str) -> list[str]:
    lowered = text.lower()
    return [word for word in canary_words() if word.lower() in lowered]


async def _events(client: Client) -> list[tuple[str, bytes]]:
    """Everything that is in the stream, read by the administrator."""
    jetstream = client.jetstream()
    state = (await jetstream.stream_info("EVENTS")).state
    subscription = await jetstream.subscribe("hub.>", ordered_consumer=True)
    return [(m.subject, m.data) for m in [await subscription.next_msg(timeout=60) for _ in range(state.messages)]]


async def test_the_family_is_in_the_database(hub: Stack, records: Records) -> None:
    """Or the other tests of this file would prove nothing."""
    connection = await hub.postgres.connect("families")
    try:
        query = "SELECT given_names FROM person WHERE id = $1"
        assert await connection.fetchval(query, records.ids["person"]) == CANARIES["Carys"]
    finally:
        await connection.close()


async def test_no_log_line_names_anybody(hub: Stack, records: Records) -> None:
    lines = hub.state.log.read_text(encoding="utf-8").splitlines()
    assert len(lines) > 20
    assert not [line for line in lines if _found(line)]


async def test_no_event_names_anybody(hub: Stack, records: Records) -> None:
    async with hub.nats.admin() as client:
        events = await _events(client)
    assert len(events) > _FEWEST_EVENTS
    assert not [(subject, _found(body.decode())) for subject, body in events if _found(body.decode() + subject)]


async def test_no_figure_names_anybody_or_any_record(
    hub: Stack, records: Records, doors: dict[str, httpx.AsyncClient]
) -> None:
    for service in hub.services:
        text = (await doors[service].get("/metrics")).text
        assert "http_requests_total" in text, service
        assert not _found(text), service
        assert not [key for key, value in records.ids.items() if value in text], service


@pytest.mark.parametrize("who", ["nobody", "worker", "neighbour", "officer"])
async def test_no_refusal_names_anybody(
    who: str, records: Records, loaded_hub: Any, doors: dict[str, httpx.AsyncClient]
) -> None:
    """What was typed comes back in no problem document: not a field's value, not a hint who was meant."""
    world = loaded_hub.world
    headers = {}
    if who != "nobody":
        headers["Authorization"] = f"Bearer {(await world.person(who)).token}"
    door = doors[GATEWAY]
    answers = [
        await door.request(
            method, f"/api/v1{path}", json=body, headers={**headers, "Idempotency-Key": f"canary-{number}-{who}"}
        )
        for number, (method, path, body) in enumerate(_refused(records))
    ]
    problems = [answer for answer in answers if answer.status_code >= 400]
    assert len(problems) == len(answers)
    for answer in problems:
        assert "problem+json" in answer.headers["content-type"]
        assert not _found(answer.text), (str(answer.request.url.path), answer.text)


def _refused(records: Records) -> list[tuple[str, str, object]]:
    """Requests that hold the names, and that nobody's role or content lets through."""
    name, family, street = CANARIES["Carys"], CANARIES["Fernlea"], CANARIES["3 Furnham Crescent"]
    person = {"key": f"{name}!", "given_names": name * 20, "family_name": family, "nhs_number": "999 414 0028"}
    return [
        ("POST", "/families", {"people": [person]}),
        ("POST", "/families", {"people": [{"key": "a", "given_names": [name], "family_name": {"is": family}}]}),
        ("POST", "/families", {family: street}),
        ("POST", "/people/searches", {"given_names": name, "purpose": family}),
        ("POST", f"/people/{name}/needs", {"code": street}),
        ("GET", f"/families?cursor={name}", None),
        ("GET", f"/families?{family}=1", None),
        ("PATCH", f"/people/{records.ids['person']}", {"given_names": name * 30}),
        ("POST", "/referrals", {"family_id": name, "requests": [{"answers": {street: name}}]}),
        ("POST", "/consents", {"given_by": name, "note": street}),
    ]


async def test_no_secret_of_the_deployment_is_in_its_log(hub: Stack, records: Records) -> None:
    log = hub.state.log.read_text(encoding="utf-8")
    secrets = _secrets(hub.state.keys.folder)
    assert len(secrets) > 10
    assert not [word[:4] for word in secrets if word in log]


def _secrets(folder: Path) -> list[str]:
    """Every password, private key and secret of a deployment."""
    read = [(path.name, path.read_text(encoding="utf-8")) for path in sorted(folder.iterdir())]
    keys = [json.loads(text)["d"] for name, text in read if name.endswith(".jwk")]
    passwords = [text for name, text in read if name == "broker_admin"]
    for name, text in read:
        if name.endswith(".json") and name != "trusted_keys.json":
            passwords += json.loads(text).values()
    return keys + passwords

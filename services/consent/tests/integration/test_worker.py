"""The whole process with its broker: events come in, facts go out, entries are sealed and signed by themselves."""

import json
from dataclasses import replace
from pathlib import Path

from consent_room import COUNCIL, LEDGER_JWK, PLACE, SCHOOL, the_family

from connective.consent.app import SERVICE
from connective.consent.settings import ConsentSettings
from connective.kit.bus import Bus, Outgoing
from connective.kit.ids import new_id
from connective.kit.service import Running
from connective.kit.testing import Identities, calling, eventually, key_header
from connective.local.nats import NatsServer
from connective.local.testing import ServiceDatabase


def registered() -> Outgoing:
    """What partners tell when the school joins."""
    subject = "hub.partners.organisation.registered"
    event_id = str(new_id())
    event = {
        "id": event_id,
        "source": "/services/partners",
        "type": f"{subject}.v1",
        "subject": str(SCHOOL),
        "time": "2026-01-01T00:00:00+00:00",
        "aggregateversion": 1,
        "placeid": str(PLACE),
        "data": {
            "organisation_id": str(SCHOOL),
            "legal_entity_id": str(COUNCIL),
            "kind": "school",
            "state": "active",
            "assurance_level": "named_accounts",
        },
    }
    return Outgoing(subject, event_id, json.dumps(event).encode())


async def test_serve_with_work(database: ServiceDatabase, fresh_nats: NatsServer, tmp_path: Path) -> None:
    identities = Identities(tmp_path)
    (tmp_path / "ledger.jwk.json").write_text(LEDGER_JWK, encoding="utf-8")
    settings = ConsentSettings(
        **identities.settings(
            "consent", app_url=database.app_url, reader_url=database.reader_url, nats_url=fresh_nats.url("consent")
        ),
        ledger_key=tmp_path / "ledger.jwk.json",
        families_url="http://127.0.0.1:9",
        partners_url="http://127.0.0.1:9",
        referrals_url="http://127.0.0.1:9",
        checkpoint_gap_seconds=0.2,
    )
    running = Running(SERVICE, settings)
    parts = replace(running.composition.parts, families=the_family())
    running.composition = replace(running.composition, parts=parts)
    partners = Bus("partners", fresh_nats.url("partners"))
    manager = identities.person(place=PLACE, organisation=SCHOOL, roles=["agreement_manager", "auditor"])
    async with calling(running.app(with_work=True)) as client:
        await partners.publish_one(registered())

        async def known() -> bool:
            return (await client.get("/agreements", headers=manager)).status_code == 200

        await eventually("the school", known)
        body = {
            "name": "Borsetshire Council",
            "kind": "council",
            "ico_registration": "ZA123456",
            "ico_registered_until": "2030-01-01",
            "training_valid_until": "2030-01-01",
            "dpo_contact": "dpo@example.org",
        }
        made = await client.post("/legal-entities", json=body, headers=manager | key_header())
        assert made.status_code == 201

        async def signed() -> bool:
            return (await client.get("/ledger/checkpoint", headers=manager)).status_code == 200

        await eventually("a signed checkpoint", signed)
        assert (await client.post("/ledger/verify", headers=manager)).json()["whole"] is True

        async def published() -> bool:
            return running.relay.published > 0

        await eventually("its event", published)
        assert (await client.get("/readyz")).json()["status"] == "ready"
    await partners.close()

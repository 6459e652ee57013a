"""The agreements of the cast as structured terms, and how they come into force: drafted, reviewed, signed."""

from datetime import date, timedelta
from typing import Any

from connective.local.story.cast import Cast
from connective.local.story.narrator import expect
from connective.local.story.signing_in import Asker

REFERRER = "trust"
_SCHOOL_BASIS = {"article_6": "6(1)(e)", "legal_power": "Education Act 2002 s175"}
_RETENTION = "Six years after the last contact, then deleted; confirmed to the other party."
_CONTACT = "information.governance@levelshire.example.org"


def terms(cast: Cast, key: str, today: date) -> dict[str, Any]:
    """What one agreement of the cast states. The flow back carries what became of a request (`progress`)."""
    entry = cast.raw["agreements"][key]
    school, partner = cast.entities[REFERRER], cast.entities[entry["to"]]
    categories = sorted(entry["categories"])
    flows = [_flow(school, partner, categories), _flow(partner, school, ["needs", "progress"])]
    kept = sorted({category for flow in flows for category in flow["categories"]})
    return {
        "title": entry["title"],
        "summary": entry["summary"],
        "parties": [{"legal_entity_id": each, "role": "controller"} for each in (school, partner)],
        "bases": [
            {"legal_entity_id": school, "purpose": "referral", **entry.get("discloser_basis", _SCHOOL_BASIS)},
            {"legal_entity_id": partner, "purpose": "referral", **entry["basis"]},
        ],
        "flows": flows,
        "people_covered": "everyone",
        "necessity": "Without it the family repeats its story to each agency, or goes without help.",
        "prohibited_uses": ["debt_recovery", "immigration_enforcement", "marketing", "recruitment", "rent_enforcement"],
        "onward_sharing": "Not without the referrer's written agreement.",
        "security": "Named accounts; encrypted in transit and at rest; breaches told within 24 hours.",
        "retention": [{"categories": kept, "rule": _RETENTION}],
        "rights_contact": _CONTACT,
        "complaints_contact": _CONTACT,
        "breach_contact": _CONTACT,
        "dpia": {
            "reference": f"DPIA-2026-{key}",
            "outcome": "Risks accepted with the safeguards of this agreement.",
            "approved_on": str(today - timedelta(days=30)),
            "review_due_on": str(today + timedelta(days=335)),
        },
        "audit_entity_ids": [cast.entities["council"]],
        "starts_on": str(today),
        "review_on": str(today + timedelta(days=330)),
        "ends_on": str(today + timedelta(days=1095)),
        "at_end": "delete",
    }


def _flow(giver: str, taker: str, categories: list[str]) -> dict[str, Any]:
    return {
        "from_entity_id": giver,
        "to_entity_id": taker,
        "purpose": "referral",
        "categories": categories,
        "methods": ["api", "hub_page", "secure_link"],
    }


def with_article_9(before: dict[str, Any]) -> dict[str, Any]:
    """The same terms with the condition that health data need, for both parties: what the next version adds."""
    condition = {
        "article_9": "9(2)(h)",
        "schedule_1_paragraph": "Part 1 paragraph 2 (health or social care purposes)",
        "policy_document": "APD-2026-03",
    }
    return {**before, "bases": [{**basis, **condition} for basis in before["bases"]]}


async def bring_into_force(
    manager: Asker, agreement_id: str, number: int, officers: list[Asker], signatories: list[Asker]
) -> dict[str, Any]:
    """Submit a draft, have each party's officer review it and each signatory sign the hash of what they read."""
    path = f"/agreements/{agreement_id}/versions/{number}"
    version = expect(await _act(manager, path, "submit", {}), 200)
    for officer in officers:
        version = expect(await _act(officer, path, "review", {"approved": True, "note": "Agreed."}), 200)
    for signatory in signatories:
        version = expect(await _act(signatory, path, "sign", {"text_hash": version["text_hash"]}), 200)
    found: dict[str, Any] = version
    return found


async def _act(asker: Asker, path: str, verb: str, body: dict[str, Any]) -> Any:  # noqa: ANN401 - an HTTP answer
    read = await asker.get(path)
    expect(read, 200)
    return await asker.post(f"{path}/{verb}", body, If_Match=read.headers["etag"])

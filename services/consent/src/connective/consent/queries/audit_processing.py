"""Records of processing (UK GDPR Article 30), read off the agreements in force and the register of legal entities."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from connective.consent.domain.agreement_terms import Flow, Terms
from connective.consent.domain.canonical import plain
from connective.consent.domain.legal_entities import LegalEntity
from connective.consent.domain.retention import in_words
from connective.consent.storage.agreements import terms_from
from connective.consent.storage.audit_look import Look
from connective.consent.storage.entities import load_entities
from connective.consent.storage.schedule import schedule_of
from connective.kit.database import fetch

Record = dict[str, Any]
_IN_FORCE = """
SELECT a.reference, v.number, v.state, v.terms FROM agreement_version AS v JOIN agreement AS a ON a.id = v.agreement_id
WHERE v.place_id = $1 AND v.state IN ('active', 'suspended') AND v.seen_by @> ARRAY[$2::uuid]
ORDER BY a.reference, v.number
"""
_HOSTED = """
SELECT e.id, e.name, e.kind, e.ico_registration, e.dpo_contact, e.processing_signed_at, e.processing_ends_on,
  p.document_reference, p.confirms, p.refrains_from,
  ARRAY(SELECT concat_ws(' ', so.name, '(' || so.id::text || ')') FROM organisation AS so
        WHERE so.legal_entity_id = e.id ORDER BY so.name, so.id) AS organisations
FROM legal_entity AS e LEFT JOIN LATERAL (
  SELECT * FROM processing_agreement AS lp WHERE lp.legal_entity_id = e.id ORDER BY lp.signed_at DESC LIMIT 1
) AS p ON true
WHERE e.place_id = $1 ORDER BY e.name, e.id
"""
CONTROLLER_COLUMNS = (
    *("controller", "controller_contact", "agreement_reference", "agreement_version", "state", "purpose", "direction"),
    *("other_party", "role", "people_covered", "categories", "methods", "article_6", "legal_power", "article_9"),
    *("article_10", "schedule_1_paragraph", "retention", "transfers", "security", "dpia", "ends_on"),
)
PROCESSOR_COLUMNS = (
    *(
        "processor",
        "processor_contact",
        "controller",
        "controller_kind",
        "ico_registration",
        "controller_contact",
        "processing",
        "organisations",
    ),
    *("contract_reference", "contract_settles", "refrains_from", "signed_at", "ends_on", "retention", "transfers"),
    "security",
)
NO_TRANSFERS = "None: the Hub sends nothing outside the United Kingdom."
_PROCESSING = (
    "Hosting the Hub: storing family records, requests and agreements, deciding and recording disclosures, the ledger."
)
_SECURITY = (
    "Named accounts with passwords under argon2id and always a second factor (training, leavers and last sign-in "
    "under /accounts/access-review); row-level security by organisation under every query; encrypted UPNs; "
    "a sealed ledger of every disclosure and look."
)


@dataclass(frozen=True, slots=True)
class Host:
    """Who runs this Hub on behalf of its controllers, and where they are reached."""

    name: str
    contact: str

    def said(self) -> Record:
        """The two first members of each line; a record that does not name its processor says so."""
        return {
            "processor": self.name or "Not stated: whoever runs the Hub has not set CONSENT_HOST_NAME.",
            "processor_contact": self.contact or "Not stated: whoever runs the Hub has not set CONSENT_HOST_CONTACT.",
        }


def _retention(terms: Terms, flow: Flow) -> list[str]:
    return sorted({r.rule for r in terms.retention if r.categories & flow.categories})


def _controller_lines(
    row: Any,  # noqa: ANN401 - a driver row
    terms: Terms,
    entity: LegalEntity,
    names: dict[UUID, LegalEntity],
) -> Iterator[Record]:
    party = terms.party(entity.id)
    for flow in terms.flows:
        if entity.id not in (flow.from_entity_id, flow.to_entity_id):
            continue
        gives = flow.from_entity_id == entity.id
        other = flow.to_entity_id if gives else flow.from_entity_id
        basis = terms.basis(entity.id, flow.purpose)
        yield {
            "controller": entity.name,
            "controller_contact": entity.dpo_contact,
            "agreement_reference": row.reference,
            "agreement_version": row.number,
            "state": row.state,
            "purpose": flow.purpose,
            "direction": "gives" if gives else "receives",
            "other_party": names[other].name if other in names else str(other),
            "role": party.role if party else None,
            "people_covered": terms.people_covered,
            "categories": sorted(flow.categories),
            "methods": sorted(flow.methods),
            "article_6": basis.article_6 if basis else None,
            "legal_power": basis.legal_power if basis else None,
            "article_9": basis.article_9 if basis else None,
            "article_10": basis.article_10 if basis else None,
            "schedule_1_paragraph": basis.schedule_1_paragraph if basis else None,
            "retention": _retention(terms, flow),
            "transfers": NO_TRANSFERS,
            "security": terms.security,
            "dpia": terms.dpia.reference if terms.dpia else None,
            "ends_on": terms.ends_on,
        }


async def controller_record(look: Look) -> list[Record]:
    """The officer's legal entity as controller (Article 30(1)): a line for each flow of its agreements in force."""
    rows = await fetch(look.connection, _IN_FORCE, (look.place_id, look.entity_id))
    parsed = [(row, terms_from(row.terms)) for row in rows]
    ids = {party.legal_entity_id for _, terms in parsed for party in terms.parties} | {look.entity_id}
    names = await load_entities(look.connection, look.place_id, ids)
    own = names.get(look.entity_id)
    lines = [line for row, terms in parsed if own for line in _controller_lines(row, terms, own, names)]
    return [dict(plain(line)) for line in lines]


async def processor_record(look: Look, host: Host) -> list[Record]:
    """The host as processor (Article 30(2)): a line for each controller it hosts, with its Article 28 contract."""
    rows = await fetch(look.connection, _HOSTED, (look.place_id,))
    kept = [f"{rule.what}. {in_words(rule)}" for rule in await schedule_of(look.connection, look.place_id)]
    return [
        host.said()
        | {
            "controller": row.name,
            "controller_kind": row.kind,
            "ico_registration": row.ico_registration,
            "controller_contact": row.dpo_contact,
            "processing": _PROCESSING,
            "organisations": list(row.organisations),
            "contract_reference": row.document_reference,
            "contract_settles": sorted(row.confirms or ()),
            "refrains_from": sorted(row.refrains_from or ()),
            "signed_at": row.processing_signed_at,
            "ends_on": row.processing_ends_on,
            "retention": kept,
            "transfers": NO_TRANSFERS,
            "security": _SECURITY,
        }
        for row in rows
    ]

"""`/audit/processing-records` and evidence packs: what an officer takes away. Each export is an entry of the ledger."""

import asyncio
from hashlib import sha256
from typing import Any
from uuid import UUID

from fastapi import Response

from connective.consent.api.audit_words import Since, Until
from connective.consent.api.deps import Answer, PartsDep
from connective.consent.clients.printing import print_pdf
from connective.consent.commands.audit_reading import asked_period, looking
from connective.consent.commands.refusals import NotNow
from connective.consent.domain.audit_files import archive, csv_text
from connective.consent.domain.audit_period import Period
from connective.consent.domain.canonical import canonical
from connective.consent.domain.days import day_of
from connective.consent.domain.ledger import EntryKind
from connective.consent.queries.audit_evidence import Evidence, gather_evidence, papers_of
from connective.consent.queries.audit_processing import (
    CONTROLLER_COLUMNS,
    PROCESSOR_COLUMNS,
    controller_record,
    processor_record,
)
from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.deps import ActorDep
from connective.kit.policy import operation
from connective.kit.problems import Unavailable

routes = router(tags=["audit"])
_READ = operation(Permission.CONSENT_AUDIT_READ, relation="own_entity")
_PACK = operation(Permission.CONSENT_AUDIT_READ, relation="own_entity", refuses=(NotNow, Unavailable), step_up=True)
_DISCLOSURES = (
    *("id", "decision_id", "request_id", "request_version", "discloser_organisation_id", "discloser_organisation_name"),
    *("recipient_organisation_id", "recipient_organisation_name"),
    *("agreement_reference", "agreement_version", "purpose", "categories", "people", "reader_id", "disclosed_at"),
)
_DECISIONS = (
    *("id", "discloser_organisation_id", "discloser_organisation_name", "recipient_organisation_id"),
    *("recipient_organisation_name", "agreement_reference", "agreement_version"),
    *("basis", "purpose", "outcome", "asked", "refused_for", "people", "asked_by", "decided_at"),
)
_ACTS = ("number", "act", "legal_entity_id", "legal_entity_name", "actor_id", "approved", "text_hash", "at")


class CsvFile(Response):
    """A table for a spreadsheet; cells that one would run as formulas stand behind an apostrophe."""

    media_type = "text/csv"


class ZipFile(Response):
    """An archive."""

    media_type = "application/zip"


class ProcessingRecord(Answer):
    """Lines of a record of processing; the columns are those of the CSV."""

    items: list[dict[str, Any]]


def _attached(kind: type[Response], content: bytes | str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return kind(content, headers=headers)


async def _lines(controller: bool, actor: ActorDep, parts: PartsDep) -> list[dict[str, Any]]:
    act, now = ("controller_record_exported" if controller else "processor_record_exported"), parts.clock()
    async with looking(parts.database, actor, act, now, kind=EntryKind.EXPORT) as look:
        found = await (controller_record(look) if controller else processor_record(look, parts.host))
        look.hits = len(found)
    return found


@routes.get("/audit/processing-records/controller", operation_id="consent_read_controller_record", **_READ)
async def controller(actor: ActorDep, parts: PartsDep) -> ProcessingRecord:
    """Your legal entity's record of processing as controller (Article 30(1)), from its agreements in force."""
    return ProcessingRecord(items=await _lines(True, actor, parts))


@routes.get("/audit/processing-records/processor", operation_id="consent_read_processor_record", **_READ)
async def processor(actor: ActorDep, parts: PartsDep) -> ProcessingRecord:
    """The host's record of processing on behalf of each controller (Article 30(2))."""
    return ProcessingRecord(items=await _lines(False, actor, parts))


@routes.get(
    "/audit/processing-records/controller/csv",
    operation_id="consent_export_controller_record",
    response_class=CsvFile,
    **_READ,
)
async def controller_csv(actor: ActorDep, parts: PartsDep) -> Response:
    """The same as CSV."""
    table = csv_text(CONTROLLER_COLUMNS, await _lines(True, actor, parts))
    return _attached(CsvFile, table, "article-30-1.csv")


@routes.get(
    "/audit/processing-records/processor/csv",
    operation_id="consent_export_processor_record",
    response_class=CsvFile,
    **_READ,
)
async def processor_csv(actor: ActorDep, parts: PartsDep) -> Response:
    """The same as CSV."""
    table = csv_text(PROCESSOR_COLUMNS, await _lines(False, actor, parts))
    return _attached(CsvFile, table, "article-30-2.csv")


def _files(
    evidence: Evidence, printed: dict[str, bytes], agreement_id: UUID, period: Period, public_key: dict[str, str]
) -> dict[str, bytes]:
    versions = [{name: v[name] for name in v if name != "text"} for v in evidence.versions]
    ledger = {"checkpoint": evidence.checkpoint, "public_key": public_key, "entries": evidence.entries}
    files = {
        "agreement.json": canonical({"versions": versions, "acts": evidence.acts}),
        "agreement-acts.csv": csv_text(_ACTS, evidence.acts).encode(),
        "decisions.csv": csv_text(_DECISIONS, evidence.decisions).encode(),
        "decisions.json": canonical(evidence.decisions),
        "disclosures.csv": csv_text(_DISCLOSURES, evidence.disclosures).encode(),
        "disclosures.json": canonical(evidence.disclosures),
        "ledger.json": canonical(ledger),
    }
    files |= {f"agreement-v{v['number']}.txt": v["text"].encode() for v in evidence.versions}
    files |= printed
    counts = {
        "decisions": len(evidence.decisions),
        "disclosures": len(evidence.disclosures),
        "ledger_entries": len(evidence.entries),
    }
    manifest = {
        "agreement_id": agreement_id,
        "reference": evidence.versions[0]["reference"],
        "since": period.since,
        "until": period.until,
        "counts": counts,
        "sha256": {name: sha256(content).hexdigest() for name, content in files.items()},
    }
    return files | {"manifest.json": canonical(manifest)}


@routes.get(
    "/audit/agreements/{agreement_id}/evidence",
    operation_id="consent_export_evidence",
    response_class=ZipFile,
    **_PACK,
)
async def evidence(
    *,
    agreement_id: UUID,
    actor: ActorDep,
    parts: PartsDep,
    since: Since = None,
    until: Until = None,
) -> Response:
    """Everything that proves what moved under one agreement in a period, as a ZIP: CSV, JSON, PDF, texts and proofs."""
    now = parts.clock()
    period = asked_period(since, until, now)
    asked = {"agreement_id": agreement_id, "since": period.since, "until": period.until}
    async with looking(parts.database, actor, "evidence_exported", now, asked, kind=EntryKind.EXPORT) as look:
        found = await gather_evidence(look, agreement_id, period)
        papers = await papers_of(look, found, agreement_id, day_of(now))
    printed = {f"agreement-v{p.version.number}.pdf": await print_pdf(p.data, p.version.changed_at) for p in papers}
    files = await asyncio.to_thread(_files, found, printed, agreement_id, period, parts.ledger_key.public_jwk)
    return _attached(ZipFile, await asyncio.to_thread(archive, files), f"evidence-{agreement_id}.zip")

"""What a printed agreement shows: the frozen words, how it stands, and who has signed them."""

from datetime import datetime
from typing import Any

from connective.consent.domain.agreement import AgreementVersion, Signature, State
from connective.consent.domain.agreement_text import long_date
from connective.consent.domain.canonical import plain
from connective.consent.domain.days import ENGLAND
from connective.consent.domain.documents import Document, Section
from connective.consent.domain.registers import Register

_STANDING = {
    State.DRAFT: "This is a draft. Nobody has signed it and nothing may be shared under it.",
    State.IN_REVIEW: "This text is being reviewed. Nothing may be shared under it yet.",
    State.AWAITING_SIGNATURES: "This text awaits signatures or its start day. Nothing may be shared under it yet.",
    State.ACTIVE: "This agreement is in force.",
    State.SUSPENDED: "This agreement is suspended. Nothing may be shared under it.",
    State.EXPIRED: "This agreement has ended.",
    State.TERMINATED: "This agreement was ended by its parties.",
    State.SUPERSEDED: "A later version has taken the place of this one.",
}
_LEAST, _MOST = 3, 12


def _widths(section: Section) -> list[int]:
    """How wide each column is beside the others, by the longest cell it has to hold."""
    columns = zip(section.columns, *section.rows, strict=True)
    return [min(_MOST, max(_LEAST, max(map(len, cells)) // 6)) for cells in columns]


def _section(section: Section) -> dict[str, Any]:
    shown: dict[str, Any] = plain(section)
    return shown | {"widths": _widths(section) if section.rows else []}


def _moment(at: datetime) -> str:
    local = at.astimezone(ENGLAND)
    return f"{long_date(local.date())} at {local:%H:%M}"


def _signature(signature: Signature, register: Register) -> dict[str, str]:
    name = ", ".join(part for part in (signature.name, signature.position) if part)
    return {
        "party": register.name(signature.legal_entity_id),
        "name": name or f"Account {signature.signatory_id}",
        "at": _moment(signature.at),
    }


def _unsigned(version: AgreementVersion, register: Register) -> list[dict[str, str]]:
    waiting = [p.legal_entity_id for p in version.terms.parties if p.legal_entity_id not in version.signed_by]
    return [{"party": register.name(entity), "name": "Not signed", "at": ""} for entity in waiting]


def printed(version: AgreementVersion, document: Document, register: Register) -> dict[str, Any]:
    """The data of a version's paper. `document` is its frozen text, or for a draft the text as it would be frozen."""
    signatures = [_signature(each, register) for each in version.signatures]
    return {
        "title": document.title or "Untitled",
        "reference": document.reference,
        "version": document.version,
        "led_by": register.name(version.lead_entity_id),
        "description": f"Data sharing agreement {document.reference}, version {document.version}",
        "standing": _STANDING[version.state],
        "sections": [_section(each) for each in document.sections],
        "text_hash": version.text_hash or "None: the text is not frozen yet.",
        "signatures": signatures + _unsigned(version, register),
    }

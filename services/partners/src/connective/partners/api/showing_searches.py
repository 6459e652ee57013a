"""From what a search found to what is answered: plain values, which `SearchOut` describes."""

from datetime import datetime
from typing import Any

from connective.partners.api.showing_assurance import show_lapsed
from connective.partners.commands.search_services import Answer
from connective.partners.domain.fit import Reason
from connective.partners.domain.matching import LeftOut, Match


def show_answer(answer: Answer, limit: int, now: datetime) -> dict[str, Any]:
    """The answer to a search, at most `limit` of each half."""
    return {
        "items": [_match(each, now) for each in answer.found.matches[:limit]],
        "left_out": [_left_out(each) for each in answer.found.left_out[:limit]],
        "postcode_known": answer.postcode_known,
    }


def _match(found: Match, now: datetime) -> dict[str, Any]:
    service, owner = found.candidate.service, found.candidate.organisation
    listing = service.listing
    east, north = found.from_home or (None, None)
    return {
        "service_id": service.id,
        "organisation_id": owner.id,
        "organisation_name": owner.profile.name,
        "name": listing.name,
        "kind": listing.kind,
        "needs": found.needs,
        "distance_km": _km(found.distance_metres),
        "east_km": _km(east),
        "north_km": _km(north),
        "room": found.room,
        "takes_requests": found.takes_requests,
        "telephone": listing.telephone,
        "url": listing.url,
        "how_to_refer": listing.how_to_refer,
        "sensitive": listing.sensitive,
        "reasons": _reasons(found.reasons),
        "lapsed": show_lapsed(owner, now) if owner.held else [],
    }


def _left_out(left: LeftOut) -> dict[str, Any]:
    listing = left.candidate.service.listing
    return {
        "service_id": left.candidate.service.id,
        "organisation_name": left.candidate.organisation.profile.name,
        "name": listing.name,
        "kind": listing.kind,
        "distance_km": _km(left.distance_metres),
        "telephone": listing.telephone,
        "reasons": _reasons(left.reasons),
    }


def _reasons(reasons: tuple[Reason, ...]) -> list[dict[str, str]]:
    return [{"code": each.code, "sentence": each.sentence} for each in reasons]


def _km(metres: int | None) -> float | None:
    return None if metres is None else round(metres / 1000, 1)

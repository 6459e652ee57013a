"""`/retention/families/{family_id}/preview`, and `…/people/{person_id}/preview`: the dry run of an erasure."""

from uuid import UUID

from fastapi import Response

from connective.consent.api.deps import Answer, PartsDep, no_store
from connective.consent.api.erasures import KeptWordsOut, show_kept_words
from connective.consent.commands.preview_erasure import Previewed, preview_erasure
from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.deps import ActorDep
from connective.kit.policy import operation
from connective.kit.problems import TooSlow, Unavailable

routes = router(tags=["retention"])
_READ = operation(Permission.CONSENT_RETENTION_READ, relation="own_entity", refuses=(Unavailable, TooSlow))


class WouldGoOut(Answer):
    """One service's part."""

    service: str
    would_remove: int
    would_keep: int
    """Rows that would stay, about nobody any more."""


class PreviewOut(Answer):
    """What erasing a family or one person would do; `against` is empty where it may be granted."""

    family: str
    person: str | None
    """None of a whole family."""
    record_version: int
    against: list[str]
    parts: list[WouldGoOut]
    kept_words: list[KeptWordsOut]


@routes.get("/retention/families/{family_id}/preview", operation_id="consent_preview_family_erasure", **_READ)
async def preview_family(family_id: UUID, response: Response, actor: ActorDep, parts: PartsDep) -> PreviewOut:
    """What erasing this family's whole record would take out of each service, and what stands against it.

    With it goes everybody who is in no other family. Nothing is changed.
    """
    found = await preview_erasure(parts.database, parts.keepers, actor, family_id, None, now=parts.clock())
    no_store(response)
    return _shown(found)


@routes.get(
    "/retention/families/{family_id}/people/{person_id}/preview", operation_id="consent_preview_person_erasure", **_READ
)
async def preview(family_id: UUID, person_id: UUID, response: Response, actor: ActorDep, parts: PartsDep) -> PreviewOut:
    """What erasing this person would take out of each service, and what stands against it. Nothing is changed."""
    found = await preview_erasure(parts.database, parts.keepers, actor, family_id, person_id, now=parts.clock())
    no_store(response)
    return _shown(found)


def _shown(found: Previewed) -> PreviewOut:
    return PreviewOut(
        family=found.family,
        person=found.person,
        record_version=found.record_version,
        against=list(found.against),
        parts=[
            WouldGoOut(service=service, would_remove=did.removed, would_keep=did.kept)
            for service, did in sorted(found.parts.items())
        ],
        kept_words=show_kept_words(dict(found.parts["consent"].words)),
    )

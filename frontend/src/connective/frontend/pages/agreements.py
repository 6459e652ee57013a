"""Agreements: the register, one version as its parties read it, what changed between two, and the paper."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Response

from connective.frontend.clients.hub import together
from connective.frontend.domain import sharing_words as say
from connective.frontend.domain.agreements import COMMENT, DRAFT, register_lines, version_page
from connective.frontend.domain.comments import subjects, threads
from connective.frontend.domain.proving_queues import DECIDE
from connective.frontend.pages.officers import Desk, DeskDep, WhichDep, download, named
from connective.frontend.pages.routing import personal_routes

routes = personal_routes()
_PAGE = 50
_MOST_UNDER_WAY = 12
"""How many agreements under way are opened to find whose turn it is."""


class Narrowed:
    """What the register is narrowed to; whatever is none of the choices narrows nothing."""

    def __init__(self, standing: str = "", party: str = "", purpose: str = "", category: str = "") -> None:
        self.standing = standing if standing in say.STANDINGS else ""
        self.party = party
        self.purpose = purpose if purpose in say.PURPOSES else ""
        self.category = category if category in say.CATEGORIES else ""

    def asked(self) -> dict[str, str | None]:
        """As the API is asked."""
        return {
            "standing": self.standing or None,
            "legal_entity_id": self.party or None,
            "purpose": self.purpose or None,
            "category": self.category or None,
        }


@routes.page("/agreements")
async def show_register(desk: DeskDep, chosen: Annotated[Narrowed, Depends()], cursor: str | None = None) -> Response:
    """The register of agreements, and those that wait for whoever looks."""
    found, under_way, asker = await together(
        desk.hub.part("/agreements", chosen.asked() | {"limit": _PAGE, "cursor": cursor}),
        desk.hub.part("/agreements", {"standing": "in_preparation", "limit": _MOST_UNDER_WAY}),
        desk.asker(),
    )
    latest = [f"/agreements/{each['id']}/versions/{each['latest_version']}" for each in under_way.items]
    versions = await together(*(desk.hub.part(each) for each in latest))
    pages = [version_page(each.value, asker, desk.today) for each in versions if each.value]
    return desk.show(
        "agreements/list.html",
        part=found,
        lines=register_lines(found.items, asker, desk.today),
        waiting=[each for each in pages if any(turn.ours for turn in each.turns)],
        chosen=chosen,
        names=named(asker),
        say=say,
        may_draft=desk.person.may(DRAFT),
    )


@routes.page("/agreements/{agreement_id}")
async def show_agreement(agreement_id: UUID, desk: DeskDep) -> Response:
    """An agreement: the version in force, or else its newest."""
    agreement = await desk.hub.get(f"/agreements/{agreement_id}")
    return await _show(desk, agreement, agreement["version_in_force"] or agreement["latest_version"])


@routes.page("/agreements/{agreement_id}/versions/{number}")
async def show_version(which: WhichDep, desk: DeskDep) -> Response:
    """One version."""
    return await _show(desk, await desk.hub.get(f"/agreements/{which.agreement_id}"), which.number)


async def _show(desk: Desk, agreement: dict[str, Any], number: int) -> Response:
    path = f"/agreements/{agreement['id']}/versions/{number}"
    version, comments, asker = await together(
        desk.hub.get(path), desk.hub.part(f"{path}/comments", {"limit": 200}), desk.asker()
    )
    may_draft = desk.person.may(DRAFT) and asker.entity_id == version["lead_entity_id"]
    return desk.show(
        "agreements/version.html",
        view=version_page(version, asker, desk.today),
        versions=[each | {"words": say.state_of(each["state"])} for each in agreement["versions"]],
        comments=comments,
        threads=threads(comments.items, subjects(version["terms"], asker), asker),
        may_comment=desk.person.may(COMMENT),
        may_draft_next=may_draft and agreement["versions"][-1]["state"] != "draft",
        may_audit=desk.person.may("consent:audit:read"),
        may_decide_end=_is_over(agreement) and asker.entity_id == version["lead_entity_id"] and desk.person.may(DECIDE),
    )


def _is_over(agreement: dict[str, Any]) -> bool:
    return agreement["versions"][-1]["state"] in {"expired", "terminated"}


@routes.page("/agreements/{agreement_id}/compare")
async def compare(
    agreement_id: UUID,
    desk: DeskDep,
    older: Annotated[int | None, Query(alias="from", ge=1, le=9999)] = None,
    newer: Annotated[int | None, Query(alias="to", ge=1, le=9999)] = None,
) -> Response:
    """What changed from one version to another, in sentences."""
    agreement = await desk.hub.get(f"/agreements/{agreement_id}")
    numbers = [each["number"] for each in agreement["versions"]]
    newer = newer or numbers[-1]
    older = older or max((each for each in numbers if each < newer), default=newer)
    found = await desk.hub.part(f"/agreements/{agreement_id}/compare", {"from": older, "to": newer})
    between = {"older": older, "newer": newer, "numbers": numbers}
    return desk.show("agreements/compare.html", agreement=agreement, found=found, between=between)


@routes.page("/agreements/{agreement_id}/versions/{number}/document.pdf")
async def read_paper(which: WhichDep, desk: DeskDep) -> Response:
    """The agreement on paper, with its signatures, as the API prints it."""
    version, file = await together(desk.hub.get(which.path), desk.hub.file(f"{which.path}/document", {"format": "pdf"}))
    kept = "".join(each if each.isascii() and each.isalnum() else "-" for each in version["reference"])
    return download(file, f"{kept}-version-{which.number}.pdf")

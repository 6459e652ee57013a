"""Prohibited uses: each organisation accepts a version of the text; a newer one asks again, with days of grace."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from gateway_hub import PLACE, Hub
from gateway_support import claims

from connective.gateway.commands.admission import Admission
from connective.gateway.domain.prohibited_uses import AcceptanceState, Text, Texts, Unaccepted, UnfitText
from connective.gateway.storage.prohibited_uses import read_texts
from connective.kit.clock import SetClock
from connective.kit.ids import new_id

PATH = "/api/v1/accounts/prohibited-uses"
FIRST = Text(1, date(2026, 1, 1), 28, {"marketing": "To sell.", "research": "For research."})
SECOND = Text(2, date(2026, 6, 1), 14, {"marketing": "To sell.", "scoring": "To score anybody."})
TEXTS = Texts((FIRST, SECOND))


def token(hub: Hub, *roles: str, organisation: UUID) -> dict[str, str]:
    who = {"subject": str(new_id()), "place_id": PLACE, "organisation_id": organisation}
    issued = hub.parts.tokens.issue(claims(roles=roles, client_id="pages", session_id=new_id(), **who))
    return {"Authorization": f"Bearer {issued}", "Idempotency-Key": str(new_id())}


async def accept(hub: Hub, signatory: dict[str, str], organisation: UUID, **changes: Any) -> httpx.Response:
    body = {"organisation_id": str(organisation), "version": 1, "accepts": ["marketing", "research"]}
    return await hub.browser.post(f"{PATH}/acceptances", json=body | changes, headers=signatory)


async def stands(hub: Hub, asker: dict[str, str]) -> dict[str, tuple[str, str | None]]:
    answer = await hub.browser.get(PATH, headers=asker)
    assert answer.status_code == 200, answer.text
    return {each["organisation_id"]: (each["state"], each["due_by"]) for each in answer.json()["items"]}


async def test_an_organisation_accepts_for_itself_and_its_signatory_for_each_of_the_entity(hub: Hub) -> None:
    object.__setattr__(hub.parts, "admission", Admission(TEXTS))
    clock = SetClock(datetime.fromisoformat("2026-05-01T10:00:00+00:00"))
    object.__setattr__(hub.parts, "clock", clock)
    first, second, entity = new_id(), new_id(), new_id()
    for organisation in (first, second):
        await hub.organisation(organisation, entity)

    def asker(role: str = "signatory") -> dict[str, str]:
        return token(hub, role, organisation=first)

    assert await stands(hub, asker()) == {str(each): ("lacking", None) for each in sorted((first, second))}
    partly = await accept(hub, asker(), first, accepts=["marketing"])
    assert (partly.status_code, partly.json()["errors"][0]["pointer"]) == (422, "/accepts")
    assert (await accept(hub, asker(), first, version=7)).json()["errors"][0]["pointer"] == "/version"
    assert (await accept(hub, asker("support_worker"), first)).status_code == 403
    assert (await accept(hub, asker(), hub.charity)).status_code == 404, "of another legal entity"
    assert (await accept(hub, asker("partner_admin"), first)).json()["accepted_version"] == 1
    again = asker()
    assert (await accept(hub, again, second)).status_code == 201
    assert (await accept(hub, again, second)).headers["Idempotent-Replay"] == "true"
    assert set((await stands(hub, asker())).values()) == {("accepted", None)}
    clock.move(timedelta(days=40))
    assert set((await stands(hub, asker())).values()) == {("due", "2026-06-15")}, "a new version asks again"
    clock.move(timedelta(days=14))
    renewed = await accept(hub, asker(), first, version=2, accepts=["marketing", "scoring"])
    assert renewed.json()["state"] == "accepted"
    every = await stands(hub, token(hub, "place_admin", organisation=hub.school))
    assert [every[str(each)][0] for each in (first, second)] == ["accepted", "lacking"]
    acts = await hub.rows("SELECT data FROM outbox WHERE data LIKE '%prohibited_uses.accepted%' ORDER BY id")
    assert [f'"text_version":{n}' in row["data"].replace(" ", "") for n, row in zip((1, 1, 2), acts, strict=True)] == [
        True
    ] * 3


@pytest.mark.parametrize(
    ("accepted", "today", "state", "due"),
    [
        (None, date(2026, 7, 1), AcceptanceState.LACKING, None),
        (1, date(2025, 1, 1), AcceptanceState.ACCEPTED, None),
        (1, date(2026, 6, 15), AcceptanceState.DUE, date(2026, 6, 15)),
        (1, date(2026, 6, 16), AcceptanceState.LACKING, date(2026, 6, 15)),
        (2, date(2026, 2, 1), AcceptanceState.ACCEPTED, None),
    ],
)
def test_an_older_version_is_enough_until_the_grace_is_over(
    accepted: int | None, today: date, state: AcceptanceState, due: date | None
) -> None:
    assert TEXTS.state(accepted, today) is state
    assert (accepted in TEXTS.enough(today)) == (state is not AcceptanceState.LACKING)
    assert accepted is None or TEXTS.due_by(accepted, today) == due


def test_the_packaged_text_is_fit_and_others_are_refused() -> None:
    packaged = read_texts(None)
    packaged.check(1, frozenset(packaged.versions[0].uses), date(2026, 2, 1))
    with pytest.raises(Unaccepted):
        TEXTS.check(1, frozenset(FIRST.uses), date(2026, 7, 1))
    TEXTS.check(2, frozenset(SECOND.uses), date(2026, 2, 1))
    for versions in ((), (SECOND, FIRST), (FIRST, replace(SECOND, version=1))):
        with pytest.raises(UnfitText):
            Texts(versions)

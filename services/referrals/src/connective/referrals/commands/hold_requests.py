"""Hold the open requests that relied on something that ended, and release those held only because of it.

Called by consumers inside their own transaction: the event and its effect are one.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select

from connective.kit.database import Unit
from connective.referrals.domain.details import Reason
from connective.referrals.domain.lifecycle import act, allowed_actions
from connective.referrals.domain.request import By, Request
from connective.referrals.domain.states import UNSENT, Action, Party
from connective.referrals.storage.mapping import request_from
from connective.referrals.storage.requests import save
from connective.referrals.storage.tables import request

HUB = By(Party.HUB, "service:referrals")


async def _open_where(unit: Unit, condition: ColumnElement[bool], *, unsent: bool = False) -> Sequence[Request]:
    """Open requests that fit, locked in id order so that two listeners never wait for each other in a ring.

    Only those that were sent, unless `unsent` asks for drafts and blocked ones too.
    """
    if not unsent:
        condition = condition & request.c.state.not_in([str(s) for s in UNSENT])
    rows = await unit.connection.execute(
        select(request).where(request.c.is_open, condition).order_by(request.c.id).with_for_update()
    )
    return [request_from(row) for row in rows]


async def hold_where(
    unit: Unit, condition: ColumnElement[bool], code: str, at: datetime, *, unsent: bool = False
) -> int:
    """Hold every one that fits for this reason; one held for it already stays as it is. Answers how many."""
    held = 0
    for each in await _open_where(unit, condition, unsent=unsent):
        if each.hold is not None and code in each.hold.reasons:
            continue
        after, fact = act(each, Action.HOLD, HUB, at, Reason(code))
        await save(unit, each, after, (fact,))
        held += 1
    return held


async def release_where(unit: Unit, condition: ColumnElement[bool], code: str, at: datetime) -> int:
    """Release every one that fits and is held for this reason alone. Answers how many."""
    released = 0
    for each in await _open_where(unit, condition):
        if each.hold is None or each.hold.reasons != (code,):
            continue
        if Action.RELEASE in allowed_actions(each, Party.HUB, at):
            after, fact = act(each, Action.RELEASE, HUB, at)
            await save(unit, each, after, (fact,))
            released += 1
    return released

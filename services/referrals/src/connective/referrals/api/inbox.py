"""The list of requests on the express lane: a partner's system reads its inbox more often than anything else."""

from typing import Final

from connective.contracts.permissions import Permission
from connective.kit.actor import Actor
from connective.kit.express import Plain, Ready
from connective.kit.pages import DEFAULT_LIMIT, MOST, plain_link, plain_query, written_page
from connective.referrals.api.deps import NOT_CACHED, Parts
from connective.referrals.queries.list_requests import Wanted, list_requests

_DIRECTIONS: Final = frozenset({"received", "sent", "place"})
_KNOWN = frozenset({"direction", "limit", "cursor"})


async def written(parts: Parts, actor: Actor, wanted: Wanted) -> tuple[bytes, str | None]:
    """A page as JSON, and the cursor of the next. Raises NotAllowed; see `list_requests`."""
    coordinates = actor.may(Permission.REFERRALS_REQUEST_COORDINATE)
    rows = await list_requests(parts.room.database, actor, wanted, coordinates=coordinates)
    shown = rows[: wanted.limit]
    onward = parts.cursors.write(shown[-1][0]) if len(rows) > len(shown) else None
    return written_page([item for _, item in shown], onward), onward


async def list_plainly(parts: Parts, asked: Plain) -> Ready | None:
    """The same as the route, where each parameter stands once and as it should; states are left to the route."""
    query = plain_query(asked.query, _KNOWN)
    if query is None:
        return None
    direction, limit = query.get("direction", "received"), query.get("limit", str(DEFAULT_LIMIT))
    if direction not in _DIRECTIONS or not limit.isdigit() or not 1 <= int(limit) <= MOST:
        return None
    wanted = Wanted(direction, (), parts.cursors.after(query.get("cursor")), int(limit))
    body, onward = await written(parts, asked.actor, wanted)
    return Ready(body, [NOT_CACHED, *plain_link(asked, query, onward)])

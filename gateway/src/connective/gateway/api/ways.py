"""The two ways on which somebody signs in: towards a program that waits for a code, or to their own account's page."""

from typing import Final, Literal

from fastapi import Request

Way = Literal["authorize", "account"]
AUTHORIZE: Final = "authorize"
ACCOUNT: Final = "account"


def query_of(request: Request) -> str:
    """The query as the browser sent it: the program's wishes travel with every page on the way to it."""
    raw: bytes = request.scope["query_string"]
    return raw.decode("ascii", "replace")


def onward(request: Request, way: Way, step: str = "") -> str:
    """A step of the way, with the program's wishes; without one, where the way goes on."""
    query = query_of(request)
    return f"/oauth/{way}{step}" + (f"?{query}" if query and way == AUTHORIZE else "")

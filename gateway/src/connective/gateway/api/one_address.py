"""On one machine: pages under another of its names are sent to the one that the Hub is known by.

Cookies, passkeys and the origin of forms belong to one name. Whoever types `127.0.0.1` where the Hub is `localhost`
would be shown a sign-in page whose form is refused. Behind TLS nothing is sent anywhere: what stands before it decides.
"""

from urllib.parse import urlsplit

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_HERE = frozenset({"127.0.0.1", "localhost", "::1"})
_PAGES = ("/oauth/account", "/oauth/authorize", "/oauth/forgotten", "/oauth/invitation", "/oauth/new-password", "/link")


class OneAddress:
    """Lets everything through but the reading of a page under another name of this machine."""

    def __init__(self, app: ASGIApp, issuer: str) -> None:
        self._app, self._issuer, self._known = app, issuer, urlsplit(issuer).netloc

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, or say where the page is."""
        if scope["type"] == "http" and scope["method"] == "GET" and self._elsewhere(scope):
            query = scope["query_string"].decode("ascii", "replace")
            there = f"{self._issuer}{scope['path']}" + (f"?{query}" if query else "")
            await RedirectResponse(there, status_code=307)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _elsewhere(self, scope: Scope) -> bool:
        if not scope["path"].startswith(_PAGES):
            return False
        host = next((value for name, value in scope["headers"] if name == b"host"), b"").decode("latin-1")
        try:
            return host != self._known and urlsplit(f"http://{host}").hostname in _HERE
        except ValueError:
            return False

"""Asking an address that somebody else chose: a partner's webhook, or a list that is published elsewhere.

Such an address may try to reach what only this machine can reach. So: HTTPS only, on known ports; every address a name
resolves to is checked at the moment of connecting, and the connection goes to a checked address and to no other (a
name that resolves differently the second time gains nothing); no redirects, no proxy of the environment, no
connection kept; little is read, and not for long.
"""

import asyncio
import ipaddress
import socket
import ssl
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import SplitResult, urlsplit

import httpcore

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""From a host name and a port to every address it stands for. Raises OSError for a name nobody knows."""
USUAL_PORTS = frozenset({443, 8443})
_LONGEST_URL = 400
_MOST_READ = 16_384
_CONNECT_SECONDS = 5.0
# Networks that carry an IPv4 address inside: what they carry is what counts.
_SIXTOFOUR = ipaddress.IPv6Network("2002::/16")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_NEVER = (
    ipaddress.ip_network("100.64.0.0/10"),
    ipaddress.ip_network("192.0.0.0/24"),
    ipaddress.ip_network("198.18.0.0/15"),
    ipaddress.ip_network("2001::/23"),
    ipaddress.ip_network("64:ff9b:1::/48"),
    ipaddress.ip_network("fec0::/10"),
)


class UnfitAddress(Exception):
    """An address that is not asked: `code` says why, and `sentence` what to do about it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = _SENTENCES[code]


class NoAnswer(Exception):
    """Nothing was answered; `code` says what went wrong, never what the other side said."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Reach:
    """What may be asked at all."""

    anywhere: bool = False
    """Plain HTTP, every port and every address too: for development alone."""
    ports: frozenset[int] = USUAL_PORTS
    seconds: float = 15.0
    """How long one asking may take, from the name's resolution to the last byte that is read."""
    authorities: str | None = None
    """A file of certificates to trust instead of the machine's own."""


@dataclass(frozen=True, slots=True)
class OutsideAnswer:
    """What is kept of an answer: never its body."""

    status: int
    retry_after: str | None
    took_ms: int


@dataclass(frozen=True, slots=True)
class OutsideBody:
    """An answer with what was read of its body."""

    status: int
    retry_after: str | None
    body: bytes
    cut: bool
    """Whether there was more of it than was wanted."""


def is_public(text: str) -> bool:
    """Whether an address lies in the public internet: not private, local, reserved, nor a wrapping of such a one."""
    address = ipaddress.ip_address(text.partition("%")[0])
    inner = _carried(address)
    if inner is not None:
        return is_public(str(inner))
    if any(address in network for network in _NEVER):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved and not address.is_unspecified


def _carried(address: Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 one stands for."""
    if not isinstance(address, ipaddress.IPv6Address):
        return None
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _SIXTOFOUR:
        return address.sixtofour
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def read_address(url: str, reach: Reach) -> SplitResult:
    """The parts of an address that may be asked. Raises UnfitAddress; names are resolved later, when connecting."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise UnfitAddress("not_an_address") from error
    if len(url) > _LONGEST_URL or not parts.hostname or parts.fragment or not url.isascii() or not url.isprintable():
        raise UnfitAddress("not_an_address")
    if parts.username or parts.password:
        raise UnfitAddress("holds_a_password")
    if parts.scheme != "https" and not (reach.anywhere and parts.scheme == "http"):
        raise UnfitAddress("not_https")
    if reach.anywhere:
        return parts
    if port not in reach.ports:
        raise UnfitAddress("port")
    _refuse_local(parts.hostname)
    return parts


def _refuse_local(host: str) -> None:
    """Raise UnfitAddress for a host that needs no resolving to be known as local."""
    try:
        public = is_public(host)
    except ValueError:
        public = "." in host.strip(".") and not host.lower().rstrip(".").endswith((".localhost", ".local", ".internal"))
    if not public:
        raise UnfitAddress("not_public")


async def resolve(host: str, port: int) -> Sequence[str]:
    """Every address of a name, as the machine resolves it."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


class _Checked(httpcore.AsyncNetworkBackend):
    """Connects to checked addresses only. TLS still proves the name: the pool takes it from the URL."""

    def __init__(self, reach: Reach, look_up: Resolve) -> None:
        self._reach, self._look_up = reach, look_up
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the interface of the library
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first checked address that answers."""
        addresses = await self._admitted(host, port)
        for number, address in enumerate(addresses, start=1):
            try:
                return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if number == len(addresses):
                    raise
        raise NoAnswer("unresolved")

    async def connect_unix_socket(
        self,
        path: str,  # noqa: ARG002 - the interface of the library
        timeout: float | None = None,  # noqa: ARG002, ASYNC109 - the interface of the library
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002 - the interface of the library
    ) -> httpcore.AsyncNetworkStream:
        """Never."""
        raise NoAnswer("not_public")

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)

    async def _admitted(self, host: str, port: int) -> Sequence[str]:
        """The addresses of a host. One that is not public refuses all: such a name is not an honest one."""
        try:
            found = await self._look_up(host, port)
        except (OSError, UnicodeError) as error:
            raise NoAnswer("unresolved") from error
        if not self._reach.anywhere and not all(is_public(each) for each in found):
            raise NoAnswer("not_public")
        return found


@cache
def _trusting(authorities: str | None) -> ssl.SSLContext:
    """What checks certificates, once per process: reading the authorities takes a twentieth of a second."""
    tls = ssl.create_default_context(cafile=authorities)
    tls.minimum_version = ssl.TLSVersion.TLSv1_2
    return tls


class Outside:
    """Asks addresses that others chose."""

    def __init__(self, reach: Reach, look_up: Resolve = resolve) -> None:
        self._reach = reach
        self._network = _Checked(reach, look_up)
        self._tls = _trusting(reach.authorities)

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> OutsideAnswer:
        """Send one body. Raises NoAnswer, whatever went wrong: an address that became unfit is a case of it."""
        started = time.perf_counter()
        # A little is read, so that an honest sender can finish its answer; nothing of it is kept.
        read = await self._ask("POST", url, headers, body, _MOST_READ)
        return OutsideAnswer(read.status, read.retry_after, round((time.perf_counter() - started) * 1000))

    async def get(self, url: str, headers: Mapping[str, str], most: int) -> OutsideBody:
        """Read what an address holds, at most `most` bytes. Raises NoAnswer, `too_large` for more than that."""
        return await self._whole("GET", url, headers, None, most)

    async def exchange(self, url: str, headers: Mapping[str, str], body: bytes, most: int) -> OutsideBody:
        """Send one body and read the answer whole, at most `most` bytes. Raises NoAnswer as `get` does."""
        return await self._whole("POST", url, headers, body, most)

    async def _whole(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, most: int
    ) -> OutsideBody:
        read = await self._ask(method, url, headers, body, most)
        if read.cut:
            raise NoAnswer("too_large")
        return read

    async def _ask(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, most: int
    ) -> OutsideBody:
        try:
            read_address(url, self._reach)
            async with asyncio.timeout(self._reach.seconds):
                return await self._send(method, url, headers, body, most)
        except UnfitAddress as error:
            raise NoAnswer("not_public" if error.code == "not_public" else "unfit_address") from error
        except (TimeoutError, httpcore.TimeoutException) as error:
            raise NoAnswer("timed_out") from error
        except ssl.SSLError as error:
            raise NoAnswer("certificate") from error
        except (httpcore.ConnectError, OSError) as error:
            raise NoAnswer("certificate" if _is_tls(error) else "not_connected") from error
        except (httpcore.ProtocolError, httpcore.NetworkError, httpcore.UnsupportedProtocol, ValueError) as error:
            raise NoAnswer("not_http") from error

    async def _send(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, most: int
    ) -> OutsideBody:
        async with httpcore.AsyncConnectionPool(
            ssl_context=self._tls, max_keepalive_connections=0, http2=False, network_backend=self._network
        ) as pool:
            limits = {"connect": _CONNECT_SECONDS, "read": self._reach.seconds, "write": self._reach.seconds, "pool": 1}
            request_headers = [("connection", "close"), *headers.items()]
            extensions = {"timeout": limits}
            async with pool.stream(method, url, headers=request_headers, content=body, extensions=extensions) as answer:
                parts, read = [], 0
                async for part in answer.aiter_stream():
                    parts.append(part)
                    read += len(part)
                    if read > most:
                        break
                known = {name.lower(): value for name, value in answer.headers}
                retry_after = known.get(b"retry-after", b"").decode("latin-1") or None
                return OutsideBody(answer.status, retry_after, b"".join(parts), cut=read > most)


def _is_tls(error: BaseException) -> bool:
    """Whether a failure to connect came of the certificate, however deeply the library wrapped it."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLError):
            return True
        seen = seen.__cause__ or seen.__context__
    return False


_SENTENCES = {
    "not_an_address": "Give an address of at most 400 characters, without a fragment.",
    "holds_a_password": "Leave user name and password out of the address: every message is signed instead.",
    "not_https": "Give an address that begins with https://.",
    "port": "Use the usual port (443) or 8443.",
    "not_public": "Give the address of a machine on the public internet.",
}

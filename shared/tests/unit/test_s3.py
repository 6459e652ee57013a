"""The S3 client against a store at the level of HTTP, which works out every signature by itself from the rules.

The check is ours and not the client's: AWS Signature Version 4 as Amazon documents it, tried first on its own example.
"""

import asyncio
import hashlib
import hmac
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

import pytest
import pytest_asyncio

from connective.kit.problems import Unavailable
from connective.kit.s3 import BucketAddress, BucketStore

KEY_ID, SECRET = "AKIDTEST", "not-a-secret-but-a-test"


def signature(request: "Asked", secret: str, signed: str, scope: str) -> str:
    """What the signature of a request has to be."""
    named = "".join(f"{name}:{' '.join(request.headers[name].split())}\n" for name in signed.split(";"))
    path, _, query = request.target.partition("?")
    pairs = sorted(pair if "=" in pair else f"{pair}=" for pair in query.split("&") if pair)
    digest = request.headers["x-amz-content-sha256"]
    canonical = "\n".join((request.method, quote(unquote(path), safe="/~"), "&".join(pairs), named, signed, digest))
    day, region, service, last = scope.split("/")
    key = f"AWS4{secret}".encode()
    for part in (day, region, service, last):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    text = "\n".join(
        ("AWS4-HMAC-SHA256", request.headers["x-amz-date"], scope, hashlib.sha256(canonical.encode()).hexdigest())
    )
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class Asked:
    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass
class Store:
    """Keeps objects for whoever signs rightly."""

    objects: dict[str, bytes] = field(default_factory=dict)
    failing: int = 0
    port: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while (asked := await self._read(reader)) is not None:
            status, body = self._answer(asked)
            head = f'HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\nETag: "1"\r\n'
            head += "Last-Modified: Mon, 02 Mar 2026 10:00:00 GMT\r\n\r\n"
            writer.write(head.encode() + (b"" if asked.method == "HEAD" else body))
            await writer.drain()
        writer.close()

    @staticmethod
    async def _read(reader: asyncio.StreamReader) -> Asked | None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
        except (asyncio.IncompleteReadError, ConnectionError):
            return None
        first, *lines = head.strip().split("\r\n")
        method, target, _ = first.split(" ")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        return Asked(method, target, headers, await reader.readexactly(int(headers.get("content-length", 0))))

    def _answer(self, asked: Asked) -> tuple[int, bytes]:
        if self.failing:
            return self.failing, b"<Error><Code>SlowDown</Code></Error>"
        if not self._rightly_signed(asked):
            return 403, b"<Error><Code>SignatureDoesNotMatch</Code></Error>"
        key = unquote(asked.target.partition("?")[0])
        if asked.method == "PUT":
            self.objects[key] = asked.body
            return 200, b""
        if asked.method == "POST" and asked.target.partition("?")[2].startswith("delete"):
            names = re.findall(r"<Key>([^<]*)</Key>", asked.body.decode())
            for name in names:
                self.objects.pop(f"{key.rstrip('/')}/{name}", None)
            gone = "".join(f"<Deleted><Key>{name}</Key></Deleted>" for name in names)
            return 200, f"<DeleteResult>{gone}</DeleteResult>".encode()
        return (200, self.objects[key]) if key in self.objects else (404, b"<Error><Code>NoSuchKey</Code></Error>")

    @staticmethod
    def _rightly_signed(asked: Asked) -> bool:
        kind, _, rest = asked.headers.get("authorization", "").partition(" ")
        parts = dict(each.strip().split("=", 1) for each in rest.split(",") if "=" in each)
        who, _, scope = parts.get("Credential", "").partition("/")
        if (kind, who) != ("AWS4-HMAC-SHA256", KEY_ID) or "host" not in parts["SignedHeaders"].split(";"):
            return False
        digest = asked.headers["x-amz-content-sha256"]
        whole = digest in {"UNSIGNED-PAYLOAD", hashlib.sha256(asked.body).hexdigest()}
        return whole and hmac.compare_digest(
            signature(asked, SECRET, parts["SignedHeaders"], scope), parts["Signature"]
        )


@pytest_asyncio.fixture
async def there() -> AsyncIterator[Store]:
    store = Store()
    async with await asyncio.start_server(store.serve, "127.0.0.1", 0) as server:
        store.port = server.sockets[0].getsockname()[1]
        yield store


def client(store: Store, secret: str = SECRET) -> BucketStore:
    return BucketStore(BucketAddress("files", "eu-west-2", f"http://127.0.0.1:{store.port}", KEY_ID, secret))


def test_the_check_itself_agrees_with_the_published_example() -> None:
    """Amazon S3, "Authenticating requests", the example of a GET of an object."""
    headers = {
        "host": "examplebucket.s3.amazonaws.com",
        "range": "bytes=0-9",
        "x-amz-content-sha256": hashlib.sha256(b"").hexdigest(),
        "x-amz-date": "20130524T000000Z",
    }
    secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
    found = signature(
        Asked("GET", "/test.txt", headers), secret, ";".join(headers), "20130524/us-east-1/s3/aws4_request"
    )
    assert found == "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"


async def test_objects_come_and_go_signed(there: Store) -> None:
    store, key, content = client(there), "attachments/01a2/0000", bytes(range(256)) * 4096
    await store.put(key, content)
    assert there.objects == {f"/files/{key}": content}
    assert await store.get(key) == content
    await store.put(key, b"")
    assert await store.get(key) == b""
    await store.delete(key)
    await store.delete(key)
    with pytest.raises(KeyError):
        await store.get(key)
    for path in ("../x", "a//../b", "", "A", "x" * 200, "a b"):
        with pytest.raises(KeyError):
            await store.get(path)


async def test_a_store_that_refuses_or_fails_is_away_and_says_nothing(there: Store) -> None:
    with pytest.raises(Unavailable) as refused:
        await client(there, "another").put("attachments/1", b"x")
    assert there.objects == {}
    assert "files" not in refused.value.detail
    there.failing = 403
    with pytest.raises(Unavailable):
        await client(there).get("attachments/1")
    nowhere = BucketStore(BucketAddress("files", "eu-west-2", "http://127.0.0.1:1", KEY_ID, SECRET))
    with pytest.raises(Unavailable):
        await nowhere.delete("attachments/1")

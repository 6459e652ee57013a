"""Addresses that others choose: what is not public is never reached, however it is dressed up."""

import asyncio
import datetime as dt
import ipaddress
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from connective.kit import outward
from connective.kit.outward import NoAnswer, Outside, Reach, UnfitAddress, is_public, read_address

FOR_TESTS = Reach(anywhere=True, seconds=2.0)
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def always(*addresses: str) -> outward.Resolve:
    async def look_up(_: str, __: int) -> Sequence[str]:
        return addresses

    return look_up


@asynccontextmanager
async def serving(answer: bytes, *, tls: ssl.SSLContext | None = None, then: float = 0) -> AsyncIterator[int]:
    """A server that says the same to everybody; afterwards it keeps the connection for so many seconds."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer)
            await writer.drain()
            await asyncio.sleep(then)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.9.9.9",
        "0.0.0.0",  # noqa: S104 - an address that is refused
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.0.0.8",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "fc00::1",
        "fd00:ec2::254",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2001:0:1::1",
        "2001:db8::1",
    ],
)
async def test_what_is_not_public_is_not_asked(address: str) -> None:
    assert not is_public(address)
    with pytest.raises(NoAnswer) as refused:
        await Outside(Reach(), always(address)).post("https://hook.example.org/", {}, b"{}")
    assert refused.value.code == "not_public"


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_what_is_public_is(address: str) -> None:
    assert is_public(address)


async def test_one_private_address_among_public_ones_refuses_the_name() -> None:
    with pytest.raises(NoAnswer) as refused:
        await Outside(Reach(), always("8.8.8.8", "10.0.0.1")).post("https://hook.example.org/", {}, b"")
    assert refused.value.code == "not_public"


async def test_a_name_is_resolved_once_and_the_connection_goes_to_what_was_checked() -> None:
    """A name that is public when checked and private when connected to gains nothing: there is no second look."""
    answers = iter([("8.8.8.8",), ("127.0.0.1",)])
    asked: list[str] = []
    outside = Outside(Reach(seconds=0.5))

    async def rebinding(host: str, _: int) -> Sequence[str]:
        asked.append(host)
        return next(answers)

    connected: list[str] = []

    async def connect(host: str, *_: object) -> None:
        connected.append(host)
        raise OSError("nobody is asked in a test")

    network = outside._network
    network._look_up = rebinding
    network._inner.connect_tcp = connect  # type: ignore[method-assign,assignment]  # a stand-in for the internet
    with pytest.raises(NoAnswer):
        await outside.post("https://hook.example.org/", {}, b"")
    assert (asked, connected) == (["hook.example.org"], ["8.8.8.8"])


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://hook.example.org/", "not_https"),
        ("ftp://hook.example.org/", "not_https"),
        ("https://hook.example.org:22/", "port"),
        ("https://me:secret@hook.example.org/", "holds_a_password"),
        ("https://hook.example.org/#part", "not_an_address"),
        ("https://hook.example.org:99999/", "not_an_address"),
        ("https://[::1/", "not_an_address"),
        ("https:///path", "not_an_address"),
        ("https://hook.example.org/\u00e4", "not_an_address"),
        ("https://hook.example.org/" + "a" * 400, "not_an_address"),
        ("https://127.0.0.1/", "not_public"),
        ("https://[::ffff:10.0.0.1]/", "not_public"),
        ("https://localhost/", "not_public"),
        ("https://intranet/", "not_public"),
        ("https://vault.internal/", "not_public"),
        ("https://db.localhost./", "not_public"),
    ],
)
def test_an_address_that_is_not_taken_says_why(url: str, code: str) -> None:
    with pytest.raises(UnfitAddress) as unfit:
        read_address(url, Reach())
    assert unfit.value.code == code
    assert unfit.value.sentence.endswith(".")


async def test_numbers_that_stand_for_this_machine_are_seen_when_connecting() -> None:
    """`2130706433` and `0x7f.1` are 127.0.0.1 to the machine's resolver, whatever they look like."""
    for host in ("2130706433.", "0x7f.1", "127.1"):
        with pytest.raises(NoAnswer) as refused:
            await Outside(Reach(seconds=2)).post(f"https://{host}/", {}, b"")
        assert refused.value.code in {"not_public", "unresolved", "unfit_address"}, host


async def test_an_answer_is_its_status_alone_and_a_redirect_is_not_followed() -> None:
    reply = b"HTTP/1.1 307 Moved\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\nRetry-After: 7\r\n\r\n"
    async with serving(reply) as port:
        answer = await Outside(FOR_TESTS).post(f"http://127.0.0.1:{port}/x", {"a": "b"}, b"{}")
    assert (answer.status, answer.retry_after) == (307, "7")


async def test_an_endless_answer_is_left_after_a_little() -> None:
    reply = b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n" + b"x" * 100_000
    async with serving(reply, then=1.5) as port:
        answer = await Outside(FOR_TESTS).post(f"http://127.0.0.1:{port}/", {}, b"")
    assert answer.status == 200
    assert answer.took_ms < 1_000


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nx"])
async def test_whoever_answers_too_slowly_is_left(said: bytes) -> None:
    reach = Reach(anywhere=True, seconds=0.3)
    async with serving(said, then=1.5) as port:
        with pytest.raises(NoAnswer) as late:
            await Outside(reach).post(f"http://127.0.0.1:{port}/", {}, b"")
    assert late.value.code == "timed_out"


@pytest.mark.parametrize("said", [b"SSH-2.0-OpenSSH_9\r\n", b"HTTP/1.1 " + b"9" * 200_000, b"\x00\x01\r\n\r\n"])
async def test_what_is_no_http_is_no_answer(said: bytes) -> None:
    async with serving(said) as port:
        with pytest.raises(NoAnswer) as odd:
            await Outside(FOR_TESTS).post(f"http://127.0.0.1:{port}/", {}, b"")
    assert odd.value.code in {"not_http", "not_connected"}


async def test_nobody_there_and_nobody_known() -> None:
    async def unknown(_: str, __: int) -> Sequence[str]:
        raise OSError("no such name")

    with pytest.raises(NoAnswer) as refused:
        await Outside(FOR_TESTS, always("127.0.0.1")).post("http://hook.example.org:1/", {}, b"")
    assert refused.value.code == "not_connected"
    with pytest.raises(NoAnswer) as refused:
        await Outside(FOR_TESTS, unknown).post("https://hook.example.org/", {}, b"")
    assert refused.value.code == "unresolved"


async def test_the_certificate_must_be_the_names_own(tmp_path: Path) -> None:
    """Connecting to a checked address takes nothing from TLS: the certificate must name the host of the URL."""
    context, authorities = certified(tmp_path, "hook.example.org")
    reach = Reach(anywhere=True, seconds=2.0, authorities=str(authorities))
    async with serving(b"HTTP/1.1 204 No Content\r\n\r\n", tls=context) as port:
        answer = await Outside(reach, always("127.0.0.1")).post(f"https://hook.example.org:{port}/", {}, b"")
        assert answer.status == 204
        for other, trusting in (("other.example.org", reach), ("hook.example.org", FOR_TESTS)):
            with pytest.raises(NoAnswer) as refused:
                await Outside(trusting, always("127.0.0.1")).post(f"https://{other}:{port}/", {}, b"")
            assert refused.value.code == "certificate"


def certified(folder: Path, host: str) -> tuple[ssl.SSLContext, Path]:
    """A server's TLS under a certificate of its own making, and the file that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "certificate.pem"
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private = folder / "key.pem"
    plain = serialization.NoEncryption()
    private.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, private)
    return context, pem


def test_addresses_in_the_tables_of_the_library_are_what_we_take_them_for() -> None:
    assert ipaddress.ip_address("2002:7f00:1::").sixtofour == ipaddress.ip_address("127.0.0.1")  # type: ignore[union-attr]  # of IPv6


async def test_what_is_read_is_bounded_and_never_follows_elsewhere() -> None:
    async def read(answer: bytes, most: int = 10) -> outward.OutsideBody:
        async with serving(answer) as port:
            return await Outside(FOR_TESTS).get(f"http://127.0.0.1:{port}/feed", {}, most)

    found = await read(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
    assert (found.status, found.body) == (200, b"hello")
    with pytest.raises(NoAnswer) as refused:
        await read(b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello world")
    assert refused.value.code == "too_large"
    moved = await read(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n")
    assert (moved.status, moved.body) == (302, b"")
    with pytest.raises(NoAnswer) as inside:
        await Outside(Reach(), always("169.254.169.254")).get("https://feed.example.org/", {}, 10)
    assert inside.value.code == "not_public"

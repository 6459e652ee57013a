"""A gateway as the outside has it: over TLS, under a certificate that whoever is given the file trusts."""

import asyncio
import datetime as dt
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True, slots=True)
class Certified:
    """A server's own certificate, and the file that trusts it."""

    certificate: Path
    key: Path


def certify(folder: Path, host: str) -> Certified:
    """Make a certificate for a host, which is its own authority."""
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(minutes=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(private, hashes.SHA256())
    )
    made = Certified(folder / "certificate.pem", folder / "key.pem")
    made.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    unsealed = serialization.NoEncryption()
    made.key.write_bytes(private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, unsealed))
    return made


@asynccontextmanager
async def served_over_tls(application: Any, listening: socket.socket, certified: Certified) -> AsyncIterator[None]:
    """The application behind TLS on a socket that is bound already, because its issuer names the port."""
    config = uvicorn.Config(
        application,
        http="httptools",
        loop="asyncio",
        log_config=None,
        lifespan="off",
        server_header=False,
        proxy_headers=False,
        ssl_certfile=str(certified.certificate),
        ssl_keyfile=str(certified.key),
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started:  # noqa: ASYNC110 - uvicorn tells nobody when it has started
        await asyncio.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        await task

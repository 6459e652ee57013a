"""How the servers of this machine are asked: over plain HTTP."""

import ssl
from typing import Final

NO_TLS: Final = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Trusts nobody, as plain HTTP needs: to read whom the machine trusts takes each client 30 ms of a processor."""

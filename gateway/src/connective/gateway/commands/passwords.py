"""Passwords: argon2id, hashed beside the event loop, a few at a time.

One check takes 64 MiB and a tenth of a second by design; unbounded, a crowd at the sign-in page would take
the machine's memory.
"""

import asyncio
import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from connective.gateway.domain.password_rules import PasswordCost, normal

LONGEST = 200
SHORTEST = 12
_AT_ONCE = 2


_HASHERS = {
    PasswordCost.RECOMMENDED: PasswordHasher(),
    PasswordCost.LEAST: PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1),
}


@cache
def _hash_of_nobody(cost: PasswordCost) -> str:
    """For unknown names: checking against it takes as long as checking a real one. Made once per process."""
    return _HASHERS[cost].hash(secrets.token_urlsafe(16))


class Passwords:
    """Hashes and checks passwords. What was stored at another cost is checked at that one."""

    def __init__(self, cost: PasswordCost = PasswordCost.RECOMMENDED) -> None:
        self._hasher = _HASHERS[cost]
        self._turn = asyncio.Semaphore(_AT_ONCE)
        self._nobodys = _hash_of_nobody(cost)

    async def hash(self, password: str) -> str:
        """What is stored of a password."""
        async with self._turn:
            return await asyncio.to_thread(self._hasher.hash, normal(password))

    async def check(self, password: str, stored: str | None) -> bool:
        """Whether this is the password whose hash is stored; with nothing stored, as slow and always no."""
        async with self._turn:
            right = await asyncio.to_thread(self._check, normal(password)[:LONGEST], stored or self._nobodys)
        return right and stored is not None

    def _check(self, password: str, stored: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False

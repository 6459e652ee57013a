"""What commands work with, besides what each is asked."""

from dataclasses import dataclass

from connective.kit.database import Database


@dataclass(frozen=True, slots=True)
class Means:
    """The database, and the key under which facts become search tokens."""

    database: Database
    search_key: bytes

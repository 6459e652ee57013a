"""For which work a transaction may see past the asker's own; row security knows them by these names."""

from typing import Final

ADMINISTERING: Final = "administering"
"""Looking after the accounts and clients of a place."""
OFFICER: Final = "officer"
"""Answering for a legal entity: the accounts and clients of its own organisations."""
MEMBERS: Final = "members"
"""Looking after those who work in one's own organisation."""

"""For which work a transaction may see past the asker's own; row security knows them by these names."""

from typing import Final

COORDINATING: Final = "coordinating"
"""Answering for the listings of the whole place: every report is seen, and whoever watches is told."""
TELLING: Final = "telling"
"""Letting those know who watch a listing: to whom a notice is due is read, and shown to nobody."""

"""For which work a transaction may see past the asker's own organisation; row security knows them by these names.

Everybody else sees the statements, decisions and readings of their own organisation, in their own place, whatever a
query forgot. Which of what a work opens is shown is the finer rule, and stands in each query.
"""

from typing import Final

DECIDING: Final = "deciding"
"""Weighing what any organisation of the place recorded about the people asked about: a refusal that one of them took
down binds them all, and a practice lead sees where people who may decide differ."""
OFFICER: Final = "officer"
"""Answering for a legal entity: its own organisations' records, and what an audit clause opens to it."""

"""What commands and queries work with, besides what each is asked."""

from dataclasses import dataclass, field

from connective.contracts.needs import NeedsList
from connective.kit.database import Database
from connective.partners.storage.candidates import KnownCandidates
from connective.partners.storage.postcodes import PostcodeDirectory


@dataclass(frozen=True, slots=True)
class Means:
    """The database, the postcode directory, and the needs list whose codes services use."""

    database: Database
    postcodes: PostcodeDirectory
    needs: NeedsList
    known: KnownCandidates = field(default_factory=KnownCandidates)
    """What searches need not read a second time."""

"""Why the families room says no to what it is asked to record.

    Refused
    ├── RuleBroken              one value breaks a rule of the domain
    │   ├── BadIdentifier       a number or postcode that cannot be right
    │   ├── BadName             no name, or characters that are not of a name
    │   ├── ImplausibleDate     a birth, death or start that cannot have been
    │   ├── BadRelationship     a person related to themself, twice, or to nobody
    │   ├── BadNeed             a code that is not on the needs list, or a severity off the scale
    │   ├── BadStrength         a code that is none of the list's strengths
    │   ├── BadEnding           a reason for which such a thing does not end
    │   ├── BadContact          a telephone number, an e-mail address or a rule that nobody could use
    │   └── SearchTooWide       a search without a name, another fact or a purpose
    ├── SharingNotPermitted     a member of the team may read nothing of the family now
    ├── LikelyDuplicate         the people may be known already: look at the candidates first
    ├── AlreadyEnded            what has ended cannot end again
    ├── AlreadyOnTeam           an organisation joins a team once
    ├── AlreadyProposed         two records are proposed as one once
    ├── IllegalCaseAction       the case's state does not allow this; the answer lists what it allows
    ├── LaterMerge              what was merged last is taken apart first
    ├── LikelyTwin              two records that look like twins are never made one
    ├── LiftedElsewhere         a restriction is lifted by whoever keeps the record it was placed on
    ├── MergedRecord            this record is part of another now: use that one
    ├── NotTheSecondPerson      one person tries to do what takes two
    ├── ProcessingRestricted    the person's data are stored and not used, at their request
    └── StoppedElsewhere        notices go again when the organisation that stopped them says so

The edge of the service turns each into a problem document (`connective.families.api.problems`); nothing here
knows of HTTP.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar


class Refused(Exception):
    """Base of all refusals: a stable code, a sentence a person can act on, and what else may be known of the reason."""

    code: ClassVar[str] = "refused"

    def __init__(self, sentence: str, **members: Any) -> None:  # noqa: ANN401 - what is known of a reason may be any JSON
        super().__init__(sentence)
        self.sentence = sentence
        self.members = members


class RuleBroken(Refused):
    """A rule of the domain refuses a value. `code` is stable; the sentence is for the person who typed it."""

    code = "rule-broken"

    def __init__(self, sentence: str, field: str, *, within: str = "") -> None:
        super().__init__(sentence)
        self.field = field
        self.pointer = f"{within}/{field}"


class BadIdentifier(RuleBroken):
    """A number or postcode fails its own arithmetic."""

    code = "bad-identifier"


class BadName(RuleBroken):
    """A name is empty, too long, or holds what no name holds."""

    code = "bad-name"


class ImplausibleDate(RuleBroken):
    """A date lies where it cannot."""

    code = "implausible-date"


class BadRelationship(RuleBroken):
    """Two people cannot be related in this way."""

    code = "bad-relationship"


class BadNeed(RuleBroken):
    """A need is not one the place's list knows, or its severity is off the scale."""

    code = "bad-need"


class BadStrength(RuleBroken):
    """A strength is not one the place's list knows."""

    code = "bad-strength"


class BadContact(RuleBroken):
    """A way to reach somebody cannot be used as written."""

    code = "bad-contact"


class BadEnding(RuleBroken):
    """A part of a record does not end for such a reason."""

    code = "bad-ending"


class SearchTooWide(RuleBroken):
    """A search must name somebody, one more fact and a purpose."""

    code = "search-too-wide"


class SharingNotPermitted(Refused):
    """The family may not be read by this member of its team now; `reasons` says why, and what would clear it."""

    code = "sharing-not-permitted"


class LikelyDuplicate(Refused):
    """Somebody like this is known already; the worker has not yet said that they looked."""

    code = "likely-duplicate"


class AlreadyEnded(Refused):
    """What has ended cannot end again."""

    code = "already-ended"


class AlreadyOnTeam(Refused):
    """An organisation is on a team once."""

    code = "already-on-team"


class AlreadyProposed(Refused):
    """Two records are proposed as one person once, until that proposal is declined or the merge undone."""

    code = "already-proposed"


class IllegalCaseAction(Refused):
    """The case's state does not allow this; `allowed_actions` lists what it does."""

    code = "illegal-case-action"


class LaterMerge(Refused):
    """One of the two records was merged again since: the later merge has to be undone before this one."""

    code = "later-merge"


class LikelyTwin(Refused):
    """The records look like twins', who are never made one person."""

    code = "likely-twin"


class LiftedElsewhere(Refused):
    """The restriction was placed on another organisation's record of the same person, and is lifted there."""

    code = "lifted-elsewhere"


class MergedRecord(Refused):
    """The record was made one with another, which `person_id` names: changes go there."""

    code = "merged-record"


class ProcessingRestricted(Refused):
    """The person asked that their data be stored and not otherwise used (UK GDPR Article 18): no worker reads them."""

    code = "processing-restricted"


class NotTheSecondPerson(Refused):
    """What takes two people takes two accounts: lifting a restriction, making two records one, closing a case."""

    code = "second-person-needed"


class StoppedElsewhere(Refused):
    """Notices about a person were stopped by another keeper of the same person, who alone knows why."""

    code = "stopped-elsewhere"


@contextmanager
def within(pointer: str) -> Iterator[None]:
    """Let a refusal inside point to where its value stood in what was sent, for example `/people/0`."""
    try:
        yield
    except RuleBroken as broken:
        raise type(broken)(broken.sentence, broken.field, within=pointer) from broken

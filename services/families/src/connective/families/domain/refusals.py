"""Why the families room says no to what it is asked to record.

Invalid 422 (kit)
└── RuleBroken              one value breaks a rule of the domain
    ├── BadIdentifier       a number or postcode that cannot be right
    ├── BadName             no name, or characters that are not of a name
    ├── ImplausibleDate     a birth, death or start that cannot have been
    ├── BadRelationship     a person related to themself, twice, or to nobody
    ├── BadNeed             a code that is not on the needs list, or a severity off the scale
    ├── BadEnding           a reason for which such a thing does not end
    ├── BadContact          a telephone number, an e-mail address or a rule that nobody could use
    └── SearchTooWide       a search without a name, another fact or a purpose
NotAllowed 403 (kit)
└── SharingNotPermitted     a member of the team may read nothing of the family now
Conflict 409 (kit)
├── LikelyDuplicate         the people may be known already: look at the candidates first
├── AlreadyEnded            what has ended cannot end again
├── AlreadyOnTeam           an organisation joins a team once
├── AlreadyProposed         two records are proposed as one once
├── IllegalCaseAction       the case's state does not allow this; the answer lists what it allows
├── LaterMerge              what was merged last is taken apart first
├── LikelyTwin              two records that look like twins are never made one
├── LiftedElsewhere         a restriction is lifted by whoever keeps the record it was placed on
├── MergedRecord            this record is part of another now: use that one
└── NotTheSecondPerson      one person tries to do what takes two
"""

from collections.abc import Iterator
from contextlib import contextmanager

from connective.kit.problems import Conflict, FieldError, Invalid, NotAllowed


class RuleBroken(Invalid):
    """A rule of the domain refuses a value. `code` is stable; the sentence is for the person who typed it."""

    code = "rule-broken"

    def __init__(self, sentence: str, field: str, *, within: str = "") -> None:
        pointer = f"{within}/{field}"
        super().__init__(sentence, errors=(FieldError(pointer, self.code, sentence),))
        self.sentence = sentence
        self.field = field
        self.pointer = pointer


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


class BadContact(RuleBroken):
    """A way to reach somebody cannot be used as written."""

    code = "bad-contact"


class BadEnding(RuleBroken):
    """A part of a record does not end for such a reason."""

    code = "bad-ending"


class SearchTooWide(RuleBroken):
    """A search must name somebody, one more fact and a purpose."""

    code = "search-too-wide"


class SharingNotPermitted(NotAllowed):
    """The family may not be read by this member of its team now; `reasons` says why, and what would clear it."""

    code, title = "sharing-not-permitted", "Sharing is not permitted now"


class LikelyDuplicate(Conflict):
    """Somebody like this is known already; the worker has not yet said that they looked."""

    code, title = "likely-duplicate", "Somebody like this is known already"


class AlreadyEnded(Conflict):
    """What has ended cannot end again."""

    code, title = "already-ended", "This has ended already"


class AlreadyOnTeam(Conflict):
    """An organisation is on a team once."""

    code, title = "already-on-team", "This organisation is on the team already"


class AlreadyProposed(Conflict):
    """Two records are proposed as one person once, until that proposal is declined or the merge undone."""

    code, title = "already-proposed", "This was proposed already"


class IllegalCaseAction(Conflict):
    """The case's state does not allow this; `allowed_actions` lists what it does."""

    code, title = "illegal-case-action", "This is not possible in the case's state"


class LaterMerge(Conflict):
    """One of the two records was merged again since: the later merge has to be undone before this one."""

    code, title = "later-merge", "A later merge has to be undone first"


class LikelyTwin(Conflict):
    """The records look like twins', who are never made one person."""

    code, title = "likely-twin", "These two look like twins"


class LiftedElsewhere(Conflict):
    """The restriction was placed on another organisation's record of the same person, and is lifted there."""

    code, title = "lifted-elsewhere", "Another organisation placed this restriction"


class MergedRecord(Conflict):
    """The record was made one with another, which `person_id` names: changes go there."""

    code, title = "merged-record", "This record is part of another one now"


class NotTheSecondPerson(Conflict):
    """What takes two people takes two accounts: lifting a restriction, making two records one, closing a case."""

    code, title = "second-person-needed", "A second person has to do this"


@contextmanager
def within(pointer: str) -> Iterator[None]:
    """Let a refusal inside point to where its value stood in what was sent, for example `/people/0`."""
    try:
        yield
    except RuleBroken as broken:
        raise type(broken)(broken.sentence, broken.field, within=pointer) from broken

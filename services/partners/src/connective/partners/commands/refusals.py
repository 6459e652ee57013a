"""Why the partners room says no.

Invalid 422 (kit)
├── RulesBroken             a record breaks rules of the domain; `errors` names each
├── UnknownPostcode         a postcode is shaped right, but nobody knows where it is
└── UnreadableFile          a file as a whole is not of a kind that is read in
Conflict 409 (kit)
├── AlreadySo               the record is in the wanted state already
├── NotAMember              an organisation that is only listed has joined nothing, and shows nothing
├── SourceNotRead           a source that is paused, or is a file, is not read now
├── TooManyWebhooks         an organisation has as many as it may have
└── WebhookIsDisabled       nothing is sent to it until it is enabled
NotAllowed 403 (kit)
├── NotYours                the record is another organisation's: the directory shows it, but only its own may change it
└── NotYoursToVerify        only the place or a hub verifies, and nobody for the organisation they act for
"""

from collections.abc import Iterable

from connective.kit.problems import Conflict, FieldError, Invalid, NotAllowed
from connective.partners.domain.rules import Broken


class RulesBroken(Invalid):
    """The record breaks rules of the domain; all of them are told at once."""

    code, title = "rules-broken", "Something that was sent breaks a rule"

    def __init__(self, broken: Iterable[Broken]) -> None:
        errors = tuple(FieldError(each.pointer, each.code, each.sentence) for each in broken)
        super().__init__("Correct what the errors name, and send it again.", errors=errors)


class UnknownPostcode(Invalid):
    """The postcode directory does not hold a postcode, and nothing else tells where it is."""

    code, title = "unknown-postcode", "Nobody knows where this postcode is"

    def __init__(self, pointer: str) -> None:
        sentence = "Check it letter by letter; for a new postcode give latitude and longitude too."
        super().__init__(sentence, errors=(FieldError(pointer, "unknown-postcode", sentence),))


class UnreadableFile(Invalid):
    """Nothing of the file was used: it is of no kind that is read in, or is empty, or no text."""

    code, title = "unreadable-file", "This file cannot be read in"


class AlreadySo(Conflict):
    """The record is in the wanted state already."""

    code, title = "already-so", "It is in that state already"


class NotAMember(Conflict):
    """An organisation that was read from a file has joined nothing."""

    code, title = "not-a-member", "This organisation has not joined"

    def __init__(self) -> None:
        super().__init__("It is only listed here. The place's administrator names its legal entity when it joins.")


class SourceNotRead(Conflict):
    """A source is paused, or is a kind of file: nobody can ask for it to be read now."""

    code, title = "source-not-read", "This source is not read now"

    def __init__(self) -> None:
        super().__init__("Switch it on first; a file is read when somebody sends it (`POST /harvest-sources/files`).")


class TooManyWebhooks(Conflict):
    """An organisation has as many webhooks as it may have."""

    code, title = "too-many-webhooks", "There are enough webhooks"

    def __init__(self) -> None:
        super().__init__("Remove a webhook that is not needed any more, or ask for more events at one of them.")


class WebhookIsDisabled(Conflict):
    """Nothing is sent to a webhook that is disabled."""

    code, title = "webhook-disabled", "This webhook is disabled"

    def __init__(self) -> None:
        super().__init__("Enable it first.")


class NotYours(NotAllowed):
    """Only an organisation's own administrator, or the place's, may change what it shows."""

    code, title = "belongs-to-another", "This belongs to another organisation"

    def __init__(self) -> None:
        super().__init__("Only its own administrator, or the place's, may change this.")


class NotYoursToVerify(NotAllowed):
    """What an organisation has shown is verified from outside it."""

    code, title = "not-yours-to-verify", "Somebody else verifies this"

    def __init__(self) -> None:
        super().__init__("The place's administrator or its hub's coordinator does, acting for another organisation.")


def refuse_broken(broken: Iterable[Broken]) -> None:
    """Raise RulesBroken when there is anything to say."""
    found = tuple(broken)
    if found:
        raise RulesBroken(found)

"""The rules' refusals as problem documents: what each is called on the wire, and the one place that translates.

Conflict 409   ── AlreadyEnded · AlreadyOnTeam · AlreadyProposed · IllegalCaseAction · LaterMerge · LikelyDuplicate
                  LikelyTwin · LiftedElsewhere · MergedRecord · NotTheSecondPerson · StoppedElsewhere
Invalid 422    ── RuleBroken ── BadContact · BadEnding · BadIdentifier · BadName · BadNeed · BadRelationship
                  BadStrength · ImplausibleDate · SearchTooWide
NotAllowed 403 ── ProcessingRestricted · SharingNotPermitted
"""

from connective.families.domain import refusals as rules
from connective.kit.problems import Conflict, FieldError, Invalid, NotAllowed, Refusal


class RuleBroken(Invalid):
    """A rule of the domain refuses a value; `errors` says which, and where it stood."""

    code = rules.RuleBroken.code


class BadContact(RuleBroken):
    """A way to reach somebody cannot be used as written."""

    code = rules.BadContact.code


class BadEnding(RuleBroken):
    """A part of a record does not end for such a reason."""

    code = rules.BadEnding.code


class BadIdentifier(RuleBroken):
    """A number or postcode fails its own arithmetic."""

    code = rules.BadIdentifier.code


class BadName(RuleBroken):
    """A name is empty, too long, or holds what no name holds."""

    code = rules.BadName.code


class BadNeed(RuleBroken):
    """A need is not one the place's list knows, or its severity is off the scale."""

    code = rules.BadNeed.code


class BadStrength(RuleBroken):
    """A strength is not one the place's list knows."""

    code = rules.BadStrength.code


class BadRelationship(RuleBroken):
    """Two people cannot be related in this way."""

    code = rules.BadRelationship.code


class ImplausibleDate(RuleBroken):
    """A date lies where it cannot."""

    code = rules.ImplausibleDate.code


class SearchTooWide(RuleBroken):
    """A search must name somebody, one more fact and a purpose."""

    code = rules.SearchTooWide.code


class SharingNotPermitted(NotAllowed):
    """The family may not be read by this member of its team now; `reasons` says why, and what would clear it."""

    code, title = rules.SharingNotPermitted.code, "Sharing is not permitted now"


class ProcessingRestricted(NotAllowed):
    """The person asked that their data be stored and not otherwise used (UK GDPR Article 18): no worker reads them."""

    code, title = rules.ProcessingRestricted.code, "Processing of this person's data is restricted"


class LikelyDuplicate(Conflict):
    """Somebody like this is known already; `candidates` are to be looked at first."""

    code, title = rules.LikelyDuplicate.code, "Somebody like this is known already"


class AlreadyEnded(Conflict):
    """What has ended cannot end again."""

    code, title = rules.AlreadyEnded.code, "This has ended already"


class AlreadyOnTeam(Conflict):
    """An organisation is on a team once."""

    code, title = rules.AlreadyOnTeam.code, "This organisation is on the team already"


class AlreadyProposed(Conflict):
    """Two records are proposed as one person once."""

    code, title = rules.AlreadyProposed.code, "This was proposed already"


class IllegalCaseAction(Conflict):
    """The case's state does not allow this; `allowed_actions` lists what it does."""

    code, title = rules.IllegalCaseAction.code, "This is not possible in the case's state"


class LaterMerge(Conflict):
    """One of the two records was merged again since."""

    code, title = rules.LaterMerge.code, "A later merge has to be undone first"


class LikelyTwin(Conflict):
    """The records look like twins', who are never made one person."""

    code, title = rules.LikelyTwin.code, "These two look like twins"


class LiftedElsewhere(Conflict):
    """The restriction is lifted by whoever placed it."""

    code, title = rules.LiftedElsewhere.code, "Another organisation placed this restriction"


class MergedRecord(Conflict):
    """The record was made one with another, which `person_id` names."""

    code, title = rules.MergedRecord.code, "This record is part of another one now"


class NotTheSecondPerson(Conflict):
    """What takes two people takes two accounts."""

    code, title = rules.NotTheSecondPerson.code, "A second person has to do this"


class StoppedElsewhere(Conflict):
    """Notices go again when the organisation that stopped them says so."""

    code, title = rules.StoppedElsewhere.code, "Another organisation stopped these notices"


_PROBLEMS: dict[str, type[Refusal]] = {
    kind.code: kind
    for base in (RuleBroken, Conflict, NotAllowed)
    for kind in (base, *base.__subclasses__())
    if kind.__module__ == __name__
}


def problem_of(refused: Exception) -> Refusal:
    """The problem document of a rule's refusal: its code, its sentence, and what it says besides."""
    assert isinstance(refused, rules.Refused)  # noqa: S101 - registered for this type
    errors: tuple[FieldError, ...] = ()
    if isinstance(refused, rules.RuleBroken):
        errors = (FieldError(refused.pointer, refused.code, refused.sentence),)
    return _PROBLEMS[refused.code](refused.sentence, errors=errors, **refused.members)

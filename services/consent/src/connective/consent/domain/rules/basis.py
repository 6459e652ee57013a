"""Rule 5: where a party relies on consent, an active record covers it; where not, the family was told.

Nobody objects, and processing is not restricted at the person's request.
"""

from datetime import datetime
from itertools import chain
from uuid import UUID

from connective.consent.domain.agreement_terms import Article6, Article9
from connective.consent.domain.answers import Refusal
from connective.consent.domain.evidence import PROCESSING, Evidence, ObjectionState, SubjectEvidence
from connective.consent.domain.rules.agreements import Candidate
from connective.consent.domain.rules.engagement import DIFFER
from connective.consent.domain.rules.voices import Answer, hear_each
from connective.consent.domain.verdicts import ALWAYS_RETURNS, Ground, Verdict, refuse, refuse_all
from connective.contracts.categories import SPECIAL_CATEGORIES, Category
from connective.contracts.sharing import Question

RULE = 5
_NOTHING: frozenset[Category] = frozenset()
ASK = (
    "Ask the person, or somebody with authority for a child, and record the consent; nobody answers for another adult."
)
GROUNDS = {
    Answer.CHILD_REFUSED: Ground(
        "child_refused",
        "The young person, who may decide, has refused consent.",
        "A parent's yes does not overrule it. Only your practice lead may, with recorded reasons.",
    ),
    Answer.EXPIRED: Ground("consent_expired", "The consent that this sharing relies on has run out.", ASK),
    Answer.NOT_ASKED: Ground("consent_missing", "This sharing relies on consent, and none covers it.", ASK),
    Answer.REFUSED: Ground("consent_refused", "Consent was refused.", "Respect it; send without, or signpost."),
    Answer.RULED_OUT: Ground(
        "holders_differ",
        "People who may decide differ, and the practice lead has decided against.",
        "Speak to your practice lead.",
    ),
    Answer.WITHDRAWN: Ground("consent_withdrawn", "Consent was withdrawn.", "Respect it; send without, or signpost."),
}
NOT_TOLD = Ground(
    "family_not_told",
    "This person has not been told that this is shared with this recipient.",
    "Tell them what is shared, with whom and why, and record the notice.",
)
OBJECTED = Ground(
    "objection_open",
    "This person objects to the sharing, and no officer has resolved it yet.",
    "Ask your data protection officer to resolve the objection.",
)
UPHELD = Ground(
    "objection_upheld",
    "This person's objection to the sharing was upheld.",
    "Respect it; send elsewhere, or signpost.",
)
PROCESSING_RESTRICTED = Ground(
    "processing_restricted",
    "Processing of this person's data is restricted at their request: they are stored and not shared.",
    "Ask your data protection officer, who lifts it once the person was told. A safeguarding override may stand.",
)


def resting_on_consent(candidate: Candidate | None, question: Question) -> frozenset[Category]:
    """Everything where Article 6 rests on consent; special categories where the Article 9 condition does."""
    if candidate is None:
        return _NOTHING
    ours, theirs = candidate.head.discloser_basis, candidate.head.recipient_basis
    if ours.article_6 is Article6.CONSENT or theirs.article_6 is Article6.CONSENT:
        return question.categories - ALWAYS_RETURNS
    if ours.article_9 is Article9.EXPLICIT_CONSENT or theirs.article_9 is Article9.EXPLICIT_CONSENT:
        return question.categories & SPECIAL_CATEGORIES
    return _NOTHING


def _told(subject: SubjectEvidence, question: Question) -> bool:
    recipient, purpose = question.recipient_organisation_id, question.purpose
    for notice in subject.notices:
        recipients, purposes = notice.recipient_organisation_ids, notice.purposes
        if (not recipients or recipient in recipients) and (not purposes or purpose in purposes):
            return True
    return False


def _objection(subject: SubjectEvidence, question: Question) -> Ground | None:
    if not subject.objections:
        return None
    about = [
        o.state
        for o in subject.objections
        if not o.recipient_organisation_ids or question.recipient_organisation_id in o.recipient_organisation_ids
    ]
    if ObjectionState.UPHELD in about:
        return UPHELD
    return OBJECTED if ObjectionState.OPEN in about else None


def _of_subject(
    subject: SubjectEvidence,
    question: Question,
    asked: frozenset[Category],
    consenting: frozenset[Category],
    at: datetime,
) -> Verdict:
    refusals: list[Refusal] = []
    relied_on: list[UUID] = []
    warnings: tuple[str, ...] = ()
    for category, heard in hear_each(subject, question, consenting, at) if consenting else ():
        if heard.answer is Answer.YES:
            relied_on += heard.relied_on
            warnings = (DIFFER,) if heard.differ else warnings
        else:
            refusals.append(refuse(RULE, GROUNDS[heard.answer], category, subject.person_id))
    if not _told(subject, question):
        refusals += refuse_all(RULE, NOT_TOLD, asked - consenting, subject.person_id)
    objection = _objection(subject, question)
    if objection is not None:
        refusals += refuse_all(RULE, objection, asked, subject.person_id)
    if subject.restrictions and any(r.kind == PROCESSING for r in subject.restrictions):
        refusals += refuse_all(RULE, PROCESSING_RESTRICTED, asked, subject.person_id)
    return Verdict(RULE, "", tuple(refusals), warnings, tuple(relied_on))


def basis(consenting: frozenset[Category], question: Question, evidence: Evidence, at: datetime) -> Verdict:
    """Rule 5, where these categories rest on consent; see `resting_on_consent`."""
    asked = question.categories - ALWAYS_RETURNS
    if not asked:
        return Verdict(RULE, "Progress always returns.")
    each = [_of_subject(subject, question, asked, consenting, at) for subject in evidence.subjects]
    refusals = tuple(chain.from_iterable([v.refusals for v in each]))
    passed = "Consent covers what relies on it; of the rest the people concerned were told, and nobody objects."
    return Verdict(
        RULE,
        refusals[0].sentence if refusals else passed,
        refusals,
        tuple(sorted({w for v in each for w in v.warnings})),
        tuple(chain.from_iterable([v.relied_on for v in each])),
    )

"""Rule 4: each person concerned has agreed to be helped by this kind of service, whatever the lawful basis."""

from datetime import datetime
from uuid import UUID

from connective.consent.domain.answers import Refusal
from connective.consent.domain.evidence import Evidence, OneOffGround
from connective.consent.domain.rules.voices import Answer, hear
from connective.consent.domain.verdicts import ALWAYS_RETURNS, Ground, Verdict, refuse_all
from connective.contracts.categories import Purpose
from connective.contracts.sharing import Question

RULE = 4
RECORD_IT = "Ask them, and record the agreement to engage; a holder of parental responsibility may answer for a child."
RESPECT_IT = (
    "Respect it: signpost, and ask again when something changes. Refusing help is not in itself a concern; if it "
    "changes the risk, speak to your safeguarding lead."
)
NOT_ASKED = Ground("family_not_asked", "This person has not been asked whether this service may help.", RECORD_IT)
RAN_OUT = Ground("family_not_asked", "This person's agreement to be helped has run out.", RECORD_IT)
REFUSED = Ground("family_refused", "This person does not want help from this service.", RESPECT_IT)
WITHDREW = Ground("family_refused", "This person no longer wants help from this service.", RESPECT_IT)
CHILD_REFUSED = Ground(
    "family_refused",
    "The young person, who may decide, does not want help from this service.",
    "A parent's yes does not overrule it. Only your practice lead may, with recorded reasons.",
)
RULED_OUT = Ground(
    "family_refused",
    "People who may decide differ, and the practice lead has decided against.",
    "Speak to your practice lead.",
)
GROUNDS = {
    Answer.CHILD_REFUSED: CHILD_REFUSED,
    Answer.EXPIRED: RAN_OUT,
    Answer.NOT_ASKED: NOT_ASKED,
    Answer.REFUSED: REFUSED,
    Answer.RULED_OUT: RULED_OUT,
    Answer.WITHDRAWN: WITHDREW,
}
DIFFER = "People who may decide for a person differ: the practice lead decides, in the child's interest, with reasons."


def _not_needed(question: Question, evidence: Evidence) -> str | None:
    if question.purpose is Purpose.SAFEGUARDING:
        return "Safeguarding needs no agreement to engage."
    one_off = evidence.one_off
    if one_off is not None and one_off.ground is OneOffGround.DUTY_IN_LAW:
        return "A duty in law needs no agreement to engage."
    return None


def engagement(question: Question, evidence: Evidence, at: datetime) -> Verdict:
    """Rule 4."""
    asked = question.categories - ALWAYS_RETURNS
    reason = _not_needed(question, evidence)
    if reason or not asked:
        return Verdict(RULE, reason or "Progress always returns.")
    refusals: list[Refusal] = []
    relied_on: list[UUID] = []
    warnings: set[str] = set()
    for subject in evidence.subjects:
        heard = hear(subject, question, at)
        if heard.answer is Answer.YES:
            relied_on += heard.relied_on
            warnings |= {DIFFER} if heard.differ else set()
        else:
            refusals += refuse_all(RULE, GROUNDS[heard.answer], asked, subject.person_id)
    sentence = refusals[0].sentence if refusals else "Everyone concerned has agreed to be helped by this service."
    return Verdict(RULE, sentence, tuple(refusals), tuple(sorted(warnings)), tuple(relied_on))

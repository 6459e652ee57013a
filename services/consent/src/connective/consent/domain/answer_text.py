"""Questions and decisions as the contract's JSON, put together from parts that come again and again.

Rules say the same few sentences over and over; each is written once. It reads as the contract's models, whose general
writer took twice as long; a property test holds the one against the other.
"""

from functools import lru_cache
from typing import NamedTuple

from connective.consent.domain.answers import Decision, Refusal, RuleResult, SubjectPermission
from connective.consent.domain.canonical import codes, instant, known_id, listed, words
from connective.contracts.categories import Category
from connective.contracts.sharing import Question

_KEPT = 4096


@lru_cache(maxsize=_KEPT)
def _rule(result: RuleResult) -> str:
    passed = "true" if result.passed else "false"
    return f'{{"rule":{result.rule},"name":"{result.name}","passed":{passed},"sentence":{words(result.sentence)}}}'


@lru_cache(maxsize=_KEPT)
def _around(rule: int, code: str, category: Category, sentence: str, remedy: str) -> tuple[str, str]:
    """What comes before and after the person of a refusal."""
    return (
        f'{{"rule":{rule},"code":"{code}","category":"{category}","person_id":',
        f',"sentence":{words(sentence)},"remedy":{words(remedy)}}}',
    )


def _refusal(refusal: Refusal) -> str:
    rule, code, category, person_id, sentence, remedy = refusal
    before, after = _around(rule, code, category, sentence, remedy)
    return f"{before}{known_id(person_id)}{after}"


def _subject(permitted: SubjectPermission) -> str:
    return f'{{"person_id":{known_id(permitted.person_id)},"categories":{codes(permitted.categories)}}}'


def _words(value: str | None) -> str:
    return "null" if value is None else words(value)


def decision_text(decision: Decision) -> str:
    """The JSON of the contract's Decision; a set of categories is sorted, and the instant has all its digits."""
    version = decision.agreement_version
    return (
        f'{{"outcome":"{decision.outcome}","categories":{codes(decision.categories)}'
        f',"subjects":[{",".join(map(_subject, decision.subjects))}]'
        f',"agreement_id":{known_id(decision.agreement_id)},"agreement_reference":{_words(decision.agreement_reference)}'
        f',"agreement_version":{"null" if version is None else version},"basis":{_words(decision.basis)}'
        f',"consent_record_ids":{listed(map(str, decision.consent_record_ids))}'
        f',"refusals":[{",".join(map(_refusal, decision.refusals))}],"rules":[{",".join(map(_rule, decision.rules))}]'
        f',"warnings":[{",".join(map(words, decision.warnings))}],"decided_at":{instant(decision.decided_at)}}}'
    )


class Written(NamedTuple):
    """A question as JSON, and those of its members that are stored beside it too; the subjects without brackets."""

    discloser: str
    recipient: str
    service: str
    categories: str
    subjects: str
    question: str


def written_question(question: Question) -> Written:
    """The JSON of a question, for the record."""
    discloser = known_id(question.discloser_organisation_id)
    recipient = known_id(question.recipient_organisation_id)
    service, categories = known_id(question.service_id), codes(question.categories)
    subjects = ",".join(map(known_id, question.subjects))
    text = (
        f'{{"discloser_organisation_id":{discloser},"recipient_organisation_id":{recipient}'
        f',"service_id":{service},"service_kind":{_words(question.service_kind)}'
        f',"subjects":[{subjects}],"categories":{categories}'
        f',"purpose":"{question.purpose}","method":"{question.method}"}}'
    )
    return Written(discloser, recipient, service, categories, subjects, text)

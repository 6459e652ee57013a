"""What a party may still read of its own request while the data of somebody in it are stored and not used.

UK GDPR Article 18(2): such data are stored, and used for nothing else. State, dates and reason codes go on telling the
referrer how the request stands; nobody can tell of whom an answer, a sentence or a file about a family speaks, so those
rest while anybody in the request is stored only. Coded needs and views have a person of their own: the others' stay.
"""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from connective.referrals.domain.request import Content, Outcome
from connective.referrals.domain.told import Message, ShownOutcome

RESTS = "processing_restricted"
"""What stands in the place of what is not shown."""


def content_left(content: Content, stored: frozenset[UUID]) -> Content:
    """What the referrer wrote, without what may speak of them."""
    if not stored:
        return content
    return Content({}, tuple(need for need in content.needs if need.person_id not in stored), None)


def words_left(messages: Sequence[Message], stored: frozenset[UUID]) -> tuple[Message, ...]:
    """That somebody wrote, and when; of the words, only the categories that they reveal."""
    if not stored:
        return tuple(messages)
    return tuple(
        each if each.words is None else replace(each, words=None, withheld=each.words.categories) for each in messages
    )


def outcome_left(outcome: Outcome, stored: frozenset[UUID]) -> Outcome:
    """How it ended, and what is said of each of the others by name."""
    if not stored:
        return outcome
    needs = tuple(need for need in outcome.needs if need.person_id not in stored)
    views = tuple(view for view in outcome.views if view.person_id is not None and view.person_id not in stored)
    return replace(outcome, needs=needs, views=views, no_view_reason=None)


def shown_left(shown: ShownOutcome, stored: frozenset[UUID]) -> ShownOutcome:
    """The same of an outcome that was narrowed for its reader already; that something rests is named."""
    if not stored:
        return shown
    left = outcome_left(Outcome(shown.code, shown.needs, shown.views, shown.no_view_reason), stored)
    return ShownOutcome(left.code, left.needs, left.views, None, (*shown.withheld, RESTS))

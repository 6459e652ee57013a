"""What officers read: codes of the trust core as words, people by pseudonym, accounts by a short mark."""

import re
from datetime import date, datetime
from typing import Any

from connective.frontend.domain import sharing_words
from connective.frontend.domain.words import LONDON, day, moment, sentence, words

OUTCOMES = {"permit": ("Permitted", "green"), "partial": ("Permitted in part", "yellow"), "deny": ("Refused", "red")}
RULES = {
    1: "Who shares and who receives",
    2: "An agreement covers it",
    3: "Special category and offence data",
    4: "The family agreed to be helped",
    5: "The lawful basis holds",
    6: "No restriction hides it",
    7: "Safeguarding override",
}
_ACTS = {
    "family.read": "Opened a family’s record",
    "family.registered": "Registered a family",
    "families.listed": "Listed families",
    "cases.listed": "Listed cases",
    "needs.read": "Read needs",
    "need.recorded": "Recorded a need",
    "notice.read": "Read what the family was told",
    "people.searched": "Searched for somebody",
    "people.compared": "Compared two records",
    "person.read": "Opened a person’s record",
    "request.read": "Read a request",
    "referral.read": "Read a referral",
    "audit.person_behind_read": "Looked up whose record a pseudonym is",
    "audit.records_behind_read": "Looked up the records a request is about",
    "ledger.verified": "Verified the ledger",
    "ledger.exported": "Took an export of the ledger",
}
_HEX = re.compile(r"\b[0-9a-f]{32}\b")
_ID = re.compile(r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b")
_AT = re.compile(r"\b\d{4}-\d\d-\d\dT[0-9:.]+(?:Z|[+-]\d\d:\d\d)")
_IN_BRACKETS = re.compile(r" \((?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})\)")
_DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b(?!T)")
_CODE = re.compile(r"`([a-z0-9_]+)`|\b([a-z]+(?:_[a-z0-9]+)+)\b")


def categories(codes: Any) -> str:  # noqa: ANN401 - a list as the API gives it
    """Several categories in one line."""
    named = sharing_words.categories(codes)
    return "; ".join([*named[:1], *(_low(each) for each in named[1:])]) or "None"


def _low(text: str) -> str:
    """Within a sentence only names and short forms keep their capital."""
    return text if text[:3].isupper() else text[:1].lower() + text[1:]


def purpose(code: str | None) -> str:
    """Why data are shared."""
    return sharing_words.purpose(code) if code else "Not said"


def act(code: str) -> str:
    """What somebody did, from the ledger's name of it: `audit.disclosures_listed` is "Audit: disclosures listed"."""
    if code in _ACTS:
        return _ACTS[code]
    record, _, done = code.partition(".")
    return f"{sentence(record)}: {words(done)}" if done else sentence(code)


def person_mark(pseudonym: str) -> str:
    """A person as officers know them, short enough to tell apart by eye; the whole pseudonym stands in links."""
    return f"Person {pseudonym[:4]} {pseudonym[4:8]}"


def is_id(text: str) -> bool:
    """Whether this is an id, and not a word for people."""
    return _ID.fullmatch(text) is not None


def account_mark(actor: str | None, own: str = "") -> str:
    """Who did something. Officers know accounts by a mark; their organisation can say who it is."""
    if not actor:
        return ""
    if actor == own:
        return "You"
    if _ID.fullmatch(actor):
        return f"Account {actor[-8:-4]} {actor[-4:]}"
    return f"The Hub ({words(actor.rsplit(':', 1)[-1])})"


def _code_words(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    return _low(sharing_words.category(code) if code in sharing_words.CATEGORIES else words(code))


def plain(text: str) -> str:
    """A sentence of the API without anything raw: codes, pseudonyms, ids and dates as words."""
    text = _AT.sub(lambda found: moment(found[0]), _IN_BRACKETS.sub("", text))
    text = _ID.sub(lambda found: f"record {found[0][-8:-4]} {found[0][-4:]}", text)
    text = _HEX.sub(lambda found: person_mark(found[0]).lower(), text)
    return _CODE.sub(_code_words, _DAY.sub(lambda found: day(found[0]), text))


def hours_left(due: str, now: datetime) -> str:
    """A clock of hours in words: "51 hours and 12 minutes left", "3 hours late"."""
    minutes = int((datetime.fromisoformat(due) - now).total_seconds() // 60)
    late, minutes = minutes < 0, abs(minutes)
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} {'hour' if hours == 1 else 'hours'}"] if hours else []
    if rest or not parts:
        parts.append(f"{rest} {'minute' if rest == 1 else 'minutes'}")
    return f"{' and '.join(parts)} {'late' if late else 'left'}"


def days_left(due: str, now: datetime) -> tuple[str, bool]:
    """A clock of days in words, and whether it has run out."""
    days = (date.fromisoformat(due[:10]) - now.astimezone(LONDON).date()).days
    if days < 0:
        return ("1 day late" if days == -1 else f"{-days} days late"), True
    return {0: "due today", 1: "due tomorrow"}.get(days, f"{days} days left"), False

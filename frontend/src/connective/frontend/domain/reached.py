"""What came of reaching for another system, in words: a feed that is read, an address that is told."""

from connective.frontend.domain.words import sentence

_WORDS = {
    "certificate": "Its certificate cannot be trusted",
    "changed_while_read": "It changed while it was read",
    "delivered": "Delivered",
    "empty": "It lists nothing",
    "fewer_than_told": "It gave fewer records than it said it has",
    "gone": "It said that it is gone for good",
    "not_a_page": "Its answer is no page of an Open Referral UK feed",
    "not_a_record": "Its answer is no record of an Open Referral UK feed",
    "not_connected": "It could not be reached",
    "not_http": "It did not answer as a web server does",
    "not_json": "It did not answer with JSON",
    "not_read_in_time": "Nobody could read it within a day. Send the file again",
    "not_readable": "The file cannot be opened any more. Send it again",
    "not_taken_in": "Something went wrong here. Rows that were kept stay; send the file again to go on",
    "not_public": "The address is not on the public internet",
    "redirected": "It sent us elsewhere, which we do not follow",
    "refused": "It refused",
    "source_changed": "The source was changed here meanwhile",
    "timed_out": "It did not answer in time",
    "too_large": "Its answer is too large",
    "too_many": "It lists more than can be read",
    "took_too_long": "It did not answer in time",
    "unresolved": "There is no such address on the internet",
}


def came_of(code: str | None) -> str:
    """What came of it; a code that is not known here as words, and nothing where there is none."""
    return _WORDS.get(code, sentence(code)) if code else ""

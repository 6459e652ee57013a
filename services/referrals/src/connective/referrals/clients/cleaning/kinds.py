"""What a file is, by its content (`puremagic`): its name and what its sender calls it are not asked."""

import codecs
import unicodedata

import puremagic

from connective.referrals.domain.attachments import MEDIA_TYPES, Kind

_BY_MEDIA_TYPE = {MEDIA_TYPES[kind]: kind for kind in Kind if kind is not Kind.TEXT}
_PRINTED = frozenset("\t\n\r\f")


def kind_of(head: bytes) -> Kind | None:
    """The kind of file that begins so; None for one that is not taken."""
    try:
        found = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        found = []
    if found:
        kind = _BY_MEDIA_TYPE.get(found[0].mime_type)
        if kind is not None:
            return kind
    return Kind.TEXT if looks_like_text(head) else None


def looks_like_text(head: bytes) -> bool:
    """Whether it is the beginning of UTF-8 without controls; a letter cut in two at the end is none the worse."""
    try:
        text = codecs.getincrementaldecoder("utf-8-sig")().decode(head)
    except UnicodeDecodeError:
        return False
    return bool(head) and is_printed(text)


def is_printed(text: str) -> bool:
    """Whether it holds nothing but letters, signs, spaces and ends of lines."""
    return all(each in _PRINTED or unicodedata.category(each) != "Cc" for each in text)

"""`python -m connective.referrals.clients.cleaning.making_anew KIND`: a file in, the same made anew out.

It runs in a process of its own, with little memory, little time and none of the service's secrets: a picture or a
PDF that harms the library reading it harms nothing else. The first byte of the answer is `+` before the new file, or
`-` before the code of why there is none.
"""

import io
import resource
import sys
from collections.abc import Callable, Mapping

from connective.referrals.clients.cleaning.kinds import is_printed
from connective.referrals.domain.attachments import MOST_BYTES, Flaw, Flawed, Kind

MOST_PIXELS = 50_000_000
"""What a telephone's camera gives at most, as a rule; as colours in memory it is 200 MB."""
_MEMORY_BYTES = 1024 * 1024 * 1024
_CPU_SECONDS = 40
_QUALITY = 90
_KEPT_MODES = {Kind.JPEG: ("L", "RGB"), Kind.PNG: ("L", "LA", "RGB", "RGBA"), Kind.WEBP: ("RGB", "RGBA")}


def picture(content: bytes, kind: Kind) -> bytes:
    """The pixels alone, turned as the camera said: no EXIF, place, comment, thumbnail, profile or further frames."""
    from PIL import Image, ImageOps  # noqa: PLC0415 - a PDF needs no picture library in its process

    Image.MAX_IMAGE_PIXELS = None  # Judged here, by the header alone, before anything is unpacked.
    with Image.open(io.BytesIO(content), formats=(kind.upper(),)) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise Flawed(Flaw.TOO_MANY_PIXELS)
        turned = ImageOps.exif_transpose(opened)
        if turned.mode not in _KEPT_MODES[kind]:
            clear = kind is not Kind.JPEG and ("transparency" in turned.info or turned.mode in {"PA", "RGBa", "La"})
            turned = turned.convert("RGBA" if clear else "RGB")
    turned.info = {}  # A profile or a comment kept here would be saved again.
    out = io.BytesIO()
    turned.save(out, kind.upper(), quality=_QUALITY)
    return out.getvalue()


def document(content: bytes, _: Kind) -> bytes:
    """A PDF without metadata, saved anew from what it really refers to."""
    from connective.referrals.clients.cleaning.pdf import clean_pdf  # noqa: PLC0415 - as above

    return clean_pdf(content)


def text(content: bytes, _: Kind) -> bytes:
    """The same text, if it is text to its end."""
    found = content.decode("utf-8-sig")
    if not is_printed(found):
        raise Flawed(Flaw.NOT_READABLE)
    return found.encode()


MAKERS: Mapping[Kind, Callable[[bytes, Kind], bytes]] = {
    Kind.JPEG: picture,
    Kind.PDF: document,
    Kind.PNG: picture,
    Kind.TEXT: text,
    Kind.WEBP: picture,
}


def made_anew(content: bytes, kind: Kind) -> bytes:
    """The file without what it carried unseen. Raises Flawed, whatever went wrong: nothing here is trusted."""
    try:
        return MAKERS[kind](content, kind)
    except Flawed:
        raise
    except (Exception, RecursionError) as error:
        raise Flawed(Flaw.NOT_READABLE) from error


def main() -> int:
    """Read standard input to its end, and answer on standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    content = sys.stdin.buffer.read(MOST_BYTES + 1)
    try:
        answer = b"+" + made_anew(content, Kind(sys.argv[1]))
    except Flawed as flawed:
        answer = b"-" + flawed.flaw.encode()
    sys.stdout.buffer.write(answer)
    return 0


if __name__ == "__main__":
    sys.exit(main())

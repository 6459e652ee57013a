"""PDFs, through `pikepdf` (qpdf): refused when locked or when they do something, saved anew without metadata otherwise.

A viewer that follows what a document tells it is how a PDF does harm, so scripts, actions that start, send or import,
and files inside are refused rather than cut out: a letter that is missing its contents without saying so is worse. For
the same reason a document that was cut short on its way is refused, and not rebuilt from what is left of it.
"""

import io
from collections.abc import Iterator

import pikepdf

from connective.referrals.domain.attachments import Flaw, Flawed

_MOST_OBJECTS = 300_000
_ACTS = frozenset(
    {
        *("/GoToE", "/GoToR", "/ImportData", "/JavaScript", "/Launch", "/Movie", "/Rendition", "/Sound", "/SubmitForm"),
        "/Thread",
    }
)
_ACTIVE_KEYS = frozenset({"/EmbeddedFiles", "/JS", "/JavaScript", "/RichMediaContent", "/XFA"})
_ACTIVE_KINDS = frozenset({"/3D", "/EmbeddedFile", "/FileAttachment", "/Movie", "/RichMedia", "/Screen", "/Sound"})
_UNSEEN_KEYS = ("/Metadata", "/PieceInfo", "/Thumb")


def clean_pdf(content: bytes) -> bytes:
    """The document anew. Raises Flawed; whatever qpdf raises for a damaged one is for the caller to take."""
    try:
        opened = pikepdf.open(io.BytesIO(content), attempt_recovery=False)
    except pikepdf.PasswordError as error:
        raise Flawed(Flaw.ENCRYPTED) from error
    with opened as pdf:
        if pdf.is_encrypted:
            raise Flawed(Flaw.ENCRYPTED)
        for found in _everything(pdf):
            _refuse_active(found)
            for key in _UNSEEN_KEYS:
                if key in found:
                    del found[key]
            if isinstance(found, pikepdf.Stream):
                _strip_picture(found)
        if "/Info" in pdf.trailer:
            del pdf.trailer["/Info"]
        if not len(pdf.pages):
            raise Flawed(Flaw.NOT_READABLE)
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def _everything(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Every dictionary and stream of the document, those inside others too."""
    waiting: list[pikepdf.Object] = [pdf.trailer]
    seen = 0
    for each in pdf.objects:
        waiting.append(each)
        while waiting:
            seen += 1
            if seen > _MOST_OBJECTS:
                raise Flawed(Flaw.NOT_READABLE)
            one = waiting.pop()
            if isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
                yield one
                waiting += [value for value in dict(one.items()).values() if _is_inside(value)]
            elif isinstance(one, pikepdf.Array):
                waiting += [value for value in list(one) if _is_inside(value)]


def _is_inside(value: object) -> bool:
    """Whether it stands in its holder; what is only referred to is met by itself."""
    return isinstance(value, pikepdf.Dictionary | pikepdf.Array) and not value.is_indirect


def _refuse_active(found: pikepdf.Object) -> None:
    elsewhere = isinstance(found, pikepdf.Stream) and "/F" in found  # its content is another file, or at an address
    if elsewhere or any(key in found for key in _ACTIVE_KEYS):
        raise Flawed(Flaw.ACTIVE_CONTENT)
    if (
        str(found.get("/S", "")) in _ACTS
        or {str(found.get("/Type", "")), str(found.get("/Subtype", ""))} & _ACTIVE_KINDS
    ):
        raise Flawed(Flaw.ACTIVE_CONTENT)


def _strip_picture(found: pikepdf.Stream) -> None:
    """A photograph without its EXIF; one that is packed twice is unpacked to its pixels, which say nothing else."""
    filters = found.get("/Filter")
    packed = list(filters) if isinstance(filters, pikepdf.Array) else [filters]
    if pikepdf.Name.DCTDecode not in packed:
        return
    if len(packed) > 1:
        found.write(found.read_bytes(pikepdf.StreamDecodeLevel.all))
        return
    parameters = found.get("/DecodeParms")
    kept = parameters if isinstance(parameters, pikepdf.Dictionary | pikepdf.Array) else None
    found.write(_bare_jpeg(found.read_raw_bytes()), filter=pikepdf.Name.DCTDecode, decode_parms=kept)


def _bare_jpeg(content: bytes) -> bytes:
    """A picture inside without its EXIF and comments (ITU-T T.81, annex B); how its colours are meant stays (APP14)."""
    if not content.startswith(b"\xff\xd8"):
        return content
    out, at = bytearray(b"\xff\xd8"), 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xDA:  # The pixels begin: no more segments that say anything of the picture.
            break
        end = at + 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        if not (0xE1 <= marker <= 0xED or marker in {0xEF, 0xFE}):
            out += content[at:end]
        at = end
    return bytes(out + content[at:])

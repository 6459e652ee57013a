"""Files made anew: what they carried unseen is gone; what acts, is locked or is broken is refused."""

import io
import zlib

import pikepdf
import pytest
from attached_files import (
    EICAR,
    NOT_TAKEN,
    TAKEN_AS_TEXT,
    WHERE,
    a_bomb,
    a_chunk,
    a_letter,
    a_letter_that_acts,
    a_letter_with_a_packed_photograph,
    a_locked_letter,
    a_moving_picture,
    a_packed_bomb,
    a_photograph,
    a_png,
)
from PIL import Image

from connective.referrals.clients.cleaning.kinds import kind_of
from connective.referrals.clients.cleaning.making_anew import made_anew
from connective.referrals.domain.attachments import Flaw, Flawed, Kind, plain_name


def test_a_kind_is_told_by_the_content_alone() -> None:
    taken = {
        Kind.JPEG: a_photograph(),
        Kind.PNG: a_photograph("PNG"),
        Kind.WEBP: a_photograph("WEBP"),
        Kind.PDF: a_letter(),
        Kind.TEXT: "Mrs Ó Súilleabháin rang.\r\n".encode(),
    }
    assert {kind: kind_of(content[:8192]) for kind, content in taken.items()} == {kind: kind for kind in taken}
    assert {name: kind_of(content[:8192]) for name, content in NOT_TAKEN.items()} == dict.fromkeys(NOT_TAKEN)
    # Text in whatever language is text, and is only ever saved as such.
    assert {kind_of(content) for content in TAKEN_AS_TEXT.values()} == {Kind.TEXT}
    assert kind_of(EICAR) is Kind.TEXT


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_keeps_its_pixels_and_nothing_else(kind: str) -> None:
    made = made_anew(a_photograph(kind), Kind(kind.lower()))
    assert WHERE.encode() not in made
    assert b"Exif" not in made
    assert b"eXIf" not in made
    with Image.open(io.BytesIO(made)) as image:
        assert (image.format, image.size) == (kind, (48, 64)), "turned as the camera said"
        assert not dict(image.getexif())
        assert not {"exif", "icc_profile", "comment", "xmp"} & set(image.info)


def test_a_letter_loses_who_wrote_it_and_where_its_photograph_was_taken() -> None:
    content = a_letter()
    assert content.count(WHERE.encode()) > 0
    made = made_anew(b"<script>" + content + b"<html>trailing", Kind.PDF)
    assert WHERE.encode() not in made
    assert made.startswith(b"%PDF-")
    assert b"<script>" not in made
    assert b"trailing" not in made
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert len(pdf.pages) == 1
        assert "/Metadata" not in pdf.Root
        image = pdf.pages[0].Resources.XObject.Im0
        assert WHERE.encode() not in image.read_raw_bytes()
        with Image.open(io.BytesIO(image.read_raw_bytes())) as photograph:
            assert photograph.size == (64, 48)


def test_what_is_refused_and_why() -> None:
    inside = pikepdf.Dictionary(EmbeddedFiles=pikepdf.Dictionary(Names=pikepdf.Array([])))
    acting = pikepdf.Dictionary(XFA=pikepdf.String("x"))
    refused = {
        "a lock": (a_locked_letter(), Kind.PDF, Flaw.ENCRYPTED),
        "a script": (a_letter_that_acts(), Kind.PDF, Flaw.ACTIVE_CONTENT),
        "a program": (a_letter_that_acts("/Launch"), Kind.PDF, Flaw.ACTIVE_CONTENT),
        "a file inside": (a_letter(Names=inside), Kind.PDF, Flaw.ACTIVE_CONTENT),
        "a form that acts": (a_letter(AcroForm=acting), Kind.PDF, Flaw.ACTIVE_CONTENT),
        "half a letter": (a_letter()[:200], Kind.PDF, Flaw.NOT_READABLE),
        "a bomb": (a_bomb(), Kind.PNG, Flaw.TOO_MANY_PIXELS),
        "half a picture": (a_photograph()[:400], Kind.JPEG, Flaw.NOT_READABLE),
        "a picture of another kind": (a_photograph("PNG"), Kind.JPEG, Flaw.NOT_READABLE),
        "text that ends as a program": (b"Dear all" * 2000 + b"\x7fELF\0", Kind.TEXT, Flaw.NOT_READABLE),
        "nothing": (b"", Kind.JPEG, Flaw.NOT_READABLE),
        "a PNG's head without pixels": (a_png(10, 10), Kind.PNG, Flaw.NOT_READABLE),
        "a PNG of no size": (a_png(0, 0), Kind.PNG, Flaw.NOT_READABLE),
        "a PNG of four thousand million": (a_png(65_535, 65_535), Kind.PNG, Flaw.TOO_MANY_PIXELS),
        "a comment that unpacks": (a_png(9, 9, a_chunk(b"zTXt", b"a\0\0" + _ZEROS)), Kind.PNG, Flaw.NOT_READABLE),
        "a profile that unpacks": (a_png(9, 9, a_chunk(b"iCCP", b"a\0\0" + _ZEROS)), Kind.PNG, Flaw.NOT_READABLE),
        "a letter that is a ZIP too": (a_letter() + a_packed_bomb(), Kind.PDF, Flaw.NOT_READABLE),
        "a letter without end": (b"%PDF-1.4\n1 0 obj\n" + b"[" * 100_000, Kind.PDF, Flaw.NOT_READABLE),
        "pages within themselves": (_LOOP, Kind.PDF, Flaw.NOT_READABLE),
        "a letter that opens another's file": (a_letter_that_acts("/GoToR"), Kind.PDF, Flaw.ACTIVE_CONTENT),
    }
    found = {}
    for name, (content, kind, _) in refused.items():
        with pytest.raises(Flawed) as caught:
            made_anew(content, kind)
        found[name] = caught.value.flaw
    assert found == {name: flaw for name, (_, _, flaw) in refused.items()}


_ZEROS = zlib.compress(bytes(20_000_000))
_LOOP = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[2 0 R]/Count 1>>endobj "
    b"trailer<</Root 1 0 R>>"
)


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "pdf"])
def test_what_was_cut_short_is_refused_and_never_mended_from_half(kind: str) -> None:
    whole = a_letter() if kind == "pdf" else a_photograph(kind.upper())
    for end in range(0, len(whole) * 9 // 10, max(1, len(whole) // 30)):
        with pytest.raises(Flawed) as caught:
            made_anew(whole[:end], Kind(kind))
        assert caught.value.flaw is Flaw.NOT_READABLE, end


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp"])
def test_what_is_two_things_at_once_comes_out_as_the_picture_alone(kind: str) -> None:
    for other in (a_packed_bomb(), b"<script>alert(1)</script>", b"<?php system(1)?>", EICAR):
        made = made_anew(a_photograph(kind.upper()) + other, Kind(kind))
        assert other not in made
        assert made == made_anew(a_photograph(kind.upper()), Kind(kind))


@pytest.mark.parametrize("kind", ["png", "webp"])
def test_of_a_moving_picture_the_first_frame_is_kept(kind: str) -> None:
    with Image.open(io.BytesIO(made_anew(a_moving_picture(kind.upper()), Kind(kind)))) as image:
        assert getattr(image, "n_frames", 1) == 1


def test_more_pixels_than_a_picture_says_are_not_unpacked() -> None:
    with Image.open(io.BytesIO(made_anew(a_png(9, 9, pixels=_ZEROS), Kind.PNG))) as image:
        assert image.size == (9, 9)


@pytest.mark.parametrize("filters", [("/DCTDecode",), ("/FlateDecode", "/DCTDecode")])
def test_a_photograph_in_a_letter_tells_no_place_however_it_is_packed(filters: tuple[str, ...]) -> None:
    content = made_anew(a_letter_with_a_packed_photograph(*filters), Kind.PDF)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        photograph = pdf.pages[0].Resources.XObject.Im0
        assert WHERE.encode() not in photograph.read_raw_bytes()
        assert len(photograph.read_bytes(pikepdf.StreamDecodeLevel.all)) == 64 * 48 * 3


def test_a_name_is_no_path_and_turns_no_reading() -> None:
    typed = {
        "../../etc/passwd": "passwd",
        "C:\\Users\\me\\EHCP letter.pdf": "EHCP letter.pdf",
        "photo\u202egpj.exe": "photogpj.exe",
        "a\r\nSet-Cookie: x=1": "aSet-Cookie: x=1",
        "..": "attachment",
        "\u200b": "attachment",
        "Zo\u0065\u0301.pdf": "Zo\u00e9.pdf",
        "x" * 300: "x" * 120,
    }
    assert {name: plain_name(name) for name in typed} == typed

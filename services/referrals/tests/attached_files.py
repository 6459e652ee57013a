"""Files as people attach them, honest and otherwise; made here, so that none of anybody's is in the repository."""

import io

import pikepdf
from PIL import Image

EICAR = b"".join((rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$", b"EICAR-STANDARD-ANTIVIRUS", b"-TEST-FILE!$H+H*"))
GPS, MAKER, WHERE = 0x8825, 0x010F, "Canary Cameras"


def a_photograph(kind: str = "JPEG", size: tuple[int, int] = (64, 48)) -> bytes:
    """A picture that says where and with what it was taken, and is to be turned."""
    image = Image.new("RGB", size, (120, 90, 60))
    exif = Image.Exif()
    exif[MAKER] = WHERE
    exif[0x0112] = 6
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = (51.0, 28.0, 38.0)
    out = io.BytesIO()
    extra = {"comment": WHERE.encode()} if kind == "JPEG" else {}
    image.save(out, kind, exif=exif.tobytes(), icc_profile=WHERE.encode() * 20, **extra)
    return out.getvalue()


def a_letter(**entries: object) -> bytes:
    """A PDF of one page with an author, a photograph inside, and whatever else its catalogue is given."""
    pdf = pikepdf.new()
    pdf.add_blank_page()
    picture = pikepdf.Stream(pdf, a_photograph())
    picture.Type, picture.Subtype, picture.Filter = (
        pikepdf.Name.XObject,
        pikepdf.Name.Image,
        pikepdf.Name.DCTDecode,
    )
    pdf.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=pdf.make_indirect(picture)))
    pdf.docinfo["/Author"] = WHERE
    with pdf.open_metadata() as metadata:
        metadata["dc:creator"] = [WHERE]
    for name, value in entries.items():
        pdf.Root[f"/{name}"] = value
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def a_locked_letter() -> bytes:
    """The same, with a password."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(a_letter())) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="o", user="u"))
    return out.getvalue()


def a_letter_that_acts(act: str = "/JavaScript") -> bytes:
    """A PDF that tells its viewer to do something."""
    action = pikepdf.Dictionary({"/S": pikepdf.Name(act), "/JS": pikepdf.String("app.alert(1)")})
    return a_letter(OpenAction=action)


def a_bomb() -> bytes:
    """A picture of a few kilobytes that unpacks to 900 million pixels."""
    out = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(out, "PNG")
    return out.getvalue()

"""Entry control looks behind the surface: names in disguise, parts packed away, and what a picture really shows."""

import io
import zipfile

import pytest
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, TextStringObject

from core.documents.intake import MAX_IMAGE_SIDE, Intake, inspect_upload
from tests.core.helpers import refused
from tests.factories.documents import jpeg_bytes, pdf_bytes


def inspect(content: bytes, name: str = "berkas") -> Intake:
    return inspect_upload(io.BytesIO(content), file_name=name)


def shown(content: bytes) -> Image.Image:
    """The picture that is kept of an upload."""
    return Image.open(io.BytesIO(inspect(content).content))


def saved(picture: Image.Image, kind: str, **options) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


# --- PDF --------------------------------------------------------------------------------------------------


def raw_pdf(*objects: bytes, catalog: bytes = b"") -> bytes:
    """A one-page PDF written by hand, so that its objects say exactly what stands here; ours begin with number 4."""
    body = [
        b"<< /Type /Catalog /Pages 2 0 R " + catalog + b" >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
        *objects,
    ]
    out, places = b"%PDF-1.7\n", []
    for number, content in enumerate(body, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(body) + 1)
    return (
        out
        + head
        + table
        + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(body) + 1, len(out))
    )


def pdf_of(change) -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(width=595, height=842)
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def changed_later(writer: PdfWriter) -> None:
    """Adds a script in a page's own action, the way an editor appends it."""
    action = DictionaryObject({NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("1")})
    writer.pages[0][NameObject("/AA")] = DictionaryObject({NameObject("/O"): action})


def incremental() -> bytes:
    writer = PdfWriter(io.BytesIO(pdf_bytes()), incremental=True)
    changed_later(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def nested(writer: PdfWriter) -> None:
    deep = ArrayObject([NumberObject(1)])
    for _level in range(40):
        deep = ArrayObject([deep])
    writer._root_object[NameObject("/Deep")] = deep


def with_outline(writer: PdfWriter) -> None:
    writer.add_outline_item(title="Bab 1", page_number=0)
    writer.add_metadata({"/Title": "/JavaScript"})


ACTIVE = {
    "the kind of action is kept elsewhere": raw_pdf(
        b"<< /S 5 0 R /F (cmd.exe) >>", b"/Launch", catalog=b"/OpenAction 4 0 R"
    ),
    "a name written in hex": raw_pdf(b"<< /S /J#61vaScript /J#53 (app.alert) >>", catalog=b"/OpenAction 4 0 R"),
    "an action inside the catalog": raw_pdf(catalog=b"/OpenAction << /S /Launch /F (cmd.exe) >>"),
    "an action in a list of next actions": raw_pdf(
        b"<< /S /GoTo /D [3 0 R /Fit] /Next [<< /S /JavaScript /JS (1) >>] >>", catalog=b"/OpenAction 4 0 R"
    ),
    "scripts by name": raw_pdf(b"<< /Names [(a) 5 0 R] >>", b"<< >>", catalog=b"/Names << /JavaScript 4 0 R >>"),
    "a form of the XFA kind": raw_pdf(catalog=b"/AcroForm << /Fields [] /XFA (x) >>"),
    "a film": raw_pdf(b"<< /Type /Annot /Subtype /RichMedia /RichMediaContent << >> >>"),
    "a file attached to a page": raw_pdf(b"<< /Type /Filespec /EF << /F 5 0 R >> >>", b"<< /Type /EmbeddedFile >>"),
    "a page's own action": pdf_of(changed_later),
    "added to the file afterwards": incremental(),
    "nested without end": pdf_of(nested),
}


@pytest.mark.parametrize("name", ACTIVE)
def test_active_content_is_found_however_it_hides(name):
    with refused("file.active_pdf", field="file"):
        inspect(ACTIVE[name], "surat.pdf")


HARMLESS = {
    "opens at a page": raw_pdf(catalog=b"/OpenAction [3 0 R /Fit]"),
    "a link to a page on the web": raw_pdf(
        b"<< /Type /Annot /Subtype /Link /A << /S /URI /URI (https://bnpb.go.id) >> >>"
    ),
    "an outline and a title": pdf_of(with_outline),
    "written with blank lines in front": b"\r\n\n" + pdf_bytes(),
    "the plain one of this list": raw_pdf(),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_an_ordinary_pdf_is_kept_as_it_is(name):
    taken = inspect(HARMLESS[name], "surat.pdf")

    assert (taken.content, taken.content_type, taken.pages) == (HARMLESS[name], "application/pdf", 1)


def test_a_pdf_that_is_also_an_archive_is_refused():
    archive = io.BytesIO(pdf_bytes())
    with zipfile.ZipFile(archive, "a") as zipped:
        zipped.writestr("x.txt", "x")

    with refused("file.disguised", field="file"):
        inspect(archive.getvalue(), "berkas.zip")


@pytest.mark.parametrize(
    ("head", "code"),
    [
        (b"PK\x03\x04", "file.archive"),
        (b"MZ", "file.program"),
        (b"<html>", "file.web_page"),
        (b"x" * 2000, "file.wrong_type"),
    ],
)
def test_a_pdf_that_begins_as_something_else_is_no_pdf(head, code):
    with refused(code, field="file"):
        inspect(head + pdf_bytes(), "surat.pdf")


@pytest.mark.parametrize("pages", [1, 200])
def test_up_to_two_hundred_pages_are_taken(pages):
    assert inspect(pdf_bytes(pages=pages)).pages == pages


# --- pictures -----------------------------------------------------------------------------------------------


#: How a phone stores an upright picture under each orientation of EXIF.
STORED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@pytest.mark.parametrize("orientation", STORED)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photograph_stands_upright_however_the_phone_was_held(orientation, kind):
    upright = Image.new("RGB", (160, 80), "white")
    upright.paste("red", (0, 0, 40, 40))  # the corner at the top left
    exif = Image.Exif()
    exif[0x0112] = orientation

    kept = shown(saved(upright.transpose(STORED[orientation]), kind, exif=exif))

    assert kept.size == (160, 80)
    red, green, _blue = kept.getpixel((15, 15))
    assert (red > 200, green < 60) == (True, True)
    assert min(kept.getpixel((150, 70))) > 200


def test_position_camera_and_comments_are_gone():
    exif = Image.Exif()
    exif[0x010F] = "MerekPonsel"
    exif.get_ifd(0x8825)[1] = "S"
    photo = saved(Image.new("RGB", (40, 30)), "JPEG", exif=exif, comment=b"rumah Siti", icc_profile=b"x" * 200)

    taken = inspect(photo)

    kept = Image.open(io.BytesIO(taken.content))
    assert b"MerekPonsel" in photo
    assert b"MerekPonsel" not in taken.content
    assert dict(kept.getexif()) == {}
    assert not {"exif", "comment", "icc_profile", "xmp"} & set(kept.info)


@pytest.mark.parametrize(
    "picture",
    [
        Image.new("RGBA", (20, 20), (255, 0, 0, 0)),
        Image.new("LA", (20, 20), (0, 0)),
        Image.new("RGBA", (20, 20), (255, 0, 0, 0)).quantize(4),
    ],
    ids=["rgba", "grey", "palette"],
)
def test_what_is_transparent_becomes_white(picture):
    assert shown(saved(picture, "PNG")).getpixel((10, 10)) == (255, 255, 255)


@pytest.mark.parametrize(("mode", "colour"), [("L", 0), ("RGB", (0, 0, 0))])
def test_a_colour_that_is_declared_transparent_becomes_white_too(mode, colour):
    scan = saved(Image.new(mode, (20, 20), colour), "PNG", transparency=colour)

    assert shown(scan).getpixel((10, 10)) == (255, 255, 255)


def test_a_grey_scan_of_sixteen_bits_keeps_its_shades():
    scan = Image.new("I;16", (30, 10))
    for x in range(30):
        for y in range(10):
            scan.putpixel((x, y), (0, 32768, 65535)[x // 10])

    kept = shown(saved(scan, "PNG"))

    dark, middle, bright = (kept.getpixel((x, 5))[0] for x in (4, 15, 26))
    assert dark < 20
    assert 110 < middle < 150
    assert bright > 235


def test_colours_of_print_become_colours_of_the_screen():
    kept = shown(saved(Image.new("CMYK", (20, 20), (0, 255, 255, 0)), "JPEG"))  # magenta and yellow: red

    red, green, blue = kept.getpixel((10, 10))
    assert (red > 200, green < 60, blue < 60) == (True, True, True)


def test_of_a_moving_picture_the_first_frame_is_kept():
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]

    kept = shown(saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], duration=50))

    assert getattr(kept, "n_frames", 1) == 1
    assert kept.getpixel((10, 10))[0] > 200


@pytest.mark.parametrize(
    ("size", "kept"),
    [
        ((4000, 3000), (MAX_IMAGE_SIDE, 1500)),
        ((3000, 4000), (1500, MAX_IMAGE_SIDE)),
        ((2000, 2000), (2000, 2000)),
        ((300, 200), (300, 200)),
        ((9000, 30), (MAX_IMAGE_SIDE, 7)),
    ],
)
def test_a_large_photograph_is_scaled_down_and_a_small_one_left(size, kept):
    assert shown(jpeg_bytes(size=size)).size == kept


@pytest.mark.parametrize("size", [(10_000, 6_001), (7_750, 7_750)])
def test_sixty_million_points_are_the_limit(size):
    with refused("file.pixel_flood", field="file"):
        inspect(saved(Image.new("1", size), "PNG"))


def test_the_same_photograph_gives_the_same_bytes_each_time():
    photo = jpeg_bytes(size=(2500, 1000))

    assert inspect(photo).sha256 == inspect(photo).sha256


def test_a_file_of_exactly_the_limit_is_taken(settings):
    content = pdf_bytes()
    settings.DOCUMENT_MAX_BYTES = len(content)
    assert inspect(content).pages == 1

    settings.DOCUMENT_MAX_BYTES = len(content) - 1

    with refused("file.too_large", field="file"):
        inspect(content)

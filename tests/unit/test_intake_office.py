"""Office files: the text of PDF and Word documents."""

import io
import zipfile
from datetime import date

import docx
import pytest

from app.intake import Reading, Unreadable, office, read

TODAY = date(2026, 11, 23)
TEXT = "The council of Harwick agreed late on Monday to rebuild the old bridge over the river."


def word(*paragraphs: str) -> bytes:
    document = docx.Document()
    for each in paragraphs:
        document.add_paragraph(each)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def pdf(*lines: str) -> bytes:
    """A PDF of one page with some lines, as small as can be."""
    shown = "".join(f"({line}) Tj 0 -20 Td " for line in lines)
    stream = f"BT /F1 12 Tf 40 700 Td {shown}ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R"
            b" /Resources << /Font << /F1 5 0 R >> >> >>"
        ),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    content = b"%PDF-1.4\n"
    places = []
    for number, each in enumerate(objects, start=1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 6\n0000000000 65535 f \n%strailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return content + end % (table, len(content))


@pytest.mark.parametrize(
    "content",
    [word("Bridge to be rebuilt", TEXT), pdf("Bridge to be rebuilt", "", TEXT)],
    ids=["docx", "pdf"],
)
def test_the_text_of_a_document_is_an_article(content: bytes) -> None:
    found = read(content, today=TODAY)
    assert isinstance(found, Reading), found
    assert TEXT in found.drafts[0].body_text
    assert found.drafts[0].headline == "Bridge to be rebuilt"
    assert (found.drafts[0].first_line, found.drafts[0].last_line) == (1, content.count(b"\n") + 1)


def test_a_scanned_document_is_told() -> None:
    found = read(pdf(), today=TODAY)
    assert isinstance(found, Unreadable)
    assert "pictures" in found.reason


@pytest.mark.parametrize("content", [b"%PDF-1.7\nx", pdf(TEXT)[:200], word(TEXT)[:900]])
def test_a_damaged_document_is_told(content: bytes) -> None:
    assert isinstance(read(content, today=TODAY), Unreadable)


def test_a_document_that_unpacks_to_too_much_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "_MOST_UNPACKED", 1000)
    found = read(word(TEXT), today=TODAY)
    assert isinstance(found, Unreadable)
    assert "MiB" in found.reason


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "_IS_INSTALLED", False)
    found = read(pdf(TEXT), today=TODAY)
    assert isinstance(found, Unreadable)
    assert "newsfold[office]" in found.reason


def test_another_zip_file_is_no_document() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    found = read(stream.getvalue(), today=TODAY)
    assert isinstance(found, Unreadable)
    assert "ZIP" in found.reason

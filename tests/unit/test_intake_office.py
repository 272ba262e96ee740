"""Office files: the text of PDF and Word documents."""

import io
import zipfile
from datetime import date

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from app.domain.article import Draft
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


def with_table(*rows: tuple[str, ...], after: str = "") -> bytes:
    """A document of a title, a paragraph and a table, with a paragraph behind it where one is given."""
    document = docx.Document()
    document.add_paragraph("Bridge to be rebuilt")
    document.add_paragraph(TEXT)
    table = document.add_table(rows=0, cols=len(rows[0]))
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    if after:
        document.add_paragraph(after)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def only_draft(content: bytes) -> Draft:
    found = read(content, today=TODAY)
    assert isinstance(found, Reading), found
    (draft,) = found.drafts
    return draft


def test_the_rows_of_a_table_stand_at_their_place() -> None:
    after = "The mayor, Edda Lorimer, said on Tuesday that the vote had been closer than she had feared."
    draft = only_draft(with_table(("Ward", "Votes"), ("North", "1,204"), ("South", "988"), after=after))
    assert draft.headline == "Bridge to be rebuilt"
    assert draft.body_text.split("\n\n") == [TEXT, "Ward | Votes", "North | 1,204", "South | 988", after]


@pytest.mark.parametrize("title", ["Votes", ""])
def test_a_document_with_only_a_table_has_its_rows(title: str) -> None:
    document = docx.Document()
    document.add_paragraph(title)
    for cell, text in zip(document.add_table(rows=1, cols=2).rows[0].cells, ("North", "1,204"), strict=True):
        cell.text = text
    stream = io.BytesIO()
    document.save(stream)
    assert only_draft(stream.getvalue()).body_text == f"{title}\n\nNorth | 1,204".strip()


def test_a_merged_cell_is_told_once() -> None:
    document = docx.Document()
    document.add_paragraph(TEXT)
    table = document.add_table(rows=2, cols=3)
    for row, texts in zip(table.rows, (("North", "", "1,204"), ("", "", "988")), strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    table.cell(0, 0).merge(table.cell(1, 1))
    table.cell(1, 2).text = "988"
    stream = io.BytesIO()
    document.save(stream)
    body_text = only_draft(stream.getvalue()).body_text
    assert (body_text.count("North"), body_text.count("1,204"), body_text.count("988")) == (1, 1, 1)


def test_a_title_across_a_table_is_a_row_of_it() -> None:
    document = docx.Document()
    document.add_paragraph(TEXT)
    table = document.add_table(rows=2, cols=2)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "Votes by ward"
    for cell, text in zip(table.rows[1].cells, ("North", "1,204"), strict=True):
        cell.text = text
    stream = io.BytesIO()
    document.save(stream)
    assert only_draft(stream.getvalue()).body_text == f"{TEXT}\n\nVotes by ward\n\nNorth | 1,204"


def test_a_text_box_is_not_told_twice() -> None:
    document = docx.Document()
    document.add_paragraph("Bridge to be rebuilt")
    box = f"<w:pict><w:txbxContent><w:p><w:r><w:t>{TEXT}</w:t></w:r></w:p></w:txbxContent></w:pict>"
    document.element.body.insert(
        1, parse_xml(f"<w:p {nsdecls('w')}><w:r><w:t>{TEXT}</w:t>{box * 2}</w:r></w:p>")
    )
    stream = io.BytesIO()
    document.save(stream)
    assert only_draft(stream.getvalue()).body_text == TEXT


def test_a_text_laid_out_by_a_table_is_read_as_a_text() -> None:
    document = docx.Document()
    cell = document.add_table(rows=1, cols=1).rows[0].cells[0]
    cell.text = "Bridge to be rebuilt"
    cell.add_paragraph(TEXT)
    stream = io.BytesIO()
    document.save(stream)
    draft = only_draft(stream.getvalue())
    assert (draft.headline, draft.body_text) == ("Bridge to be rebuilt", TEXT)


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

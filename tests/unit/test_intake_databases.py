"""Exports of press databases: an article per document, with what the block around it says."""

from datetime import date

import pytest

from app.domain.article import Draft
from app.intake import Reading, read

TODAY = date(2026, 11, 23)
FIRST = "The council of Harwick agreed late on Monday to rebuild the old bridge over the river, after much debate."
SECOND = "Mayor Anna Harwell told reporters that work would begin in the spring."

LEXIS = f"""                         1 of 2 DOCUMENTS

                         The Harwick Post

                      October 21, 2025 Tuesday

Council agrees to rebuild the old bridge

BYLINE: Jane Doe

SECTION: LOCAL; Pg. 3

LENGTH: 42 words

DATELINE: HARWICK

{FIRST[:60]}
{FIRST[60:]}

{SECOND}

LOAD-DATE: October 22, 2025

LANGUAGE: ENGLISH

              Copyright 2025 The Harwick Post
                    All Rights Reserved

                         2 of 2 DOCUMENTS

                          Evening News

                      October 23, 2025 Thursday

Quay closed for a week after the storm

LENGTH: 1,030 words

The quay was closed on Monday after the storm, the harbour master said in the morning.

LOAD-DATE: October 24, 2025
"""

NEXIS_UNI = f"""Council agrees to rebuild the old bridge

The Harwick Post

October 21, 2025 Tuesday

Copyright 2025 The Harwick Post All Rights Reserved

Section: LOCAL; Pg. 3
Length: 42 words
Byline: Jane Doe

Body

{FIRST}

{SECOND}

Load-Date: October 22, 2025

End of Document
"""

FACTIVA = f"""SE LOCAL; Pg. 3
HD Council agrees to rebuild the old bridge
BY Jane Doe
WC 42 words
PD 21 October 2025
SN The Harwick Post
LA English
CY (c) 2025 The Harwick Post

LP
{FIRST}

TD
{SECOND}

RE uk : United Kingdom
Document HARP000020251021elal0001a

HD Quay closed for a week after the storm
WC 30 words
PD 23 October 2025
SN Evening News
LP
The quay was closed on Monday after the storm, the harbour master said in the morning.

Document EVEN000020251023elan00002
"""


def drafts(text: str) -> tuple[Draft, ...]:
    found = read(text.encode(), today=TODAY)
    assert isinstance(found, Reading)
    assert "read as an export of" in found.notices[0]
    return found.drafts


@pytest.mark.parametrize("text", [LEXIS, NEXIS_UNI, FACTIVA], ids=["LexisNexis", "Nexis Uni", "Factiva"])
def test_a_document_is_an_article_with_what_its_block_says(text: str) -> None:
    draft = drafts(text)[0]
    assert draft.headline == "Council agrees to rebuild the old bridge"
    assert draft.body_text == f"{FIRST}\n\n{SECOND}"
    assert (draft.source, draft.byline, draft.section) == ("The Harwick Post", "Jane Doe", "LOCAL; Pg. 3")
    assert draft.published.day == date(2025, 10, 21)


@pytest.mark.parametrize("text", [LEXIS, FACTIVA], ids=["LexisNexis", "Factiva"])
def test_each_document_has_its_own_lines(text: str) -> None:
    lines = text.split("\n")
    first, second = drafts(text)
    assert first.last_line < second.first_line
    assert "Quay closed" in "\n".join(lines[second.first_line - 1 : second.last_line])
    assert "Quay closed" not in "\n".join(lines[first.first_line - 1 : first.last_line])
    assert (second.source, second.published.day) == ("Evening News", date(2025, 10, 23))


def test_a_separator_that_is_missing_costs_no_text() -> None:
    [draft] = drafts(NEXIS_UNI.replace("October 21, 2025 Tuesday\n", ""))
    assert SECOND in draft.body_text
    assert draft.published.day is None


@pytest.mark.parametrize(
    "text",
    [
        f"Council agrees\n\n{FIRST}\n\n{SECOND}",
        f"1 of 2 DOCUMENTS\n\n{FIRST}\n\n{SECOND}",
        f"LENGTH: the bridge is long\n\n{FIRST}",
    ],
)
def test_what_is_no_export_is_read_as_text(text: str) -> None:
    found = read(text.encode(), today=TODAY)
    assert isinstance(found, Reading)
    assert found.lines


def test_an_export_as_a_page_gives_the_same() -> None:
    body = "\n".join(
        f"<p>{line.strip()}</p>"
        for line in LEXIS.replace(FIRST[:60] + "\n", FIRST[:60] + " ").split("\n")
        if line.strip()
    )
    page = f"<!doctype html><html><head><title>x</title></head><body>{body}</body></html>"
    first, second = drafts(page)
    assert first.body_text == f"{FIRST}\n\n{SECOND}"
    assert (first.source, second.source) == ("The Harwick Post", "Evening News")
    assert (first.first_line, first.last_line) == (1, page.count("\n") + 1)

"""Exports of press databases: an article per document, with what the block around it says."""

import re
from datetime import date
from random import Random

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


CLOSING = [
    "Graphic",
    "Divers at the quay, seen on Monday by a reader who lives above the fish market.",
    "Classification",
    "Language: ENGLISH",
    "Subject: HARBOURS & PORTS (90%); FISHING (78%)",
    "Industry: FISHING (90%)",
    "Geographic: HARWICK (79%)",
    "Load-Date: October 22, 2025",
]
LIKE_LABELS = [
    "Sources close to the council said that the money had been found weeks before.",
    "Headline inflation in the port rose to four per cent over the summer.",
    "Bodycam footage of the scuffle at the town hall was shown to councillors.",
    "Section 12 of the Harbours Act lets the mayor close the quay without a vote.",
    "Language: that was what the ferrymen and the harbour master could not agree on.",
    "Source: the annual report of the harbour office, which came out on Friday.",
    "Copyright law, the mayor added, does not forbid a plan of the bridge.",
]
LIKE_CODES = [
    f"{code} elderly man was pulled out of the water on the same night, the police said."
    for code in ("AN", "IN", "LA", "ED", "CT", "RE", "CO", "BY", "PUB", "TD")
]
SET_IN_A_COLUMN = f"""SE  LOCAL; Pg. 3
HD  Council agrees to rebuild the old bridge
BY  By Jane Doe
WC  42 words
PD  21 October 2025
SN  The Harwick Post
LP
{FIRST}

TD
{SECOND}

RE  uk : United Kingdom
PUB Harwick Press
AN  Document HARP000020251021elal0001a

HD  Quay closed for a week after the storm
WC  30 words
PD  23 October 2025
SN  Evening News
LP
The quay was closed on Monday after the storm, the harbour master said in the morning.
AN  Document EVEN000020251023elan00002
"""
CODES_ALONE = f"""HD
BY the river, a council makes up its mind
BY
By Jane Doe
WC
42 words
PD
21 October 2025
SN
The Harwick Post
LP
{FIRST}
TD
{SECOND}
RE
uk : United Kingdom
AN
Document HARP000020251021elal0001a
"""
DISPLAYED = f"""LOCAL; Pg. 3
Council agrees to rebuild the old bridge
By Jane Doe
42 words
21 October 2025
10:15 GMT
The Harwick Post
HARP
English
(c) 2025 The Harwick Post

{FIRST}

{SECOND}

The Harwick Post

Document HARP000020251021elal0001a

Quay closed for a week after the storm
30 words
23 October 2025
Evening News
EVEN
English

The quay was closed on Monday after the storm, the harbour master said in the morning.

Document EVEN000020251023elan00002
"""
# What an article keeps without: the name of its field.
LABEL = re.compile(r"^(?:[A-Z]{2,3}(?: |$)|[A-Za-z-]+: |Body$)?(?:By )?")
EXPORTS = [LEXIS, NEXIS_UNI, FACTIVA, SET_IN_A_COLUMN, CODES_ALONE, DISPLAYED]


def told(draft: Draft) -> list[str]:
    return [each.text for each in draft.dropped]


@pytest.mark.parametrize("text", [SET_IN_A_COLUMN, DISPLAYED], ids=["column", "displayed"])
def test_factiva_is_read_however_it_is_laid_out(text: str) -> None:
    first, second = drafts(text)
    assert first.headline == "Council agrees to rebuild the old bridge"
    assert first.body_text == f"{FIRST}\n\n{SECOND}"
    assert (first.source, first.byline, first.section) == ("The Harwick Post", "Jane Doe", "LOCAL; Pg. 3")
    assert first.published.day == date(2025, 10, 21)
    assert (second.headline, second.source) == ("Quay closed for a week after the storm", "Evening News")
    assert second.body_text.startswith("The quay was closed")


def test_a_headline_that_begins_like_a_code_is_one() -> None:
    [draft] = drafts(CODES_ALONE)
    assert draft.headline == "BY the river, a council makes up its mind"
    assert (draft.byline, draft.body_text) == ("Jane Doe", f"{FIRST}\n\n{SECOND}")
    assert {"uk : United Kingdom", "AN", "Document HARP000020251021elal0001a"} <= set(told(draft))


def test_a_displayed_text_without_its_date_is_no_document_of_factiva() -> None:
    found = read(DISPLAYED.replace("21 October 2025\n", "").encode(), today=TODAY)
    assert isinstance(found, Reading)
    assert SECOND in found.drafts[0].body_text
    assert found.drafts[-1].source == "Evening News"


@pytest.mark.parametrize("paragraph", LIKE_LABELS, ids=lambda text: text.split()[0])
@pytest.mark.parametrize("text", [LEXIS, NEXIS_UNI], ids=["LexisNexis", "Nexis Uni"])
def test_a_paragraph_that_begins_like_a_label_is_text(text: str, paragraph: str) -> None:
    draft = drafts(text.replace(SECOND, f"{paragraph}\n\n{SECOND}", 1))[0]
    assert draft.body_text == f"{FIRST}\n\n{paragraph}\n\n{SECOND}"
    assert (draft.headline, draft.source) == ("Council agrees to rebuild the old bridge", "The Harwick Post")


@pytest.mark.parametrize("paragraph", LIKE_CODES, ids=lambda text: text.split()[0])
@pytest.mark.parametrize("text", [FACTIVA, SET_IN_A_COLUMN, CODES_ALONE], ids=["narrow", "column", "alone"])
def test_a_paragraph_that_begins_like_a_code_is_text(text: str, paragraph: str) -> None:
    draft = drafts(text.replace(SECOND, f"{paragraph}\n\n{SECOND}", 1))[0]
    assert draft.body_text == f"{FIRST}\n\n{paragraph}\n\n{SECOND}"


def test_what_closes_a_document_is_told_and_not_read() -> None:
    [draft] = drafts(NEXIS_UNI.replace("Load-Date: October 22, 2025", "\n\n".join(CLOSING)))
    assert draft.body_text == f"{FIRST}\n\n{SECOND}"
    assert told(draft)[-len(CLOSING) - 1 :] == [*CLOSING, "End of Document"]
    rules = {each.text: each.rule for each in draft.dropped}
    assert rules[CLOSING[1]] == "the closing block: Graphic"


def test_a_highlight_is_the_deck() -> None:
    [draft] = drafts(
        NEXIS_UNI.replace("\n\nBody", "\nHighlight: A vote late at night\nends the dispute\n\nBody")
    )
    assert draft.deck == "A vote late at night ends the dispute"
    assert draft.byline == "Jane Doe"


@pytest.mark.parametrize("headline", ["Bridge vote", "Section heads agree", "Length of the quay disputed"])
def test_a_headline_may_be_short_or_begin_like_a_label(headline: str) -> None:
    edition = NEXIS_UNI.replace(
        "October 21, 2025 Tuesday", "October 21, 2025 Tuesday\n\nFirst of the late editions"
    )
    [draft] = drafts(edition.replace("Council agrees to rebuild the old bridge", headline))
    assert (draft.headline, draft.source) == (headline, "The Harwick Post")
    assert told(draft)[0] == "First of the late editions"


@pytest.mark.parametrize("code", ["LA", "ED", "BY"])
def test_what_is_said_ahead_of_a_text_cannot_end_it(code: str) -> None:
    first = drafts(SET_IN_A_COLUMN.replace(SECOND, f"{code}  {SECOND}"))[0]
    assert first.body_text == f"{FIRST}\n\n{code} {SECOND}"


def test_a_code_of_three_letters_has_one_blank_in_a_column() -> None:
    rules = {each.text: each.rule for each in drafts(SET_IN_A_COLUMN)[0].dropped}
    assert rules["PUB Harwick Press"] == "the field PUB of Factiva"


def test_a_document_without_its_labels_is_read_as_text() -> None:
    first, second = drafts(LEXIS.replace("LENGTH: 42 words\n", ""))
    assert SECOND in first.body_text
    assert second.headline == "Quay closed for a week after the storm"


def missing(found: Reading, text: str) -> list[str]:
    """Return the lines of a text that are neither in a draft, told as dropped, nor in lines that were refused. Of a
    field it is enough that its value is there."""
    kept: list[str] = []
    for draft in found.drafts:
        kept += [draft.headline or "", draft.deck or "", draft.byline or "", draft.dateline or ""]
        kept += [draft.source or "", draft.section or "", draft.published.found_in or "", draft.body_text]
        kept += [each.text for each in draft.dropped]
    told = " ".join(" ".join(kept).split())
    refused = {n for each in found.refused for n in range(each.first_line, each.last_line + 1)}
    return [
        line
        for number, line in enumerate(text.split("\n"), start=1)
        if number not in refused and LABEL.sub("", " ".join(line.split())) not in told
    ]


@pytest.mark.parametrize("text", EXPORTS)
def test_no_line_is_lost_without_a_word(text: str) -> None:
    found = read(text.encode(), today=TODAY)
    assert isinstance(found, Reading)
    assert missing(found, text) == []


@pytest.mark.parametrize("text", EXPORTS)
def test_a_document_cut_off_or_out_of_order_loses_no_line(text: str) -> None:
    lines, chance = text.split("\n"), Random(text)  # noqa: S311 - orders, no secrets
    mixed = ["\n".join(chance.sample(lines, len(lines))) for _ in range(60)]
    cut = [part for at in range(0, len(text), 11) for part in (text[:at], text[at:])]
    for broken in (*mixed, *cut):
        found = read(broken.encode(), today=TODAY)
        if isinstance(found, Reading) and not found.lines:
            assert missing(found, broken) == []

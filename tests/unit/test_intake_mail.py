"""E-mail: an article per message."""

from datetime import UTC, date, datetime
from email.message import EmailMessage

import pytest

from app.intake import Reading, Unreadable, read
from app.intake.mail import is_mail

TODAY = date(2026, 11, 23)
TEXT = "The council of Harwick agreed late on Monday to rebuild the old bridge over the river."


def message(subject: str = "Bridge to be rebuilt — café", text: str = TEXT, *, html: bool = False) -> bytes:
    made = EmailMessage()
    made["From"] = "Harwick Post <news@harwick.example>"
    made["To"] = "reader@example.org"
    made["Date"] = "Tue, 21 Oct 2025 11:30:00 +0200"
    made["Subject"] = subject
    made.set_content(f"<p>{text}</p><p>Second.</p>" if html else text, subtype="html" if html else "plain")
    return bytes(made)


def reading(content: bytes) -> Reading:
    found = read(content, today=TODAY)
    assert isinstance(found, Reading), found
    return found


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_message_is_an_article(end: bytes) -> None:
    draft = reading(message().replace(b"\n", end)).drafts[0]
    assert (draft.headline, draft.body_text) == ("Bridge to be rebuilt — café", TEXT)
    assert (draft.source, draft.domain, draft.language) == ("Harwick Post", "harwick.example", "en")
    assert draft.published.at == datetime(2025, 10, 21, 9, 30, tzinfo=UTC)


def test_html_is_read_as_paragraphs() -> None:
    assert reading(message(html=True)).drafts[0].body_text == f"{TEXT}\n\nSecond."


def test_a_mailbox_gives_each_message_with_its_lines() -> None:
    begin = b"From news@harwick.example Tue Oct 21 11:30:00 2025\n"
    parts = [
        begin + message(f"Nr {n}", f"{TEXT}\n>From here on it is quoted, {n}.") + b"\n" for n in range(3)
    ]
    content = b"".join(parts)
    found = reading(content)
    assert [draft.headline for draft in found.drafts] == ["Nr 0", "Nr 1", "Nr 2"]
    assert "From here on" in found.drafts[0].body_text
    lines = content.split(b"\n")
    for n, draft in enumerate(found.drafts):
        stands = b"\n".join(lines[draft.first_line - 1 : draft.last_line])
        assert f"Nr {n}".encode() in stands
        assert stands.count(b"Subject:") == 1


def test_enclosed_files_are_told_and_not_opened() -> None:
    made = EmailMessage()
    made["From"], made["Subject"], made["Date"] = "a@b.example", "Photos", "Tue, 21 Oct 2025 11:30:00 +0200"
    made.set_content(TEXT)
    made.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="../x.png")
    found = reading(bytes(made))
    assert found.drafts[0].body_text == TEXT
    assert "not opened: 1" in found.notices[0]


def test_a_message_without_text_is_told() -> None:
    found = read(message(text=" "), today=TODAY)
    assert isinstance(found, Unreadable)
    assert "no text" in found.reason


@pytest.mark.parametrize(
    "text",
    [
        f"From the editor: a word\n\n{TEXT}",
        f"Date: Monday\n\n{TEXT}",
        f"Headline\nBy: Jane Doe\nDate: Oct 21\n\n{TEXT}",
        "",
    ],
)
def test_an_article_with_a_colon_is_no_mail(text: str) -> None:
    assert not is_mail(text.encode())


def test_a_newsletter_gives_its_parts() -> None:
    parts = [
        f"Report number {n}\n\n{TEXT} Number {n} of them came as a surprise to nobody who had followed it.\n\n"
        f"Nobody in Harwick, said the mayor, had expected the {n} boats to come back so soon after the storm."
        for n in ("one", "two", "three")
    ]
    made = EmailMessage()
    made["From"], made["Subject"], made["Date"] = (
        "Harwick Post <a@b.example>",
        "Today",
        "Tue, 21 Oct 2025 11:30:00 +0200",
    )
    made["List-Unsubscribe"] = "<https://b.example/off>"
    made.set_content("\n\n* * *\n\n".join(parts))
    found = reading(bytes(made))
    assert [draft.headline for draft in found.drafts] == [
        "Report number one",
        "Report number two",
        "Report number three",
    ]
    assert {draft.source for draft in found.drafts} == {"Harwick Post"}
    assert "1 messages" in found.notices[0]

"""E-mail: an article per message."""

from datetime import UTC, date, datetime
from email.message import EmailMessage

import pytest

from app.intake import Reading, Unreadable, read
from app.intake.mail import is_mail
from app.intake.mailboxes import messages

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
        f"By: Ada Marsh\nDate: Oct 21\n\n{TEXT}",
        f"To: all our readers\nFrom: the editor\n\n{TEXT}",
        f"BYLINE: Ada Marsh\nSECTION: News\nLENGTH: 120 words\nDATELINE: HARWICK\n\n{TEXT}",
        f"Subject: Bridge\n{TEXT}\nFrom: a@b.example\nDate: Oct 21\nTo: c@d.example\n\n{TEXT}",
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


HEAD = b"From: Ada Marsh <ada@harwick.example>\nSubject: Bridge\nDate: Tue, 21 Oct 2025 11:30:00 +0200\n"


def alternatives(plain: str, html: str) -> bytes:
    made = EmailMessage()
    made["From"], made["Subject"] = "a@b.example", "Bridge"
    made.set_content(plain)
    made.add_alternative(html, subtype="html")
    return bytes(made)


@pytest.mark.parametrize(
    "head",
    [
        HEAD + b"Cc:\n",
        HEAD + b"Message-ID:\n <abc@harwick.example>\n",
        HEAD + b"X_Spam_Score: 1\n",
        b"\xef\xbb\xbf" + HEAD,
        b"Received: from a by b;\n Tue, 21 Oct 2025 11:30:00 +0200\n" * 2_000 + HEAD,
        b"Subject: Bridge\nFrom: Ada Marsh\n <ada@harwick.example>\n",
    ],
    ids=["empty", "folded", "underscore", "mark", "long", "two"],
)
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_message_is_known_by_the_syntax_of_its_head(head: bytes, end: bytes) -> None:
    draft = reading((head + b"\n" + TEXT.encode()).replace(b"\n", end)).drafts[0]
    assert (draft.headline, draft.byline, draft.body_text) == ("Bridge", "Ada Marsh", TEXT)


def test_a_head_without_end_is_looked_at_in_part_only() -> None:
    assert is_mail(HEAD + b"X-Long: x\n" * 200_000)
    assert not is_mail(b"X-Long: x\n" * 200_000 + HEAD)


@pytest.mark.parametrize("plain", [" ", "Please view this message in HTML: https://harwick.example/a"])
def test_the_html_is_read_where_the_plain_text_says_little(plain: str) -> None:
    assert reading(alternatives(plain, f"<p>{TEXT}</p>")).drafts[0].body_text == TEXT


def test_the_plain_text_is_read_where_it_says_most_of_the_html() -> None:
    found = reading(alternatives(TEXT, f"<p>Read it online</p><p>{TEXT}</p><p>Unsubscribe</p>"))
    assert found.drafts[0].body_text == TEXT


def test_an_address_in_a_plain_text_is_no_markup() -> None:
    text = f"{TEXT}\n\nThe press office, A. Smith <a.smith@harwick.example>, knows more."
    assert reading(message(text=text)).drafts[0].body_text == text


@pytest.mark.parametrize(
    ("charset", "text", "codec"),
    [
        ("iso-8859-8-i", "מועצת הארוויק החליטה לבנות מחדש את הגשר הישן", "iso-8859-8"),
        ("x-unknown", f"{TEXT} The café stays.", "utf-8"),
        ("x-unknown", f"{TEXT} The café stays.", "cp1252"),
        ("utf-8", f"{TEXT} The café stays.", "cp1252"),
        ("us-ascii", f"{TEXT} The café stays.", "utf-8"),
        ("punycode", "The well-known bridge of Harwick stays where it is.", "ascii"),
    ],
)
def test_a_charset_that_is_unknown_or_wrong_does_not_damage_a_message(
    charset: str, text: str, codec: str
) -> None:
    declared = f"Content-Type: text/plain; charset={charset}\n\n".encode()
    assert reading(HEAD + declared + text.encode(codec)).drafts[0].body_text == text


def test_what_a_declared_charset_cannot_spell_is_told() -> None:
    declared = b"Content-Type: text/plain; charset=euc-kr\n\n"
    found = reading(HEAD + declared + TEXT.encode() + b" \xff\xff.")
    assert found.drafts[0].body_text.startswith(TEXT)
    assert "stand as U+FFFD: 2" in found.notices[1]


@pytest.mark.parametrize("kind", ["multipart/mixed", "multipart/alternative; boundary=never"])
def test_a_multipart_without_a_boundary_is_a_text(kind: str) -> None:
    content = HEAD + f"MIME-Version: 1.0\nContent-Type: {kind}\n\n{TEXT}".encode()
    assert reading(content).drafts[0].body_text == TEXT


def test_eight_bit_texts_without_a_charset_are_decoded_and_told() -> None:
    content = HEAD.replace(b"Bridge", "Über den Fluss".encode("latin-1"))
    found = reading(content + b"\n" + f"{TEXT} The café stays.".encode("latin-1"))
    assert found.drafts[0].headline == "Über den Fluss"
    assert found.drafts[0].body_text == f"{TEXT} The café stays."
    assert found.notices[1:] == (
        "Texts whose headers name no encoding that comes true were read as cp1252: 2.",
    )


@pytest.mark.parametrize("codec", ["koi8-r", "utf-8"])
def test_a_raw_subject_is_read_as_utf_8_or_as_the_body(codec: str) -> None:
    declared = b"Content-Type: text/plain; charset=koi8-r\n\n"
    content = HEAD.replace(b"Bridge", "Мост через реку".encode(codec)) + declared + TEXT.encode()
    assert reading(content).drafts[0].headline == "Мост через реку"


def test_no_half_character_leaves_a_message() -> None:
    head = HEAD.replace(b"Bridge", b"=?utf-7?Q?+2AA-?= Bridge").replace(b"Ada", b"=?utf-7?Q?+2AA-?=")
    head = head.replace(b"Tue,", b"=?utf-7?Q?+2AA-?=")
    declared = b"Content-Type: text/plain; charset=utf-7\n\n"
    draft = reading(head + declared + TEXT.encode() + b" +2AA-").drafts[0]
    assert draft.body_text == f"{TEXT} \ufffd"
    assert f"{draft.headline}{draft.byline}{draft.source}{draft.domain}".encode()


BOX = b"From MAILER Thu Oct 16 14:30:01 2025\n" + HEAD + b"\n" + TEXT.encode() + b"\n"


@pytest.mark.parametrize(
    "line",
    [
        "From London, where she has lived since the spring of 2019",
        "\nFrom London, where she has lived since the spring of 2019",
        "From MAILER Thu Oct 16 14:30:02 2025",
    ],
)
def test_a_sentence_that_begins_with_from_begins_no_message(line: str) -> None:
    found = reading(BOX + f"{line}\nNote: this is still the first message.\n".encode())
    assert len(found.drafts) == 1
    assert found.drafts[0].body_text.endswith("Note: this is still the first message.")


@pytest.mark.parametrize(
    "line",
    [
        "From a@b.example Thu Oct  2 04:30:01 2025",
        "From - Thu Oct 16 14:30 2025",
        "From ada at b.example  Thu Oct 16 14:30:01 2025",
        "From 1234567890@xxx Thu Oct 16 14:30:01 +0000 2025",
        "From a@b.example Thu Oct 16 14:30:01 MET DST 2025",
        "From a@b.example Thu Oct 16 14:30:01 2025 +0200",
        "From a@b.example Thu, 16 Oct 2025 14:30:01 +0200",
        "From a!b Thu Oct 16 14:30:01 2025 remote from c",
    ],
)
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_message_of_a_mailbox_begins_with_a_sender_and_a_date(line: str, end: bytes) -> None:
    second = line.encode() + b"\n" + HEAD + b"\n" + TEXT.encode() + b"\n"
    for content in (BOX + b"\n" + second, second + b"\n" + BOX):
        found = reading(content.replace(b"\n", end))
        assert [draft.headline for draft in found.drafts] == ["Bridge", "Bridge"]


def test_a_mailbox_with_a_byte_order_mark_is_one() -> None:
    assert len(list(messages(b"\xef\xbb\xbf" + BOX + b"\n" + BOX))) == 2

"""Reads e-mail: a message (.eml) or many (mbox), an article per message, and of a newsletter one for each of its
parts.

Law: nothing of a message is run or fetched. Enclosed files are told and not opened.
"""

import email.policy
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parseaddr

from app.domain.article import Draft
from app.intake.decode import Decoded
from app.intake.language import language_of
from app.intake.markup import plain_paragraphs
from app.intake.moments import moment
from app.intake.plain import read_plain
from app.intake.reading import Reading, Refusal, Split, Unreadable

_HEADER = re.compile(rb"[A-Za-z][A-Za-z0-9-]{1,60}:[ \t]")
_TOLD = frozenset(
    {b"from", b"date", b"subject", b"received", b"message-id", b"to", b"return-path", b"mime-version"}
)
_MBOX = re.compile(
    rb"^From \S{1,320} .{0,80}\d{4}[^\n]{0,20}\r?\n(?=[A-Za-z][A-Za-z0-9-]{1,60}:)", re.MULTILINE
)
_FEWEST_HEADERS = 3
_LISTED = frozenset({"list-unsubscribe", "list-id"})  # what newsletters have
_HEAD = 16_384
_PARSER = BytesParser(policy=email.policy.default)
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)


def is_mail(content: bytes) -> bool:
    """Return whether a file begins like a message or a mailbox: with several of the headers that every message has."""
    head = content[:_HEAD]
    first = _MBOX.match(head)
    lines = head[first.end() if first else 0 :].replace(b"\r\n", b"\n").partition(b"\n\n")[0].split(b"\n")
    names = {line.partition(b":")[0].lower() for line in lines if _HEADER.match(line)}
    folded = all(_HEADER.match(line) or line[:1] in (b" ", b"\t") for line in lines)
    return folded and len(names & _TOLD) >= _FEWEST_HEADERS


def read_mail(content: bytes, *, today: date) -> Reading | Unreadable:
    """Return the articles in a message or a mailbox, or why there are none."""
    drafts: list[Draft] = []
    refused: list[Refusal] = []
    enclosed = messages = 0
    for first, last, told in _messages(content):
        try:
            message = _PARSER.parsebytes(told)
            found = _drafts(message, first, last, today=today)
            enclosed += sum(1 for _ in message.iter_attachments())
        except Exception as error:
            refused.append(
                Refusal(first_line=first, last_line=last, reason=f"The message is damaged: {error}."[:300])
            )
            continue
        messages += 1
        drafts += found
        if not found:
            refused.append(Refusal(first_line=first, last_line=last, reason="The message has no text."))
    if not drafts:
        return Unreadable(
            reason=f"There is no text in this mail: {refused[0].reason if refused else 'it is empty.'}"
        )
    left = f" Enclosed files that were not opened: {enclosed}." if enclosed else ""
    return Reading(
        encoding="as each message says",
        notices=(f"It was read as e-mail, {messages} messages.{left}",),
        drafts=tuple(drafts),
        refused=tuple(refused),
    )


def _messages(content: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield the messages of a mailbox with their lines; a file that is none is one message."""
    starts = [(found.start(), found.end()) for found in _MBOX.finditer(content)]
    if not starts or starts[0][0] != 0:
        yield 1, content.count(b"\n") + 1, content
        return
    line, at = 1, 0
    ends = [begin for begin, _ in starts[1:]] + [len(content)]
    for (begin, headers), end in zip(starts, ends, strict=True):
        line += content.count(b"\n", at, begin)
        at = begin
        last = line + content.count(b"\n", begin, end - 1)
        yield line, last, _QUOTED_FROM.sub(rb"\1", content[headers:end])


def _drafts(message: EmailMessage, first: int, last: int, *, today: date) -> list[Draft]:
    """Return the articles of a message: of a newsletter its parts, where they can be told apart, else one."""
    body = message.get_body(preferencelist=("plain", "html"))
    text = str(body.get_content()) if body is not None else ""
    paragraphs = plain_paragraphs(text)
    if not any(map(str.isalnum, "".join(paragraphs))):
        return []
    name, address = parseaddr(str(message.get("From", "")))
    whole = Draft(
        headline=" ".join(str(message.get("Subject", "")).split()) or None,
        byline=name or None,
        body_text="\n\n".join(paragraphs),
        language=language_of("\n\n".join(paragraphs)),
        source=name or address or None,
        domain=address.rpartition("@")[2].lower() or None,
        published=moment(message.get("Date"), "Date of the message", today=today),
        first_line=first,
        last_line=last,
    )
    return list(_parts(whole, today=today)) if _LISTED & {key.lower() for key in message} else [whole]


def _parts(whole: Draft, *, today: date) -> Iterator[Draft]:
    """Yield the articles of a newsletter, as plain text is split; one that is not split stays as it is."""
    decoded = Decoded(text=whole.body_text, encoding="", notices=())
    found = read_plain(decoded, split=Split.AUTO, today=today)
    parts = found.drafts if isinstance(found, Reading) else ()
    if len(parts) < 2:
        yield whole
        return
    for part in parts:
        yield replace(
            whole,
            headline=part.headline,
            deck=part.deck,
            byline=part.byline,
            body_text=part.body_text,
            language=part.language,
        )

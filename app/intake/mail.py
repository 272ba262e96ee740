"""Reads e-mail: a message (.eml) or many (mbox), an article per message, and of a newsletter one for each of its
parts.

Law: nothing of a message is run or fetched. Enclosed files are told and not opened.
"""

import email.policy
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from email.message import EmailMessage
from email.parser import BytesParser

from app.domain.article import Draft
from app.intake.decode import Decoded
from app.intake.language import language_of
from app.intake.mail_texts import letter_of
from app.intake.mailboxes import is_mail, messages
from app.intake.moments import moment
from app.intake.plain import read_plain
from app.intake.reading import Reading, Refusal, Split, Unreadable

__all__ = ["is_mail", "read_mail"]

_LISTED = frozenset({"list-unsubscribe", "list-id"})  # what newsletters have
_PARSER = BytesParser(policy=email.policy.default)
_COUNTED = re.compile(r"(.*: )(\d+)\.")


def read_mail(content: bytes, *, today: date) -> Reading | Unreadable:
    """Return the articles in a message or a mailbox, or why there are none."""
    drafts: list[Draft] = []
    refused: list[Refusal] = []
    notices: list[str] = []
    enclosed = read = 0
    for first, last, told in messages(content):
        try:
            message = _PARSER.parsebytes(told)
            found = _read(message, first, last, today=today)
            enclosed += sum(1 for _ in message.iter_attachments())
        except Exception as error:
            refused.append(
                Refusal(first_line=first, last_line=last, reason=f"The message is damaged: {error}."[:300])
            )
            continue
        read += 1
        if isinstance(found, Unreadable):
            refused.append(Refusal(first_line=first, last_line=last, reason=found.reason))
        else:
            drafts += found.drafts
            notices += found.notices
    if not drafts:
        return Unreadable(
            reason=f"There is no text in this mail: {refused[0].reason if refused else 'it is empty.'}"
        )
    left = f" Enclosed files that were not opened: {enclosed}." if enclosed else ""
    return Reading(
        encoding="as each message says",
        notices=(f"It was read as e-mail, {read} messages.{left}", *_added_up(notices)),
        drafts=tuple(drafts),
        refused=tuple(refused),
    )


def _added_up(notices: Iterable[str]) -> Iterator[str]:
    """Yield each kind of notice once, with the sum of what its sentences count: a mailbox has thousands of messages."""
    counts: Counter[str] = Counter()
    for notice in notices:
        found = _COUNTED.fullmatch(notice)
        counts[found[1] if found else notice] += int(found[2]) if found else 1
    for kind, count in counts.items():
        yield f"{kind}{count}." if kind.endswith(": ") else kind


def _read(message: EmailMessage, first: int, last: int, *, today: date) -> Reading | Unreadable:
    """Return the articles of a message: of a newsletter its parts, where they can be told apart, else one."""
    letter = letter_of(message)
    if isinstance(letter, Unreadable):
        return letter
    body_text = "\n\n".join(letter.paragraphs)
    whole = Draft(
        headline=letter.subject or None,
        byline=letter.name or None,
        body_text=body_text,
        language=language_of(body_text),
        source=letter.name or letter.address or None,
        domain=letter.address.rpartition("@")[2].lower() or None,
        published=moment(letter.date or None, "Date of the message", today=today),
        first_line=first,
        last_line=last,
    )
    is_listed = _LISTED & {key.lower() for key in message}
    drafts = tuple(_parts(whole, today=today)) if is_listed else (whole,)
    return Reading(encoding="as the message says", notices=letter.notices, drafts=drafts)


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

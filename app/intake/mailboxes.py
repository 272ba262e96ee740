"""Tells e-mail from other text, and parts a mailbox (mbox) into its messages.

Law: by the syntax of RFC 5322 and RFC 4155 alone; time is linear in the length, and bounded for what is no mail.
"""

import re
from collections.abc import Iterator
from io import BytesIO

_BOM = b"\xef\xbb\xbf"
# Received, DKIM and ARC headers of a message that went round come to some tens of KiB.
_LONGEST_HEAD = 1 << 20
_FIELD = re.compile(rb"([!-9;-~]{1,76}):")  # RFC 5322, 2.2: any printable character but the colon
_USUAL = frozenset(
    b"from date subject received message-id to cc sender reply-to return-path delivered-to mime-version".split()
)
_SURE = 3  # usual headers that need no address beside them
# The asctime of RFC 4155 with the zones that programs put into it, or a date of RFC 5322.
_FROM_LINE = re.compile(
    rb"""^(?:\A|(?<=\n\n)|(?<=\n\r\n))
    From[ ]\S{0,320}(?:[ ]at[ ]\S{1,320})?[ ]+(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),?[ ]+
    (?:[A-Z][a-z]{2}[ ]+\d{1,2}[ ]+\d{1,2}:\d{2}(?::\d{2})?(?:[ ]+[A-Za-z(+-][\w:+)-]{0,9}){0,2}[ ]+\d{4}
      |\d{1,2}[ ]+[A-Z][a-z]{2}[ ]+\d{4}[ ]+\d{1,2}:\d{2})
    [^\n]{0,80}\n(?=[!-9;-~]{1,76}:)""",
    re.MULTILINE | re.VERBOSE,
)
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)


def is_mail(content: bytes) -> bool:
    """Return whether a file begins as a message or a mailbox: with headers only, and the usual ones among them.

    Three usual headers are enough; so are two with an address, without which a message has no valid From.
    """
    head = content[:_LONGEST_HEAD]
    if len(content) > _LONGEST_HEAD:
        head = head[: head.rfind(b"\n") + 1]  # the line that was cut proves nothing
    head = head.removeprefix(_BOM)
    first = _FROM_LINE.match(head)
    usual: set[bytes] = set()
    name, addressed = b"", False
    for line in BytesIO(head[first.end() if first else 0 :]):
        if not line.strip(b"\r\n"):
            break
        if not (name and line.startswith((b" ", b"\t"))):  # else the header above goes on
            field = _FIELD.match(line)
            if field is None:
                return False
            name = field[1].lower()
        if name in _USUAL:
            usual.add(name)
            addressed = addressed or b"@" in line
    return len(usual) >= _SURE or (len(usual) == _SURE - 1 and addressed)


def messages(content: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield the messages of a mailbox, each with its first and last line; a file that is none is one message."""
    content = content.removeprefix(_BOM)
    starts = [(found.start(), found.end()) for found in _FROM_LINE.finditer(content)]
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

"""Text as the archive compares it: folding, identity, words, and the title that is shown."""

import hashlib
import re
import unicodedata
from urllib.parse import urlsplit

from app.domain.article import TitleFrom

# A word is a run of letters, digits and marks; apostrophes and hyphens hold it together.
WORD = re.compile(r"[^\W_]+(?:['’\-‐‑][^\W_]+)*")

# A sentence ends at a terminal mark, with the quotes and brackets that close on it, before white space.
_SENTENCE_END = re.compile(r"[.!?…。！？][\"'”’»)\]]*(?=\s|$)")

_TITLE_LIMIT = 160

# What belongs into a character class for scripts whose words cannot be told by their spaces, without their digits:
# search has every character, with the signs that belong to it, for a word, and a run of them for a phrase. Korean has
# spaces, but a noun carries its particles without one.
_CHINESE_AND_JAPANESE = r"\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
_KOREAN = r"\u1100-\u11ff\u3131-\u318e\ua960-\ua97c\uac00-\ud7fb"
_THAI_AND_LAO = r"\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ece\u0edc-\u0edf"
_BURMESE = r"\u1000-\u103f\u1050-\u108f\u109a-\u109d\ua9e0-\ua9ef\ua9fa-\ua9fe\uaa60-\uaa7f"
_KHMER = r"\u1780-\u17d3\u17d7\u17dc\u17dd"
CHARACTERS = _CHINESE_AND_JAPANESE + _KOREAN + _THAI_AND_LAO + _BURMESE + _KHMER

# Embeddings, overrides and isolates (UAX 9), which turn the direction of writing for what follows them.
# Marks are not among them: they turn nothing but their neighbours.
TURNS = re.compile(r"[\u202a-\u202e\u2066-\u2069]")


def fold(text: str) -> str:
    """Return ``text`` in Unicode NFC with every run of white space as one space, stripped at both ends."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def digest(headline: str | None, deck: str | None, body_text: str) -> str:
    """Return the identity of an article: 64 hexadecimal digits of SHA-256 over its folded headline, deck and body.

    The parts are separated by a line feed, which folding removes from inside them, so that no text can be moved
    from one part to the next without changing the digest.
    """
    parts = (fold(headline or ""), fold(deck or ""), fold(body_text))
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def words(text: str) -> list[str]:
    """Return the words of ``text`` in order, casefolded."""
    return [match.group().casefold() for match in WORD.finditer(text)]


def wordcount(text: str) -> int:
    """Return the number of words in ``text``."""
    runs = text.split()
    others = [run for run in runs if not run.isalnum()]  # the rest, nearly all, are one word each
    return len(runs) - len(others) + len(WORD.findall(" ".join(others)))


def first_sentence(text: str) -> str:
    """Return the first sentence of ``text``, folded; cut at a word after 160 characters and marked with an ellipsis."""
    folded = fold(text[: _TITLE_LIMIT * 8])
    for match in _SENTENCE_END.finditer(folded):
        # "U.S. officials" and "Mr. Smith" do not end a sentence: a stop after a short capitalised word is skipped.
        last_word = folded[: match.start() + 1].rsplit(" ", 1)[-1]
        if re.fullmatch(r"(?:[^\W\d_]\.)+|[A-Z][a-z]{0,2}\.", last_word):
            continue
        folded = folded[: match.end()]
        break
    if len(folded) <= _TITLE_LIMIT:
        return folded
    return folded[:_TITLE_LIMIT].rsplit(" ", 1)[0].rstrip(",;:–—- ") + "…"


def title(headline: str | None, deck: str | None, body_text: str) -> tuple[str, TitleFrom]:
    """Return what is shown as the title, and where it comes from: the headline, else the deck, else the text."""
    if headline:
        return headline, TitleFrom.HEADLINE
    if deck:
        return deck, TitleFrom.DECK
    return first_sentence(body_text), TitleFrom.TEXT


def host_of(url: str | None) -> str | None:
    """Return the host of an address, or None where it has none."""
    try:
        return urlsplit(url or "").hostname
    except ValueError:
        return None  # "http://[": what is no address has no host

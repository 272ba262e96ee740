"""Words and names as they are read out of running text, fast: every article that comes in passes through here."""

import re
from collections.abc import Iterator
from itertools import pairwise

_Run = list[tuple[str, bool]]  # neighbouring names, each with whether it opens a sentence

_LONGEST = 40

# Marks that belong to the letter before them: accents, the vowel signs of Indic scripts, Thai and Lao.
_MARKS = r"\u0300-\u036f\u0900-\u0dff\u0e00-\u0eff"
_LETTERS = rf"[\w{_MARKS}]*"
# Initials ("u.s.", "j.d."), else letters, digits and their marks, held together by apostrophes ("o'neill").
_WORD = re.compile(rf"(?:[^\W\d_]\.){{2,}}|[^\W_]{_LETTERS}(?:['’][^\W_]{_LETTERS})*")
_UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_PUNCTUATION = ".,;:!?…\"'“”‘’«»()[]-–—"
_POSSESSIVES = frozenset({"'s", "’s", "'S", "’S"})

_APOSTROPHES = "'’"
_JOINTS = "-‐‑"
# Capitals up to U+FFFF: a set that reaches beyond is searched a hundred times more slowly.
_CAPITALS = "".join(char for char in map(chr, range(0x10000)) if char.isupper() and char.isalpha())
# Initials, else a word with all that apostrophes and hyphens hold to it ("O'Neill", "Al-Sharaa").
_CAPITALISED = re.compile(
    rf"[{_CAPITALS}](?:\.(?:[^\W\d_]\.)+|{_LETTERS}(?:[{_APOSTROPHES}\{_JOINTS}][^\W_]{_LETTERS})*)"
)
# A full stop after these ends no sentence: "Mr. Smith", "George W. Bush".
_ABBREVIATION = re.compile(r"[^\W\d_]|Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Lt|Col|Capt|Sgt|St|Rev|Hon")
# What stands between two words and begins a new sentence.
_STOP = re.compile(r"[.!?…:;。！？]|[“\"‘«(\[]\s*$|[•|]|\s[–—]\s*$")
_SENTENCE_END = frozenset(".!?…。！？")
_CLOSING = " \t\"'”’»)]"


def words(text: str, most: int) -> list[str]:
    """Return the first ``most`` words of a text, casefolded, without possessives and parted at hyphens.

    Scripts that put no spaces between words are read as pairs of characters.
    """
    found: list[str] = []
    for chunk in text.casefold().split():
        word = chunk if chunk.isalpha() else chunk.strip(_PUNCTUATION)
        if word.isalpha() and word.isascii():  # nearly all: nothing to take apart
            if 1 < len(word) <= _LONGEST:
                found.append(word)
        else:
            found += _taken_apart(chunk)
        if len(found) >= most:
            break
    return found[:most]


def is_unspaced(word: str) -> bool:
    """Whether a word is of a script that puts no spaces between words."""
    return not word.isascii() and _UNSPACED.search(word) is not None


def _taken_apart(chunk: str) -> Iterator[str]:
    for token in _WORD.findall(chunk):
        if is_unspaced(token):
            yield from (token[at : at + 2] for at in range(max(1, len(token) - 1)))
        elif 1 < len(word := _plain(token)) <= _LONGEST:
            yield word


def _plain(token: str) -> str:
    """Return a token without the dots of initials and without a possessive ending."""
    if token[-2:] in _POSSESSIVES:
        return token[:-2]
    return token.replace(".", "") if "." in token else token


def names(text: str) -> list[str]:
    """Return the capitalised words of running text, and pairs of neighbours among them.

    The first word of a sentence counts only where the same word is printed as a name elsewhere in the text.
    A line in title case or capitals says nothing about names and is passed over.
    """
    runs: list[_Run] = []
    for line in text.split("\n"):
        if not _is_title_case(line):
            runs += _capitalised_runs(line)
    sure = {name for run in runs for name, opens in run if not opens}
    found: list[str] = []
    for run in runs:
        kept = [name for name, _ in run if name in sure]
        found += kept
        found += [f"{first} {second}" for first, second in pairwise(kept)]
    return found


def _is_title_case(line: str) -> bool:
    """Whether a line is in capitals, or has no full stop and mostly capitalised words."""
    if line.isupper():
        return True
    if line.rstrip(_CLOSING)[-1:] in _SENTENCE_END:
        return False
    long_words = [word for word in line.split() if len(word) > 3 and word[0].isalpha()]
    return sum(word[0].isupper() for word in long_words) * 10 > len(long_words) * 7


def _capitalised_runs(line: str) -> list[_Run]:
    """Return runs of neighbouring capitalised words, each with whether it opens a sentence.

    Only capitals are looked for, since most words have none; what stands before one is read backwards from it.
    """
    runs: list[_Run] = []
    run: _Run = []
    end = 0
    for match in _CAPITALISED.finditer(line):
        capital = match.start()
        if capital > 1 and line[capital - 1] == " " and line[capital - 2].isalnum():
            start, opens, follows = (
                capital,
                False,
                end == capital - 1,
            )  # nearly all: a word before, and a space
        else:
            begins = _start_of_word(line, capital)
            if begins is None:
                continue
            start = begins
            opens, follows = _standing(line, start, end)
        if run and not follows:
            runs.append(run)
            run = []
        end = match.end()
        word = line[start:end]
        name = word if word.isalpha() else _plain(word)
        if 1 < len(name) <= _LONGEST:
            run.append((name, opens))
    if run:
        runs.append(run)
    return runs


def _start_of_word(line: str, capital: int) -> int | None:
    """Return where the word begins that has a capital there; None where it is no name ("iPhone", "don'T").

    A capital after a hyphen makes the whole word a name: "al-Sharaa".
    """
    if not capital:
        return 0
    before = line[capital - 1]
    if before == " ":
        return capital
    if before.isalnum() or (before in _APOSTROPHES and line[: capital - 1][-1:].isalnum()):
        return None
    start = capital
    if before in _JOINTS:
        while start and (line[start - 1].isalnum() or line[start - 1] in _JOINTS):
            start -= 1
        while line[start] in _JOINTS:
            start += 1
    return start


def _standing(line: str, start: int, end: int) -> tuple[bool, bool]:
    """Return whether the name at ``start`` opens a sentence, and whether it follows closely on the one that ends at
    ``end`` (0: there is none)."""
    at = start
    while at > end and not line[at - 1].isalnum():
        at -= 1
    between = line[at:start]
    if between == " ":
        return at == 0, 0 < at == end
    opens = at == 0 or (not _is_abbreviated(line[:at], between) and _STOP.search(between) is not None)
    return opens, 0 < at == end and not opens and (not between.strip() or between == ". ")


def _is_abbreviated(before: str, between: str) -> bool:
    """Whether what stands between two words is the full stop of an abbreviation."""
    if between != ". ":
        return False
    at = len(before)
    while at and (before[at - 1].isalnum() or before[at - 1] in _APOSTROPHES or before[at - 1] in _JOINTS):
        at -= 1
    return _ABBREVIATION.fullmatch(before[at:].lstrip(_APOSTROPHES + _JOINTS)) is not None

"""Two wordings of one passage: which words, numbers and signs are on both sides, and which on one only.

Law: pure and deterministic. The runs of one side, joined, are that text exactly; swapping the texts swaps the sides
of the runs. Time and memory are bounded: see `MOST_CHARS`.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from app.domain.align import Block, align

# Texts of more characters, both together, are not compared word by word: only their common beginning and end are
# told from what lies between.
MOST_CHARS = 4_000_000

# A token is a word with its apostrophes, a number with its points and commas, a character of a script without
# spaces, or any other sign; the white space before it belongs to it.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_LETTERS = rf"[^\W_{_UNSPACED}]+"
_WORD = rf"[{_UNSPACED}]|{_LETTERS}(?:['’]{_LETTERS}|(?<=\d)[.,:](?=\d){_LETTERS})*"
_TOKEN = re.compile(rf"\s*(?:{_WORD}|\S)|\s+\Z")
_WORDED = re.compile(r"[^\W_]")


class RunKind(StrEnum):
    """Whether a run of words stands on both sides or on one only."""

    EQUAL = "equal"
    ONLY_HERE = "only_here"
    ONLY_THERE = "only_there"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Consecutive words, with the white space between them, exactly as they are printed."""

    kind: RunKind
    text: str


def tokens(text: str) -> list[str]:
    """Return the words, numbers and signs of a text in order, without the white space."""
    return [each.lstrip() for each in _TOKEN.findall(text)]


def is_word(token: str) -> bool:
    """Whether a token is a word or a number, and no sign."""
    return _WORDED.match(token) is not None


def compare_words(here: str, there: str) -> tuple[Run, ...]:
    """Return the runs of two wordings in order: no two neighbours of one kind, and of a change first what is here."""
    if len(here) + len(there) > MOST_CHARS:
        return outline_words(here, there)
    own, other = _TOKEN.findall(here), _TOKEN.findall(there)
    blocks = align([each.lstrip() for each in own], [each.lstrip() for each in other])
    runs = _Runs()
    i = j = 0
    for block in [*blocks, Block(len(own), len(other), 0)]:
        runs.change("".join(own[i : block.here]), "".join(other[j : block.there]))
        i, j = block.here + block.length, block.there + block.length
        for mine, yours in zip(own[block.here : i], other[block.there : j], strict=True):
            if mine != yours:
                token = mine.lstrip()
                runs.change(mine.removesuffix(token), yours.removesuffix(token))
                runs.keep(token)
            else:
                runs.keep(mine)
    return runs.done()


def outline_words(here: str, there: str) -> tuple[Run, ...]:
    """Return at most four runs: the common beginning, what is only here, what is only there, and the common end, in
    whole words. Takes time in proportion to the characters, and little of it."""
    head = _agreement(here, there)
    while head and here[head - 1].isalnum():
        head -= 1
    rest, other_rest = here[head:], there[head:]
    tail = _agreement(rest[::-1], other_rest[::-1])
    while tail and rest[-tail].isalnum():
        tail -= 1
    runs = _Runs()
    runs.keep(here[:head])
    runs.change(rest[: len(rest) - tail], other_rest[: len(other_rest) - tail])
    runs.keep(rest[len(rest) - tail :])
    return runs.done()


class _Change:
    """What took the place of what, in pieces, and what stands on both sides ahead of it."""

    def __init__(self, ahead: str, here: str, there: str) -> None:
        self.ahead = ahead
        self.here, self.there = [here], [there]
        self.sizes = len(here), len(there)

    def takes_up(self, following: "_Change") -> bool:
        """Take up a change that follows, with what stands between, and return True: an article or a comma between two
        long changes is part of them, nobody reads it as something that both sides say."""
        between = following.ahead
        if 2 * len(between.strip()) > min(max(self.sizes), max(following.sizes)):
            return False
        self.here += [between, *following.here]
        self.there += [between, *following.there]
        here, there = following.sizes
        self.sizes = self.sizes[0] + len(between) + here, self.sizes[1] + len(between) + there
        return True


class _Runs:
    """Collects runs, so that neighbours of one kind are one, and no change begins with white space on both sides."""

    def __init__(self) -> None:
        self._changes: list[_Change] = []
        self._kept: list[str] = []
        self._here: list[str] = []
        self._there: list[str] = []

    def keep(self, text: str) -> None:
        """Add what stands on both sides."""
        if text:
            self._end_change()
            self._kept.append(text)

    def change(self, here: str, there: str) -> None:
        """Add what stands on one side only."""
        self._here.append(here)
        self._there.append(there)

    def done(self) -> tuple[Run, ...]:
        """Return all runs."""
        self._end_change()
        runs = []
        for change in self._changes:
            runs.append(Run(kind=RunKind.EQUAL, text=change.ahead))
            runs.append(Run(kind=RunKind.ONLY_HERE, text="".join(change.here)))
            runs.append(Run(kind=RunKind.ONLY_THERE, text="".join(change.there)))
        runs.append(Run(kind=RunKind.EQUAL, text="".join(self._kept)))
        return tuple(run for run in runs if run.text)

    def _end_change(self) -> None:
        here, there = "".join(self._here), "".join(self._there)
        self._here, self._there = [], []
        if here or there:
            common = _common_space(here, there)
            change = _Change("".join(self._kept) + here[:common], here[common:], there[common:])
            self._kept = []
            if not self._changes or not self._changes[-1].takes_up(change):
                self._changes.append(change)


def _common_space(here: str, there: str) -> int:
    """Return how many characters of white space two texts begin with alike."""
    common = 0
    for mine, yours in zip(here, there, strict=False):
        if mine != yours or not mine.isspace():
            break
        common += 1
    return common


def _agreement(here: str, there: str) -> int:
    """Return how many characters two texts begin with alike, by halving: each step compares at the speed of C."""
    sure, most = 0, min(len(here), len(there))
    while sure < most:
        middle = (sure + most + 1) // 2
        if here[sure:middle] == there[sure:middle]:
            sure = middle
        else:
            most = middle - 1
    return sure

"""What stands between spaces in the texts that were read lately, and which terms each is indexed under.

Law: what is told of a run of signs depends on the run alone; forgetting it costs time and nothing else. Safe between
threads: what was given out is never taken back.
"""

from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from threading import Lock

from app.engines.analysis import Glob, Tongue
from app.engines.lexicon import pieces

_AHEAD = 8  # runs that are looked at before more are

# Of the runs of all tongues, which take 75 MB with what is told of them.
_MOST_CHARACTERS = 1_000_000

_CHARACTERS_OF_A_TEXT = 2  # its hash takes as much memory as so many characters of runs


class Vocabulary:
    """Runs between spaces that are known in one tongue: how many words each has, and which of them hold a term, or
    something that may fit a pattern."""

    def __init__(self, tongue: Tongue) -> None:
        self._tongue = tongue
        self.words: dict[str, int] = {}
        self._holding: defaultdict[str, set[str]] = defaultdict(set)
        self._beginning: defaultdict[str, set[str]] = defaultdict(set)
        self._forms: dict[str, str] = {}
        self._unspelt: list[str] = []  # runs that no pattern has been tried on since they are known
        self._spelling = Lock()
        self._read: set[int] = set()
        self.characters = 0

    def learn(self, text: str, runs: Iterable[str]) -> None:
        """Get to know the runs of a text; one that was read before is told by its hash, of 64 bits."""
        if hash(text) in self._read:
            return
        for run in frozenset(runs).difference(self.words):  # the operator would go through all that is known
            words = self._tongue.words_of(run)
            for word in words:
                for term in word.terms:
                    self._holding[term].add(run)
            self._unspelt.append(run)
            self.characters += len(run)
            self.words[run] = len(words)  # last: who finds it here finds it under its terms
        self.characters += _CHARACTERS_OF_A_TEXT
        self._read.add(hash(text))

    def count(self, stretch: str, enough: int) -> int:
        """Return how many words a stretch of a known text has, from space to space: at least ``enough`` where it has so
        many."""
        counted = 0
        while stretch and counted < enough:
            runs = stretch.split(None, _AHEAD)
            stretch = runs.pop() if len(runs) > _AHEAD else ""
            counted += sum(map(self.words.__getitem__, runs))
        return counted

    def holders(self, runs: Iterable[str], terms: AbstractSet[str]) -> set[str]:
        """Return those of some known runs that hold one of the terms."""
        return set().union(*(self._holding.get(term, ()) for term in terms)).intersection(runs)

    def likely(self, runs: AbstractSet[str], glob: Glob) -> Iterable[str]:
        """Return those of some known runs that may hold a form or a term that fits."""
        self._spell()
        found: Iterable[str] = self._beginning.get(glob.prefix[:1], set()) & runs if glob.prefix else runs
        for piece in pieces(glob):
            found = [run for run in found if piece in self._forms[run]]
        return found

    def _spell(self) -> None:
        """Get to know how the words of all runs are spelt: nearly half of what a text costs, and most questions hold no
        pattern."""
        with self._spelling:
            while self._unspelt:
                run = self._unspelt.pop()
                forms = {form for word in self._tongue.words_of(run) for form in (word.form, *word.terms)}
                for form in forms:
                    self._beginning[form[:1]].add(run)
                self._forms[run] = " ".join(forms)


class Memory:
    """The vocabularies that many texts of a tongue share. There is room for so much in all of them: the least recently
    used goes first, and where one is full by itself, a new one begins."""

    def __init__(self) -> None:
        self._vocabularies: dict[Tongue, Vocabulary] = {}  # the one used last is the last
        self._lock = Lock()

    def knowing(self, text: str, runs: Iterable[str], tongue: Tongue) -> Vocabulary:
        """Return a vocabulary that knows the runs of a text."""
        with self._lock:
            vocabulary = self._vocabularies.pop(tongue, None)
            if vocabulary is None or vocabulary.characters > _MOST_CHARACTERS:
                vocabulary = Vocabulary(tongue)
            self._vocabularies[tongue] = vocabulary
            while len(self._vocabularies) > 1 and self.characters > _MOST_CHARACTERS:
                del self._vocabularies[next(iter(self._vocabularies))]
        vocabulary.learn(text, runs)
        return vocabulary

    @property
    def characters(self) -> int:
        """How much is known of all tongues, in characters of runs."""
        return sum(vocabulary.characters for vocabulary in self._vocabularies.values())


MEMORY = Memory()

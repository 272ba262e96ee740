"""What stands between spaces in the texts that were read lately, and which terms each is indexed under.

Law: what is told of a run of signs depends on the run alone; forgetting it costs time and nothing else. Safe between
threads: what was given out is never taken back.
"""

from collections import defaultdict
from collections.abc import Set as AbstractSet

from app.engines.analysis import Tongue

_MOST_CHARACTERS = 1_000_000


class Vocabulary:
    """Runs between spaces that are known in one tongue: how many words each has, and which of them hold a term, or
    anything that begins with a letter."""

    def __init__(self, tongue: Tongue) -> None:
        self._tongue = tongue
        self.words: dict[str, int] = {}
        self._holding: defaultdict[str, set[str]] = defaultdict(set)
        self._beginning: defaultdict[str, set[str]] = defaultdict(set)
        self.characters = 0

    def learn(self, runs: frozenset[str]) -> None:
        """Get to know some runs."""
        for run in runs.difference(self.words):  # the operator would go through all that is known
            words = self._tongue.words_of(run)
            for word in words:
                for term in word.terms:
                    self._holding[term].add(run)
                for form in (word.form, *word.terms):
                    self._beginning[form[:1]].add(run)
            self.characters += len(run)
            self.words[run] = len(words)  # last: who finds it here finds it under its terms

    def holders(self, terms: AbstractSet[str]) -> set[str]:
        """Return the known runs that hold one of the terms."""
        return set().union(*(self._holding.get(term, ()) for term in terms))

    def beginning(self, runs: AbstractSet[str], prefix: str) -> AbstractSet[str]:
        """Return those of some known runs that may hold a form or a term of that beginning."""
        return runs & self._beginning.get(prefix[:1], set()) if prefix else runs


class Memory:
    """The vocabulary that many texts of a tongue share; when it is full, a new one begins."""

    def __init__(self) -> None:
        self._vocabularies: dict[Tongue, Vocabulary] = {}

    def knowing(self, runs: frozenset[str], tongue: Tongue) -> Vocabulary:
        """Return a vocabulary that knows these runs."""
        vocabulary = self._vocabularies.get(tongue)
        if vocabulary is None or vocabulary.characters > _MOST_CHARACTERS:
            vocabulary = self._vocabularies[tongue] = Vocabulary(tongue)
        vocabulary.learn(runs)
        return vocabulary


MEMORY = Memory()

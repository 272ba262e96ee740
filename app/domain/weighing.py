"""How a portrait becomes a vector: what can be worked out ahead of the archive, and the little that cannot.

Law: an article is counted under its keys before it is weighed, so that the order in which a batch is taken does not
show in the weights.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.domain.profile import VECTOR_WORDS, Vector
from app.domain.terms import (
    LANGUAGE_KIND,
    NAME_KIND,
    TITLE_KIND,
    WORD_KIND,
    Background,
    Portrait,
    key_of,
    keys_of,
    usual_share,
)

# The share of each part in the similarity of two articles that have all three: words, names, title.
_SHARES = np.array([0.5, 0.3, 0.2])

_STAND_IN_DOCUMENTS = 200
_LEAST = 1e-4  # lighter terms are left out, so that a sum without its last article is told from rounding


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Keyed:
    """A portrait in numbers: all of its weights that needs no archive.

    ``counted``: the keys under which an archive counts the article, each once; the first counts the articles of its
    language. ``known``: in how many documents of the background each of them is found; the first is how many there are.
    ``keys``: the sorted keys of its vector, and for each of them, in arrays of that length, ``logs`` (1 + ln of its
    count), ``places`` (of its frequency in ``counted``) and ``parts`` (0 words, 1 names, 2 title). ``spelt``: the words
    the keys stand for, in the order of the keys.
    """

    counted: NDArray[np.int64]
    known: NDArray[np.float64]
    keys: NDArray[np.int64]
    logs: NDArray[np.float64]
    places: NDArray[np.int64]
    parts: NDArray[np.int64]
    spelt: tuple[str, ...]


def keyed(portrait: Portrait, background: Background) -> Keyed:
    """Return a portrait in numbers."""
    words, names = portrait.terms, _names(portrait.names)
    first_name, first_title = 1 + len(words), 1 + len(words) + len(names)
    keys = np.array(
        [
            key_of(portrait.language, LANGUAGE_KIND),
            *keys_of(words, WORD_KIND),
            *keys_of(names, NAME_KIND),
            *keys_of(portrait.title_terms, TITLE_KIND),
        ],
        np.int64,
    )
    counts = [
        *words.values(),
        *map(portrait.names.__getitem__, names.values()),
        *portrait.title_terms.values(),
    ]
    places = np.arange(len(counts)) + 1
    place_of = dict(zip(words, range(1, first_name), strict=True))
    # A word of the title is as rare as the word is.
    places[first_title - 1 :] = [place_of[term] for term in portrait.title_terms]
    kept, first = np.unique(keys[1:], return_index=True)
    spelt = [*words, *names.values(), *portrait.title_terms]
    return Keyed(
        counted=keys[:first_title],
        known=_known(portrait, names, keys[:first_title], background),
        keys=kept,
        logs=1.0 + np.log(np.array(counts, np.float64)[first]),
        places=places[first],
        parts=(first >= first_name - 1).astype(np.int64) + (first >= first_title - 1),
        spelt=tuple(map(spelt.__getitem__, first.tolist())),
    )


def _names(printed: Mapping[str, int]) -> dict[str, str]:
    """Return names as they are compared, each as it was first printed."""
    found: dict[str, str] = {}
    for name in printed:
        found.setdefault(name.casefold(), name)
    return found


def _known(
    portrait: Portrait, names: Mapping[str, str], counted: NDArray[np.int64], background: Background
) -> NDArray[np.float64]:
    if portrait.language != background.language:
        # Nothing is known of that language yet: what is usual for words of that spelling stands in, lightly.
        shares = [usual_share(word, WORD_KIND) for word in portrait.terms]
        shares += [usual_share(name, NAME_KIND) for name in names]
        return np.array([1.0, *shares]) * _STAND_IN_DOCUMENTS
    known = background.frequencies(counted).astype(np.float64)
    known[0] = background.documents
    place_of = dict(zip(names, range(1 + len(portrait.terms), len(counted)), strict=True))
    for pair, place in place_of.items():
        if " " in pair:  # counts as often as the rarer of the two names, which stand alone as well
            one, _, other = pair.partition(" ")
            known[place] = min(known[place_of[one]], known[place_of[other]])
    return known


def vector(of: Keyed, held: NDArray[np.int64]) -> Vector:
    """Return the vector of an article.

    ``held`` says how many articles of the archive are counted under each of ``of.counted``, this article among them.
    Weights are (1 + ln tf) · idf within each part, with idf = ln(documents / documents with the term), at least 0, over
    background and archive together; the parts are then joined in their shares, those that are not empty taking over the
    share of an empty one (a language without capitals has no names).
    """
    others = held - 1.0
    rarity = np.maximum(np.log((of.known[0] + others[0] + 1.0) / (of.known + others + 0.5)), 0.0)
    weights = of.logs * rarity[of.places]
    squares = np.bincount(of.parts, weights=weights * weights, minlength=3)
    scales = np.sqrt(np.divide(_SHARES, squares, out=np.zeros(3), where=squares > 0))
    weights *= scales[of.parts]
    length = np.sqrt(_SHARES[squares > 0].sum())
    rounded = (weights / (length or 1.0)).astype(np.float16).astype(np.float32)
    kept = np.flatnonzero(rounded > _LEAST)
    keys, rounded = of.keys[kept], rounded[kept]
    heaviest = np.argsort(-rounded, kind="stable")[:VECTOR_WORDS]
    spelt = (of.spelt[at] for at in kept[heaviest].tolist())
    return Vector(keys=keys, weights=rounded, words=dict(zip(keys[heaviest].tolist(), spelt, strict=True)))

"""How a portrait becomes a vector: what can be worked out ahead of the archive, and the little that cannot.

Law: an article is counted under its keys before it is weighed, so that the order in which a batch is taken does not
show in the weights.
"""

from collections.abc import Iterable, Mapping
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
    language. ``known``: in how many documents of the background each is found; the first is how many there are.
    ``keys``: the sorted keys of its vector. For each of them, in arrays of that length: ``logs``, 1 + ln of its count;
    ``places`` and ``others``, where in ``counted`` the two frequencies stand of which it goes by the lower (a pair of
    names is not counted itself; all others have the same twice); ``parts``, 0 for words, 1 for names, 2 for the title.
    ``spelt``: the words the keys stand for, in the order of the keys.
    """

    counted: NDArray[np.int64]
    known: NDArray[np.float64]
    keys: NDArray[np.int64]
    logs: NDArray[np.float64]
    places: NDArray[np.int64]
    others: NDArray[np.int64]
    parts: NDArray[np.int64]
    spelt: tuple[str, ...]


def keyed(portrait: Portrait, background: Background) -> Keyed:
    """Return a portrait in numbers."""
    words, titles = portrait.terms, portrait.title_terms
    names, pairs = _names(portrait.names)
    counted = np.array(
        [
            key_of(portrait.language, LANGUAGE_KIND),
            *keys_of(words, WORD_KIND),
            *keys_of(names, NAME_KIND),
        ],
        np.int64,
    )
    first_name, all_names = 1 + len(words), len(names) + len(pairs)
    keys = np.concatenate(
        (counted[1:], np.array([*keys_of(pairs, NAME_KIND), *keys_of(titles, TITLE_KIND)], np.int64))
    )
    printed = [*names.values(), *pairs.values()]
    counts = [*words.values(), *map(portrait.names.__getitem__, printed), *titles.values()]
    own = range(1, len(counted))
    word_at = dict(zip(words, own, strict=False))
    name_at = dict(zip(names, range(first_name, len(counted)), strict=True))
    halves = [pair.partition(" ") for pair in pairs]
    # A word of the title is as rare as the word is, and a pair of names as the rarer of the two.
    titled = [word_at[term] for term in titles]
    places = np.array([*own, *(name_at[one] for one, _, _ in halves), *titled], np.int64)
    others = np.array([*own, *(name_at[other] for _, _, other in halves), *titled], np.int64)
    kept, first = np.unique(keys, return_index=True)
    spelt = [*words, *printed, *titles]
    return Keyed(
        counted=counted,
        known=_known(portrait, names, counted, background),
        keys=kept,
        logs=1.0 + np.log(np.array(counts, np.float64)[first]),
        places=places[first],
        others=others[first],
        parts=(first >= len(words)).astype(np.int64) + (first >= len(words) + all_names),
        spelt=tuple(map(spelt.__getitem__, first.tolist())),
    )


def _names(printed: Mapping[str, int]) -> tuple[dict[str, str], dict[str, str]]:
    """Return names, and pairs of them, as they are compared, each as it was first printed."""
    names: dict[str, str] = {}
    pairs: dict[str, str] = {}
    for name in printed:
        (pairs if " " in name else names).setdefault(name.casefold(), name)
    return names, pairs


def _known(
    portrait: Portrait, names: Iterable[str], counted: NDArray[np.int64], background: Background
) -> NDArray[np.float64]:
    if portrait.language != background.language:
        # Nothing is known of that language yet: what is usual for words of that spelling stands in, lightly.
        shares = [usual_share(word, WORD_KIND) for word in portrait.terms]
        shares += [usual_share(name, NAME_KIND) for name in names]
        return np.array([1.0, *shares]) * _STAND_IN_DOCUMENTS
    known = background.frequencies(counted).astype(np.float64)
    known[0] = background.documents
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
    weights = of.logs * np.maximum(rarity[of.places], rarity[of.others])
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

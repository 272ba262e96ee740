"""The plain way to group stories, to be beaten: TF-IDF words, nearest centroid by cosine, one threshold.

Law: it sees the same texts in the same order; it knows no names, no titles and no dates.
"""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.domain.terms import WORD_KIND, Background, Portrait, key_of


def products(portraits: Sequence[Portrait], background: Background) -> NDArray[np.float64]:
    """Return the cosines of all pairs of articles; document frequencies of the background and of these texts."""
    posted: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for place, portrait in enumerate(portraits):
        for term, count in portrait.terms.items():
            posted[term].append((place, count))
    found = np.zeros((len(portraits), len(portraits)))
    everything = background.documents + len(portraits)
    for term, rows in posted.items():
        places = np.array([place for place, _ in rows])
        known = background.frequency(key_of(term, WORD_KIND)) + len(rows)
        weights = (1.0 + np.log([count for _, count in rows])) * np.log((everything + 1.0) / known)
        found[np.ix_(places, places)] += np.outer(weights, weights)
    lengths = np.sqrt(np.diag(found))
    cosines: NDArray[np.float64] = found / np.outer(lengths, lengths)
    return cosines


def grouped(cosines: NDArray[np.float64], order: Sequence[int], join: float) -> list[int]:
    """Return the story of each article when each joins the nearest centroid of at least ``join``."""
    label = np.full(len(cosines), -1)
    sums = np.zeros_like(cosines)  # row c, column i: the product of story c's sum with article i
    lengths = np.zeros(len(cosines))  # squared
    stories = 0
    for article in order:
        near = sums[:stories, article] / np.sqrt(lengths[:stories])
        story = int(near.argmax()) if stories else 0
        if not stories or near[story] < join:
            story = stories
            stories += 1
        lengths[story] += 2 * sums[story, article] + 1.0
        sums[story] += cosines[article]
        label[article] = story
    return [int(story) for story in label]

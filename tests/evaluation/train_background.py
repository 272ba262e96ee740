"""Counts in how many reference articles each word and each name occurs, and writes the file that ships.

Law: no article of the AllSides stories set is counted (neither half), so that the evaluation is on unseen
text; only hashed single words and their counts are stored. Run ``python -m tests.evaluation.train_background``.
"""

import gzip
import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from app.domain.terms import NAME_KIND, WORD_KIND, key_of, portrait

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "app" / "domain" / "data" / "background.npz"
PARTS = ("allsides-12k", "bbc-2225")
_FEWEST = 3


def articles(path: Path) -> Iterator[dict[str, str]]:
    """Yield the records of one gzipped file of JSON lines."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def main() -> None:
    """Count and write."""
    shared = Path(os.environ.get("NEWSFOLD_SHARED", ROOT.parent / "shared")) / "data"
    held_out = list(articles(shared / "stories" / "allsides-stories.jsonl.gz"))
    unseen = {held[name] for held in held_out for name in ("id", "title", "url")}
    openings = {_opening(held["text"]) for held in held_out}
    counts: Counter[int] = Counter()
    documents: Counter[str] = Counter()
    for part in PARTS:
        for article in articles(shared / "news" / f"{part}.jsonl.gz"):
            known = {article.get("id"), article.get("title"), article.get("url")} & unseen
            if known or _opening(article["text"]) in openings:
                continue
            seen = portrait(article["title"], None, article["text"])
            keys = {key_of(term, WORD_KIND) for term in seen.terms}
            keys |= {key_of(name.casefold(), NAME_KIND) for name in seen.names if " " not in name}
            counts.update(keys)
            documents[part] += 1
    kept = sorted(key for key, count in counts.items() if count >= _FEWEST)
    told = ", ".join(f"{number} articles of {part}" for part, number in documents.items())
    np.savez_compressed(
        TARGET,
        documents=np.int64(documents.total()),
        keys=np.array(kept, dtype=np.int64),
        counts=np.array([min(counts[key], 65_535) for key in kept], dtype=np.uint16),
        provenance=np.array(f"{told}; none of allsides-stories; words in fewer than {_FEWEST} left out"),
    )
    print(f"{TARGET}: {len(kept)} keys, {TARGET.stat().st_size} bytes, {told}", file=sys.stderr)


def _opening(text: str) -> str:
    return " ".join(text.split()[:12]).casefold()


if __name__ == "__main__":
    main()

"""Public articles for training and evaluation, parted so that no text is on both sides.

Law: the part of a text is decided by its digest, so exact repeats fall into the same one.
"""

import gzip
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("NEWSFOLD_SHARED", ROOT.parent / "shared"))


class Part(StrEnum):
    """What a text may be used for: fitting the regression, choosing the programme's terms, or reporting."""

    TRAIN = "train"
    TUNE = "tune"
    EVALUATE = "evaluate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article as published: its title and its paragraphs."""

    title: str
    paragraphs: tuple[str, ...]
    category: str

    @property
    def words(self) -> int:
        """Words of the paragraphs."""
        return sum(len(paragraph.split()) for paragraph in self.paragraphs)


def part_of(text: str) -> Part:
    """Return the part of a text: four tenths to train, two to tune, four to evaluate."""
    bucket = int(hashlib.sha256(text.encode()).hexdigest()[:8], 16) % 10
    return Part.TRAIN if bucket < 4 else Part.TUNE if bucket < 6 else Part.EVALUATE


def bbc(part: Part) -> list[Article]:
    """Return the BBC articles of one part, with their category."""
    return list(_articles("news/bbc-2225.jsonl.gz", part, category="category"))


def allsides(part: Part, *, limit: int) -> list[Article]:
    """Return up to ``limit`` AllSides articles of one part (US politics), of 5 to 150 paragraphs."""
    found: list[Article] = []
    for article in _articles("news/allsides-12k.jsonl.gz", part, category="source"):
        if 5 <= len(article.paragraphs) <= 150 and article.words >= 120:
            found.append(article)
        if len(found) == limit:
            break
    return found


def web(part: Part) -> list[Article]:
    """Return the hand-made texts of the web pages of one part; they have no titles."""
    truth = json.loads((SHARED / "data/html/ground-truth.json").read_text(encoding="utf-8"))
    texts = (each["articleBody"] for each in truth.values())
    articles = (
        Article(title="", paragraphs=_paragraphs(text), category="web")
        for text in texts
        if part_of(text) is part
    )
    return [article for article in articles if len(article.paragraphs) >= 3]


def _articles(name: str, part: Part, *, category: str) -> Iterator[Article]:
    with gzip.open(SHARED / "data" / name, "rt", encoding="utf-8") as rows:
        for row in rows:
            fields = json.loads(row)
            if part_of(fields["text"]) is part:
                yield Article(
                    title=fields["title"], paragraphs=_paragraphs(fields["text"]), category=fields[category]
                )


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.split("\n") if line.strip())

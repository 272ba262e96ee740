"""Artificial dumps: articles run together as in a file somebody pasted, with the truth kept beside them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from app.intake.background import background
from app.intake.terms import Terms
from tests.evaluation.corpora import Article


@dataclass(frozen=True, slots=True, kw_only=True)
class Dump:
    """Lines; for each the index of the article it belongs to; and for each article but the first its first line, and
    the lines from behind the last sentence of the article before to its own first sentence. Lines count from 1."""

    lines: tuple[str, ...]
    owners: tuple[int, ...]
    starts: tuple[int, ...]
    heads: tuple[range, ...]

    @property
    def content(self) -> bytes:
        """The file."""
        return ("\n".join(self.lines) + "\n").encode()


def is_text(line: str) -> bool:
    """Say whether ``line`` is a sentence of eight words and more, not a title, a caption or a credit."""
    return len(line.split()) >= 8 and line.rstrip("\"'”’)] ")[-1:] in {".", "!", "?", "…"}


def dump_of(articles: Sequence[Article], *, titles: bool, blank: bool, wide: bool = False) -> Dump:
    """Run ``articles`` together. ``blank``: a blank line after each line; ``wide``: two more between articles."""
    lines: list[str] = []
    owners: list[int] = []
    starts: list[int] = []
    heads: list[range] = []
    for owner, article in enumerate(articles):
        own = [article.title, *article.paragraphs] if titles and article.title else list(article.paragraphs)
        spaced = [line for text in own for line in ((text, "") if blank else (text,))]
        spaced += ["", ""] if wide else []
        opening = next((at for at, line in enumerate(spaced) if is_text(line)), 0)
        closing = next((at for at, line in enumerate(reversed(lines)) if is_text(line)), 0)
        starts.append(len(lines) + 1)
        heads.append(range(len(lines) + 1 - closing, len(lines) + opening + 2))
        lines += spaced
        owners += [owner] * len(spaced)
    return Dump(lines=tuple(lines), owners=tuple(owners), starts=tuple(starts[1:]), heads=tuple(heads[1:]))


def with_deck(article: Article) -> Article | None:
    """Return ``article`` under a deck instead of its title: its first sentence without the stop, taken out of the
    text; None where that sentence is no line of 12 to 30 words."""
    first = article.paragraphs[0]
    sentence, stop, rest = first.partition(". ") if ". " in first else (first, "", "")
    if not 12 <= len(sentence.split()) <= 30:
        return None
    paragraphs = (rest, *article.paragraphs[1:]) if stop else article.paragraphs[1:]
    return replace(article, title=sentence.rstrip(".!?\"”’'"), paragraphs=paragraphs) if paragraphs else None


def alike(articles: Sequence[Article], random: Random) -> list[Article]:
    """Return 5 to 12 articles on neighbouring subjects, as one section of a site has them: a random one and those
    of a hundred others that share the most rare terms with it, in random order."""
    terms = Terms("en")
    pool = random.sample(articles, min(len(articles), 100))
    bags = [frozenset(terms.of(" ".join(article.paragraphs[:12]))) for article in pool]
    rare = background()

    def likeness(at: int) -> float:
        return float(rare.figures(sorted(bags[0] & bags[at]))[0].sum()) / math.sqrt(1 + len(bags[at]))

    nearest = sorted(range(1, len(pool)), key=likeness, reverse=True)[: random.randint(4, 11)]
    chosen = [pool[0], *(pool[at] for at in nearest)]
    random.shuffle(chosen)
    return chosen


def random_dumps(articles: Sequence[Article], *, count: int, titles: bool, random: Random) -> list[Dump]:
    """Return ``count`` dumps of 5 to 20 articles, half of them with blank lines between all lines."""
    return [
        dump_of(random.sample(articles, random.randint(5, 20)), titles=titles, blank=random.random() < 0.5)
        for _ in range(count)
    ]

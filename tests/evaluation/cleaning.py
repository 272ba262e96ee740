"""How well furniture is told from text: web pages as plain text, articles with real furniture around them, the seeds.

Law: only texts of the evaluation part; the furniture put around articles comes from pages of that part as well.

    python -m tests.evaluation.cleaning
"""

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from statistics import mean

from app.intake import Manner, Reading, Role, Split, read
from tests.evaluation import short_headlines
from tests.evaluation.corpora import SHARED, Article, Part, allsides, bbc
from tests.evaluation.pages import Page, folded_text, pages

SEED = 4
TODAY = date(2025, 11, 1)
SHINGLE = 4
_DROPPED = frozenset({Role.DROPPED, Role.SEPARATOR})
_UNJUDGED = frozenset({Role.HEADLINE, Role.DECK, Role.BYLINE, Role.BLANK})


@dataclass(slots=True)
class Lines:
    """Lines of furniture: rightly dropped, dropped, and there to be dropped, summed over all files."""

    hits: int = 0
    dropped: int = 0
    true: int = 0

    def add(self, reading: Reading, true: Sequence[bool]) -> None:
        """Count the lines of one file; ``true`` says of each line whether it is furniture. Titles do not count."""
        for line, furniture in zip(reading.lines, true, strict=True):
            if line.role not in _UNJUDGED:
                dropped = line.role in _DROPPED
                self.hits += dropped and furniture
                self.dropped += dropped
                self.true += furniture

    def __str__(self) -> str:
        return _figures(self.hits / max(1, self.dropped), self.hits / max(1, self.true))


@dataclass(slots=True)
class Texts:
    """Text against true text in runs of four words, as the Article Extraction Benchmark has it: means over pages."""

    precisions: list[float]
    recalls: list[float]

    def add(self, found: str, truth: str) -> None:
        """Compare one page."""
        left, right = shingles(found), shingles(truth)
        hits = sum((left & right).values())
        self.precisions.append(hits / max(1, sum(left.values())))
        self.recalls.append(hits / max(1, sum(right.values())))

    def __str__(self) -> str:
        return _figures(mean(self.precisions), mean(self.recalls))


def _figures(precision: float, recall: float) -> str:
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return f"P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f}"


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Return the runs of four words of ``text`` with their numbers."""
    words = folded_text(text).split()
    return Counter(tuple(words[at : at + SHINGLE]) for at in range(max(0, len(words) - SHINGLE + 1)))


def page_figures(tried: Sequence[Page]) -> tuple[Texts, Texts, Lines, int, int]:
    """Return the text kept, the raw text for comparison, the furniture lines, how many pages were split, and how many
    have their title as the headline."""
    kept, raw, lines, split, headlines = Texts([], []), Texts([], []), Lines(), 0, 0
    for at, page in enumerate(tried):
        if at % 20 == 0:
            print(f"pages: {at} of {len(tried)}", file=sys.stderr)
        content = "\n".join(page.lines).encode()
        reading = read(content, manner=Manner(split=Split.NEVER), today=TODAY)
        kept.add(reading.drafts[0].body_text if isinstance(reading, Reading) else "", page.truth)
        raw.add("\n".join(page.lines), page.truth)
        if isinstance(reading, Reading):
            lines.add(reading, [not page.is_article(line.text) for line in reading.lines])
            headlines += page.is_title(reading.drafts[0].headline or "")
        whole = read(content, today=TODAY)
        split += isinstance(whole, Reading) and len(whole.drafts) > 1
    return kept, raw, lines, split, headlines


@dataclass(frozen=True, slots=True, kw_only=True)
class Furniture:
    """Real lines that stood before and after the article on real pages."""

    before: tuple[str, ...]
    after: tuple[str, ...]


def furniture_of(tried: Sequence[Page]) -> Furniture:
    """Collect the short lines above the first and below the last line of each page's article."""
    before: list[str] = []
    after: list[str] = []
    for page in tried:
        own = [at for at, line in enumerate(page.lines) if page.is_article(line) and len(line) > 60]
        if own:
            before += [line for line in page.lines[: own[0]] if len(line) <= 60]
            after += [line for line in page.lines[own[-1] + 1 :] if len(line) <= 120]
    return Furniture(before=tuple(before), after=tuple(after))


def dressed(article: Article, furniture: Furniture, random: Random) -> tuple[bytes, list[bool]]:
    """Return ``article`` in the seeds' manner (up to three lines above the title, up to eight below the text), and
    for each line whether it is furniture."""
    above = random.sample(furniture.before, random.randint(0, 3))
    below = random.sample(furniture.after, random.randint(2, 8))
    lines = [*above, article.title, *article.paragraphs, *below]
    true = [True] * len(above) + [False] * (1 + len(article.paragraphs)) + [True] * len(below)
    return "\n".join(lines).encode(), true


def dressed_figures(articles: Sequence[Article], furniture: Furniture, random: Random) -> tuple[Lines, float]:
    """Return the furniture lines of dressed articles, and the share of their titles taken for the headline."""
    lines, headlines = Lines(), 0
    for article in articles:
        content, true = dressed(article, furniture, random)
        reading = read(content, manner=Manner(split=Split.NEVER), today=TODAY)
        if isinstance(reading, Reading):
            lines.add(reading, true)
            headlines += reading.drafts[0].headline == article.title
    return lines, headlines / len(articles)


def lost_text(articles: Sequence[Article]) -> float:
    """Return the share of the words of undressed articles that is dropped."""
    lost = words = 0
    for article in articles:
        reading = read(
            "\n\n".join((article.title, *article.paragraphs)).encode(),
            manner=Manner(split=Split.NEVER),
            today=TODAY,
        )
        words += article.words
        if isinstance(reading, Reading):
            lost += sum(len(line.text.split()) for line in reading.drafts[0].dropped)
    return lost / words


def seed_figures() -> list[tuple[str, int, int]]:
    """Return for each seed its name, its drafts, and its dropped lines."""
    figures: list[tuple[str, int, int]] = []
    for path in sorted((SHARED / "seeds").iterdir()):
        reading = read(path.read_bytes(), today=TODAY)
        drafts = reading.drafts if isinstance(reading, Reading) else ()
        figures.append((path.name, len(drafts), sum(len(draft.dropped) for draft in drafts)))
    return figures


def main() -> None:
    """Print the figures of the evaluation part."""
    random = Random(SEED)  # noqa: S311
    tried = pages(Part.EVALUATE)
    kept, raw, lines, split, headlines = page_figures(tried)
    print(f"Cleaning; evaluation part, random seed {SEED}")
    print(f"{len(tried)} web pages as plain text: text kept   {kept}   (raw text {raw})")
    print(f"{'':34}furniture   {lines}   {split} pages taken for several articles")
    print(f"{'':34}the page's title is the headline of {headlines}")
    furniture = furniture_of(tried)
    for name, articles in (
        ("AllSides", allsides(Part.EVALUATE, limit=400)),
        ("BBC", bbc(Part.EVALUATE)[:400]),
    ):
        figures, found = dressed_figures(articles, furniture, random)
        print(f"{len(articles)} {name} articles with real furniture: {figures}   headline found {found:.3f}")
        print(f"{len(articles)} {name} articles as they are: {lost_text(articles):.4f} of the words dropped")
    short_headlines.report(Part.EVALUATE, tried, furniture.before, random)
    for name, drafts, dropped in seed_figures():
        print(f"seed {name}: {drafts} articles, {dropped} lines dropped")


if __name__ == "__main__":
    main()

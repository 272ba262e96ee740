"""How well headlines of one to three words are told from furniture: those that were printed, titles cut short, and
texts without a headline, where each one found is wrong.

Law: the part of the texts is the caller's choice, and the furniture put around them comes from pages of that part. The
rules were chosen on the other two parts.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from random import Random

from app.intake import Reading, read
from app.intake.lines import Kind, judge
from app.intake.paragraphs import Paragraph
from app.intake.short_heads import SHORT_WORDS
from tests.evaluation.corpora import Article, Part, allsides, bbc, web
from tests.evaluation.pages import Page

TODAY = date(2025, 11, 1)
SAMPLE = 400
ALLSIDES = 3_000


def report(part: Part, tried: Sequence[Page], lines: Sequence[str], random: Random) -> None:
    """Print the shares; ``lines`` are real lines that stood above articles, ``tried`` the pages they come from."""
    corpora = (("BBC", bbc(part)), ("AllSides", allsides(part, limit=ALLSIDES)), ("web", web(part)))
    unknown = [line for line in lines if _is_short(line)]
    for name, articles in corpora[:2]:
        print(f"short headlines, {name}:")
        _print_found("as printed", [article for article in articles if _is_short(article.title)])
        sample = random.sample(articles, SAMPLE)
        for count in range(1, SHORT_WORDS + 1):
            _print_found(
                f"titles cut to {count}", [replace(each, title=_cut(each, count)) for each in sample]
            )
        cut = [replace(each, title=_cut(each, random.randint(2, SHORT_WORDS))) for each in sample]
        _print_found(
            "cut, furniture above", [(each, random.sample(lines, random.randint(1, 3))) for each in cut]
        )
    print("short headlines found where there is none:")
    for name, articles in corpora:
        _print_false(f"{name} without titles", [article.paragraphs for article in articles])
    for name, articles in corpora[:2]:
        sample = random.sample(articles, SAMPLE)
        under = [(random.choice(unknown), *article.paragraphs) for article in sample]
        _print_false(f"{name}, a short line above", under)
    _print_false("web pages as plain text", [page.lines for page in tried])


def _cut(article: Article, count: int) -> str:
    """Return the first ``count`` words of the title; alone, its longest word."""
    words = article.title.split() or [""]
    return max(words, key=len) if count == 1 else " ".join(words[:count])


def _is_short(line: str) -> bool:
    """Say whether a line has up to three words, and nothing in it says by itself that it is furniture."""
    found = judge(Paragraph(1, 1, line.strip(), 0), today=TODAY)
    return found.kind in (Kind.TITLE, Kind.SENTENCE) and 0 < found.words <= SHORT_WORDS


def _headline(lines: Sequence[str]) -> str | None:
    found = read("\n".join(lines).encode(), today=TODAY)
    return found.drafts[0].headline if isinstance(found, Reading) else None


def _print_found(what: str, articles: Sequence[Article | tuple[Article, Sequence[str]]]) -> None:
    """Print how often the title is the headline, and how often another line is."""
    right = wrong = 0
    for each in articles:
        article, above = (each, ()) if isinstance(each, Article) else each
        headline = _headline([*above, article.title, *article.paragraphs])
        right += headline == article.title.strip()
        wrong += headline not in (None, article.title.strip())
    print(
        f"    {what:28} {len(articles):5} texts   found {right / len(articles):.3f}"
        f"   another line {wrong / len(articles):.3f}"
    )


def _print_false(what: str, texts: Sequence[Sequence[str]]) -> None:
    """Print how many texts without a headline get one of up to three words."""
    found = [headline for lines in texts if (headline := _headline(lines))]
    short = sum(len(headline.split()) <= SHORT_WORDS for headline in found)
    print(f"    {what:28} {len(texts):5} texts   {short} ({short / len(texts):.4f})")

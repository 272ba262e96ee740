"""The bad cases of repeated text, each through the whole archive: what must be linked, and what must not be folded."""

import random
import time
from itertools import permutations
from pathlib import Path

import pytest

from app.archive import Archive
from app.domain.article import ArticleId, Draft
from app.domain.views import ArticleView
from app.ingest.filing import Filing, prepare
from app.intake import Manner, Split
from app.store.database import Database
from tests.factories import NOW, paragraph, words, write


def take(archive: Archive, folder: Path, *texts: str) -> list[ArticleView]:
    """Take in texts as they are, one delivery each, and show what they are in the end."""
    ids = []
    for nth, text in enumerate(texts):
        (only,) = archive.ingest(
            [write(folder / str(nth), a_txt=text)], manner=Manner(split=Split.NEVER)
        ).items
        assert only.article is not None
        ids.append(only.article)
    return [archive.article(article) for article in ids]


def page(headline: str, *paragraphs: str) -> str:
    return "\n\n".join((headline, *paragraphs))


def body(seed: int, length: int) -> list[str]:
    return [paragraph(1000 * seed + nth) for nth in range(length)]


def kinds(view: ArticleView) -> dict[ArticleId, str]:
    return {link.article.id: link.kind.value for link in view.repeats}


def test_two_posts_of_a_live_blog_with_the_same_boilerplate_are_two_articles(
    archive: Archive, tmp_path: Path
) -> None:
    above, below = paragraph(71), paragraph(72, sentences=2)
    posts = [page(f"Post {nth} of the live blog", above, *body(nth, 3), below) for nth in (1, 2)]
    first, second = take(archive, tmp_path, *posts)
    assert (first.duplicate_of, second.duplicate_of) == (None, None)
    assert kinds(second) == {first.id: "shares"}


def test_a_weekly_column_with_the_same_opening_repeats_nothing(archive: Archive, tmp_path: Path) -> None:
    opening = paragraph(71, sentences=2)
    columns = [
        page(f"The column of week {nth}", f"{opening} {paragraph(nth)}", *body(nth, 6)) for nth in (1, 2)
    ]
    first, second = take(archive, tmp_path, *columns)
    assert (first.repeats, second.repeats, second.duplicate_of) == ((), (), None)


def test_a_correction_of_one_number_is_a_near_copy(archive: Archive, tmp_path: Path) -> None:
    told = "On the coast the storm killed {} people and cut the railway line in several places at night."
    versions = [page("The storm on the coast", told.format(number), *body(1, 4)) for number in (17, 19)]
    first, second = take(archive, tmp_path, *versions)
    assert kinds(second) == {first.id: "copy"}
    # All but that one word of either is shared. (`compare` shows it: see test_compare.)
    assert second.repeats[0].shared_words == first.wordcount - 1


def test_the_same_text_under_another_headline_is_a_copy_with_jaccard_one(
    archive: Archive, tmp_path: Path
) -> None:
    first, second = take(
        archive, tmp_path, *(page(line, *body(1, 5)) for line in ("One headline", "Another one"))
    )
    assert second.duplicate_of is not None
    assert second.duplicate_of.id == first.id
    assert second.repeats[0].jaccard == 1


def test_an_agency_text_under_two_headlines_with_a_paragraph_added_is_one_family(
    archive: Archive, tmp_path: Path
) -> None:
    text = body(1, 6)
    first, second = take(
        archive,
        tmp_path,
        page("What the agency called it", *text),
        page("What the paper called it", *text[:3], paragraph(77), *text[3:]),
    )
    assert kinds(second) == {first.id: "copy"}
    assert second.duplicate_of is not None
    assert second.duplicate_of.id == first.id


@pytest.mark.parametrize("digest_at", [0, 3, 5])
def test_a_digest_of_five_articles_contains_each_and_is_in_nobodys_family(
    archive: Archive, tmp_path: Path, digest_at: int
) -> None:
    parts = [body(nth, 3) for nth in range(1, 6)]
    texts = [page(f"Article {nth} of five", *part) for nth, part in enumerate(parts)]
    texts.insert(digest_at, page("The digest of the day", *(line for part in parts for line in part)))
    views = take(archive, tmp_path, *texts)
    digest = archive.article(views.pop(digest_at).id)
    assert kinds(digest) == {view.id: "contains" for view in views}
    assert [archive.article(view.id).duplicate_of for view in (*views, digest)] == [None] * 6


def test_a_digest_of_a_long_article_and_a_brief_is_never_folded_under_the_long_one(
    archive: Archive, tmp_path: Path
) -> None:
    long, brief = body(1, 12), body(2, 2)
    views = take(archive, tmp_path, page("The long one", *long), page("Both in one", *long, *brief))
    assert kinds(views[1]) == {views[0].id: "contains"}
    assert archive.article(views[1].id).duplicate_of is None


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_an_article_in_two_digests_is_nobodys_duplicate(
    archive: Archive, tmp_path: Path, order: tuple[int, int, int]
) -> None:
    shared = body(1, 3)
    texts = [
        page("The article", *shared),
        page("The morning digest", *shared, *body(2, 4)),
        page("The evening digest", *body(3, 4), *shared),
    ]
    views = take(archive, tmp_path, *(texts[nth] for nth in order))
    views = [archive.article(view.id) for view in views]
    assert [view.duplicate_of for view in views] == [None] * 3
    article = views[order.index(0)]
    assert set(kinds(article).values()) == {"part"}
    assert len(article.repeats) == 2


def test_an_article_of_a_hundred_thousand_words_takes_seconds_and_an_excerpt_of_it_is_found(
    archive: Archive, tmp_path: Path
) -> None:
    lines = [" ".join(words(nth, 100)).capitalize() + "." for nth in range(1000)]
    long = page("The whole book", *lines)
    started = time.process_time()
    whole, excerpt = take(archive, tmp_path, long, page("A chapter of it", *lines[500:505]))
    assert time.process_time() - started < 30
    assert whole.wordcount >= 100_000
    assert kinds(excerpt) == {whole.id: "part"}


def copy(nth: int) -> Draft:
    """One of many near copies: a paragraph is told in other words, in the vocabulary of the rest."""
    chance = random.Random(nth)  # noqa: S311 - no secret
    text = body(1, 8)
    told = text[chance.randrange(8)].split()
    chance.shuffle(told)
    text[chance.randrange(8)] = " ".join(told)
    return Draft(body_text="\n\n".join(text), first_line=1, last_line=16, headline=f"Headline {nth}")


def test_the_thousandth_copy_costs_no_more_than_the_three_hundredth(database: Database) -> None:
    spent = []
    for start in range(0, 1_000, 200):
        batch = [prepare(copy(nth)) for nth in range(start, start + 200)]
        started = time.process_time()
        with database.write() as session:
            filing = Filing(session, batch, now=NOW)
            filed = [filing.file(each) for each in batch]
            filing.flush()
        spent.append(time.process_time() - started)
        assert {each.duplicate_of for each in filed} <= {None, 1}
    # The first batch is where each is still compared with all. Twice as much as a later one took is no growth.
    assert min(spent[3:]) < 2 * spent[1]

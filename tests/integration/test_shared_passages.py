"""What links say of the passages that two texts share: where they stand, how many words, how they begin."""

from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from threading import get_ident
from typing import Any

import pytest
from sqlalchemy import Engine, event

from app.archive import Archive
from app.domain.article import ArticleId
from app.domain.evidence import MOST_PASSAGES, find_common
from app.domain.fingerprint import word_spans
from app.intake import Manner, Split
from app.web.app import create_app
from tests.factories import paragraph, words, write
from tests.serving import served

# Seven passages of 20, 32, 44 … words, which two texts share among paragraphs of their own.
SHARED = [" ".join(words(nth, 20 + 12 * nth)).capitalize() + "." for nth in range(7)]
ODD = f'The <b>"Order" & quiet</b>, {paragraph(90)}'


def text(seed: int, *, odd: bool = False) -> str:
    """A text that holds the passages in turn with paragraphs that no other text has."""
    told = [part for nth, each in enumerate(SHARED) for part in (paragraph(100 * seed + nth, 2), each)]
    return "\n\n".join([f"Report {seed} of the board", *([ODD] if odd else []), *told]) + "\n"


def take(archive: Archive, folder: Path, *texts: str) -> list[ArticleId]:
    files = {f"f{nth}_txt": each for nth, each in enumerate(texts)}
    report = archive.ingest([write(folder, **files)], manner=Manner(split=Split.NEVER))
    return [each.article for each in report.items if each.article]


@contextmanager
def counted() -> Iterator[list[str]]:
    """Collect the statements that this thread sends to the database: servers of other tests can still be stopping."""
    sent: list[str] = []
    here = get_ident()

    def note(*told: Any) -> None:
        if get_ident() == here:
            sent.append(told[2])

    event.listen(Engine, "before_cursor_execute", note)
    yield sent
    event.remove(Engine, "before_cursor_execute", note)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_link_tells_its_longest_passages_from_either_side(
    archive: Archive, tmp_path: Path, order: tuple[int, int]
) -> None:
    ids = take(archive, tmp_path / "in", text(1), text(2, odd=True))
    here, there = (archive.article(ids[nth]) for nth in order)
    (link,) = here.repeats
    common = find_common(here.body_text, there.body_text)
    assert link.passages_total == len(common.passages) == len(SHARED)
    assert len(link.passages) == MOST_PASSAGES
    longest = sorted(common.passages, key=lambda each: -each.words)[:MOST_PASSAGES]
    spans, other_spans = word_spans(here.body_text), word_spans(there.body_text)
    told = [
        (each.words, each.beginning, spans[each.word_here - 1][0], other_spans[each.word_there - 1][0])
        for each in link.passages
    ]
    assert told == [(each.words, each.beginning, each.here.start, each.there.start) for each in longest]


def test_words_are_counted_without_furniture(archive: Archive, tmp_path: Path) -> None:
    note = " ".join(words(77, 30)).capitalize() + "."
    posts = {f"p{nth}_txt": f"Post {nth}\n\n{note}\n\n{paragraph(800 + nth)}\n" for nth in range(4)}
    body = "\n\n".join(paragraph(900 + nth) for nth in range(5))
    copies = {
        f"c{nth}_txt": f"Copy {nth}\n\n{note}\n\n{body}\n\n{paragraph(950 + nth, 1)}\n" for nth in (1, 2)
    }
    archive.ingest([write(tmp_path / "in", **posts, **copies)], source="The Ellery")
    archive.learn_furniture()
    copy = next(view for nth in range(1, 7) if (view := archive.article(ArticleId(nth))).repeats)
    assert copy.furniture
    (passage,) = copy.repeats[0].passages
    assert (passage.word_here, passage.word_there) == (1, 1)
    assert paragraph(900).startswith(passage.beginning.removesuffix(" …"))


def test_the_page_and_the_api_tell_them_and_lead_to_what_differs(archive: Archive, tmp_path: Path) -> None:
    first, second = take(archive, tmp_path / "in", text(1, odd=True), text(2, odd=True))
    with served(create_app(archive)) as site:
        (link,) = site.get(f"/api/v1/articles/{second}").json()["repeats"]
        page = site.get(f"/articles/{second}", headers={"Accept": "text/html"}).text
    assert len(link["passages"]) == MOST_PASSAGES
    assert link["passages_total"] == len(SHARED) + 1
    shown = page[page.index('id="repeats"') :]
    for passage in link["passages"]:
        where = f"from word {passage['word_here']} here and word {passage['word_there']} there"
        assert f"{passage['words']} words, {where}: <q>" in shown
        assert passage["beginning"] in unescape(shown)
    assert any(passage["beginning"].startswith('The <b>"Order" & quiet</b>') for passage in link["passages"])
    assert "<b>" not in shown
    assert f'And 3 shorter passages. <a href="/articles/{second}/compare/{first}">' in shown


def test_more_links_take_no_more_queries(archive: Archive, tmp_path: Path) -> None:
    first = take(archive, tmp_path / "few", text(1), text(2))[0]
    with counted() as few:
        archive.article(first)
    take(archive, tmp_path / "more", *(text(seed) for seed in range(3, 12)))
    with counted() as many:
        view = archive.article(first)
    assert len(view.repeats) == 10
    assert len(many) == len(few)

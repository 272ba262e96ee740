"""Why articles are linked, two of them side by side, and who carried one: over a real archive."""

from pathlib import Path

import pytest

from app.archive import Archive
from app.domain.article import ArticleId
from app.domain.carried import CarriedAs, Late
from app.domain.decision import Action, Ask, Reason
from app.domain.diff import RowKind
from app.domain.evidence import Carriage, OriginalBecause, find_carriage
from app.domain.fingerprint import Print
from app.domain.ruling import RulingKind
from app.domain.views import CarrierView
from app.domain.wording import RunKind
from app.errors import NotFoundError, WithdrawnError
from app.intake import Manner, Split
from tests.factories import paragraph, write

BODY = [paragraph(nth) for nth in range(6)]
WHY = Reason(who="Ada Marsh", why="I know both texts.")
OWN = [paragraph(nth) for nth in range(50, 56)]


def report(*paragraphs: str, headline: str = "The report of the harbour board", date: str = "") -> str:
    return "\n\n".join([headline, *([f"Published {date}"] if date else []), *paragraphs]) + "\n"


def take(archive: Archive, folder: Path, text: str, source: str | None = None) -> ArticleId:
    """Take in one text, and return the article it is."""
    folder = folder / f"{len(list(folder.iterdir())):03}"
    (item,) = archive.ingest(
        [write(folder, **{f"{folder.name}_txt": text})], source=source, manner=Manner(split=Split.NEVER)
    ).items
    assert item.article
    return item.article


def carried(
    archive: Archive, article: ArticleId, page: int = 1, page_size: int = 100
) -> tuple[CarrierView, ...]:
    return archive.syndication(article, page=page, page_size=page_size).carriers.rows


def test_a_link_says_its_rule_and_what_is_shared(archive: Archive, tmp_path: Path) -> None:
    first = take(archive, tmp_path, report(*BODY))
    second = take(archive, tmp_path, report(*BODY[:5], OWN[0], headline="The board of the harbour reports"))
    (link,) = archive.article(second).repeats
    assert link.article.id == first
    assert (
        link.rule
        == "near copy: 280 of 336 words of the shorter text are in the longer, 280 of 336 the other way round"
    )
    assert link.shared_words == 280
    (back,) = archive.article(first).repeats
    assert (back.rule, back.shared_words, back.kind) == (link.rule, link.shared_words, link.kind)


@pytest.mark.parametrize(
    ("dates", "original", "because"),
    [
        (("", ""), 0, OriginalBecause.RECEIVED_FIRST),
        (("9 April 2025", "10 April 2025"), 0, OriginalBecause.PUBLISHED_FIRST),
        (("10 April 2025", "9 April 2025"), 1, OriginalBecause.PUBLISHED_FIRST),
        (("9 April 2025", "9 April 2025"), 0, OriginalBecause.RECEIVED_FIRST),
        (("", "9 April 2025"), 1, OriginalBecause.PUBLISHED_FIRST),
    ],
)
def test_the_original_of_two_copies_says_why_it_is(
    archive: Archive, tmp_path: Path, dates: tuple[str, str], original: int, because: OriginalBecause
) -> None:
    texts = [
        report(*BODY, date=dates[0]),
        report(*BODY, OWN[0], headline="The board of the harbour reports", date=dates[1]),
    ]
    found = [take(archive, tmp_path, text) for text in texts]
    for article in found:
        view = archive.article(article)
        assert (view.duplicate_of.id if view.duplicate_of else article) == found[original]
        assert view.original_because is because
        assert [link.original_because for link in view.repeats] == [because]


def test_what_holds_another_and_adds_to_it_is_the_original_for_that_reason(
    archive: Archive, tmp_path: Path
) -> None:
    part = take(archive, tmp_path, report(*BODY[:2], date="8 April 2025"))
    whole = take(
        archive,
        tmp_path,
        report(*BODY, *OWN, headline="All that the harbour board said", date="9 April 2025"),
    )
    for article in (part, whole):
        assert archive.article(article).original_because is OriginalBecause.HOLDS_THE_OTHER


def reasons(archive: Archive, *articles: ArticleId) -> set[OriginalBecause | None]:
    """Why the original of a family is that, as each of its articles tells it, and every link and pair of it."""
    views = [archive.article(each) for each in articles]
    original = views[0].duplicate_of.id if views[0].duplicate_of else views[0].id
    told = {view.original_because for view in views}
    told |= {
        link.original_because
        for view in views
        for link in view.repeats
        if original in (view.id, link.article.id)
    }
    pairs = [(original, each) for each in articles if each != original]
    return told | {archive.compare(*sides).original_because for pair in pairs for sides in (pair, pair[::-1])}


def test_a_family_gives_one_reason_and_two_copies_that_hold_a_third_their_own(
    archive: Archive, tmp_path: Path
) -> None:
    undated = take(archive, tmp_path, report(*BODY))
    dated = take(
        archive,
        tmp_path,
        report(*BODY, OWN[0], headline="The board of the harbour reports", date="9 April 2025"),
    )
    part = take(
        archive, tmp_path, report(*BODY[:2], headline="What the harbour report says", date="8 April 2025")
    )
    for each in (undated, dated, part):
        assert archive.article(each).original_because is OriginalBecause.HOLDS_THE_OTHER
    assert archive.compare(part, dated).original_because is OriginalBecause.HOLDS_THE_OTHER
    assert archive.compare(dated, undated).original_because is OriginalBecause.PUBLISHED_FIRST
    assert reasons(archive, undated, dated) == {
        OriginalBecause.HOLDS_THE_OTHER,
        OriginalBecause.PUBLISHED_FIRST,
    }
    archive.decide(Ask(action=Action.WITHDRAW, article=part), WHY)
    assert reasons(archive, undated, dated) == {OriginalBecause.PUBLISHED_FIRST}


def test_a_ruling_that_changes_no_original_is_no_reason_for_it(archive: Archive, tmp_path: Path) -> None:
    first = take(archive, tmp_path, report(*BODY, date="9 April 2025"))
    copy = take(
        archive,
        tmp_path,
        report(*BODY, OWN[0], headline="The board of the harbour reports", date="10 April 2025"),
    )
    other = take(
        archive,
        tmp_path,
        report(*OWN, headline="Another thing that came to pass", date="11 April 2025"),
    )
    archive.decide(Ask(action=Action.REPEATS, article=other, other=first), WHY)
    assert reasons(archive, first, copy, other) == {OriginalBecause.PUBLISHED_FIRST}
    archive.decide(Ask(action=Action.WITHDRAW, article=copy), WHY)
    assert reasons(archive, first, other) == {OriginalBecause.PUBLISHED_FIRST}
    archive.decide(Ask(action=Action.ORIGINAL, article=first), WHY)
    assert reasons(archive, first, other) == {OriginalBecause.RULED}


def test_what_came_along_with_a_ruled_duplicate_makes_the_original_one_by_ruling(
    archive: Archive, tmp_path: Path
) -> None:
    bound = take(archive, tmp_path, report(*BODY, date="11 April 2025"))
    along = take(
        archive,
        tmp_path,
        report(*BODY[:2], headline="What the harbour report says", date="8 April 2025"),
    )
    original = take(
        archive, tmp_path, report(*OWN, headline="Another thing that came to pass", date="9 April 2025")
    )
    archive.decide(Ask(action=Action.REPEATS, article=bound, other=original), WHY)
    assert reasons(archive, bound, along, original) == {OriginalBecause.RULED}


def test_passages_in_common_make_no_original(archive: Archive, tmp_path: Path) -> None:
    take(archive, tmp_path, report(*OWN[:4], BODY[0]))
    other = take(archive, tmp_path, report(*BODY[:4], headline="Another thing that came to pass"))
    view = archive.article(other)
    assert [(link.kind, link.original_because) for link in view.repeats] == [("shares", None)]
    assert view.original_because is None
    assert view.carried == 0


def test_an_original_by_ruling_says_so_to_all_that_go_with_it(archive: Archive, tmp_path: Path) -> None:
    first = take(archive, tmp_path, report(*BODY))
    copy = take(archive, tmp_path, report(*BODY, OWN[0], headline="The board of the harbour reports"))
    other = take(archive, tmp_path, report(*OWN, headline="Another thing that came to pass"))
    archive.decide(Ask(action=Action.REPEATS, article=first, other=other), WHY)
    assert [archive.article(each).original_because for each in (first, copy, other)] == [
        OriginalBecause.RULED
    ] * 3
    shown = archive.compare(first, other)
    assert (shown.link, shown.original_because, shown.ruling) == (
        None,
        OriginalBecause.RULED,
        RulingKind.REPEATS,
    )
    assert archive.compare(first, copy).original_because is None
    assert {each.article.id for each in carried(archive, other)} == {first, copy}


def test_an_original_that_was_made_so_says_so(archive: Archive, tmp_path: Path) -> None:
    first = take(archive, tmp_path, report(*BODY))
    second = take(archive, tmp_path, report(*BODY, OWN[0], headline="The board of the harbour reports"))
    archive.decide(Ask(action=Action.ORIGINAL, article=second), WHY)
    view = archive.article(first)
    assert view.duplicate_of
    assert (view.duplicate_of.id, view.original_because) == (second, OriginalBecause.RULED)
    assert archive.article(second).original_because is OriginalBecause.RULED
    assert archive.compare(first, second).ruling is None


def test_two_articles_that_were_ruled_apart_say_so_and_keep_what_their_texts_say(
    archive: Archive, tmp_path: Path
) -> None:
    first = take(archive, tmp_path, report(*BODY))
    second = take(archive, tmp_path, report(*BODY, OWN[0], headline="The board of the harbour reports"))
    archive.decide(Ask(action=Action.APART, article=second, other=first), WHY)
    for here, there in ((first, second), (second, first)):
        shown = archive.compare(here, there)
        assert shown.link
        assert (shown.original_because, shown.ruling) == (None, RulingKind.APART)
    assert carried(archive, first) == ()


def test_what_is_out_of_sight_is_neither_compared_nor_said_to_have_carried_anything(
    archive: Archive, tmp_path: Path
) -> None:
    first = take(archive, tmp_path, report(*BODY))
    second = take(
        archive, tmp_path, report(*BODY, OWN[0], headline="The board of the harbour reports"), "The Post"
    )
    assert len(carried(archive, first)) == 1
    archive.decide(Ask(action=Action.WITHDRAW, article=second), WHY)
    assert carried(archive, first) == ()
    with pytest.raises(WithdrawnError):
        archive.compare(first, second)
    with pytest.raises(WithdrawnError):
        carried(archive, second)


def test_two_articles_side_by_side_show_their_link_and_their_changes(
    archive: Archive, tmp_path: Path
) -> None:
    first = take(archive, tmp_path, report(*BODY, "The works employs 1,204 people on two shifts."))
    second = take(archive, tmp_path, report(*BODY, "The works employs 1,240 people on two shifts."))
    shown = archive.compare(first, second)
    assert shown.link == archive.article(first).repeats[0]
    assert (shown.article.id, shown.other.id) == (first, second)
    changed = [row for row in shown.paragraphs if row.kind is not RowKind.EQUAL]
    assert [row.kind for row in changed] == [RowKind.CHANGED]
    assert [run.text for run in changed[0].words if run.kind is not RunKind.EQUAL] == ["1,204", "1,240"]
    assert shown.headline.kind is RowKind.EQUAL
    back = archive.compare(second, first)
    assert back.common == shown.common
    assert [run.text for run in back.paragraphs[-1].words if run.kind is not RunKind.EQUAL] == [
        "1,240",
        "1,204",
    ]


def test_a_headline_changed_over_the_same_text_is_the_only_change(archive: Archive, tmp_path: Path) -> None:
    first = take(archive, tmp_path, report(*BODY))
    second = take(archive, tmp_path, report(*BODY, headline="The report of the fisheries board"))
    shown = archive.compare(first, second)
    assert {row.kind for row in shown.paragraphs} == {RowKind.EQUAL}
    assert [run.text for run in shown.headline.words if run.kind is not RunKind.EQUAL] == [
        "harbour",
        "fisheries",
    ]
    assert shown.common.jaccard == 1


def test_articles_that_are_not_linked_can_be_compared(archive: Archive, tmp_path: Path) -> None:
    first = take(archive, tmp_path, report(*BODY))
    second = take(archive, tmp_path, report(*OWN, headline="Another thing that came to pass"))
    shown = archive.compare(first, second)
    assert shown.link is None
    assert shown.common.passages == ()
    assert {row.kind for row in shown.paragraphs} == {RowKind.ONLY_HERE, RowKind.ONLY_THERE}
    assert {row.kind for row in archive.compare(first, first).paragraphs} == {RowKind.EQUAL}


def test_an_article_that_is_not_there_cannot_be_compared_or_carried(archive: Archive, tmp_path: Path) -> None:
    first = take(archive, tmp_path, report(*BODY))
    for one, other in ((first, ArticleId(99)), (ArticleId(99), first)):
        with pytest.raises(NotFoundError, match="article 99"):
            archive.compare(one, other)
    with pytest.raises(NotFoundError, match="article 99"):
        carried(archive, ArticleId(99))


def test_who_carried_an_article_when_how_late_how_much_and_with_what(
    archive: Archive, tmp_path: Path
) -> None:
    original = take(archive, tmp_path, report(*BODY, date="9 April 2025"), "The Wire")
    added = take(
        archive,
        tmp_path,
        report(*BODY, OWN[0], headline="The board of the harbour reports", date="11 April 2025"),
        "The Post",
    )
    shortened = take(
        archive,
        tmp_path,
        report(*BODY[:3], headline="The harbour report in short", date="10 April 2025"),
        "The Bee",
    )
    again = take(archive, tmp_path, report(*BODY, date="9 April 2025"), "The Herald")
    assert again == original
    assert [(each.source, each.carried_as, each.article.id) for each in carried(archive, original)] == [
        ("The Herald", CarriedAs.SAME, original),
        ("The Bee", CarriedAs.REPEATS, shortened),
        ("The Post", CarriedAs.REPEATS, added),
    ]
    herald, bee, post = carried(archive, original)
    assert (bee.share, bee.added_words, bee.late) == (0.5, 0, Late(days=1, hours=None))
    assert (post.share, post.added_words, post.late) == (1.0, 56, Late(days=2, hours=None))
    assert [OWN[0].startswith(each.removesuffix(" …")) for each in post.added] == [True]
    assert (herald.share, herald.added_words, herald.late) == (1.0, 0, Late(days=0, hours=None))
    for article in (original, added, shortened):
        view = archive.syndication(article, page=1, page_size=100)
        assert (view.asked, view.original.id) == (article, original)
        assert view.carriers.rows == carried(archive, original)
        assert archive.article(article).carried == 3


def test_the_place_where_an_original_was_first_seen_has_not_carried_it(
    archive: Archive, tmp_path: Path
) -> None:
    folder = write(tmp_path / "in", a_txt=report(*BODY))
    for source in (None, "The Wire", "The Wire", "The Herald"):
        archive.ingest([folder], source=source)
    other = take(archive, tmp_path, report(*BODY))
    assert other == 1
    assert [(each.source, each.file) for each in carried(archive, other)] == [
        ("The Herald", "a.txt"),
        (None, "002.txt"),
    ]


def test_several_sightings_at_one_source_are_one_row(archive: Archive, tmp_path: Path) -> None:
    original = take(archive, tmp_path, report(*BODY), "The Wire")
    for _ in range(3):
        take(archive, tmp_path, report(*BODY), "The Herald")
        take(
            archive, tmp_path, report(*BODY, OWN[0], headline="The board of the harbour reports"), "The Post"
        )
    assert [each.source for each in carried(archive, original)] == ["The Herald", "The Post"]


def test_a_digest_carried_what_it_holds_and_is_no_duplicate(archive: Archive, tmp_path: Path) -> None:
    one = take(archive, tmp_path, report(*BODY, headline="The one thing that came to pass"))
    other = take(archive, tmp_path, report(*OWN, headline="The other thing that came to pass"))
    digest = take(
        archive, tmp_path, report(*BODY, *OWN, headline="All the things that came to pass"), "The Briefing"
    )
    for part in (one, other):
        (row,) = carried(archive, part)
        assert (row.article.id, row.carried_as, row.share) == (digest, CarriedAs.HOLDS, 1.0)
        assert row.added_words == 336
    assert carried(archive, digest) == ()


def test_a_family_is_paged_and_only_the_page_is_compared(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = take(archive, tmp_path, report(*BODY))
    texts = {
        f"f{nth:02}_txt": report(*BODY, f"Note {nth}.", headline=f"The harbour report, number {nth}")
        for nth in range(12)
    }
    archive.ingest([write(tmp_path / "many", **texts)], manner=Manner(split=Split.NEVER))
    whole = [each.article.id for each in carried(archive, original)]
    assert len(set(whole)) == 12
    compared: list[str] = []

    def counted(original: Print, text: str) -> Carriage:
        compared.append(text)
        return find_carriage(original, text)

    monkeypatch.setattr("app.compare.find_carriage", counted)
    carried(archive, original, 2, 5)
    assert len(compared) == 5
    paged = [each.article.id for page in (1, 2, 3) for each in carried(archive, original, page, 5)]
    assert paged == whole
    assert carried(archive, original, 4, 5) == ()
    assert archive.syndication(original, page=4, page_size=5).carriers.total == 12


def test_a_page_can_ask_for_the_strongest_links_alone(archive: Archive, tmp_path: Path) -> None:
    original = take(archive, tmp_path, report(*BODY))
    texts = {
        f"f{nth}_txt": report(*BODY, *OWN[:nth], headline=f"The harbour report {nth}") for nth in range(1, 4)
    }
    archive.ingest([write(tmp_path / "many", **texts)], manner=Manner(split=Split.NEVER))
    whole = archive.article(original)
    assert whole.repeats_total == len(whole.repeats) == 3
    for most in (1, 2, 3, 4):
        some = archive.article(original, most_repeats=most)
        assert some.repeats == whole.repeats[:most]
        assert (some.repeats_total, some.original_because) == (3, whole.original_because)

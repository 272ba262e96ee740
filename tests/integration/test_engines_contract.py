"""The contract of ``app.engines.port``, held over every engine and over the one in memory that tests use."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.domain.article import ArticleId, TitleFrom
from app.domain.entry import Shown
from app.domain.query import NONE, Facet, Field, Fold, Matches, Place, Question, Sort, Term
from app.engines.port import Engine
from app.questions import parse
from app.spelling import better_spelt
from tests.entries import TODAY, ask, entry, found, put


def test_an_empty_index_answers_with_nothing(engine: Engine) -> None:
    assert ask(engine, "summit") == Matches(
        rows=(), before=(), first_row=0, newest=0, total=0, total_originals=0, total_stories=0
    )


@pytest.mark.parametrize(
    ("question", "articles"),
    [
        ("summit", {1, 2}),
        ("Summits", {1, 2}),
        ("summit budapest", {1}),
        ("budapest OR berlin", {1, 3}),
        ("summit -budapest", {2}),
        ("NOT summit", {3, 4}),
        ('"board of directors"', {3}),
        ('"directors board"', set()),
        ('"board directors"', set()),
        ('"board directors"~2', {3}),
        ("summ*", {1, 2}),
        ("companies*", {4}),
        ("compan?", {4}),
        ("b*t", {1}),
        ("headline:summit", {1}),
        ("body:summit", {2}),
        ("deck:leaders", {1}),
        ("-headline:summit summit", {2}),
        ('source:"Harbour Herald"', {1}),
        ("source:herald", {1, 2}),
        ('source:"Evening Post"', {1}),
        ("source:post source:harbour", {1}),
        ('source:"Herald Evening"', set()),
        ('source:"Harbour Post"~100', set()),
        ("source:heral*", {1, 2}),
        ("byline:jansen", {4}),
        ("language:de", {3}),
        ("url:example.org", {2}),
        ("url:https://example.org/x-1", {2}),
        ("domain:example.org", {2}),
        ("domain:org", {2}),
        ("domain:herald.example", {2}),
        ("domain:x", set()),
        ("section:business", {2}),
        ('section:"business finance"', {2}),
        ("section:sport", set()),
        ("url:x", {2}),
        ("domain:exam*", {2}),
        ("domain:www.example.org", {2}),
        ("domain:https://example.org/", {2}),
        ("domain:*.example.org", {2}),
        ("domain:exam*.org", {2}),
        ("domain:example.*", {2}),
        ("domain:exam*.com", set()),
        ("headline:-summit talks", set()),
        ("summit,budapest", {1}),
        ("summit || board", {1, 2, 3}),
        ("published:*", {1, 2, 3}),
        ("story:7", {1, 2}),
        ("is:duplicate", {2}),
        ("has:date", {1, 2, 3}),
        ("has:headline", {1}),
        ("-has:headline", {2, 3, 4}),
        ("published:2025-10", {1, 2}),
        ("published:[2025-10-21 TO]", {2, 3}),
        ("published:[TO 2025-10-20]", {1}),
        ("-published:2025-10", {3, 4}),
        ("seen:2025-11-05", {1, 2, 3, 4}),
        ("*", {1, 2, 3, 4}),
        ("...", set()),
        ("the", {1, 2}),
        ("deck:*", {1}),
        ("source:*", {1, 2}),
        ("(summit OR board) -berlin", {1, 2}),
        ("story:99999999999999999", set()),
    ],
)
def test_a_question_finds_exactly_what_it_asks_for(engine: Engine, question: str, articles: set[int]) -> None:
    put(
        engine,
        entry(
            1,
            "In Budapest the talks go on.",
            story=7,
            headline="Summit announced",
            deck="Leaders to meet",
            sources=("Harbour Herald", "Evening Post"),
            published=date(2025, 10, 20),
        ),
        entry(
            2,
            "the summits are over",
            story=7,
            original=1,
            sources=("Capital Herald",),
            url="https://example.org/x-1",
            domains=("example.org", "herald.example"),
            section="Business & Finance",
            published=date(2025, 10, 21),
        ),
        entry(3, "Berlin: a board of directors", language="de", published=date(2025, 11, 1)),
        entry(4, "Many companies agree", byline="Ada Jansen", language=None),
    )
    assert set(found(engine, question)) == articles
    assert ask(engine, question).total == len(articles)


@pytest.mark.parametrize(
    ("question", "articles"),
    [
        ("Haus", {1}),
        ("hauser", {1}),
        ("Häusern", {1}),
        ('"alte Haus"', {1}),
        ("учитель", {2}),
        ("учителями", {2}),
        ("équipe", {3}),
        ("equipes", {3}),
        ("noviny", {4}),
        ("novina", set()),  # there are no rules for its language
        ("house", {5, 6}),
        ("houses", {5, 6}),
        ("die", {1, 5}),
        ("died", {5}),  # in German it is another word
        ("2025", {1, 2, 3, 4, 5, 6}),
        ("de*", set()),
        ("häus*", {1}),
        ("headline:häuser", set()),
        ('"die alten"~2', {1}),
    ],
)
def test_an_article_is_found_by_the_inflections_of_its_language(
    engine: Engine, question: str, articles: set[int]
) -> None:
    put(
        engine,
        entry(1, "Die alten Häuser, 2025", language="de"),
        entry(2, "Письмо учителям, 2025", language="ru"),
        entry(3, "L'équipe gagne, 2025", language="fr"),
        entry(4, "Staré noviny, 2025", language="sk"),
        entry(5, "The houses die, 2025", language="en"),
        entry(6, "House, 2025", language=None),
    )
    assert set(found(engine, question)) == articles
    assert ask(engine, question).total == len(articles)


def test_highlights_mark_the_inflections_of_the_language(engine: Engine) -> None:
    put(engine, entry(1, "Die alten Häuser stehen", language="de"))
    tree = parse("Haus OR alt", today=TODAY, max_chars=100).tree
    shown = Shown(
        article=ArticleId(1), title="Haus an Haus", body_text="Die alten Häuser stehen", language="de"
    )
    (marked,) = engine.highlight(tree, [shown])
    assert marked.headline == "<mark>Haus</mark> an <mark>Haus</mark>"
    assert marked.passages == ("Die <mark>alten</mark> <mark>Häuser</mark> stehen",)


def test_a_word_in_the_headline_counts_more_than_in_the_deck_and_there_more_than_in_the_body(
    engine: Engine,
) -> None:
    filler = "other words that stand here"
    put(
        engine,
        entry(1, f"harbour {filler}", headline=filler, deck=filler),
        entry(2, f"quay {filler}", headline=filler, deck=f"harbour {filler}"),
        entry(3, f"quay {filler}", headline=f"harbour {filler}", deck=filler),
    )
    assert found(engine, "harbour") == [3, 2, 1]


def test_undated_articles_come_last_in_both_orders_of_time(engine: Engine) -> None:
    put(
        engine,
        entry(1, "x"),
        entry(2, "x", published=date(2025, 1, 2)),
        entry(3, "x", published=date(2025, 1, 1)),
        entry(4, "x", published=date(2025, 1, 2)),
    )
    assert found(engine, "x", sort=Sort.NEWEST) == [2, 4, 3, 1]
    assert found(engine, "x", sort=Sort.OLDEST) == [3, 2, 4, 1]
    assert found(engine, "x") == [1, 2, 3, 4]


def test_totals_are_exact_in_all_three_units_under_every_fold(engine: Engine) -> None:
    put(
        engine,
        entry(1, "ferry", story=1),
        entry(2, "ferry", story=1, original=1),
        entry(3, "ferry ferry", story=1),
        entry(4, "ferry", story=2),
        entry(5, "bridge", story=2, original=4),
        entry(6, "ferry", story=3, original=4),
    )
    for fold, rows in ((Fold.STORY, [2, 0, 0]), (Fold.ORIGINAL, [1, 0, 1]), (Fold.NONE, [0] * 5)):
        answer = ask(engine, "ferry", fold=fold)
        assert (answer.total, answer.total_originals, answer.total_stories) == (5, 3, 3)
        assert sorted(row.folded for row in answer.rows) == sorted(rows)
        assert sum(row.folded + 1 for row in answer.rows) == answer.total


@pytest.mark.parametrize(
    ("fold", "counts"),
    [
        (Fold.NONE, {"Business": 2, "business": 1, "Économie": 1, NONE: 2}),
        (Fold.ORIGINAL, {"Business": 1, "business": 1, "Économie": 1, NONE: 2}),
        (Fold.STORY, {"Business": 1, "business": 1, "Économie": 1, NONE: 1}),
    ],
)
def test_sections_are_counted_as_they_are_written_in_the_unit_of_the_fold(
    engine: Engine, fold: Fold, counts: dict[str, int]
) -> None:
    put(
        engine,
        entry(1, "ferry", story=1, section="Business"),
        entry(2, "ferry", story=1, section="Business", original=1),
        entry(3, "ferry", story=1, section="business"),
        entry(4, "ferry", story=4, section="Économie", sources=("Harbour Herald",)),
        entry(5, "ferry", story=5),
        entry(6, "ferry", story=5, section="none"),
        entry(7, "harbour", story=5, section="Sport"),
    )
    tree = Term(text="ferry")

    def counted(chosen: dict[Facet, frozenset[str]]) -> tuple[set[int], dict[str, int]]:
        question = Question(
            tree=tree,
            fold=fold,
            sort=Sort.NEWEST,
            first_row=0,
            rows=9,
            facets=frozenset({Facet.SECTION}),
            chosen=chosen,
        )
        found = engine.find(question)
        return {row.article for row in found.rows}, dict(found.facets[Facet.SECTION])

    assert counted({})[1] == counts
    several = frozenset({"Économie", NONE, "Sport"})
    rows, told = counted({Facet.SECTION: several})
    assert (rows >= {4, 5}, rows <= {4, 5, 6}, told) == (True, True, counts)
    assert counted({Facet.SOURCE: frozenset({"Harbour Herald"})}) == ({4}, {"Économie": 1})


def test_a_row_is_shown_by_its_best_article_in_the_chosen_order(engine: Engine) -> None:
    put(
        engine,
        entry(1, "ferry and much else beside it", story=1, published=date(2025, 1, 3)),
        entry(2, "ferry ferry", story=1, published=date(2025, 1, 2)),
        entry(3, "ferry", story=1, published=None),
    )
    for sort, best in ((Sort.BEST, 2), (Sort.RELEVANCE, 2), (Sort.NEWEST, 1), (Sort.OLDEST, 2)):
        rows = ask(engine, "ferry", fold=Fold.STORY, sort=sort).rows
        assert [(row.article, row.folded) for row in rows] == [(best, 2)]


def test_rows_that_were_given_are_left_out_whatever_became_of_their_articles(engine: Engine) -> None:
    put(
        engine,
        *(entry(number, "ferry " * number, story=number % 4) for number in range(1, 8)),
        entry(8, "bridge", story=1),
    )
    ferries = Question(tree=Term(text="ferry"), fold=Fold.STORY, sort=Sort.RELEVANCE, first_row=0, rows=2)
    assert [row.article for row in engine.find(ferries).rows] == [7, 6]
    given = (ArticleId(3), ArticleId(8), ArticleId(99))  # 8 says nothing of a ferry, and 99 is gone
    behind = engine.find(replace(ferries, given=given))
    assert ([row.article for row in behind.rows], behind.first_row, behind.before) == ([6, 4], 2, ())
    assert (behind.total_stories, behind.total) == (4, 7)
    last = engine.find(replace(ferries, given=given, first_row=1))
    assert ([row.article for row in last.rows], last.first_row, last.before) == ([4], 3, (6,))


def test_rows_by_time_go_on_behind_a_place_also_where_no_article_stands_there(engine: Engine) -> None:
    days = {1: None, 2: 3, 3: 2, 4: 2, 5: 1, 6: None}
    put(
        engine,
        *(
            entry(number, "ferry", story=number % 5, published=day and date(2025, 1, day))
            for number, day in days.items()
        ),
    )
    ferries = Question(tree=Term(text="ferry"), fold=Fold.NONE, sort=Sort.NEWEST, first_row=0, rows=9)
    for place, newest, oldest in (
        (Place(day=date(2025, 1, 2), article=ArticleId(3)), [4, 5, 1, 6], [4, 2, 1, 6]),
        (Place(day=date(2025, 1, 2), article=ArticleId(9)), [5, 1, 6], [2, 1, 6]),
        (Place(day=None, article=ArticleId(2)), [6], [6]),
    ):
        for sort, expected in ((Sort.NEWEST, newest), (Sort.OLDEST, oldest)):
            behind = engine.find(replace(ferries, sort=sort, after=place))
            assert [row.article for row in behind.rows] == expected
            assert behind.first_row == len(days) - len(expected)
    place = Place(day=date(2025, 1, 2), article=ArticleId(3))
    behind = engine.find(replace(ferries, after=place, given=(ArticleId(5),), fold=Fold.STORY))
    assert [row.article for row in behind.rows] == [4, 1]


def test_of_texts_that_answer_as_well_the_recent_one_comes_first_where_it_is_wanted(engine: Engine) -> None:
    ages = {1: None, 2: 5_000, 3: 1_000, 4: 300, 5: 31, 6: 30, 7: -1}
    put(
        engine,
        *(
            entry(number, "ferry", published=None if age is None else TODAY - timedelta(days=age))
            for number, age in ages.items()
        ),
        entry(8, "ferry ferry ferry", published=date(1987, 1, 1)),
    )
    assert found(engine, "ferry", sort=Sort.BEST) == [8, 6, 7, 4, 5, 3, 1, 2]
    assert found(engine, "ferry", sort=Sort.RELEVANCE) == [8, 1, 2, 3, 4, 5, 6, 7]
    assert found(engine, "has:headline", sort=Sort.BEST) == found(engine, "has:headline", sort=Sort.RELEVANCE)
    scores = {int(row.article): row.score for row in ask(engine, "ferry", sort=Sort.BEST).rows}
    assert [round(scores[number] / scores[1], 4) for number in (7, 5, 3, 2)] == [1.1, 1.05, 1.02, 1.0]
    last = ask(engine, "ferry", sort=Sort.BEST, first=5, rows=2).rows
    assert [row.article for row in last] == [3, 1]


def test_the_best_of_very_many_are_exact_in_every_age(engine: Engine) -> None:
    days = [TODAY - timedelta(days=n * 7 % 2_000) for n in range(1, 1_200)]
    put(
        engine, *(entry(n, f"ferry {'and ' * (n % 7)}", published=day) for n, day in enumerate(days, start=1))
    )
    whole = ask(engine, "ferry", sort=Sort.BEST, rows=2_000).rows
    scores = [round(row.score, 5) for row in whole]
    assert scores == sorted(scores, reverse=True)
    for first in (0, 300, 1_190):
        page = ask(engine, "ferry", sort=Sort.BEST, first=first, rows=10).rows
        assert [row.article for row in page] == [row.article for row in whole[first : first + 10]]


def test_pages_follow_each_other_without_gap_or_repeat(engine: Engine) -> None:
    put(engine, *(entry(n, "ferry " * (n % 4 + 1), story=n // 3 + 1) for n in range(1, 30)))
    whole = ask(engine, "ferry", fold=Fold.STORY).rows
    pages = [
        row
        for first in range(0, 12, 4)
        for row in ask(engine, "ferry", fold=Fold.STORY, first=first, rows=4).rows
    ]
    assert pages == list(whole)
    assert ask(engine, "ferry", first=100).rows == ()
    assert ask(engine, "ferry", first=100).total == 29


def test_highlights_mark_what_was_found_and_escape_the_rest(engine: Engine) -> None:
    tree = parse("summits body:leaders -berlin", today=TODAY, max_chars=200).tree
    shown = Shown(
        article=ArticleId(1),
        title="<b>Summit</b> & leaders",
        body_text="The leaders' summit in Berlin & <i>Rome</i>",
    )
    (marked,) = engine.highlight(tree, [shown])
    assert marked.headline == "&lt;b&gt;<mark>Summit</mark>&lt;/b&gt; &amp; leaders"
    assert marked.passages == (
        "The <mark>leaders</mark>&#x27; <mark>summit</mark> in Berlin &amp; &lt;i&gt;Rome&lt;/i&gt;",
    )


def test_a_title_that_is_the_deck_is_marked_for_the_deck(engine: Engine) -> None:
    tree = parse("deck:ferry headline:storm", today=TODAY, max_chars=200).tree
    shown = Shown(
        article=ArticleId(1), title="Ferry in a storm", body_text="ferry", title_from=TitleFrom.DECK
    )
    assert engine.highlight(tree, [shown])[0].headline == "<mark>Ferry</mark> in a storm"


def test_it_is_known_how_many_articles_have_a_word_as_it_is_written(engine: Engine) -> None:
    put(engine, entry(1, "Ferries and a harbour"), entry(2, "The ferry", headline="Ferry"))
    put(engine, entry(3, "Häuser", language="de"))
    asked = ["ferry", "ferries", "ferri", "harbour", "zyzzyva", "hauser", "!", ""]
    assert engine.written(asked) == [1, 1, 2, 1, 0, 1, 0, 0]
    assert engine.written([]) == []
    put(engine, entry(4, "", sources=("Evening Post", "Harbour Post"), headline="Harbour"))
    assert engine.written(["post", "harbour", "ferry"], Field.SOURCE) == [1, 1, 0]
    assert engine.written(["post", "harbour"], Field.HEADLINE) == [0, 2]


@pytest.mark.parametrize(
    ("question", "better"),
    [
        ("govenment", "government"),
        ("goverment harbuor", "government harbour"),
        ("Govenment -strike", "government -strike"),
        ("governmentt OR zyzzyva", "government OR zyzzyva"),
        ("zyzzyva", None),
        ("government strike", None),
        ("headline:govenment", None),
        ("headline:parliamnet", "headline:parliament"),
        ("headline:harbuor", None),
        ("body:parliamnet OR body:harbuor", "body:parliamnet OR body:harbour"),
        ("Byline:Jansn harbour", "Byline:jansen harbour"),
        ("Byline:Jansn strike", None),
        ('source:"harbour heralt"', 'source:"harbour herald"'),
        ("jansn", None),
        ("url:govenment", None),
        ("teh", None),
        ('"govenment"', '"government"'),
        ('-strike "the govenment of" goverment', '-strike "the government of" government'),
        ("‘the govenment’", "‘the government’"),
        ("govenment's", "government's"),
        ("https://govenment.example", None),
        ("Bürgermeisster", "bürgermeister"),
        ("burgermeisster", "burgermeister"),
        ("zürichh", "zürich"),
    ],
)
def test_a_question_that_finds_nothing_is_better_spelt(
    engine: Engine, question: str, better: str | None
) -> None:
    sources = ("Evening Post", "Harbour Herald")
    harbour = entry(
        1, "The government of the harbour", headline="Parliament", byline="Ada Jansen", sources=sources
    )
    mayor = entry(3, "Der Bürgermeister von Zürich", language="de")
    put(engine, harbour, entry(2, "Governments"), mayor)
    assert better_spelt(engine, question, parse(question, today=TODAY, max_chars=100).tree) == better


def test_a_long_phrase_is_found_in_texts_of_every_language(engine: Engine) -> None:
    phrase = "New York Stock Exchange Board of Directors meeting"
    languages = ["en", "de", "fr", "es", "it", "ru"]
    put(engine, *(entry(n, f"x {phrase} x", language=each) for n, each in enumerate(languages, 1)))
    assert sorted(found(engine, f'"{phrase}"')) == [1, 2, 3, 4, 5, 6]
    assert found(engine, f'x -"{phrase}"') == []
    assert sorted(found(engine, '"New York Stock Exchange"~6')) == [1, 2, 3, 4, 5, 6]


def test_a_thousand_alternatives_are_asked_at_once(engine: Engine) -> None:
    wordings = [f"wording{number}" for number in range(1_000)]
    put(engine, *(entry(n, each) for n, each in enumerate(wordings[::100], 1)), entry(11, "another"))
    assert sorted(found(engine, " OR ".join(wordings))) == [*range(1, 11)]
    assert found(engine, "-(" + " OR ".join(wordings) + ")") == [11]


@pytest.mark.parametrize(
    ("question", "better"),
    [
        ('"prot ellery"', '"port ellery"'),
        ("prot ellery", "port ellery"),
        ("prot", "pro"),
        ("prot -ellery", "pro -ellery"),
        ("prot zebra", None),
    ],
)
def test_a_question_is_spelt_so_that_all_of_it_finds_something(
    engine: Engine, question: str, better: str | None
) -> None:
    put(engine, entry(1, "Port Ellery"), entry(2, "pro one"), entry(3, "pro two"))
    assert better_spelt(engine, question, parse(question, today=TODAY, max_chars=100).tree) == better


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("учитиля", "учителя"),
        ("учтеля", "учителя"),
        ("נתנהו", "נתניהו"),
        ("Οδυσέας", "οδυσσέας"),
        ("القهرة", "القاهرة"),
    ],
)
def test_words_of_other_scripts_are_a_letter_away_too(engine: Engine, slip: str, meant: str) -> None:
    put(engine, entry(1, "учителя"), entry(2, "נתניהו"), entry(3, "Οδυσσέας"), entry(4, "القاهرة"))
    assert better_spelt(engine, slip, Term(text=slip)) == meant


def test_what_is_offered_is_a_word_and_not_a_stem(engine: Engine) -> None:
    put(
        engine,
        entry(1, "The climate changed"),
        entry(2, "storm"),
        entry(3, "storms and storm"),
        entry(4, "", byline="Clark"),
    )
    assert better_spelt(engine, "climaet", Term(text="climaet")) == "climate"
    assert better_spelt(engine, "stormm", Term(text="stormm")) == "storm"
    assert better_spelt(engine, "byline:clarc", Term(text="clarc", field=Field.BYLINE)) == "byline:clark"


def test_what_is_longer_than_any_word_is_not_guessed_at(engine: Engine) -> None:
    long = "abcdefghij" * 3 + "k"
    put(engine, entry(1, long))
    asked = f"z{long[1:]}"
    assert better_spelt(engine, asked, Term(text=asked)) is None

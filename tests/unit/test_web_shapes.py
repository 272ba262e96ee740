"""The JSON shapes: names as the contract has them, days and times, rounding, the address of the next page."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from urllib.parse import parse_qs, urlsplit

from app import shapes
from app.domain.article import ArticleId, Precision, Published, TitleFrom
from app.domain.query import Brief, Facet, FacetView, Fold, Results, Sort
from app.domain.views import Listing, StoryRow
from app.schema import Brief as BriefShape
from app.web.examples import EXAMPLES

BRIEF = "id title title_from source published duplicate_of"
SHAPES = {
    "search": "query interpretation notices fold sort total total_originals total_stories page page_size "
    "next next_cursor better_spelt hits "
    "facets",
    "suggestions": "query suggestions",
    "suggestions.suggestions": "question articles",
    "imported": "named new",
    "attention": "query interpretation notices by total undated periods",
    "attention.periods": "first last articles of share",
    "search.facets": "facet values more",
    "search.facets.values": "value count chosen",
    "search.hits": "score article highlights story folded newer reasons",
    "search.hits.reasons": "asked in_title in_body articles score",
    "search.hits.article": BRIEF,
    "search.hits.article.published": "date precision not_after found_in",
    "search.hits.highlights": "headline passages",
    "search.hits.story": "id headline size",
    "article": "id uri title title_from headline deck byline dateline body_text language section status wordcount url "
    "source published story story_headline duplicate_of original_because carried repeats sightings dropped "
    "furniture decisions versions",
    "article.versions": "article title received number",
    "article.repeats": "article title kind jaccard containment rule shared_words passages passages_total "
    "original_because",
    "article.repeats.passages": "words word_here word_there beginning",
    "comparison": "article other link original_because ruling jaccard containment shared_words passages only_here "
    "only_there headline deck byline paragraphs",
    "comparison.article": BRIEF,
    "comparison.link": "article title kind jaccard containment rule shared_words passages passages_total "
    "original_because",
    "comparison.passages": "words beginning here there",
    "comparison.passages.here": "start end",
    "comparison.headline": "kind here there words",
    "comparison.paragraphs": "kind here here_at there there_at words",
    "comparison.paragraphs.words": "kind text",
    "syndication": "total page page_size next article original carriers",
    "syndication.carriers": "article title carried_as source file url published received late share added_words added "
    "added_more",
    "article.sightings": "delivery file first_line last_line received source url capture published",
    "article.dropped": "line text rule",
    "article.furniture": "line articles",
    "story": "id headline first_day last_day articles related locked named split_from split_into "
    "names terms first coverage sources decisions",
    "story.coverage": "day articles originals sources so_far",
    "story.sources": "name articles",
    "story.articles": BRIEF,
    "story.related": "id headline similarity shared",
    "stories": "total page page_size next stories",
    "stories.stories": "id headline size first_day last_day",
    "sources": "total page page_size next sources",
    "sources.sources": "id name domain articles sightings",
    "deliveries": "total page page_size next deliveries",
    "deliveries.deliveries": "id started finished source drafts articles_new sightings_new duplicates rejected",
    "delivery": "delivery started finished source drafts articles_new sightings_new duplicates stories_new rejected "
    "dropped notes index files files_read items",
    "fates": "total page page_size next items",
    "fates.items": "file first_line last_line outcome article duplicate_of repeats story",
    "feeds": "total page page_size next feeds",
    "feed": "id url title source whole_pages added asked ask_next brought failures trouble articles delivery",
    "taken": "delivery outcome article duplicate_of story",
    "delivery.items": "file first_line last_line outcome article duplicate_of repeats story",
    "delivery.items.repeats": "article kind jaccard containment",
    "delivery.rejected": "file reason",
    "delivery.dropped": "file first_line last_line reason",
    "delivery.notes": "file note",
    "status": "version database articles originals stories sources deliveries index outgrown",
    "status.deliveries": "total waiting unfinished failed",
    "status.index": "engine generation bytes behind trouble",
}


def keys_at(path: str) -> set[str]:
    name, *steps = path.split(".")
    value = EXAMPLES[name].model_dump(mode="json")
    for step in steps:
        value = value[step]
        value = value[0] if isinstance(value, list) else value
    return set(value)


def test_every_shape_has_the_fields_of_the_contract() -> None:
    assert {path: keys_at(path) for path in SHAPES} == {
        path: set(names.split()) for path, names in SHAPES.items()
    }


def published(when: Published) -> dict[str, object]:
    brief = Brief(
        id=ArticleId(1),
        title="A",
        title_from=TitleFrom.TEXT,
        source=None,
        published=when,
        duplicate_of=None,
    )
    dated: dict[str, object] = BriefShape.model_validate(brief).model_dump(mode="json")["published"]
    return dated


def test_a_day_is_a_day_and_a_time_is_utc() -> None:
    abroad = datetime(2025, 10, 21, 1, 30, tzinfo=timezone(timedelta(hours=2)))
    assert published(Published(at=abroad, precision=Precision.SECOND))["date"] == "2025-10-20T23:30:00Z"
    midnight = datetime(2025, 10, 21, tzinfo=UTC)
    assert published(Published(at=midnight, precision=Precision.DAY))["date"] == "2025-10-21"
    bound = published(Published(not_after=date(2025, 10, 21), found_in="date line 3"))
    assert bound == {"date": None, "precision": None, "not_after": "2025-10-21", "found_in": "date line 3"}


def test_ratios_have_three_digits_and_scores_four() -> None:
    repeat = EXAMPLES["article"].model_dump()["repeats"][0]
    assert (repeat["jaccard"], repeat["containment"]) == (0.5, 0.667)
    assert EXAMPLES["search"].model_dump()["hits"][0]["score"] == 7.2154


def answer(total: int, page: int) -> Results:
    return Results(
        query='"a b" & ü',
        interpretation="",
        notices=(),
        fold=Fold.NONE,
        sort=Sort.NEWEST,
        total=total,
        total_originals=1,
        total_stories=1,
        page=page,
        page_size=10,
        hits=(),
    )


def test_the_next_page_is_asked_as_this_one_was() -> None:
    shaped = shapes.shape_results(answer(21, 2), published_from=date(2025, 10, 1))
    assert shaped.next is not None
    address = urlsplit(shaped.next)
    assert (address.scheme, address.netloc, address.path) == ("", "", "/api/v1/search")
    assert parse_qs(address.query) == {
        "q": ['"a b" & ü'],
        "fold": ["none"],
        "sort": ["newest"],
        "from": ["2025-10-01"],
        "page": ["3"],
        "page_size": ["10"],
    }


def test_the_next_page_is_narrowed_and_counted_by_the_same_facets() -> None:
    counted = tuple(FacetView(facet=facet, values=(), more=0) for facet in Facet)
    chosen = {Facet.SECTION: {"World & Trade", "Business"}, Facet.SOURCE: {"Bee"}}
    shaped = shapes.shape_results(replace(answer(21, 1), facets=counted), chosen=chosen)
    asked = parse_qs(urlsplit(str(shaped.next)).query)
    assert asked["section"] == ["Business", "World & Trade"]
    assert asked["source"] == ["Bee"]
    assert asked["facet"] == [
        "source",
        "section",
        "language",
        "year",
        "month",
        "day",
        "duplicate",
        "story_size",
    ]


def test_the_last_page_has_no_next() -> None:
    assert shapes.shape_results(answer(20, 2)).next is None
    assert shapes.shape_results(answer(20, 9)).next is None


def test_the_next_page_of_a_list_has_its_size() -> None:
    rows: Listing[StoryRow] = Listing(total=11, page=1, page_size=10, rows=())
    assert shapes.shape_stories(rows).next == "/api/v1/stories?page=2&page_size=10"
    assert shapes.shape_stories(replace(rows, page=2)).next is None

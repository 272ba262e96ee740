"""One small invented archive, as the examples of the API's description: made by the code that makes the answers.

Law: no example is written by hand, so that none can be wrong about a shape.
"""

from datetime import UTC, date, datetime

from app import schema, shapes
from app.domain.article import (
    ArticleId,
    DeliveryId,
    DroppedLine,
    Precision,
    Published,
    SourceId,
    StoryId,
    TitleFrom,
)
from app.domain.attention import Attention, Period, Span
from app.domain.carried import CarriedAs
from app.domain.decision import Action, Decision
from app.domain.delivery import DroppedRun, FileNote, ItemReport, Outcome, Rejection, Repeat, Report
from app.domain.diff import compare_lines, compare_paragraphs
from app.domain.evidence import OriginalBecause, find_carriage, find_common, longest_passages
from app.domain.feed import Feed, FeedId
from app.domain.fingerprint import fingerprint
from app.domain.furniture import FurnitureLine
from app.domain.likeness import compare as likeness
from app.domain.query import (
    Brief,
    Facet,
    FacetValue,
    FacetView,
    Fold,
    Highlights,
    Hit,
    Reason,
    Results,
    Sort,
    StoryRef,
    Suggestion,
)
from app.domain.status import DeliveryCounts, Footprint, IndexStanding, Status
from app.domain.views import (
    ArticleView,
    CarrierView,
    ComparisonView,
    DeliveryRow,
    DoubtfulView,
    Listing,
    RelatedView,
    RepeatView,
    SightingView,
    SourceRow,
    StoryRow,
    StoryView,
    SyndicationView,
    TimelineDay,
    Totals,
    VersionView,
)

_TITLE = "Ferry strike enters its second day"
_DAY = date(2025, 10, 21)
_NOON = datetime(2025, 10, 22, 12, 0, 5, tzinfo=UTC)
_SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_PUBLISHED = Published(at=datetime(2025, 10, 21, tzinfo=UTC), precision=Precision.DAY, found_in="date line 2")

_FIRST = Brief(
    id=ArticleId(12),
    title=_TITLE,
    title_from=TitleFrom.HEADLINE,
    source="Harbour Gazette",
    published=_PUBLISHED,
    duplicate_of=None,
)
_COPY = Brief(
    id=ArticleId(15),
    title="Crews and owners are to meet on Thursday",
    title_from=TitleFrom.DECK,
    source="Island Courier",
    published=Published(not_after=date(2025, 10, 22), found_in="date line 1"),
    duplicate_of=ArticleId(12),
)
_TEXT = "No ferry left Port Ellery on Tuesday.\n\nThe crews ask for longer rests between crossings."
_OTHER_TEXT = "No ferry left Port Ellery on Wednesday.\n\nThe crews ask for longer rests between crossings."
_LIKENESS = likeness(fingerprint(_TEXT), fingerprint(_OTHER_TEXT))
assert _LIKENESS  # noqa: S101 - or the two texts above are a bad example
_PASSAGES = longest_passages(
    _TEXT, [[(each.start, each.other_start, each.words) for each in _LIKENESS.passages]]
)[0]
_LINK = RepeatView(
    article=_COPY,
    kind=_LIKENESS.kind,
    jaccard=_LIKENESS.jaccard,
    containment=_LIKENESS.containment,
    rule=_LIKENESS.rule,
    shared_words=_LIKENESS.shared_words,
    passages=_PASSAGES,
    passages_total=len(_PASSAGES),
    original_because=OriginalBecause.PUBLISHED_FIRST,
)
_STORY = StoryRef(id=StoryId(4), headline=_TITLE, size=2)
_ROW = StoryRow(id=StoryId(4), headline=_TITLE, size=2, first_day=_DAY, last_day=_DAY)

_RESULTS = Results(
    query="ferry strike",
    interpretation="ferry AND strike",
    notices=(),
    fold=Fold.STORY,
    sort=Sort.BEST,
    total=2,
    total_originals=1,
    total_stories=1,
    page=1,
    page_size=20,
    hits=(
        Hit(
            score=7.21544,
            article=_FIRST,
            highlights=Highlights(
                headline="<mark>Ferry</mark> <mark>strike</mark> enters its second day",
                passages=("No <mark>ferry</mark> left Port Ellery on Tuesday.",),
            ),
            story=_STORY,
            folded=1,
            reasons=(
                Reason(asked="strike", in_title=1, in_body=0, articles=21, score=4.1),
                Reason(asked="ferry", in_title=1, in_body=1, articles=40, score=3.11544),
            ),
        ),
    ),
    facets=(
        FacetView(facet=Facet.MONTH, values=(FacetValue(value="2025-10", count=1, chosen=False),), more=0),
    ),
)

_ARTICLE = ArticleView(
    id=ArticleId(12),
    uri="ni:///sha-256;n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg",
    title=_TITLE,
    title_from=TitleFrom.HEADLINE,
    headline=_TITLE,
    deck="Crews and owners are to meet on Thursday",
    byline="By Ada Marsh",
    dateline="PORT ELLERY",
    body_text=_TEXT,
    language="en",
    section="Business",
    status=None,
    wordcount=14,
    url="https://gazette.example/ferry-strike",
    source="Harbour Gazette",
    published=_PUBLISHED,
    story=_STORY,
    duplicate_of=None,
    original_because=OriginalBecause.PUBLISHED_FIRST,
    carried=1,
    repeats=(_LINK,),
    repeats_total=1,
    sightings=(
        SightingView(
            delivery=DeliveryId(3),
            file="monday/ferry.txt",
            first_line=4,
            last_line=31,
            received=_NOON,
            source="Harbour Gazette",
            url="https://gazette.example/ferry-strike",
            capture=_SHA256,
            published=_PUBLISHED,
        ),
    ),
    dropped=(DroppedLine(line=2, text="Share this page", rule="page furniture"),),
    furniture=(FurnitureLine(line=3, articles=14),),
    versions=(VersionView(article=_COPY, received=_NOON), VersionView(article=_FIRST, received=_NOON)),
)

_REPORT = Report(
    delivery=DeliveryId(3),
    started=_NOON,
    finished=_NOON.replace(second=6),
    source="Harbour Gazette",
    items=(
        ItemReport(
            file="monday/ferry.txt",
            first_line=4,
            last_line=31,
            outcome=Outcome.NEW,
            article=ArticleId(12),
            duplicate_of=None,
            repeats=(
                Repeat(
                    article=_COPY.id,
                    kind=_LINK.kind,
                    jaccard=_LINK.jaccard,
                    containment=_LINK.containment,
                ),
            ),
            story=StoryId(4),
        ),
    ),
    rejected=(Rejection(file="monday/empty.txt", reason="It is empty."),),
    dropped=(DroppedRun(file="monday/ferry.txt", first_line=2, last_line=2, reason="page furniture"),),
    notes=(FileNote(file="monday/ferry.txt", note="Read as cp1252."),),
    stories_new=1,
    index=None,
    files=2,
    files_read=2,
)

_DELIVERY = DeliveryRow(
    id=DeliveryId(3),
    started=_REPORT.started,
    finished=_REPORT.finished,
    source=_REPORT.source,
    drafts=_REPORT.drafts,
    articles_new=_REPORT.articles_new,
    sightings_new=_REPORT.sightings_new,
    duplicates=_REPORT.duplicates,
    rejected=len(_REPORT.rejected),
)
_DOUBTFUL = DoubtfulView(
    article=_COPY,
    other=_FIRST,
    kind=_LINK.kind.inverse,
    jaccard=_LINK.jaccard,
    containment=_LINK.containment,
    rule=_LINK.rule,
    shared_words=_LINK.shared_words,
    doubt=0.62,
)
_SOURCE = SourceRow(
    id=SourceId(2), name="Harbour Gazette", domain="gazette.example", articles=40, sightings=44
)

_COMPARISON = ComparisonView(
    article=_FIRST,
    other=_COPY,
    link=_LINK,
    original_because=_LINK.original_because,
    ruling=None,
    common=find_common(_TEXT, _OTHER_TEXT),
    headline=compare_lines(_ARTICLE.headline, None),
    deck=compare_lines(_ARTICLE.deck, _ARTICLE.deck),
    byline=compare_lines(_ARTICLE.byline, "By Ada Marsh and Tom Rill"),
    paragraphs=compare_paragraphs(_TEXT, _OTHER_TEXT),
)
_CARRIAGE = find_carriage(fingerprint(_TEXT), _OTHER_TEXT)
_CARRIER = CarrierView(
    article=_COPY,
    carried_as=CarriedAs.REPEATS,
    source="Island Courier",
    file="tuesday/courier.txt",
    url=None,
    published=_COPY.published,
    received=_NOON,
    late=None,
    share=_CARRIAGE.share,
    added_words=_CARRIAGE.added_words,
    added=_CARRIAGE.added,
    added_more=_CARRIAGE.added_more,
)
_SYNDICATION = SyndicationView(
    asked=ArticleId(15),
    original=_FIRST,
    carriers=Listing(total=1, page=1, page_size=20, rows=(_CARRIER,)),
)

_DECISION = Decision(
    id=7,
    made=_NOON,
    action=Action.APART,
    who="Ada Marsh",
    why="Another event of the same name.",
    in_force=True,
    article=ArticleId(15),
    other=ArticleId(12),
    story=None,
    into=None,
    headline=None,
    undoes=None,
)

_FEED = Feed(
    id=FeedId(2),
    url="https://gazette.example/feed.xml",
    title="Harbour Gazette",
    source=None,
    whole_pages=False,
    added=_NOON,
    asked=_NOON,
    ask_next=_NOON.replace(minute=30),
    brought=_NOON,
    failures=0,
    trouble=None,
    articles=120,
    delivery=DeliveryId(3),
)

EXAMPLES: dict[str, schema.Shape] = {
    "decision": shapes.shape_decision(_DECISION),
    "fates": shapes.shape_fates(
        Listing(total=1, page=1, page_size=20, rows=_REPORT.items), of=3, outcome=None
    ),
    "feed": shapes.shape_feed(_FEED),
    "imported": schema.Imported(named=12, new=9),
    "feeds": shapes.shape_feeds(Listing(total=1, page=1, page_size=20, rows=(_FEED,))),
    "taken": shapes.shape_taken(_REPORT, _REPORT.items[0]),
    "decisions": shapes.shape_decisions(Listing(total=1, page=1, page_size=20, rows=(_DECISION,))),
    "search": shapes.shape_results(_RESULTS),
    "suggestions": shapes.shape_suggestions("ferry st", [Suggestion(question="ferry strike", articles=13)]),
    "attention": shapes.shape_attention(
        Attention(
            query="ferry strike",
            interpretation="ferry AND strike",
            notices=(),
            by=Span.MONTH,
            total=9,
            undated=0,
            periods=(Period(first=date(2025, 10, 1), last=date(2025, 10, 31), articles=9, of=120),),
        )
    ),
    "article": shapes.shape_article(_ARTICLE),
    "comparison": shapes.shape_comparison(_COMPARISON),
    "syndication": shapes.shape_syndication(_SYNDICATION),
    "stories": shapes.shape_stories(Listing(total=1, page=1, page_size=20, rows=(_ROW,))),
    "story": shapes.shape_story(
        StoryView(
            id=StoryId(4),
            headline=_TITLE,
            first_day=_DAY,
            last_day=_DAY,
            timeline=(TimelineDay(day=_DAY, articles=(_FIRST,)),),
            undated=(_COPY,),
            related=(
                RelatedView(
                    id=StoryId(9),
                    headline="Island shops run short of bread",
                    similarity=0.2149,
                    shared=("ferry",),
                ),
            ),
            names=("Port Ellery",),
            terms=("ferry", "strike"),
        )
    ),
    "doubtful": shapes.shape_doubtful(Listing(total=1, page=1, page_size=20, rows=(_DOUBTFUL,))),
    "sources": shapes.shape_sources(Listing(total=1, page=1, page_size=20, rows=(_SOURCE,))),
    "deliveries": shapes.shape_deliveries(Listing(total=1, page=1, page_size=20, rows=(_DELIVERY,))),
    "delivery": shapes.shape_report(_REPORT),
    "status": shapes.shape_status(
        Status(
            version="0.1.0",
            database="sqlite",
            held=Totals(articles=120, originals=90, stories=60),
            sources=9,
            deliveries=DeliveryCounts(total=12, waiting=1, unfinished=0, failed=0),
            index=IndexStanding(
                engine="whoosh", footprint=Footprint(generation=3, bytes=1_204_000), behind=2
            ),
            outgrown=None,
        )
    ),
}

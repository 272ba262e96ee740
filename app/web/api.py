"""The web API, version 1: one route for each thing the archive can be asked.

Law: a route takes its parameters, calls the archive once and shapes the answer; errors are raised, and answered by
``web/problems.py``.
"""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from app import schema, schema_compared, schema_status, shapes
from app.domain.article import ArticleId, DeliveryId, StoryId
from app.web.capture import capture_answer
from app.web.deps import (
    AttentionParameters,
    FateParameters,
    Id,
    ListParameters,
    NoParameters,
    OpenArchive,
    Pasted,
    SearchParameters,
    TypedParameters,
    given_once,
)
from app.web.openapi import CAPTURE, CSV, MERGED, answers

api = APIRouter(prefix=shapes.API, dependencies=[Depends(given_once)])


@api.get("/search", summary="Search the articles", tags=["Search"], responses=answers("search", 400))
def search(archive: OpenArchive, asked: SearchParameters) -> schema.Results:
    """Answer a question: a page of rows, and the exact size of the whole answer in articles, distinct texts and
    stories. A page past the end is empty, and its totals are right."""
    results = asked.of(archive)
    return asked.shaped(results)


@api.get(
    "/attention", summary="Follow a question over time", tags=["Search"], responses=answers("attention", 400)
)
def attention(archive: OpenArchive, asked: AttentionParameters) -> schema.Attention:
    """Count the articles that match by day, week, month or year, beside all there were at that time."""
    return shapes.shape_attention(asked.of(archive))


@api.get(
    "/attention.csv",
    summary="Follow a question over time, as a table",
    tags=["Search"],
    response_class=Response,
    responses=CSV,
)
def attention_csv(archive: OpenArchive, asked: AttentionParameters) -> Response:
    """Return the same as CSV, to be opened in a spreadsheet."""
    named = {"Content-Disposition": 'attachment; filename="attention.csv"'}
    return Response(shapes.attention_as_csv(asked.of(archive)), media_type="text/csv", headers=named)


@api.get(
    "/suggestions",
    summary="Complete a question",
    tags=["Search"],
    responses=answers("suggestions"),
)
def suggestions(archive: OpenArchive, typed: TypedParameters) -> schema.Suggestions:
    """Complete the last word of a question that is being typed, with words of recent headlines. What cannot be read yet
    is completed by nothing."""
    return shapes.shape_suggestions(typed.q, archive.suggestions(typed.q))


@api.get(
    "/articles/{article}", summary="Show an article", tags=["Articles"], responses=answers("article", 404)
)
def article(archive: OpenArchive, article: Id, _: NoParameters) -> schema.Article:
    """Return an article: its text, where it was seen, what repeats it, what was cut and why."""
    return shapes.shape_article(archive.article(ArticleId(article)))


@api.get(
    "/articles/{article}/capture",
    summary="Download the file an article came in",
    tags=["Articles"],
    response_class=Response,
    responses=CAPTURE,
)
def capture(request: Request, archive: OpenArchive, article: Id, _: NoParameters) -> Response:
    """Return the file of the article's first sighting, byte for byte as received, to be saved and not shown.
    Where an article in it is out of sight, blank lines stand in its place."""
    held = request.headers.get("if-none-match", "")
    return capture_answer(archive.capture(ArticleId(article)), held=held)


@api.get(
    "/articles/{article}/similar",
    summary="Find similar articles",
    tags=["Articles"],
    responses=answers("search", 404),
)
def similar(archive: OpenArchive, article: Id, listed: ListParameters) -> schema.Results:
    """Answer the question that the weightiest words and names of an article are, without its own story. `query` is that
    question: change it and ask `/search`."""
    question = archive.similar_question(ArticleId(article))
    return shapes.shape_results(archive.search(question, page=listed.page, page_size=listed.page_size))


@api.post("/similar", summary="Find what is like a text", tags=["Search"], responses=answers("search", 413))
def similar_to_text(archive: OpenArchive, pasted: Pasted, listed: ListParameters) -> schema.Results:
    """Answer the question that the weightiest words and names of a text are. `query` is that question. Nothing is
    kept of the text."""
    question = archive.question_about(pasted.text)
    return shapes.shape_results(archive.search(question, page=listed.page, page_size=listed.page_size))


@api.get(
    "/articles/{article}/compare/{other}",
    summary="Compare two articles",
    tags=["Articles"],
    responses=answers("comparison", 404),
)
def compare(archive: OpenArchive, article: Id, other: Id, _: NoParameters) -> schema_compared.Comparison:
    """Return any two articles side by side: what links them, and what is equal, changed, moved or on one side only."""
    return shapes.shape_comparison(archive.compare(ArticleId(article), ArticleId(other)))


@api.get(
    "/articles/{article}/syndication",
    summary="List who carried an article",
    tags=["Articles"],
    responses=answers("syndication", 404),
)
def syndication(archive: OpenArchive, article: Id, listed: ListParameters) -> schema_compared.Syndication:
    """List who carried an article, when, how late, how much of it, and what each added. Asked for a duplicate, it
    answers for its original."""
    found = archive.syndication(ArticleId(article), page=listed.page, page_size=listed.page_size)
    return shapes.shape_syndication(found)


@api.get("/stories", summary="List the stories", tags=["Stories"], responses=answers("stories"))
def stories(archive: OpenArchive, listed: ListParameters) -> schema.Stories:
    """List stories, the newest activity first."""
    return shapes.shape_stories(archive.stories(page=listed.page, page_size=listed.page_size))


@api.get(
    "/stories/{story}",
    summary="Show a story",
    tags=["Stories"],
    response_model=schema.Timeline,
    responses=answers("story", 404, 410) | MERGED,
)
def story(archive: OpenArchive, story: Id, _: NoParameters) -> schema.Timeline | Response:
    """Return a story: its articles in order of time, the undated ones last, and the stories related to it. The id of
    a story that was merged into another leads there."""
    shown = archive.story(StoryId(story))
    if shown.id != story:
        return RedirectResponse(f"{shapes.API}/stories/{shown.id}")
    return shapes.shape_story(shown)


@api.get(
    "/doubtful", summary="List the most doubtful links", tags=["Articles"], responses=answers("doubtful")
)
def doubtful(archive: OpenArchive, listed: ListParameters) -> schema.DoubtfulLinks:
    """List links that fold one article under another, the most doubtful first; not those that a person ruled about."""
    return shapes.shape_doubtful(archive.doubtful(page=listed.page, page_size=listed.page_size))


@api.get("/sources", summary="List the sources", tags=["Sources"], responses=answers("sources"))
def sources(archive: OpenArchive, listed: ListParameters) -> schema.Sources:
    """List sources by name, with how much each gave."""
    return shapes.shape_sources(archive.sources(page=listed.page, page_size=listed.page_size))


@api.get("/deliveries", summary="List the deliveries", tags=["Deliveries"], responses=answers("deliveries"))
def deliveries(archive: OpenArchive, listed: ListParameters) -> schema.Deliveries:
    """List deliveries, the newest first."""
    return shapes.shape_deliveries(archive.deliveries(page=listed.page, page_size=listed.page_size))


@api.get(
    "/deliveries/{delivery}/items",
    summary="List what became of the texts of a delivery",
    tags=["Deliveries"],
    responses=answers("fates", 404),
)
def fates(archive: OpenArchive, delivery: Id, asked: FateParameters) -> schema.Fates:
    """List the texts of a delivery in order, all of them or those of one outcome."""
    listing = asked.of(archive.delivery(DeliveryId(delivery)))
    return shapes.shape_fates(listing, of=delivery, outcome=asked.outcome)


@api.get(
    "/deliveries/{delivery}",
    summary="Show what became of a delivery",
    tags=["Deliveries"],
    responses=answers("delivery", 404),
)
def delivery(archive: OpenArchive, delivery: Id, _: NoParameters) -> schema.Report:
    """Return the report of a delivery: what became of every text, and every line that was left out."""
    return shapes.shape_report(archive.delivery(DeliveryId(delivery)))


@api.get("/status", summary="Show how the archive is", tags=["Status"], responses=answers("status"))
def status(archive: OpenArchive, _: NoParameters) -> schema_status.Status:
    """Return how much the archive holds, what waits or failed, and how the index stands to the database."""
    return shapes.shape_status(archive.status())

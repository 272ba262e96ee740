"""The pages: one route each, which asks the archive once and fills one template.

Law: a page shows what the API answers; whatever goes wrong is raised, and drawn by ``web/problems.py``.
"""

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response

from app.archive import Archive
from app.domain.article import ArticleId, DeliveryId, StoryId
from app.domain.attention import Span
from app.domain.query import Facet, Fold, Sort
from app.questions import help_entries
from app.web import columns, layout
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
from app.web.forms import checked, filled_in
from app.web.problems import EXPLAINED
from app.web.render import STATIC, count, draw, page

REPEATS = 20  # links of an article on its page, the strongest: a family can have thousands
SHOWN = (Facet.SOURCE, Facet.SECTION, Facet.LANGUAGE, Facet.YEAR, Facet.DUPLICATE, Facet.STORY_SIZE)
SUGGESTIONS = "application/x-suggestions+json"
ROOM = 11  # articles on the front page: one across, the others in pairs

pages = APIRouter(
    default_response_class=HTMLResponse, include_in_schema=False, dependencies=[Depends(given_once)]
)


@pages.get("/")
def front(request: Request, archive: OpenArchive, asked: SearchParameters) -> Response:
    """The results of a question; without one, the front page."""
    if asked.chosen:
        facets = (*SHOWN, Facet.MONTH) if asked.year or asked.month else SHOWN
        return page(request, "results.html", results=asked.of(archive, facets=facets))
    return _front(request, archive)


def _front(request: Request, archive: Archive) -> Response:
    return page(
        request,
        "front.html",
        results=archive.search("*", fold=Fold.STORY, sort=Sort.NEWEST, page=1, page_size=ROOM),
        running=layout.running(archive.stories(page=1, page_size=100)),
        totals=archive.totals(),
        outgrown=archive.outgrown,
    )


@pages.get("/attention")
def attention(request: Request, archive: OpenArchive, asked: AttentionParameters) -> Response:
    """What matches over time, as a chart and a table."""
    found = asked.of(archive)
    bars, narrowed = layout.bars(found.periods), asked.narrowed
    return page(request, "attention.html", found=found, bars=bars, spans=list(Span), narrowed=narrowed)


@pages.get("/articles/{article}")
def article(request: Request, archive: OpenArchive, article: Id, _: NoParameters) -> Response:
    """An article, and everything known about it."""
    shown = archive.article(ArticleId(article), most_repeats=REPEATS)
    return page(request, "article.html", article=shown)


@pages.get("/articles/{article}/similar")
def similar(archive: OpenArchive, article: Id, _: NoParameters) -> Response:
    """What is like an article: the answer to a question that can be read and changed."""
    return RedirectResponse(f"/?{urlencode({'q': archive.similar_question(ArticleId(article))})}")


@pages.post("/similar")
def similar_to_text(
    archive: OpenArchive, form: Annotated[Mapping[str, object], Depends(filled_in)]
) -> Response:
    """What is like a text that was pasted: the answer to a question that can be read and changed."""
    asked = {"q": archive.question_about(checked(Pasted, form).text)}
    return RedirectResponse(f"/?{urlencode(asked)}", status_code=303)


@pages.get("/articles/{article}/compare/{other}")
def compare(request: Request, archive: OpenArchive, article: Id, other: Id, _: NoParameters) -> Response:
    """Two articles side by side."""
    shown = archive.compare(ArticleId(article), ArticleId(other))
    return page(request, "compare.html", shown=shown, blocks=columns.blocks(shown.paragraphs))


@pages.get("/articles/{article}/syndication")
def syndication(request: Request, archive: OpenArchive, article: Id, listed: ListParameters) -> Response:
    """Who carried an article."""
    found = archive.syndication(ArticleId(article), page=listed.page, page_size=listed.page_size)
    return page(request, "syndication.html", shown=found, listing=found.carriers)


@pages.get("/stories")
def stories(request: Request, archive: OpenArchive, listed: ListParameters) -> Response:
    """Stories, the newest activity first."""
    return page(
        request, "stories.html", listing=archive.stories(page=listed.page, page_size=listed.page_size)
    )


@pages.get("/stories/{story}")
def story(request: Request, archive: OpenArchive, story: Id, _: NoParameters) -> Response:
    """A story on its timeline; the id of one that was merged into another leads there."""
    shown = archive.story(StoryId(story))
    if shown.id != story:
        return RedirectResponse(f"/stories/{shown.id}")
    bars, days, undated = layout.chart(shown), layout.days(shown), layout.undated(shown)
    return page(request, "story.html", story=shown, bars=bars, days=days, undated=undated)


@pages.get("/doubtful")
def doubtful(request: Request, archive: OpenArchive, listed: ListParameters) -> Response:
    """The links that are most worth a look."""
    listing = archive.doubtful(page=listed.page, page_size=listed.page_size)
    return page(request, "doubtful.html", listing=listing)


@pages.get("/sources")
def sources(request: Request, archive: OpenArchive, listed: ListParameters) -> Response:
    """Sources by name."""
    return page(
        request, "sources.html", listing=archive.sources(page=listed.page, page_size=listed.page_size)
    )


@pages.get("/deliveries")
def deliveries(request: Request, archive: OpenArchive, listed: ListParameters) -> Response:
    """Deliveries, the newest first."""
    listing = archive.deliveries(page=listed.page, page_size=listed.page_size)
    return page(request, "deliveries.html", listing=listing)


@pages.get("/deliveries/{delivery}")
def delivery(request: Request, archive: OpenArchive, delivery: Id, asked: FateParameters) -> Response:
    """What became of every text of a delivery."""
    report = archive.delivery(DeliveryId(delivery))
    return page(request, "delivery.html", report=report, outcome=asked.outcome, listing=asked.of(report))


@pages.get("/status")
def status(request: Request, archive: OpenArchive, _: NoParameters) -> Response:
    """How the archive is."""
    return page(request, "status.html", found=archive.status())


@pages.get("/help")
def explain(request: Request, _: NoParameters) -> Response:
    """The query language."""
    return page(request, "help.html", entries=help_entries())


@pages.get("/docs")
def docs(request: Request, _: NoParameters) -> Response:
    """The API for people: the same description that ``/openapi.json`` gives to programs."""
    return page(request, "docs.html", api=request.app.openapi(), kinds=EXPLAINED)


@pages.get("/opensearch.xml")
def opensearch(request: Request, _: NoParameters) -> Response:
    """What a browser needs to search here from its address bar (OpenSearch 1.1)."""
    xml = draw(request, "opensearch.xml")
    return Response(xml, media_type="application/opensearchdescription+xml")


@pages.get("/suggestions")
def suggestions(request: Request, archive: OpenArchive, typed: TypedParameters) -> Response:
    """What a question that is being typed may become, as browsers want it (OpenSearch Suggestions 1.1)."""
    found = archive.suggestions(typed.q)
    questions = [each.question for each in found]
    told = [count(each.articles, "article", "articles") for each in found]
    addresses = [f"{request.base_url}?{urlencode({'q': question})}" for question in questions]
    return JSONResponse([typed.q, questions, told, addresses], media_type=SUGGESTIONS)


@pages.get("/favicon.ico")
def favicon(_: NoParameters) -> Response:
    """The sign of the site, for clients that look for it here without reading a page."""
    return FileResponse(STATIC / "favicon.ico", headers={"Cache-Control": "public, max-age=86400"})

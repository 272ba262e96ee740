"""Decisions of people over the web: the log, deciding and undoing, for programs and as forms of the pages.

Law: a form does what the API does; it is answered with the page it came from, which then shows what changed.
"""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from app import schema, shapes
from app.domain.article import LARGEST_ID, ArticleId, StoryId
from app.domain.decision import Action, Ask, Decision, Reason
from app.web import forms
from app.web.deps import Id, NoParameters, OpenArchive, Paging, Whole, given_once
from app.web.openapi import answers
from app.web.render import page

api = APIRouter(prefix=f"{shapes.API}/decisions", tags=["Decisions"], dependencies=[Depends(given_once)])
pages = APIRouter(
    prefix="/decisions",
    default_response_class=HTMLResponse,
    include_in_schema=False,
    dependencies=[Depends(given_once)],
)

_Number = Annotated[int, Field(strict=True, ge=1, le=LARGEST_ID)]


class Said(BaseModel):
    """Who decides, and why."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    who: str = Field(description="Who decides.", max_length=1000, examples=["Ada Marsh"])
    why: str = Field(description="Why.", max_length=1000, examples=["Another event of the same name."])

    @property
    def reason(self) -> Reason:
        """Return it as the archive takes it."""
        return Reason(who=self.who.strip(), why=self.why.strip())


class Asked(Said):
    """What is to be decided. Which of the fields an action takes is said in docs/api.md; others are refused."""

    action: Action = Field(
        description="What is decided; `undo` has an address of its own.", examples=["apart"]
    )
    article: _Number | None = Field(default=None, description="The article concerned.")
    other: _Number | None = Field(default=None, description="The article it does or does not repeat.")
    story: _Number | None = Field(default=None, description="The story concerned.")
    into: _Number | None = Field(default=None, description="The story that it becomes part of.")
    articles: tuple[_Number, ...] = Field(
        default=(), description="The articles that go elsewhere.", max_length=1000
    )
    headline: str | None = Field(default=None, description="The story's new headline.", max_length=1000)

    @property
    def ask(self) -> Ask:
        """Return it as the archive takes it."""
        return Ask(
            action=self.action,
            article=ArticleId(self.article) if self.article else None,
            other=ArticleId(self.other) if self.other else None,
            story=StoryId(self.story) if self.story else None,
            into=StoryId(self.into) if self.into else None,
            articles=tuple(map(ArticleId, self.articles)),
            headline=self.headline,
        )


class Log(Paging):
    """Which decisions."""

    article: Whole | None = Field(default=None, ge=1, le=LARGEST_ID, description="Only about this article.")
    story: Whole | None = Field(default=None, ge=1, le=LARGEST_ID, description="Only about this story.")


LogParameters = Annotated[Log, Query()]


@api.get("", summary="List the decisions", responses=answers("decisions"))
def listed(archive: OpenArchive, asked: LogParameters) -> schema.Decisions:
    """List what people decided, the newest first; about one article or story where one is named."""
    article = ArticleId(asked.article) if asked.article else None
    story = StoryId(asked.story) if asked.story else None
    log = archive.decisions(article=article, story=story, page=asked.page, page_size=asked.page_size)
    return shapes.shape_decisions(log, article=article, story=story)


@api.get("/{decision}", summary="Show a decision", responses=answers("decision", 404))
def shown(archive: OpenArchive, decision: Id, _: NoParameters) -> schema.Decision:
    """Return one decision, as it stands today."""
    return shapes.shape_decision(archive.decision(decision))


@api.post(
    "", summary="Decide", status_code=201, responses=answers("decision", 403, 404, 409, 410, 413, status=201)
)
def decide(archive: OpenArchive, asked: Asked, response: Response, _: NoParameters) -> schema.Decision:
    """Carry out a decision; the answer says what was written down. It is remembered for ever, and can be undone."""
    made = archive.decide(asked.ask, asked.reason)
    response.headers["Location"] = f"{shapes.API}/decisions/{made.id}"
    return shapes.shape_decision(made)


@api.post(
    "/{decision}/undo",
    summary="Undo a decision",
    status_code=201,
    responses=answers("decision", 403, 404, 409, 410, 413, status=201),
)
def undo(
    archive: OpenArchive, decision: Id, said: Said, response: Response, _: NoParameters
) -> schema.Decision:
    """Take a decision back; what it took the place of holds again. The answer is the decision that did so."""
    made = archive.undo(decision, said.reason)
    response.headers["Location"] = f"{shapes.API}/decisions/{made.id}"
    return shapes.shape_decision(made)


Form = Annotated[Mapping[str, object], Depends(forms.filled_in)]


@pages.get("")
def log(request: Request, archive: OpenArchive, asked: LogParameters) -> Response:
    """What people decided, the newest first."""
    article = ArticleId(asked.article) if asked.article else None
    story = StoryId(asked.story) if asked.story else None
    found = archive.decisions(article=article, story=story, page=asked.page, page_size=asked.page_size)
    return page(request, "decisions.html", listing=found, article=article, story=story)


@pages.post("")
def decided(archive: OpenArchive, form: Form) -> Response:
    """Carry out what a form asks for, and lead back to what it was about."""
    asked = forms.checked(Asked, form)
    return _led_back(archive.decide(asked.ask, asked.reason), asked.who)


@pages.post("/{decision}/undo")
def undone(archive: OpenArchive, decision: Id, form: Form) -> Response:
    """Take a decision back, and lead to what it was about."""
    said = forms.checked(Said, form)
    return _led_back(archive.undo(decision, said.reason), said.who)


def _led_back(made: Decision, who: str) -> Response:
    hidden = made.action in (Action.WITHDRAW, Action.ERASE)
    if made.article and not hidden:
        place = f"/articles/{made.article}"
    elif made.story and not hidden:
        place = f"/stories/{made.story}"
    else:
        place = "/decisions"
    answered = RedirectResponse(place, status_code=303)
    forms.remember(answered, who)
    return answered

"""What ``/openapi.json`` says beyond the types: an example for every answer, and the problems each can be."""

from fastapi import FastAPI

from app.domain.article import ArticleId
from app.errors import (
    ConflictError,
    IndexUnavailableError,
    NewsfoldError,
    NotFoundError,
    ParameterError,
    QueryError,
    Trouble,
    WithdrawnError,
)
from app.web.examples import EXAMPLES
from app.web.problems import FOREIGN, TOO_LARGE, Details, Problem, details_of, problem_of

DESCRIPTION = """Every article once, every story together.

Addresses are read with GET; decisions are made with POST, from this machine.
What goes wrong is answered as `application/problem+json` (RFC 9457). Parameters that
an address does not know, or that are given twice, are refused. Times are in UTC; what is not known is null."""

TAGS = [
    {"name": "Search", "description": "Ask a question."},
    {"name": "Articles", "description": "Texts, each once."},
    {"name": "Stories", "description": "The articles about one event."},
    {"name": "Sources", "description": "Who publishes."},
    {"name": "Deliveries", "description": "What came in, and what became of it."},
    {"name": "Feeds", "description": "Subscriptions, and how they are."},
    {"name": "Decisions", "description": "What people decided, and how to decide."},
    {"name": "Status", "description": "How the archive is."},
]

# One error of each status, from which its example is made.
_ERRORS: dict[int, NewsfoldError] = {
    400: QueryError(
        'ferry "strike', (Trouble(detail="The quotation mark is never closed.", start=6, end=7),)
    ),
    404: NotFoundError("article", ArticleId(12)),
    409: ConflictError("Decision 7 was undone already, by decision 9."),
    410: WithdrawnError(12, erased=False, day="2025-10-22", reason="The agency recalled it."),
    422: ParameterError("page_size", "page_size: Input should be less than or equal to 100."),
    503: IndexUnavailableError("var/index", "is missing"),
}

# What is refused before any route is asked.
_GATES = {
    403: Problem(kind=FOREIGN, detail="This came from a page elsewhere."),
    413: Problem(kind=TOO_LARGE, detail="Send at most 64 KiB."),
}

_ANYWHERE = (422, 503)

_Response = dict[str, object]


def _problem(status: int) -> _Response:
    met = _GATES[status] if status in _GATES else problem_of(_ERRORS[status])
    example = details_of(met, instance="/api/v1/…")
    content = {
        "schema": {"$ref": f"#/components/schemas/{Details.__name__}"},
        "example": example.model_dump(mode="json", exclude_none=True),
    }
    return {"description": example.title, "content": {"application/problem+json": content}}


def answers(name: str, *problems: int, status: int = 200) -> dict[int | str, _Response]:
    """Return FastAPI's ``responses``: an answer with its status, the given problems, and those that all answers can be.

    The answer's example is only named here, and put in by ``describe``: FastAPI leaves out whatever is null.
    """
    description = (type(EXAMPLES[name]).__doc__ or "").partition(".")[0] + "."
    content = {"application/json": {"example": name}}
    described: dict[int | str, _Response] = {status: {"description": description, "content": content}}
    return described | {status: _problem(status) for status in sorted({*problems, *_ANYWHERE})}


CAPTURE: dict[int | str, _Response] = {
    200: {
        "description": "The bytes of the file.",
        "headers": {"ETag": {"description": "The SHA-256 of the bytes.", "schema": {"type": "string"}}},
        "content": {
            "text/plain": {"schema": {"type": "string", "format": "binary"}, "example": "Share this page\n…"}
        },
    },
    304: {"description": "The client holds these bytes already (If-None-Match)."},
    **{status: _problem(status) for status in (404, *_ANYWHERE)},
}


CSV: dict[int | str, _Response] = {
    200: {
        "description": "A line for each period, under a line of names.",
        "content": {
            "text/csv": {
                "schema": {"type": "string"},
                "example": "first,last,articles,of,share\r\n2025-10-01,2025-10-31,9,120,0.075\r\n",
            }
        },
    },
    **{status: _problem(status) for status in (400, *_ANYWHERE)},
}


OPML_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "text/x-opml": {
                "schema": {"type": "string"},
                "example": '<opml version="2.0"><body><outline xmlUrl="https://gazette.example/feed.xml"/></body></opml>',
            }
        },
    }
}


_BYTES = {"type": "string", "format": "binary"}
_FILES = {
    "files": {"type": "array", "items": _BYTES, "description": "The files."},
    "source": {"type": "string", "description": "The outlet they come from."},
    "split": {"type": "string", "description": "`auto` or `never`."},
    "map": {"type": "string", "description": "Which column is which field: `FIELD=COLUMN`, …"},
}
ARTICLE_BODY: dict[str, object] = {
    "requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}}
}
FILES_BODY: dict[str, object] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {"schema": {"type": "object", "properties": _FILES}},
            "application/x-ndjson": {"schema": {"type": "string"}},
            "application/octet-stream": {"schema": _BYTES},
        },
    }
}


MERGED: dict[int | str, _Response] = {
    307: {"description": "The story was merged into another; Location says which."}
}


def describe(app: FastAPI) -> None:
    """Add to the description of ``app``, whose routes are all there by now: the type of a problem, the examples."""
    problem = Details.model_json_schema(ref_template="#/components/schemas/{model}")
    parts = problem.pop("$defs")
    described = app.openapi()
    described["components"]["schemas"].update({**parts, Details.__name__: problem})
    for operation in (each for methods in described["paths"].values() for each in methods.values()):
        for status, answer in operation["responses"].items():
            content = answer.get("content", {}).get("application/json")
            if content and status in {"200", "201", "202"}:
                content["example"] = EXAMPLES[content["example"]].model_dump(mode="json")

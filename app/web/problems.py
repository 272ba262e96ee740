"""Errors as answers: RFC 9457 for programs, a page for browsers, and the one map from an error to a status.

Law: every error of ``app.errors`` is in ``KINDS``, itself or by a parent. An error nobody expected is logged, and
its answer says nothing of it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import structlog
from fastapi.exceptions import RequestValidationError
from pydantic import Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from app import errors
from app.schema import Shape
from app.web.deps import UNKNOWN
from app.web.forms import came_from
from app.web.headers import SAFE
from app.web.render import page

_log = structlog.get_logger(__name__)


class ErrorPart(Shape):
    """One thing that is wrong: in the query from ``start`` to before ``end`` (code points), or in a parameter."""

    detail: str = Field(examples=["The quotation mark is never closed."])
    start: int | None = Field(default=None, examples=[6])
    end: int | None = Field(default=None, examples=[7])
    parameter: str | None = Field(default=None, examples=["page_size"])


class Details(Shape):
    """What went wrong, as RFC 9457 has it. ``errors`` is there for a query and for parameters."""

    type: str = Field(description="Which kind of problem, with its explanation.", examples=["/docs#query"])
    title: str = Field(examples=["The question cannot be understood"])
    status: int = Field(examples=[400])
    detail: str = Field(description="What is wrong, and what to do.")
    instance: str = Field(description="The address that was asked for.", examples=["/api/v1/search"])
    errors: tuple[ErrorPart, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of problem: its status, the name it has in ``type`` ("" for none), its title, and its own headers."""

    status: HTTPStatus
    name: str
    title: str
    headers: Mapping[str, str] = field(default_factory=dict)


TOO_LARGE = Kind(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE, name="too-large", title="Too much at once")

# A missing index waits for a person, so no time to retry is given; a busy one frees itself.
KINDS: Mapping[type[Exception], Kind] = {
    errors.QueryError: Kind(
        status=HTTPStatus.BAD_REQUEST, name="query", title="The question cannot be understood"
    ),
    errors.UsageError: Kind(status=HTTPStatus.BAD_REQUEST, name="usage", title="This cannot be worked on"),
    errors.NotFoundError: Kind(status=HTTPStatus.NOT_FOUND, name="not-found", title="Not found"),
    errors.ConflictError: Kind(
        status=HTTPStatus.CONFLICT, name="conflict", title="This contradicts what was decided"
    ),
    errors.WithdrawnError: Kind(status=HTTPStatus.GONE, name="withdrawn", title="Out of sight"),
    errors.EmptiedError: Kind(status=HTTPStatus.GONE, name="emptied", title="No article in sight"),
    errors.ParameterError: Kind(
        status=HTTPStatus.UNPROCESSABLE_ENTITY, name="parameter", title="A parameter cannot be served"
    ),
    errors.IndexUnavailableError: Kind(
        status=HTTPStatus.SERVICE_UNAVAILABLE,
        name="index-unavailable",
        title="The search index is not available",
    ),
    errors.IndexBusyError: Kind(
        status=HTTPStatus.SERVICE_UNAVAILABLE,
        name="index-busy",
        title="The search index is busy",
        headers={"Retry-After": "5"},
    ),
    errors.IndexUnwritableError: Kind(
        status=HTTPStatus.SERVICE_UNAVAILABLE,
        name="index-unwritable",
        title="The search index cannot be written",
    ),
    errors.DatabaseUnavailableError: Kind(
        status=HTTPStatus.SERVICE_UNAVAILABLE,
        name="database-unavailable",
        title="The database is not available",
    ),
    errors.TooLargeError: TOO_LARGE,
    errors.NewsfoldError: Kind(
        status=HTTPStatus.INTERNAL_SERVER_ERROR, name="error", title="Newsfold is not set up right"
    ),
    Exception: Kind(
        status=HTTPStatus.INTERNAL_SERVER_ERROR, name="unexpected", title="Something went wrong here"
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One problem, ready to be answered. ``query`` is the question that ``parts`` point into, where there is one;
    ``withdrawn`` is the article that is out of sight and can be brought back."""

    kind: Kind
    detail: str
    parts: tuple[ErrorPart, ...] = ()
    query: str | None = None
    withdrawn: int | None = None

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """Where in the query the parts point."""
        return tuple((part.start, part.end or part.start) for part in self.parts if part.start is not None)


FOREIGN = Kind(status=HTTPStatus.FORBIDDEN, name="foreign", title="Not changed from there")
METHOD = Kind(status=HTTPStatus.METHOD_NOT_ALLOWED, name="method", title="Not done with this address")
HOST = Kind(status=HTTPStatus.MISDIRECTED_REQUEST, name="host", title="This server has another name")
EXPLAINED = (*KINDS.values(), FOREIGN, METHOD, HOST)

WRONG_HOST = Problem(
    kind=HOST,
    detail="Use localhost or the server's address in numbers, or name this host in NEWSFOLD_HOSTS and start it again.",
)


_NO_JSON = ErrorPart(detail="body: It is no JSON. Send one object, in UTF-8.", parameter="body")


def kind_of(error: Exception) -> Kind:
    """Return the kind of an error: its own, else that of its nearest parent."""
    return next(KINDS[parent] for parent in type(error).__mro__ if parent in KINDS)


def problem_of(error: Exception) -> Problem:
    """Return what a client is told about ``error``."""
    match error:
        case errors.QueryError():
            parts = tuple(ErrorPart(detail=t.detail, start=t.start, end=t.end) for t in error.troubles)
            return Problem(kind=kind_of(error), detail=str(error), parts=parts, query=error.query)
        case errors.ParameterError():
            part = ErrorPart(detail=str(error), parameter=error.name)
            return Problem(kind=kind_of(error), detail=str(error), parts=(part,))
        case errors.NewsfoldError():
            hidden = error if isinstance(error, errors.WithdrawnError) and not error.erased else None
            withdrawn = hidden.article if hidden else None
            return Problem(kind=kind_of(error), detail=str(error), withdrawn=withdrawn)
        case RequestValidationError():
            return _invalid(error)
        case HTTPException():
            return _http(error)
        case _:
            detail = (
                "It has been written to the log. Try again; if it happens again, report it with that log."
            )
            return Problem(kind=kind_of(error), detail=detail)


def _invalid(error: RequestValidationError) -> Problem:
    """A path that holds no id is an unknown address; all else is a parameter."""
    wrong = error.errors()
    if any(each["loc"][0] == "path" for each in wrong):
        detail = (
            "Ids are positive whole numbers without leading zeros, and this address has none that can be."
        )
        return Problem(kind=KINDS[errors.NotFoundError], detail=detail)
    parts = tuple(part for each in wrong for part in _parts(each))
    detail = " ".join(part.detail for part in parts)
    return Problem(kind=KINDS[errors.ParameterError], detail=detail, parts=parts)


def _parts(wrong: Mapping[str, Any]) -> Iterator[ErrorPart]:
    if wrong["type"] == "json_invalid":
        yield _NO_JSON
        return
    if wrong["type"] != UNKNOWN:
        name = next(
            part for part in reversed(wrong["loc"]) if isinstance(part, str)
        )  # not which of several values
        yield ErrorPart(detail=f"{name}: {wrong['msg']}.", parameter=name)
        return
    for name in wrong["ctx"]["unknown"]:
        told = f"There is no parameter {name[:40]!r} here; known are: {wrong['ctx']['known']}."
        yield ErrorPart(detail=told, parameter=name)


def _http(error: HTTPException) -> Problem:
    status = HTTPStatus(error.status_code)
    headers = dict(error.headers or {})
    match status:
        case HTTPStatus.BAD_REQUEST:  # how FastAPI calls a body that it cannot even decode
            return Problem(kind=KINDS[errors.ParameterError], detail=_NO_JSON.detail, parts=(_NO_JSON,))
        case HTTPStatus.NOT_FOUND:
            return Problem(kind=KINDS[errors.NotFoundError], detail="There is nothing at this address.")
        case HTTPStatus.METHOD_NOT_ALLOWED:
            allowed = headers.get("Allow", "GET").replace("GET", "GET, HEAD")  # the guard answers HEAD as GET
            kind = replace(METHOD, headers={**headers, "Allow": allowed})
            return Problem(kind=kind, detail=f"Ask for it with one of: {allowed}.")
        case _:
            kind = Kind(status=status, name="", title=status.phrase, headers=headers)
            return Problem(kind=kind, detail=error.detail)


def details_of(problem: Problem, *, instance: str) -> Details:
    """Return the JSON of a problem that was met at the address ``instance``."""
    return Details(
        type=f"/docs#{problem.kind.name}" if problem.kind.name else "about:blank",
        title=problem.kind.title,
        status=problem.kind.status,
        detail=problem.detail,
        instance=instance,
        errors=problem.parts or None,
    )


def answer(request: Request, problem: Problem) -> Response:
    """Return the answer: JSON under ``/api`` and to those who ask for JSON rather than HTML, else a page."""
    kind = problem.kind
    if not _wants_json(request):
        back = came_from(request) if request.method == "POST" else None
        return page(
            request, "problem.html", status=kind.status, headers=kind.headers, problem=problem, back=back
        )
    body = details_of(problem, instance=quote(request.url.path)).model_dump_json(exclude_none=True)
    return Response(body, kind.status, {**kind.headers, "Vary": "Accept"}, "application/problem+json")


def _wants_json(request: Request) -> bool:
    accept = request.headers.get("accept", "")
    return request.url.path.startswith("/api/") or ("json" in accept and "text/html" not in accept)


def refuse(request: Request, error: Exception) -> Response:
    """Answer a request that raised ``error``; an error of the server's own is logged."""
    problem = problem_of(error)
    if problem.kind.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        trace = None if isinstance(error, errors.NewsfoldError) else error
        _log.error("request_failed", path=request.url.path, problem=str(error), exc_info=trace)
    response = answer(request, problem)
    # The answer to an unexpected error is sent from outside the guard.
    response.headers.update(SAFE)
    return response


HANDLED = (errors.NewsfoldError, RequestValidationError, HTTPException, Exception)

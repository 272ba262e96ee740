"""Every error has an answer, and none says more than it should."""

import inspect

import pytest
from starlette.exceptions import HTTPException

from app import errors
from app.web.problems import KINDS, kind_of, problem_of

TREE = [
    each
    for _, each in inspect.getmembers(errors, inspect.isclass)
    if issubclass(each, errors.NewsfoldError) and each is not errors.NewsfoldError
]
# Raised only before the site is up; to a client they are a server that is not set up right.
NEVER_SERVED = {errors.SettingsError}


@pytest.mark.parametrize("error", [each for each in TREE if each not in NEVER_SERVED])
def test_every_error_has_a_kind_of_its_own(error: type[errors.NewsfoldError]) -> None:
    assert error in KINDS


@pytest.mark.parametrize("error", TREE)
def test_every_error_is_documented_by_name(error: type[errors.NewsfoldError]) -> None:
    assert error.__doc__


def test_names_of_kinds_are_unique() -> None:
    names = [kind.name for kind in KINDS.values()]
    assert len(set(names)) == len(names)


def test_a_new_error_inherits_the_kind_of_its_parent() -> None:
    class StrangerQueryError(errors.QueryError):
        pass

    assert kind_of(StrangerQueryError("x", ())) is KINDS[errors.QueryError]


def test_an_unexpected_error_tells_nothing_of_itself() -> None:
    problem = problem_of(RuntimeError("password=hunter2"))
    assert problem.kind.status == 500
    assert "hunter2" not in problem.detail


def test_a_query_error_points_into_the_query() -> None:
    error = errors.QueryError('rain "sun', (errors.Trouble(detail="Never closed.", start=5, end=6),))
    problem = problem_of(error)
    assert (problem.query, problem.spans) == ('rain "sun', ((5, 6),))


def test_headers_of_an_http_error_are_passed_on() -> None:
    problem = problem_of(HTTPException(401, headers={"WWW-Authenticate": "Basic"}))
    assert problem.kind.headers == {"WWW-Authenticate": "Basic"}


def test_what_may_be_read_may_be_asked_for_with_head() -> None:
    problem = problem_of(HTTPException(405, headers={"Allow": "GET, POST"}))
    assert problem.kind.headers == {"Allow": "GET, HEAD, POST"}

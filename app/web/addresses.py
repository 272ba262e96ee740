"""The address of an answer that differs from the one on the page: another page, another fold, one facet more or less.

Law: what is not spoken of stays as it was asked.
"""

from urllib.parse import urlencode

from starlette.requests import Request


def altered(request: Request, **changed: object) -> str:
    """Return the query string of this page with some parameters set to something else; None leaves one out."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name not in changed]
    return urlencode(kept + [(name, value) for name, value in changed.items() if value is not None])


def toggled(request: Request, name: str, value: str) -> str:
    """Return the query string of this page with a value of a parameter more or, where it is there, less; from the
    first page of the answer."""
    given = [pair for pair in request.query_params.multi_items() if pair[0] not in {"page", "cursor"}]
    pair = (name, value)
    return urlencode([each for each in given if each != pair] if pair in given else [*given, pair])

"""What a form of the pages asks for, as a browser sends it, and the name that the last one was signed with.

Law: a form that decides offers several actions and carries the fields of each as ``action.field``; only those of the
action that was chosen count.
"""

import re
from collections.abc import Iterable, Mapping
from typing import TypeVar
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from app.errors import ParameterError

ENCODING = "application/x-www-form-urlencoded"
_MOST_FIELDS = 2_000
_TEXTS = frozenset({"action", "who", "why", "headline", "url", "source", "whole_pages", "text"})
_WHO = "newsfold_who"
_A_YEAR_S = 365 * 24 * 60 * 60

Model = TypeVar("Model", bound=BaseModel)


async def filled_in(request: Request) -> Mapping[str, object]:
    """Return the fields of the form that a request brings; raise ``ParameterError`` where it brings none."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != ENCODING:
        raise ParameterError("form", f"form: This address takes a form ({ENCODING}); programs use /api/v1.")
    return fields_of(await request.body())


def fields_of(body: bytes) -> Mapping[str, object]:
    """Return what a form says: ``action``, ``who``, ``why`` and the fields of that action, without the empty ones.

    ``articles`` are all that were ticked or written in a row; every other field stands there once. Raises
    ``ParameterError``.
    """
    try:
        pairs = parse_qsl(body.decode("ascii"), max_num_fields=_MOST_FIELDS, errors="strict")
    except ValueError as error:
        raise ParameterError("form", "form: It cannot be read. Send it from the page again.") from error
    given = [(name, text.strip()) for name, text in pairs if text.strip()]
    chosen = next((text for name, text in given if name == "action"), "")
    fields: dict[str, object] = {}
    articles: list[object] = []
    for name, text in _concerning(chosen, given):
        if name == "articles":
            articles += [_number(part) for part in re.split(r"[\s,;]+", text) if part]
        elif name in fields:
            raise ParameterError(name, f"{name}: It is given twice; give it once.")
        else:
            fields[name] = text if name in _TEXTS else _number(text)
    return {**fields, "articles": articles} if articles else fields


def _concerning(chosen: str, given: Iterable[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    """Yield the fields that stand for all actions, and those of the one that was chosen, without its name."""
    for name, text in given:
        action, dot, field = name.partition(".")
        if not dot or action == chosen:
            yield field if dot else name, text


def _number(text: str) -> object:
    """Return the number that is written there; else the text, for the model to refuse."""
    return int(text) if re.fullmatch(r"[1-9][0-9]{0,18}", text) else text


def checked(model: type[Model], fields: Mapping[str, object]) -> Model:
    """Return the fields of a form as the API takes them; raise ``ParameterError`` for the first that is wrong."""
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "form"
        raise ParameterError(name, f"{name}: {first['msg']}.") from error


def remembered(request: Request) -> str:
    """Return the name that the last form was signed with, or nothing."""
    return unquote(request.cookies.get(_WHO, ""))


def remember(response: Response, who: str) -> None:
    """Let the browser keep a name for the next form; it sends it nowhere but here."""
    response.set_cookie(_WHO, quote(who), max_age=_A_YEAR_S, httponly=True, samesite="strict")


def came_from(request: Request) -> str | None:
    """Return the address on this site of the page whose link or form led here, or None where that is not known."""
    came = urlsplit(request.headers.get("referer", ""))
    if came.scheme not in {"http", "https"} or came.netloc != request.headers.get("host"):
        return None
    path = "/" + came.path.lstrip("/\\")  # with two of them it would be the address of another host
    return path + (f"?{came.query}" if came.query else "")

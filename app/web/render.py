"""From a template to a page: the Jinja environment, its filters, and the addresses of static files.

Law: everything is escaped but what the archive hands over as HTML, and of that only ``<mark>`` gets through.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from app.domain.query import Facet
from app.domain.text import TURNS
from app.questions import plain_words
from app.web import layout
from app.web.addresses import altered, toggled
from app.web.forms import remembered
from app.web.wording import facet_name, facet_value

_HERE = Path(__file__).parent
STATIC = _HERE / "static"
_FORM = ("q", "fold", "sort", "from", "to", "explain")
_BACKTICKS = re.compile(r"`([^`]+)`")
_NAMED = re.compile(r"\b(Article|Story|Decision)(?:s|ies)?((?: |, )\d+)+", re.IGNORECASE)
_ADDRESSES = {"article": "/articles/", "story": "/stories/", "decision": "/decisions#decision-"}
_NOT_MARK = re.compile(r"<(?!/?mark>)")


class Assets(StaticFiles):
    """The static files. Asked for by content (``?v=``), they never change and are kept by the browser for good."""

    def __init__(self) -> None:
        super().__init__(directory=STATIC)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file, 304 or 404, as the base class does, and how long it may be kept."""
        response = await super().get_response(path, scope)
        kept = "public, max-age=31536000, immutable" if b"v=" in scope["query_string"] else "no-cache"
        response.headers["Cache-Control"] = kept
        return response


@cache
def asset(name: str) -> str:
    """Return the address of a static file, which changes with its content."""
    version = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={version}"


def marked(html: str) -> Markup:
    """Return highlights as they are, but for tags other than ``<mark>``: a second lock, should the first fail."""
    return Markup(_NOT_MARK.sub("&lt;", html))  # noqa: S704 - it is escaped where it is made, and checked here


def code(text: str) -> Markup:
    """Return a plain text as HTML, with what stands between backticks as code."""
    return Markup(_BACKTICKS.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped in this line


def linked(sentence: str) -> Markup:
    """Return a sentence about articles, stories and decisions as HTML, in which their numbers lead to them; what
    stands in quotation marks is left as it is."""
    told, mark, quoted = sentence.partition("“")
    return Markup(_NAMED.sub(_led, str(escape(told)))) + mark + quoted  # noqa: S704 - escaped in this line


def _led(named: re.Match[str]) -> str:
    address = _ADDRESSES[named[1].lower()]
    return re.sub(r"\d+", lambda number: f'<a href="{address}{number[0]}">{number[0]}</a>', named[0])


def bdi(text: str) -> Markup:
    """Return what others wrote as HTML that turns no text around it: signs that set the direction of writing end where
    it ends."""
    return Markup("<bdi>{}</bdi>").format(text)


def straight(text: str) -> str:
    """Return a sentence of ours, or a title, without the signs that set the direction of writing: where it quotes what
    others wrote, they would turn its own words."""
    return TURNS.sub("", text)


def day(value: date) -> str:
    """Return a day as a newspaper writes it: 21 October 2025."""
    return f"{value.day} {value:%B %Y}"


def moment(value: datetime) -> str:
    """Return a time as a newspaper writes it: 21 October 2025, 09:30 UTC."""
    return f"{day(value.astimezone(UTC))}, {clock(value)}"


def clock(value: datetime) -> str:
    """Return a time of day: 09:30 UTC."""
    return f"{value.astimezone(UTC):%H:%M} UTC"


def count(number: int, one: str, many: str) -> str:
    """Return a number with its noun: 1 story, 1,204 stories."""
    return f"{number:,} {one if number == 1 else many}"


def percent(share: float) -> str:
    """Return a share as whole per cent; what is not quite all or nothing is not called so."""
    return f"{min(99, max(1, round(share * 100))) if 0 < share < 1 else round(share * 100)}%"


def pretty(value: object) -> str:
    """Return a JSON value as a person reads it."""
    return json.dumps(value, indent=2, ensure_ascii=False)


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"asset": asset, "count": count, "slices": layout.slices, "remembered": remembered}
    made.globals |= {"altered": altered, "toggled": toggled, "plain_words": plain_words}
    made.filters |= {
        "marked": marked,
        "bdi": bdi,
        "straight": straight,
        "day": day,
        "moment": moment,
        "clock": clock,
        "code": code,
        "linked": linked,
        "percent": percent,
    }
    made.filters |= {"pretty": pretty, "paragraphs": layout.paragraphs, "query": urlencode}
    made.filters |= {"facet_name": facet_name, "facet_value": facet_value}
    made.tests["facet"] = lambda name: name in list(Facet)
    return made


_TEMPLATES = _environment()


def draw(request: Request, template: str, **context: object) -> str:
    """Return a template filled in. Every page knows its address and what the search form was sent with."""
    form = {name: request.query_params.get(name, "") for name in _FORM}
    return _TEMPLATES.get_template(template).render(request=request, form=form, **context)


def page(
    request: Request,
    template: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **context: object,
) -> HTMLResponse:
    """Return a page."""
    return HTMLResponse(draw(request, template, **context), status, {**(headers or {}), "Vary": "Accept"})

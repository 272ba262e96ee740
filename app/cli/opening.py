"""What commands share: the archive they open, the settings they read, the arguments they take."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated

import typer

from app.archive import Archive, open_archive
from app.collector import collect_seldom
from app.config import Settings, load_settings
from app.domain.article import LARGEST_ID
from app.domain.query import Facet
from app.domain.views import LAST_PAGE
from app.errors import ParameterError, UsageError
from app.intake.fields import named_columns
from app.logs import configure_logs

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object, the same as the API's.")]
Only = Annotated[
    list[str] | None,
    typer.Option(help="Narrow it, as in --only language=de; can be given several times."),
]
Id = Annotated[int, typer.Argument(min=1, max=LARGEST_ID)]
PageNumber = Annotated[int, typer.Option(min=1, max=LAST_PAGE, help="The page, from 1.")]


@contextmanager
def opened() -> Iterator[Archive]:
    """Open the archive that the environment names, while the block runs."""
    with open_archive(settings_of_environment()) as archive:
        yield archive


def settings_of_environment() -> Settings:
    """Return the settings of the environment, with the process set up as they say."""
    settings = load_settings()
    configure_logs(settings.log_level)
    collect_seldom()
    return settings


def check_text(text: str, what: str) -> None:
    """Refuse an argument whose bytes were no text."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise UsageError(f"{what} holds bytes that are no UTF-8. Write it in UTF-8.") from error


def chosen_of(narrowings: Sequence[str]) -> dict[Facet, frozenset[str]]:
    """Return what is chosen of each facet, from arguments like ``language=de``."""
    chosen: dict[Facet, frozenset[str]] = {}
    for given in narrowings:
        check_text(given, "What --only was given")
        name, _, value = given.partition("=")
        if not value or name not in list(Facet):
            raise UsageError(
                f"--only {given}: write a facet, an equals sign and a value, as in --only language=de. "
                f"Facets are {', '.join(Facet)}."
            )
        facet = Facet(name)
        chosen[facet] = chosen.get(facet, frozenset()) | {value}
    return chosen


Columns = Annotated[
    list[str] | None,
    typer.Option(
        "--map", metavar="FIELD=COLUMN", help="Which column of an export is which field; several times."
    ),
]


def columns_of(named: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return which column stands for which field; raise ``UsageError`` for a field that there is not."""
    try:
        return named_columns(named)
    except ParameterError as error:
        raise UsageError(f"--{error}") from error

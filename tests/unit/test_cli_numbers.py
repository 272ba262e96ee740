"""Numbers on the command line: each is refused where no database could hold it, before anything is opened."""

import re
from collections.abc import Iterator
from typing import get_args, get_type_hints

import pytest
import typer
from typer.models import OptionInfo
from typer.testing import CliRunner

from app.cli.main import app

HUGE = "99999999999999999999"


def whole_numbers(commands: typer.Typer, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the words that give a huge number to a command, for each that takes one."""
    for group in commands.registered_groups:
        if group.typer_instance is not None:
            yield from whole_numbers(group.typer_instance, (*path, str(group.name)) if group.name else path)
    for command in commands.registered_commands:
        if command.callback is None:
            continue
        words = (*path, command.name or command.callback.__name__)
        for name, hint in get_type_hints(command.callback, include_extras=True).items():
            taken, told = (*get_args(hint), None, None)[:2]
            # A search says itself which pages there are.
            if (taken is int or int in get_args(taken)) and words != ("search",):
                option = isinstance(told, OptionInfo)
                yield (*words, f"--{name.replace('_', '-')}={HUGE}" if option else HUGE)


@pytest.mark.parametrize("words", list(whole_numbers(app)), ids=" ".join)
def test_a_number_that_is_too_large_is_refused_with_its_range(words: tuple[str, ...]) -> None:
    answer = CliRunner(env={"COLUMNS": "200"}).invoke(app, words)
    assert answer.exit_code == 2
    assert re.search(
        "less than or equal to|is not in the range", answer.output
    )  # as this typer, and older ones, say it

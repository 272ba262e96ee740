"""The terminal: what is said on it, how progress is shown, how trouble is told.

Law: with ``--json`` standard output holds one object and nothing else; progress, logs and errors go to standard error.
Text out of the archive is never read as markup or as control codes.
"""

import contextlib
import sys
import unicodedata
from collections.abc import Iterator

from pydantic import BaseModel
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from app.progress import Progress as Told
from app.progress import silent

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def plain(text: str) -> str:
    """Return ``text`` without control characters, which a terminal would obey."""
    return "".join(
        "\ufffd" if unicodedata.category(char) == "Cc" and char not in "\n\t" else char for char in text
    )


def say(text: str = "", style: str = "") -> None:
    """Print a line."""
    out.print(Text(plain(text), style=style))


def complain(text: str) -> None:
    """Print a line about trouble."""
    err.print(Text(plain(text), style="bold red"))


def print_json(shape: BaseModel) -> None:
    """Print one JSON object."""
    sys.stdout.buffer.write(
        shape.model_dump_json(indent=2).encode() + b"\n"
    )  # JSON is UTF-8 wherever it goes
    sys.stdout.flush()


@contextlib.contextmanager
def progress_bar() -> Iterator[Told]:
    """Show a bar on standard error while the block runs, where that is a terminal."""
    if not err.is_terminal:
        yield silent
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        tasks: dict[str, object] = {}

        def tell(what: str, done: int, total: int | None) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total)
            bar.update(tasks[what], completed=done, total=total)  # type: ignore[arg-type]  # TaskID is not exported

        yield tell

"""What `newsfold compare` prints for people: two articles, with the changed words in the brackets of a word diff."""

from collections.abc import Iterable
from itertools import groupby

from rich.text import Text

from app.cli.tables import counted, cut, told
from app.cli.terminal import out, plain, say
from app.domain.diff import Line, Row, RowKind
from app.domain.views import ComparisonView
from app.domain.wording import Run, RunKind

_ONLY_HERE = ("[-", "-]", "red")
_ONLY_THERE = ("{+", "+}", "green")


def print_comparison(shown: ComparisonView) -> None:
    """Print what links two articles, and what differs; what is alike is only counted."""
    say(f"A  {shown.article.id:>6}  {cut(shown.article.title)}", "bold")
    say(f"B  {shown.other.id:>6}  {cut(shown.other.title)}", "bold")
    say(_between(shown))
    for made in shown.rulings:
        say(f"Decision {told(made)}")
    common = shown.common
    say(
        f"Jaccard {common.jaccard:.2f}, containment {common.containment:.2f}; "
        f"{counted(len(common.passages), 'passage', 'passages')} in common, "
        f"{counted(common.shared_words, 'word', 'words')} of the shorter one.",
        "dim",
    )
    say("Only in A: [-words-]; only in B: {+words+}.", "dim")
    for name, line in (("headline", shown.headline), ("deck", shown.deck), ("byline", shown.byline)):
        _print_line(name, line)
    for alike, rows in groupby(shown.paragraphs, key=lambda row: row.kind is RowKind.EQUAL):
        if alike:
            say(f"… {counted(len(list(rows)), 'paragraph', 'paragraphs')} alike …", "dim")
        else:
            _print_rows(rows)


def _between(shown: ComparisonView) -> str:
    said = ["Not linked: their texts gave no reason."]
    if shown.article.id == shown.other.id:
        said = ["An article beside itself."]
    elif shown.link:
        said = [f"Linked ({shown.link.kind.value}): {shown.link.rule}."]
    if shown.kept:
        said.append(shown.kept)
    return " ".join(said)


def _print_line(name: str, line: Line) -> None:
    if line.kind is not RowKind.EQUAL:
        say(f"{name}:", "dim")
        out.print(_worded(line.words or _alone(line.here, line.there)))


def _print_rows(rows: Iterable[Row]) -> None:
    for row in rows:
        here, there = row.here, row.there
        if here and there and row.kind is RowKind.MOVED:
            say(f"moved: paragraph {here.first} of A, {there.first} of B", "dim")
            out.print(_worded(row.words or [Run(kind=RunKind.EQUAL, text=here.text)]))
        else:
            out.print(
                _worded(row.words or _alone(here.text if here else None, there.text if there else None))
            )
        say()


def _alone(here: str | None, there: str | None) -> list[Run]:
    sides = ((RunKind.ONLY_HERE, here), (RunKind.ONLY_THERE, there))
    return [Run(kind=kind, text=text) for kind, text in sides if text is not None]


def _worded(words: Iterable[Run]) -> Text:
    text = Text()
    for run in words:
        match run.kind:
            case RunKind.EQUAL:
                text.append(plain(run.text))
            case RunKind.ONLY_HERE:
                _append(text, run.text, *_ONLY_HERE)
            case RunKind.ONLY_THERE:
                _append(text, run.text, *_ONLY_THERE)
    return text


def _append(text: Text, words: str, opening: str, closing: str, style: str) -> None:
    text.append(f"{opening}{plain(words)}{closing}", style=style)

"""What a delivery, or a dry run, is printed as: a table where the terminal has room for it, else a list by file."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from app.cli.tables import counted, cut
from app.cli.terminal import out, say
from app.domain.delivery import DraftPlace, DroppedRun, IndexState, ItemReport, Report

_FILE = 44  # columns for the name of a file
_LINKS = 3
_WIDEST = 1_000


def print_report(report: Report) -> None:
    """Print what became of a delivery."""
    table = _table(report.items)
    wanted = Measurement.get(out, out.options.update(width=_WIDEST), table).maximum
    if wanted > out.width:
        _print_list(report.items)
    elif report.items:
        out.print(table)
    for file, runs in groupby(report.dropped, key=lambda run: run.file):
        say(f"left out of {file}: lines {_lines(runs)}", "dim")
    for note in report.notes:
        say(f"note: {note.file}: {note.note}", "yellow")
    for rejection in report.rejected:
        say(f"rejected: {rejection.file}: {rejection.reason}", "red")
    say(_summary(report), "bold")


def _table(items: Iterable[ItemReport]) -> Table:
    table = Table("file", "lines", "outcome", "article", "repeats", "story", box=None, header_style="dim")
    for each in items:
        table.add_row(
            Text(cut(each.file, _FILE)),
            _span(each),
            each.outcome.value,
            str(each.article or "–"),
            Text(", ".join(_links(each))),
            str(each.story or "–"),
        )
    return table


def _print_list(items: Iterable[ItemReport]) -> None:
    for file, rows in groupby(items, key=lambda each: each.file):
        say(file, "bold")
        for each in rows:
            ids = (("article", each.article), ("story", each.story))
            fate = [each.outcome.value, *(f"{what} {id_}" for what, id_ in ids if id_)]
            say(f"  {_span(each)}: {', '.join(fate)}")
            for link in _links(each):
                say(f"    {link}")


def _links(each: ItemReport) -> Iterator[str]:
    """Yield what a text repeats; in a dry run other drafts are named by their lines."""
    links = [f"{link.kind.value} {link.article}" for link in each.repeats]
    links += [f"{link.kind.value} {_draft(link.draft)}" for link in each.repeats_in_run]
    if each.seen_in_run:
        links.insert(0, f"same as {_draft(each.seen_in_run)}")
    yield from links[:_LINKS]
    if len(links) > _LINKS:
        yield f"+{len(links) - _LINKS}"


def _draft(place: DraftPlace) -> str:
    return f"{cut(place.file, _FILE)} {_span(place)}"


def _span(place: ItemReport | DraftPlace) -> str:
    return f"{place.first_line}–{place.last_line}"


def _lines(runs: Iterable[DroppedRun]) -> str:
    """Return runs of lines as a reader names them: neighbours as one, whatever their reasons."""
    spans: list[tuple[int, int]] = []
    for run in runs:
        if spans and spans[-1][1] + 1 == run.first_line:
            spans[-1] = (spans[-1][0], run.last_line)
        else:
            spans.append((run.first_line, run.last_line))
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in spans)


def _summary(report: Report) -> str:
    begun = f"Delivery {report.delivery}" if report.delivery else "Dry run, nothing was archived"
    text = (
        f"{begun}: {counted(report.drafts, 'draft', 'drafts')}, "
        f"{counted(report.articles_new, 'new article', 'new articles')} "
        f"({counted(report.duplicates, 'duplicate', 'duplicates')}), "
        f"{counted(report.sightings_new, 'new sighting', 'new sightings')}, "
        f"{counted(report.stories_new, 'new story', 'new stories')}, {len(report.rejected):,} rejected."
    )
    if report.dropped:
        text += " Why each line was left out: --json, or `newsfold split FILE`."
    if report.index is IndexState.BEHIND:
        return text + " The index is behind: `newsfold serve` catches up, `newsfold check` says more."
    return text

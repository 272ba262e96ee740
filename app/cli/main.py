"""The command line: each command parses, calls one use case, and prints.

Exit status: 0 done, 1 trouble with what was asked for (some files rejected, database and index differ, no such id),
2 wrong usage.
"""

import errno
import io
import os
import re
import socket
import sys
import time
from contextlib import suppress
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from rich.cells import cell_len

import app as package
from app import shapes
from app.archive import open_archive
from app.cli import decide, feeds, tables
from app.cli.beside import print_comparison
from app.cli.opening import (
    AsJson,
    Columns,
    Id,
    Only,
    check_text,
    chosen_of,
    columns_of,
    opened,
    settings_of_environment,
)
from app.cli.report import print_report
from app.cli.shapes import shape_agreement, shape_furniture, shape_reading, shape_regrouped, shape_rehearsal
from app.cli.terminal import complain, print_json, progress_bar, say
from app.config import MOST_HEAD_BYTES
from app.domain.article import ArticleId, DeliveryId, StoryId
from app.domain.attention import Span
from app.domain.delivery import Report
from app.domain.query import Facet, Fold, Sort
from app.errors import NewsfoldError, ParameterError, QueryError, SettingsError, UsageError
from app.ingest.watching import Watched
from app.intake import Manner, Reading, Split

app = typer.Typer(
    name="newsfold",
    help="An archive and search service for news: every article once, every story together.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

app.add_typer(decide.commands)
index = typer.Typer(help="Say what answers searches.", no_args_is_help=True)
app.add_typer(index, name="index")
app.add_typer(feeds.commands, name="feeds")


def main() -> None:
    """Run a command; tell trouble in a sentence and not in a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(
                errors="backslashreplace"
            )  # a terminal that cannot show a sign gets its number
    try:
        app()
    except NewsfoldError as error:
        complain(str(error))
        if isinstance(error, QueryError):
            _point_at(error)
        usage = (SettingsError, UsageError, QueryError, ParameterError)
        raise SystemExit(2 if isinstance(error, usage) else 1) from error
    except BrokenPipeError as error:  # the reader of a pipe has gone, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        raise SystemExit(1) from error


def _point_at(error: QueryError) -> None:
    """Show where in the query the trouble is."""
    query = re.sub(r"\s", " ", error.query)  # on one line, so that what is below it points into it
    for trouble in error.troubles:
        before, wrong = (cell_len(query[a:b]) for a, b in ((0, trouble.start), (trouble.start, trouble.end)))
        complain(f"  {query}")
        complain("  " + " " * before + "^" * max(1, wrong))


def _tell(report: Report, as_json: bool) -> None:
    """Print the report of a delivery, and end with the status it deserves."""
    if as_json:
        print_json(shapes.shape_report(report) if report.delivery else shape_rehearsal(report))
    else:
        print_report(report)
    raise typer.Exit(1 if report.rejected else 0)


@app.command()
def ingest(
    given: Annotated[
        list[str],
        typer.Argument(
            metavar="PATHS...",
            help="Files and folders, http:// and https:// addresses, - for standard input.",
            show_default=False,
        ),
    ],
    source: Annotated[str | None, typer.Option(help="The outlet the files come from.")] = None,
    split: Annotated[
        Split, typer.Option(help="Cut files that hold several articles, or never.")
    ] = Split.AUTO,
    columns: Columns = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report, and archive nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Take in files, folders and pages of the web, and report what became of every article in them."""
    manner = Manner(split=split, columns=columns_of(columns or []))
    addresses = [each for each in given if each.startswith(("http://", "https://"))]
    paths = [Path(each) for each in given if each not in addresses and each != "-"]
    for path in paths:
        if not os.path.lexists(path):
            raise UsageError(f"There is no file or folder {path}. Check the name.")
    check_text(source or "", "--source")
    if source is not None and not source.strip():
        raise UsageError("--source is empty. Name the outlet, or leave the option out.")
    with opened() as archive, progress_bar() as progress:
        take = archive.rehearse if dry_run else archive.ingest
        name = source.strip() if source else None
        stdin = sys.stdin.buffer if "-" in given else None
        with archive.gathered(addresses, stdin, progress=progress) as found:
            report = take(paths, also=found, source=name, manner=manner, progress=progress)
        outgrown = archive.outgrown
    if outgrown:
        complain(outgrown)
    _tell(report, as_json)


@app.command()
def watch(
    folder: Annotated[Path, typer.Argument(help="The folder.", show_default=False)],
    source: Annotated[str | None, typer.Option(help="The outlet the files come from.")] = None,
    split: Annotated[
        Split, typer.Option(help="Cut files that hold several articles, or never.")
    ] = Split.AUTO,
    every: Annotated[float, typer.Option(min=0.2, max=3600, help="Seconds between two looks.")] = 2.0,
) -> None:
    """Take in every file that is put into a folder, until it is stopped with Ctrl-C; the files stay there."""
    check_text(source or "", "--source")
    if not folder.is_dir():
        raise UsageError(f"There is no folder {folder}. Check the name.")
    watched, manner = Watched(folder), Manner(split=split)
    say(f"Watching {folder} (Ctrl-C stops it).")
    with opened() as archive, suppress(KeyboardInterrupt):
        while True:
            if fresh := watched.fresh():
                print_report(archive.ingest(fresh, source=source, manner=manner))
            time.sleep(every)


@app.command()
def retry(
    delivery: Id,
    as_json: AsJson = False,
) -> None:
    """Read again what a delivery rejected: after an update, an extra was installed, or a limit was raised."""
    with opened() as archive, progress_bar() as progress:
        report = archive.retry(DeliveryId(delivery), progress=progress)
    _tell(report, as_json)


@app.command()
def reread(
    everything: Annotated[
        bool, typer.Option("--all", help="Also what this version has read itself.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Read the kept captures again after the rules have changed; articles with equal text keep their ids."""
    with opened() as archive, progress_bar() as progress:
        report = archive.reread(everything=everything, progress=progress)
    _tell(report, as_json)


@app.command()
def furniture(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report, and change nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Learn which lines sources print in one article after the other; leave them out of comparison and search."""
    with opened() as archive, progress_bar() as progress:
        learn = archive.rehearse_furniture if dry_run else archive.learn_furniture
        report = learn(progress=progress)
    if as_json:
        print_json(shape_furniture(report))
    else:
        tables.print_furniture(report, rehearsed=dry_run)


@app.command()
def regroup(as_json: AsJson = False) -> None:
    """Weigh all articles by what the archive holds now, and group its stories anew: when it has grown many times."""
    with opened() as archive, progress_bar() as progress:
        report = archive.regroup(progress=progress)
    if as_json:
        print_json(shape_regrouped(report))
    else:
        tables.print_regrouped(report)


@app.command("split")
def split_(
    file: Annotated[Path, typer.Argument(help="One file.", show_default=False)],
    split: Annotated[Split, typer.Option(help="As for ingest.")] = Split.AUTO,
    columns: Columns = None,
    as_json: AsJson = False,
) -> None:
    """Show how a file would be read: where articles begin, what is left out, and why. Takes nothing in."""
    if not file.is_file():
        raise UsageError(f"There is no file {file}. Name one file.")
    with opened() as archive:
        reading = archive.preview(file, manner=Manner(split=split, columns=columns_of(columns or [])))
    if not isinstance(reading, Reading):
        raise NewsfoldError(f"{file.name} would be rejected. {reading.reason}")
    if as_json:
        print_json(shape_reading(file.name, reading))
    else:
        tables.print_preview(reading)


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="The question; see `newsfold serve` and its help page.")],
    fold: Annotated[Fold, typer.Option(help="What one row stands for.")] = Fold.STORY,
    sort: Annotated[Sort, typer.Option(help="The order of the rows.")] = Sort.BEST,
    page: Annotated[int, typer.Option(help="The page, from 1.")] = 1,
    page_size: Annotated[int, typer.Option(help="Rows on a page, up to 100.")] = 20,
    published_from: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"])] = None,
    published_to: Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"])] = None,
    facets: Annotated[
        list[Facet] | None,
        typer.Option("--facet", help="Count the answer by it; can be given several times."),
    ] = None,
    only: Only = None,
    explain: Annotated[bool, typer.Option("--explain", help="Say of each row why it stands there.")] = False,
    as_json: AsJson = False,
) -> None:
    """Answer a question."""
    check_text(query, "The query")
    chosen = chosen_of(only or [])
    first = published_from.date() if published_from else None
    last = published_to.date() if published_to else None
    with opened() as archive:
        results = archive.search(
            query,
            fold=fold,
            sort=sort,
            page=page,
            page_size=page_size,
            published_from=first,
            published_to=last,
            chosen=chosen,
            facets=facets or (),
            explain=explain,
        )
    if as_json:
        print_json(shapes.shape_results(results, published_from=first, published_to=last, chosen=chosen))
    else:
        tables.print_results(results)


@app.command()
def attention(
    query: Annotated[str, typer.Argument(help="The question; see `newsfold serve` and its help page.")] = "*",
    by: Annotated[Span, typer.Option(help="How long a period is; weeks begin on Monday.")] = Span.MONTH,
    published_from: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"])] = None,
    published_to: Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"])] = None,
    only: Only = None,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Print a table for spreadsheets and programs.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Follow a question over time: how many articles match, and of how many."""
    check_text(query, "The query")
    with opened() as archive:
        found = archive.attention(
            query,
            by=by,
            published_from=published_from.date() if published_from else None,
            published_to=published_to.date() if published_to else None,
            chosen=chosen_of(only or []),
        )
    if as_json:
        print_json(shapes.shape_attention(found))
    elif as_csv:
        sys.stdout.write(shapes.attention_as_csv(found).replace("\r\n", "\n"))
    else:
        tables.print_attention(found)


@app.command()
def show(article: Id, as_json: AsJson = False) -> None:
    """Show an article: its text, where it was seen, what was left out."""
    with opened() as archive:
        view = archive.article(ArticleId(article))
    if as_json:
        print_json(shapes.shape_article(view))
    else:
        tables.print_article(view)


@app.command()
def compare(article: Id, other: Id, as_json: AsJson = False) -> None:
    """Show two articles side by side: what links them, and word by word what differs."""
    with opened() as archive:
        view = archive.compare(ArticleId(article), ArticleId(other))
    if as_json:
        print_json(shapes.shape_comparison(view))
    else:
        print_comparison(view)


@app.command()
def doubtful(
    most: Annotated[int, typer.Option("--most", min=1, max=100, help="How many links.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Show the links that are most worth a look: a little less in common, and the two would stand apart."""
    with opened() as archive:
        found = archive.doubtful(page=1, page_size=most)
    if as_json:
        print_json(shapes.shape_doubtful(found))
    else:
        tables.print_doubtful(found)


@app.command()
def story(story: Id, as_json: AsJson = False) -> None:
    """Show a story with its timeline."""
    with opened() as archive:
        view = archive.story(StoryId(story))
    if as_json:
        print_json(shapes.shape_story(view))
    else:
        tables.print_story(view)


@app.command()
def reindex() -> None:
    """Build the search index anew from the database; searches go on meanwhile."""
    with opened() as archive, progress_bar() as progress:
        articles = archive.reindex(progress=progress)
    say(f"The index holds {tables.counted(articles, 'article', 'articles')}.")


@index.command()
def move(
    address: Annotated[
        str, typer.Argument(help="`tantivy:` or `whoosh:`, with a folder where it is not to be in the home.")
    ],
) -> None:
    """Build the index anew with another engine, use it from then on, and remove the old one; searches go on."""
    began = time.monotonic()
    with opened() as archive, progress_bar() as progress:
        articles = archive.move_index(address, progress=progress)
    say(
        f"The index of {tables.counted(articles, 'article', 'articles')} was moved in "
        f"{time.monotonic() - began:.1f} seconds."
    )


@app.command()
def check(
    repair: Annotated[bool, typer.Option("--repair", help="Mend the index where it differs.")] = False,
    as_json: AsJson = False,
) -> None:
    """Compare the search index with the database: status 0 where they agree, else 1."""
    with opened() as archive, progress_bar() as progress:
        agreement = archive.repair(progress=progress) if repair else archive.check(progress=progress)
    if as_json:
        print_json(shape_agreement(agreement))
    else:
        tables.print_agreement(agreement)
    raise typer.Exit(0 if agreement.holds else 1)


@app.command()
def migrate() -> None:
    """Bring the database's schema to this version. Every command does it; this one does nothing else."""
    settings = settings_of_environment()
    with open_archive(settings) as archive:
        held = archive.totals()
    say(f"{settings.database}: schema current, {tables.counted(held.articles, 'article', 'articles')}.")


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that answer.")] = 1,
) -> None:
    """Serve the pages and the API, and keep the index up to date."""
    settings = settings_of_environment()
    with open_archive(settings):
        pass  # trouble with database or settings is told here, once, and not by every process
    _check_free(host, port)
    if host not in settings.hosts.split():  # a name that is listened on is a name that is answered to
        os.environ["NEWSFOLD_HOSTS"] = f"{settings.hosts} {host}".strip()
    say(f"Newsfold serves on http://{f'[{host}]' if ':' in host else host}:{port} (Ctrl-C stops it).")
    uvicorn.run(
        "app.web.app:create_app_from_environment",
        factory=True,
        http="app.web.protocol:PromptProtocol",
        host=host,
        port=port,
        workers=workers,
        log_level=settings.log_level,
        server_header=False,
        h11_max_incomplete_event_size=MOST_HEAD_BYTES,
    )


def _check_free(host: str, port: int) -> None:
    """Say it in a sentence when nothing can listen there."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        reason = "another program listens there" if error.errno == errno.EADDRINUSE else error.strerror
        raise UsageError(
            f"Cannot listen on {host}:{port}: {reason}. Choose another with --host and --port."
        ) from error


@app.command()
def demo(
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = 8000,
) -> None:
    """Take in the samples that come with Newsfold, and serve them."""
    with opened() as archive, progress_bar() as progress:
        report = archive.ingest([samples_folder()], progress=progress)
        held = archive.totals()
    print_report(report)
    say(
        f"The archive holds {held.articles:,} articles, {held.originals:,} distinct, "
        f"in {tables.counted(held.stories, 'story', 'stories')}."
    )
    serve(host="127.0.0.1", port=port, workers=1)


def samples_folder() -> Path:
    """Return where the samples are; they ship with the package."""
    return Path(package.__file__).parent / "samples"


def _print_version(wanted: bool) -> None:
    if wanted:
        say(f"newsfold {version('newsfold')}")
        raise typer.Exit


@app.callback()
def _options(
    _: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass

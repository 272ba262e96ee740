"""Commands about subscriptions: add, list, remove, poll, import."""

from pathlib import Path
from typing import Annotated

import typer

from app import shapes
from app.cli.opening import AsJson, Id, PageNumber, check_text, opened
from app.cli.tables import counted
from app.cli.terminal import complain, print_json, progress_bar, say
from app.domain.feed import Feed, FeedId
from app.errors import UsageError

commands = typer.Typer(help="Subscribe to feeds.", no_args_is_help=True)


@commands.command()
def add(
    url: Annotated[str, typer.Argument(help="The address of the feed.", show_default=False)],
    source: Annotated[
        str | None, typer.Option(help="The outlet, where the feed's own title is not it.")
    ] = None,
    whole_pages: Annotated[
        bool, typer.Option("--whole-pages", help="Fetch the pages its entries lead to, and take those in.")
    ] = False,
) -> None:
    """Subscribe to a feed; `newsfold serve` asks it from then on, or `newsfold feeds poll`."""
    check_text(source or "", "--source")
    with opened() as archive:
        feed, is_new = archive.subscriptions.add(url, source=source, whole_pages=whole_pages)
    say(f"Feed {feed.id}: {feed.url}" + ("" if is_new else " (subscribed already)"))


@commands.command("list")
def list_feeds(
    page: PageNumber = 1,
    page_size: Annotated[int, typer.Option(min=1, max=100, help="Rows a page.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List the feeds with how they are, those in trouble first."""
    with opened() as archive:
        listing = archive.subscriptions.list_feeds(page=page, page_size=page_size)
    if as_json:
        print_json(shapes.shape_feeds(listing))
        return
    for feed in listing.rows:
        say(f"{feed.id:>4}  {feed.title or feed.url}")
        say(f"      {feed.url}", "dim")
        say(f"      {_health(feed)}", "red" if feed.failures else "dim")
    if not listing.rows:
        say("No feeds yet. `newsfold feeds add URL` subscribes to one.")


def _health(feed: Feed) -> str:
    if feed.trouble:
        return f"failed {feed.failures} times in a row: {feed.trouble} Next at {feed.ask_next:%Y-%m-%d %H:%M} UTC."
    if feed.asked is None:
        return "not asked yet"
    brought = f", the last at {feed.brought:%Y-%m-%d %H:%M} UTC" if feed.brought else ""
    return (
        f"asked at {feed.asked:%Y-%m-%d %H:%M} UTC; {counted(feed.articles, 'article', 'articles')}{brought}"
    )


@commands.command()
def remove(feed: Id) -> None:
    """Unsubscribe from a feed; the articles it gave stay."""
    with opened() as archive:
        archive.subscriptions.remove(FeedId(feed))
    say(f"Feed {feed} is asked no more.")


@commands.command()
def poll(
    every: Annotated[bool, typer.Option("--all", help="Also those that are not due.")] = False,
) -> None:
    """Ask the feeds that are due, and take in what they bring."""
    asked = 0
    with opened() as archive, progress_bar() as progress:
        if every:
            archive.subscriptions.ask_again(None)
        while archive.subscriptions.ask_due(progress=progress):
            asked += 1
        archive.catch_up(progress=progress)
        listing = archive.subscriptions.list_feeds(page=1, page_size=100)
    say(f"{counted(asked, 'feed', 'feeds')} asked.")
    troubled = [feed for feed in listing.rows if feed.failures]
    for feed in troubled:
        complain(f"{feed.url}: {feed.trouble}")
    raise typer.Exit(1 if troubled and asked else 0)


@commands.command("import")
def import_list(
    file: Annotated[Path, typer.Argument(help="A list of subscriptions, as OPML.", show_default=False)],
) -> None:
    """Subscribe to all feeds that a list of another reader names."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}. Check the name.") from error
    with opened() as archive:
        new, named = archive.subscriptions.import_list(content)
    say(f"{counted(named, 'feed', 'feeds')} named, {new} of them new.")
